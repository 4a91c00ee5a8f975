# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: rules on their way into the kernel.

### check

new_root
check() {
	printf '%b' "$1" >"$tmp/r.rules"
	ctl 4 check "$tmp/r.rules" && err "r.rules:$2: "
}
printf 'allow a 0 1\n# comment\n\ndeny b\npolicy c enforce # why not\n' >"$tmp/r.rules"
ctl 0 check "$tmp/r.rules" && out '3 rules, all good'; ok "good rules are counted"
check 'allow a 0 1\npermit b\n' 2; ok "an unknown verb, with its line"
check 'allow a\n' 1; ok "a missing field"
check 'allow a 0 1 to me\n' 1; ok "an extra field"
check 'allow a 0 4294967297\n' 1; ok "a length above 2^32"
check 'allow a -1 1\n' 1; ok "a negative offset"
check 'allow a 1 4294967296\n' 1; ok "offset and length beyond 2^32"
check 'allow a 0 1\r\n' 1; ok "CRLF"
check 'allow a\\000 0 1\n' 1; ok "an escaped NUL"
check 'allow a\0000b 0 1\n' 1; ok "a NUL byte"
check 'policy a kill\n' 1; ok "an unknown policy"
printf 'x\n\ny\n' >"$tmp/r.rules"
ctl 4 check "$tmp/r.rules" && err r.rules:1: && err r.rules:3:; ok "every bad line is said, not the first alone"
head -c 3000000 /dev/urandom >"$tmp/r.rules"; ctl 4 check "$tmp/r.rules"; ok "3 MB of noise: no finding"
head -c 3000000 /dev/zero >"$tmp/r.rules"; ctl 4 check "$tmp/r.rules"; ok "3 MB of NUL: no finding"
head -c 68000000 /dev/zero | tr '\0' '#' >"$tmp/r.rules"
ctl 3 check "$tmp/r.rules" && err 'too large'; ok "a file above 64 MiB is not read"
words=$(sed -n '/ucg_policy_words\[.*{/,/};/s/.*"\(.*\)".*/\1/p' "$top/usercopy/policy_words.c")
for word in $words; do echo "policy $word $word"; done >"$tmp/r.rules"
ctl 0 check "$tmp/r.rules" && out '3 rules, all good'; ok "the words for policies are the module's"
printf 'policy a warn\nallow b 0 1\npolicy a enforce\n' >"$tmp/r.rules"
ctl 4 check "$tmp/r.rules" && err 'r.rules:3: another policy for the same name, in one write'; ok "two policies for one name"
mkdir "$tmp/two"; echo 'policy a warn' >"$tmp/two/1.rules"; echo 'policy a enforce' >"$tmp/two/2.rules"
ctl 4 check "$tmp/two" && err 'two/2.rules:1: another policy'; ok "... in two files of a folder"
seq 16384 | sed 's/.*/allow c& 0 1/' >"$tmp/r.rules"
ctl 0 check "$tmp/r.rules" && out '16384 rules, all good'; ok "as many rules as the kernel takes"
echo 'allow d 0 1' >>"$tmp/r.rules"; ctl 4 check "$tmp/r.rules" && err 'r.rules:16385: more rules than the kernel takes'; ok "one more"
printf 'delete allow a 0 1\n' >"$tmp/r.rules"; ctl 0 check "$tmp/r.rules"; ok "what is to be deleted may be in the kernel"
printf 'allow a\nallow b 0 1\npolicy c kill\n' >"$tmp/r.rules"
ctl 4 check --json "$tmp/r.rules" && json '.rules == 1 and (.malformed | map(.line)) == [1, 3] and (.malformed[0].file | endswith("/r.rules"))
	and (.malformed[1].reason | startswith("unknown policy"))'; ok "what is wrong, as JSON"
printf 'policy a warn\npolicy a enforce\n' >"$tmp/r.rules"
ctl 4 rules check --json "$tmp/r.rules" && json '.malformed == [{"file": .malformed[0].file, "line": 2, "reason": "another policy for the same name, in one write"}]'
ok "... what shows only when they meet"
ctl 3 check --json "$tmp/nowhere" && [ ! -s "$tmp/out" ]; ok "no such file: no JSON"
printf 'delete allow a 0 1\n' >"$tmp/r.rules"
ctl 0 check --json "$tmp/r.rules" && json '. == {"rules": 1, "malformed": []}'; ok "good rules as JSON"
ctl 0 rules check "$tmp/r.rules" && out '1 rule, all good'; ok "rules check is check"

### the page of the language: usercopy_guard.rules(5)

page=$top/scripts/usercopyctl/usercopy_guard.rules.5
# There it finds the other page.
[ "$(cd "${page%/*}" && mandoc -Tlint "${page##*/}" 2>&1 | grep -v outdated)" = "" ]; ok "the page has no warning"
# examples WORD - its examples that are said to be WORD, each in a file
examples() {
	rm -rf "$tmp/examples"; mkdir "$tmp/examples"
	mark=".\\\" $1" awk -v dir="$tmp/examples" '$0 == ENVIRON["mark"] { wanted = 1; next }
		/^\.Bd/ { if (wanted) n++; inside = wanted; next } /^\.Ed/ { inside = wanted = 0 }
		inside { gsub(/\\e/, "\\"); print >(dir "/" n) }' "$page"
	[ -n "$(ls -A "$tmp/examples")" ]
}
examples good
good=0
for file in "$tmp"/examples/*; do ctl 0 check "$file" && ! out '0 rules, all good' && good=$((good + 1)); done
[ "$good" = 6 ] && [ ! -e "$tmp/examples/7" ]; ok "all of its examples are good rules"
grep -qF 'my\040cache' "$tmp/examples/5"; ok "... with their escapes"
examples refused
ctl 4 check "$tmp/examples/1" && [ "$(grep -c '1:[0-9]*: ' "$tmp/err")" = "$(wc -l <"$tmp/examples/1")" ]; ok "what it says is refused is refused, each line"
bad=
for word in allow deny policy delete flush to from both warn fallback enforce caller module kind \
	$(sed -n '/ucg_kind_words\[.*{/,/};/s/.*"\(.*\)".*/\1/p' "$top/usercopy/policy_words.c" | grep -vx fine); do
	grep -qE "^\.(It )?Cm .*\b${word}\b|^\.Cm $word|\| $word" "$page" || bad+=" $word"
done
[ -z "$bad" ]; ok "it has all words${bad:+ (not:$bad)}"
for number in "UCG_LINE_MAX 1280" "UCG_NAME_MAX 255" "UCG_RULES_MAX 16384"; do
	grep -qE "#define ${number% *}[[:space:]]+${number#* }\$" "$top/usercopy/limits.h" && grep -qw "${number#* }" "$page" || break
done
[ "$number" = "UCG_RULES_MAX 16384" ] && grep -qw 16384 "$page"; ok "it has the limits of the module"

### load

new_root
printf '# mine\nallow b 0 1# why\n' >"$root/etc/usercopy_guard/20-b.rules"
printf 'allow a 0 1\n\nallow a 8 8' >"$root/etc/usercopy_guard/10-a.rules"
echo 'nonsense' >"$root/etc/usercopy_guard/README"
echo 'nonsense' >"$root/etc/usercopy_guard/.30.rules"
ctl 0 load && [ "$(cat "$sec/whitelist")" = "$(printf 'allow a 0 1\nallow a 8 8\nallow b 0 1')" ] && out '3 rules loaded'
ok "load takes all *.rules of /etc/usercopy_guard by name, and no other file"
if command -v strace >/dev/null; then
	strace -f -e trace=write -P "$sec/whitelist" -o "$tmp/trace" "$tmp/plain/usercopyctl" --root "$root" load >/dev/null
	[ "$(grep -c '^[0-9]* *write(' "$tmp/trace")" = 1 ]; ok "it is one single write"
fi
: >"$sec/whitelist"
ctl 0 rules load --replace --quiet && [ "$(head -n 1 "$sec/whitelist")" = flush ] && [ ! -s "$tmp/out" ]
ok "--replace drops the old rules in the same write; --quiet is quiet"
: >"$sec/whitelist"
echo 'allow c 0' >>"$root/etc/usercopy_guard/20-b.rules"
ctl 4 load && err '20-b.rules:3: ' && err 'nothing loaded' && [ ! -s "$sec/whitelist" ]
ok "a bad line in one file: nothing at all is written"
echo 'allow d 0 1' >"$tmp/one.rules"; mkdir "$tmp/dir"; echo 'allow e 0 1' >"$tmp/dir/x.rules"
ctl 0 load "$tmp/one.rules" "$tmp/dir" && [ "$(cat "$sec/whitelist")" = "$(printf 'allow d 0 1\nallow e 0 1')" ]
ok "files and folders on the command line, in that order"
ctl 3 load "$tmp/nowhere.rules" && err nowhere.rules; ok "a file that is not there: exit 3"
rm "$root"/etc/usercopy_guard/*.rules
ctl 0 load && out '0 rules loaded'; ok "no rules are no error"
ln -sf /proc/self/oom_score_adj "$sec/whitelist"
printf '4,1,2,-;other: line 1\n4,1,2,-;usercopy_guard: exposure of line 1\n4,2,3,-;usercopy_guard: whitelist: line 2: no room\n' >"$root/dev/kmsg"
printf '\nallow a 0 1\n\nallow b 0 1\n' >"$tmp/two.rules"
ctl 5 load "$tmp/two.rules" && err 'the kernel says: usercopy_guard: whitelist: line 2: no room' &&
	err "two.rules:4)" && ! err other: && ! err exposure
ok "when the kernel refuses: exit 5, its reason, and the line in your file"
rm "$root/dev/kmsg"
ctl 5 load "$tmp/two.rules" && err dmesg; ok "without its log: where to look"
ln -sf /dev/full "$sec/whitelist"
ctl 5 load "$tmp/two.rules" && err 'more than the kernel takes'; ok "no room in the kernel: exit 5"
rm -r "$sec" "$sysctl"
ctl 3 load "$tmp/two.rules" && err 'modprobe usercopy_guard'; ok "load without the module: exit 3"

### rules

new_root
printf 'allow a 0 1\n# by a driver: allow b 0 1\npolicy c warn # merged with d\n' >"$sec/whitelist"
ctl 0 rules && [ "$(cat "$tmp/out")" = "$(printf 'allow a 0 1\npolicy c warn ')" ]; ok "the rules in force, without comments"
ctl 0 rules list --json && json '. == ["allow a 0 1", "policy c warn "]'; ok "... as JSON"
: >"$sec/whitelist"
ctl 0 rules add allow a 0 16 to && [ "$(cat "$sec/whitelist")" = 'allow a 0 16 to' ]; ok "rules add, word by word"
: >"$sec/whitelist"
ctl 0 rules add 'policy a enforce' && [ "$(cat "$sec/whitelist")" = 'policy a enforce' ]; ok "... or as one"
: >"$sec/whitelist"
ctl 4 rules add permit a && err 'the rule:1: ' && [ ! -s "$sec/whitelist" ]; ok "what is no rule is not written"
ctl 4 rules add "$(printf 'allow a 0 1\nallow b')" && [ ! -s "$sec/whitelist" ]; ok "nor a half of it"
ctl 2 rules drop a && ctl 2 rules add; ok "words that are none: exit 2"
ln -sf /proc/self/oom_score_adj "$sec/whitelist"
ctl 5 rules add allow a 0 1 && err 'the kernel refused the write'; ok "what the kernel refuses: exit 5"

### diff and save

new_root
printf 'allow a 0 16 both\nallow a 16 8 to\n# allow z 0 1 both (by driver m)\npolicy kind:stack warn\ndeny b\n' >"$sec/whitelist"
printf 'deny b 0 4294967296\nallow a 8 8\nallow a 0x0 24 to\nallow a 0 8 from\n' >"$root/etc/usercopy_guard/10.rules"
printf 'policy kind:stack warn # why not\nallow c 0 1\ndelete allow c 0 1\n' >"$root/etc/usercopy_guard/20.rules"
ctl 0 rules diff && [ ! -s "$tmp/out" ]; ok "the same rules in other words: no difference"
ctl 0 rules diff --json && json '. == {"only_in_force": [], "only_in_files": []}'; ok "... as JSON"
printf 'deny b\nallow a 0 24 to\npolicy kind:stack enforce\n' >"$tmp/r.rules"
ctl 1 rules diff "$tmp/r.rules" && cmp -s "$tmp/out" - <<-END; ok "what is in force alone, and what is in the files alone: exit 1"
	- allow a 0 16 from
	- policy kind:stack warn
	+ policy kind:stack enforce
END
ctl 1 rules --json diff "$tmp/r.rules" && json '(.only_in_force | length) == 2 and .only_in_files[0] == "policy kind:stack enforce"'
ok "... as JSON"
echo 'delete deny z' >"$tmp/r.rules"
ctl 4 rules diff "$tmp/r.rules" && err 'r.rules:1: there is no such rule to delete'; ok "files that could not be loaded: exit 4"
ctl 3 rules diff "$tmp/nowhere"; ok "no such file: exit 3"

ctl 0 rules save "$tmp/saved.rules" && ctl 0 rules diff "$tmp/saved.rules" && grep -qx '# allow z 0 1 both (by driver m)' "$tmp/saved.rules"
ok "save has all of them, and the comments"
cp "$sec/whitelist" "$tmp/before"; : >"$sec/whitelist"
ctl 0 rules load --replace "$tmp/saved.rules" && ctl 0 rules diff "$tmp/saved.rules" &&
	sed -n '2,$p' "$sec/whitelist" | cmp -s - <(grep -v '^#' "$tmp/before")
ok "what was saved is loaded to the same again"
cp "$tmp/before" "$sec/whitelist"
ctl 3 rules save "$tmp/nowhere/x.rules" && err nowhere; ok "a folder that is not there: exit 3"
ctl 0 rules save - && grep -qx 'deny b' "$tmp/out"; ok "save to standard output"
echo old >"$tmp/saved.rules"; echo 'permit x' >>"$sec/whitelist"
ctl 4 rules save "$tmp/saved.rules" && err 'nothing saved' && [ "$(cat "$tmp/saved.rules")" = old ]; ok "what cannot be read back is not saved"
ctl 4 rules diff "$tmp/r.rules"; ok "... nor compared"
ctl 2 rules save && ctl 2 rules save a b && ctl 2 rules --json save a; ok "save takes one file, and no --json"

rm -r "$sec" "$sysctl"
ctl 3 rules && err modprobe && ctl 3 rules add allow a 0 1; ok "rules without the module: exit 3"
for words in diff 'save x'; do
	# shellcheck disable=SC2086
	ctl 3 rules $words && err modprobe || break
done
[ "$words" = 'save x' ]; ok "... diff and save, too"
