# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: from violations to rules.

### suggest: rules

new_root
ctl 0 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 to' ]
ok "a missing whitelist gives one rule for just what was seen"
said '# 12 copies to user space, 123.456789 to 234.567890 s after boot' &&
	out '#   12 by do_usercopy_slab_whitelist+0x1a3/0x2b0[lkdtm] (violation 1, bytes 255-318, first by cat[88])'
ok "a comment says how often, when and by whom"
ctl 0 suggest "$sec/violations" && out '# 12 copies to user space, 123.456789 to 234.567890 s after boot'
ok "no dates for a saved file, which may be of another boot"
ctl 0 suggest --json && json '.rules[0] | (.last_date | fromdate) - (.first_date | fromdate) == 111' &&
	json "(.rules[0].first_date | fromdate) - ($(booted) + 123) | fabs <= 3"
ok "the dates in the JSON, in UTC"
ctl 0 suggest && cp "$tmp/out" "$tmp/s.rules" && ctl 0 check "$tmp/s.rules" && out '1 rule, all good'
ok "the module's parser takes what suggest prints"

{ v; v id=2 dir=from count=3; } >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 both' ]
ok "the same range in both directions is one rule"
{ v; v id=2 dir=from min=255 max=320 maxsize=65; } >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = "$(printf '%s\n' 'allow lkdtm-usercopy 255 64 to' 'allow lkdtm-usercopy 255 65 from')" ]
ok "different ranges in the two directions stay two rules"
{ v min=400 max=432 minsize=8 maxsize=32; v id=2 min=100 max=110 minsize=8 maxsize=10
  v id=3 min=432 max=440 minsize=8 maxsize=8; v id=4 min=90 max=104 minsize=8 maxsize=10; } >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = "$(printf '%s\n' 'allow lkdtm-usercopy 90 20 to' 'allow lkdtm-usercopy 400 40 to')" ]
ok "ranges that overlap or touch are joined, others are not"
{ v min=0 max=16 minsize=8 maxsize=8; v id=2 min=17 max=32 minsize=8 maxsize=8; } >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 2 ]; ok "one byte between two ranges keeps them apart"
{ v cache=b; v cache=a id=2; } >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = "$(printf '%s\n' 'allow a 255 64 to' 'allow b 255 64 to')" ]
ok "two caches give two rules"
v cache='my\040cache\012allow\040cred_jar\0400\0401\043' >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = 'allow my\040cache\012allow\040cred_jar\0400\0401\043 255 64 to' ]
ok "a cache's name cannot smuggle in a rule"
v caller='x\012allow\040cred_jar\0400\0401' comm='\012allow\040a\0400\0401' >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "nor can a call site's or a process's name"
v caller="$(printf 'x%.0s' {1..3000})" >"$sec/violations"
ctl 0 suggest && cp "$tmp/out" "$tmp/s.rules" && ctl 0 check "$tmp/s.rules"
ok "a very long call site does not make a comment that no rule file may have"
: >"$sec/violations"
ctl 0 suggest && out '# usercopyctl suggest: nothing to suggest'; ok "nothing seen, nothing suggested"
v | input=/dev/stdin ctl 0 suggest - && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 to' ]
ok "standard input is a file like others"
ctl 3 suggest "$tmp/nowhere" && err nowhere; ok "a file that is not there: exit 3"

### suggest: merged caches

v cache=req merged=1 objsize=128 useroffset=0 usersize=0 min=8 max=16 minsize=8 maxsize=8 >"$sec/violations"
ctl 0 suggest && out '#   stranger' && grep -q 'Careful: 1 more cache shares' "$tmp/out"
ok "the caches that a rule opens too are named"
ctl 0 suggest --driver && out ' *   stranger' && grep -q 'which the caller.s objects come from' "$tmp/out"
ok "the driver's author is told that the name may be another cache's"
ctl 0 suggest --json && json '.rules[0].aliases == ["stranger"]'; ok "also in the JSON"
ctl 0 suggest "$sec/violations" && grep -q 'on the machine where' "$tmp/out" && ! out '#   stranger'
ok "a file's caches are not looked up on this machine"
v cache=plain >"$sec/violations"
ctl 0 suggest && ! grep -q Careful "$tmp/out"; ok "a cache of its own needs no such comment"

### suggest: the driver's fix

new_root
ctl 0 suggest --driver && grep -q 'kmem_cache_create_usercopy("lkdtm-usercopy", 1024, align, flags,' "$tmp/out" &&
	out '				   255, 65, ctor);' && out '	.usersize	= 65,'
ok "the driver's fix has the old region and the new range"
v useroffset=0 usersize=0 min=100 max=164 >"$sec/violations"
ctl 0 suggest --driver && out '				   100, 64, ctor);'; ok "a cache without a region gets the range alone"
{ v useroffset=500 usersize=12 min=100 max=164; v id=2 useroffset=500 usersize=12 min=200 max=264
} >"$sec/violations"
ctl 0 suggest --json && json '.drivers == [{"cache":"lkdtm-usercopy","objsize":1024,"useroffset":100,
	"usersize":412,"old_useroffset":500,"old_usersize":12,"gap":272,"whole_object":false}]'
ok "bytes that one region takes in though nobody copied them are counted"
v cache='x\042*/\040y\134' >"$sec/violations"
ctl 0 suggest --driver && cp "$tmp/out" "$tmp/fix.c" &&
	[ "$(gcc -fpreprocessed -dD -E -P "$tmp/fix.c" | grep -c '\*/')" = 2 ] &&
	grep -qF '"x\042*/ y\134"' "$tmp/fix.c"
ok "a cache's name cannot close the comment or the string"

### suggest: what is pointed out

# suspicious REASON KEY=VALUE… - no rule, exit 1, the reason on stderr and in the JSON
suspicious() {
	local reason=$1
	shift
	v "$@" >"$sec/violations"
	ctl 1 suggest && [ -z "$(rules)" ] && err "  $reason: " && ctl 1 suggest --json &&
		json ".rules == [] and .drivers == [] and ([.pointed_out[0].reasons[].word] | index(\"$reason\"))"
}
for kind in vmalloc page kmap stack text module-text wrap null; do
	suspicious not-slab kind=$kind cache=- objsize=0 useroffset=0 usersize=0
	ok "no rule for kind=$kind"
done
suspicious crosses-object kind=object min=1000 max=1064; ok "no rule for a copy that leaves its object"
suspicious crosses-object kind=redzone; ok "no rule for a red zone"
suspicious crosses-object min=1000 max=1064; ok "nor when the numbers alone say so"
suspicious whole-object min=0 max=1024; ok "no rule for a whole object"
suspicious growing grew=3; ok "no rule for a range that grew three times"
suspicious sensitive-cache cache=cred_jar; ok "no rule for credentials"
suspicious denied min=256 max=320; ok "no rule against the administrator's own deny"
suspicious unknown-kind kind=shiny; ok "no rule for a kind from the future"
suspicious unnameable cache="$(printf 'n%.0s' {1..256})"; ok "no rule for a name that no rule can hold"
v grew=2 >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "a range that grew twice is a missing whitelist"
v objsize=255 useroffset=0 usersize=8 min=0 max=255 >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "all of a small object is a missing whitelist"
v cache="$(printf 'n%.0s' {1..255})" >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "the longest name that a rule can hold gets its rule"
{ v min=0 max=512; v id=2 min=512 max=1024; } >"$sec/violations"
ctl 1 suggest && [ -z "$(rules)" ] && [ "$(grep -c whole-object: "$tmp/err")" = 2 ]
ok "two halves of an object are a whole object"
{ v; v id=2 kind=object min=1000 max=1064 caller=evil; } >"$sec/violations"
ctl 1 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 to' ] && err 'by evil'
ok "an attack beside a missing whitelist does not widen the rule"

### hostile violations

# broken REASON, with the file already written - exit 4, named with its line, no rule
broken() {
	ctl 4 suggest && err "violations:1: no violation: $1" && [ -z "$(rules)" ] &&
		ctl 4 suggest --json && json '.malformed[0].line == 1 and .rules == []'
}
v >"$tmp/good"
for key in id kind dir cache merged objsize useroffset usersize min max minsize maxsize grew count caller; do
	sed "s/\\b$key=[^ ]* \\?//" "$tmp/good" >"$sec/violations"
	broken "$key= is missing"; ok "a line without $key= is no violation"
done
for value in 18446744073709551616 99999999999999999999999999 -1 0x10 1e3 '' ' ' 5x; do
	v "min=$value" >"$sec/violations"
	broken ""; ok "min=\"$value\" is no number"
done
v max=18446744073709551615 >"$sec/violations"
ctl 1 suggest && [ -z "$(rules)" ]; ok "the largest number is a number, and gets no rule"
v min=319 max=255 >"$sec/violations"; broken "min=319 is not below max=255"; ok "min above max"
v min=319 max=319 minsize=0 maxsize=0 >"$sec/violations"; broken "min=319 is not below max=319"; ok "an empty range"
v minsize=65 >"$sec/violations"; broken "minsize is above"; ok "minsize above maxsize"
v kind=wrap cache=- objsize=0 useroffset=0 usersize=0 min=18446744073709551600 max=48 >"$sec/violations"
ctl 1 suggest && err not-slab; ok "a copy that wraps is pointed out though its end is below its start"
v objsize=0 >"$sec/violations"; broken "objsize=0"; ok "an object of no bytes"
v objsize=4294967296 >"$sec/violations"; broken "objsize="; ok "an object of 4 GiB"
v useroffset=18446744073709551615 >"$sec/violations"; broken "the kernel's whitelist"
ok "a whitelist that wraps"
v cache=- >"$sec/violations"; broken "kind=whitelist without"; ok "a slab kind without a cache"
v dir=sideways >"$sec/violations"; broken "dir="; ok "an unknown direction"
v 'cache=a\04' >"$sec/violations"; broken "cache="; ok "a broken escape"
v 'cache=a\000b' >"$sec/violations"; broken "cache="; ok "an escaped NUL"
v 'cache=a\777b' >"$sec/violations"; broken "cache="; ok "an escape above 255"
v 'first=1.x' >"$sec/violations"; broken "first="; ok "a broken time"
v 'first=99999999999999999999' >"$sec/violations"; broken "first="; ok "a time that overflows"
{ tr -d '\n' <"$tmp/good"; echo ' min=0'; } >"$sec/violations"; broken "min= is there twice"
ok "a key that is there twice"
{ printf 'x\0y '; v; } >"$sec/violations"; broken "has a NUL byte"; ok "a NUL byte"
{ tr -d '\n' <"$tmp/good"; head -c 20000 /dev/zero | tr '\0' x; } >"$sec/violations"
broken "longer than 16384"; ok "a line of 20000 bytes"
head -c 20000000 /dev/zero | tr '\0' 'x' >"$sec/violations"
broken "longer than 16384"; ok "a line of 20 MB"
{ tr -d '\n' <"$tmp/good"; echo ' colour=blue'; } >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "a key from the future is passed over"
{ echo rubbish; v; } >"$sec/violations"
ctl 4 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 to' ]
ok "rubbish on one line spoils no other, but the exit status says so"
tr -d '\n' <"$tmp/good" >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "the last line needs no newline"
for seed in 1 2 3 4 5 6 7 8; do
	head -c 100000 "$tmp/asan/usercopyctl" | tail -c "$((seed * 9999))" >"$sec/violations"
	ctl 4 suggest --json && json '.malformed | length > 0' || break
	ctl 4 violations --json && json . || break
done
[ "$seed" = 8 ]; ok "binary files give valid JSON and no finding"
v 'cache=\001\002\033\177\200\377\303\050\342\202\254\042\134' 'comm=\355\240\200' >"$sec/violations"
ctl 0 suggest --json && json . && iconv -f utf-8 -t utf-8 "$tmp/out" >/dev/null
ok "any byte in a name gives valid JSON in valid UTF-8"
for i in $(seq 2000); do echo "$i"; done | while read -r i; do
	v id="$i" min=$((i % 600)) max=$((i % 600 + 8)) minsize=8 maxsize=8 cache="c$((i % 7))" \
		usersize=0
done >"$sec/violations"
ctl 0 suggest --json && json '[.rules[].violations[]] | length == 2000'
ok "2000 violations: none is lost"

### suggest: just the bytes, and what is in force

new_root
v ranges=255-262,300-318 >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = "$(printf '%s\n' 'allow lkdtm-usercopy 255 8 to' 'allow lkdtm-usercopy 300 19 to')" ] &&
	grep -q 'bytes 255-262,300-318,' "$tmp/out"
ok "what lies between two fields is in no rule"
{ v ranges=255-262,300-318; v id=2 ranges=263-270 min=263 max=271 minsize=8 maxsize=8; } |
	sed 's/useroffset=256 usersize=64/useroffset=0 usersize=0/' >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = "$(printf '%s\n' 'allow lkdtm-usercopy 255 16 to' 'allow lkdtm-usercopy 300 19 to')" ]
ok "ranges of several violations are joined piece by piece"
{ v ranges=255-262,300-318; v id=2 dir=from ranges=300-318; } >"$sec/violations"
ctl 0 suggest && [ "$(rules)" = "$(printf '%s\n' 'allow lkdtm-usercopy 255 8 to' 'allow lkdtm-usercopy 300 19 both')" ]
ok "directions are joined piece by piece, too"
suspicious spread ranges=spread; ok "no rule from more places than can be told"
v grew=3 ranges=255-318 >"$sec/violations"
ctl 1 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 to' ] && grep -q '^# Careful: the range grew' "$tmp/out" &&
	ctl 1 suggest --json && json '.rules[0].careful and .pointed_out == []'
ok "a length that varies gets a rule for what was seen, and a word of warning"
suspicious denied denied=1 useroffset=0 usersize=1024; ok "no rule for what the kernel says a rule denied"
suspicious whole-object min=256 max=1024 ranges=256-1023 useroffset=0 usersize=0; ok "no rule for three quarters of an object"
v min=257 max=1024 ranges=257-1023 useroffset=0 usersize=0 >"$sec/violations"
ctl 0 suggest && [ "$(rules | wc -l)" = 1 ]; ok "one byte less is a missing whitelist"
{ v min=0 max=400 ranges=0-399; v id=2 min=600 max=968 ranges=600-967; } >"$sec/violations"
ctl 1 suggest && [ -z "$(rules)" ] && err whole-object; ok "nor for pieces that make three quarters"

v >"$sec/violations"
echo 'allow lkdtm-usercopy 250 100 to' >"$sec/whitelist"
ctl 0 suggest && [ -z "$(rules)" ] && out '# 1 more violation is covered by rules in force already.'; ok "what is in force is not suggested again"
ctl 0 suggest --driver && grep -q 'lkdtm-usercopy' "$tmp/out"; ok "... but the driver is still to be mended"
echo 'allow lkdtm-usercopy 250 100 from' >"$sec/whitelist"
ctl 0 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 255 64 to' ]; ok "a rule for the other direction is none for this"
echo 'allow lkdtm-usercopy 250 10 to' >"$sec/whitelist"
ctl 0 suggest && [ "$(rules)" = 'allow lkdtm-usercopy 260 59 to' ]; ok "only what is missing is suggested"
echo 'deny lkdtm-usercopy 300 1' >"$sec/whitelist"
ctl 1 suggest && [ -z "$(rules)" ] && err denied; ok "nothing that a rule in force denies"
v cache=req merged=1 objsize=128 useroffset=0 usersize=0 min=8 max=16 minsize=8 maxsize=8 >"$sec/violations"
echo 'allow stranger 8 8' >"$sec/whitelist"
ctl 0 suggest && [ -z "$(rules)" ]; ok "a rule for another name of the cache is a rule for it"
echo 'deny stranger' >"$sec/whitelist"
ctl 1 suggest && [ -z "$(rules)" ] && err denied; ok "so is a deny"
: >"$sec/whitelist"
ln -s :0000128 "$root/sys/kernel/slab/cred_jar"
ctl 1 suggest && [ -z "$(rules)" ] && err sensitive-cache; ok "no rule where any of the names is sensitive"

### suggest: what no rule mends

v id=4 kind=object min=16 max=1296 caller='othermod_dump+0x7d/0x110[othermod]' >"$sec/violations"
ctl 1 suggest && [ -z "$(rules)" ] && out '#policy caller:othermod_dump@othermod warn' && grep -q 'No rule mends these' "$tmp/out"
ok "the narrowest policy for the call site, as a comment"
ctl 1 suggest --json && json '.pointed_out[0].exception == "policy caller:othermod_dump@othermod warn"'; ok "... in JSON"
v kind=stack cache=- objsize=0 useroffset=0 usersize=0 min=0 max=64 caller='vfs_thing+0x7d/0x110' >"$sec/violations"
ctl 1 suggest && out '#policy caller:vfs_thing warn'; ok "for the kernel's own code, too"
v kind=stack cache=- objsize=0 useroffset=0 usersize=0 min=0 max=64 caller='x\012allow\040a\0400\0401+0x1/0x2' >"$sec/violations"
ctl 1 suggest && [ -z "$(rules)" ]; ok "a call site's name cannot smuggle in a rule"
v kind=stack cache=- objsize=0 useroffset=0 usersize=0 min=0 max=64 caller=unknown_code >"$sec/violations"
ctl 1 suggest && ! grep -q '^#policy' "$tmp/out"; ok "unknown code cannot be named"
v grew=3 cache=cred_jar >"$sec/violations"
ctl 1 suggest && ! grep -q '^#policy' "$tmp/out"; ok "nor is there one for what a rule could cover"

### suggest -o

v >"$sec/violations"
ctl 0 suggest -o "$tmp/o.rules" && [ ! -s "$tmp/out" ] && grep -qx 'allow lkdtm-usercopy 255 64 to' "$tmp/o.rules"
ok "-o writes a file"
cp "$tmp/o.rules" "$tmp/before"
v id=2 cache="$(printf 'n%.0s' {1..200})" >>"$sec/violations"
(ulimit -f 0; trap '' XFSZ; exec "$tmp/plain/usercopyctl" --root "$root" suggest -o "$tmp/o.rules") 2>"$tmp/err"
[ $? -eq 3 ] && cmp -s "$tmp/before" "$tmp/o.rules" && ! ls "$tmp"/o.rules.* >/dev/null 2>&1
ok "on a full disk the old file stays, whole"
ctl 3 suggest -o "$tmp/nowhere/o.rules" && err nowhere; ok "a folder that is not there: exit 3"
ctl 2 suggest -o && err 'needs a value'; ok "-o without a name: exit 2"
