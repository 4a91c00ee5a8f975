# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2119,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what a promotion promises. Nobody's own rule is overruled, whoever may have violated
# is not promoted, and what violates is taken back whatever else goes wrong.

# shellcheck source=tests/ctl/grown.sh
. "$here/grown.sh"

machine() {
	grown_machine
	rules=$root/etc/usercopy_guard
	mine=$rules/50-mine.rules
}
subject() { json ".subjects[] | select(.name == \"$1\") | $2"; }
why() { jq -r --arg name "$1" '.subjects[] | select(.name == $name) | .why' "$tmp/out"; }
# judge NAME JUDGEMENT [WHY] - graduate says so of it; "promote!" is promoted
judge() {
	ctl 0 graduate --json && [ "$(judged "$1")" = "$2" ] || return
	[ $# -lt 3 ] || why "$1" | grep -qF -- "$3"
}
# violates NAME KEY=VALUE… - just now, and nobody else does
violates() {
	v cache="$1" first=999.9 last=999.9 "${@:2}" >"$tmp/v"
	mv "$tmp/v" "$sec/violations"
}
said_of() { grep -c "^usercopyctl: $1 is back to warn" "$tmp/err"; }
meta() { sqlite3 "$db" "select value from meta where key = '$1'"; }
# hold_history SQL [END] - another program does that, and has the history open until let_go, when it does END
hold_history() {
	local i
	rm -f "$tmp/held" "$tmp/free"
	sqlite3 "$db" "$1" ".shell touch $tmp/held; until [ -e $tmp/free ] || [ ! -e $tmp/held ]; do sleep 0.1; done" \
		"${2:-rollback}" >/dev/null &
	holder=$!
	for ((i = 0; i < 300; i++)); do
		[ -e "$tmp/held" ] && break
		sleep 0.1
	done
}
let_go() {
	touch "$tmp/free"
	wait "$holder"
}

### rules of one's own

# is_own CACHE - it is good enough, and stays as somebody wants it
is_own() {
	ctl 0 graduate && grep -q "^own rule  *$1: none in 220 " "$tmp/out" && judge "$1" promote && subject "$1" '.own_rule' &&
		ctl 0 graduate --apply && grep -q '^policy kind:stack enforce$' "$file" && ! grep -q " $1 " "$file"
}
machine; in_use clean 220
echo 'policy clean warn' >"$mine"; cp "$mine" "$sec/whitelist"
is_own clean; ok "a policy of one's own is left as it is"
: >"$sec/whitelist"; rm "$file"
is_own clean; ok "... also when it has not been loaded yet"
rm "$mine" "$file"; echo 'policy clean warn' >"$sec/whitelist"
is_own clean; ok "... also when the kernel alone has it"
promoted clean; echo 'policy clean warn' >"$sec/whitelist"
is_loose() { ctl 0 graduate --apply && [ "$(cat "$sec/whitelist")" = 'policy clean warn' ]; }
judge clean promote && subject clean '.own_rule' && : >"$sec/whitelist" && echo 'policy clean warn' >"$sec/whitelist"
ok "... also when it is looser, in the kernel, than what was promoted: so begins who has a failure"
promoted clean; echo 'policy clean enforce' >"$sec/whitelist"
judge clean promote && subject clean '.own_rule == false' && ctl 0 graduate && grep -q '^promoted  *clean: ' "$tmp/out"
ok "what graduate itself has promoted is nobody's own"

for name in 50-mine 99-mine; do
	rm -f "$mine"; mine=$rules/$name.rules; echo 'policy clean warn' >"$mine"; promoted clean young; : >"$sec/whitelist"
	ctl 0 load && err "90-graduated.rules:2: $mine:1 is stronger" &&
		[ "$(sort "$sec/whitelist")" = "$(printf 'policy %s\n' 'clean warn' 'young enforce')" ] || break
	name=
done
[ -z "$name" ]; ok "written after a promotion it is stronger, and load says so"
ctl 0 check "$rules" && out '2 rules, all good'; ok "... and check has nothing against it"
echo 'policy stranger warn' >"$mine"; promoted req young; : >"$sec/whitelist"
ctl 0 load && err "90-graduated.rules:2: $mine:1 is stronger" && grep -qx 'policy stranger warn' "$sec/whitelist" &&
	! grep -q req "$sec/whitelist"
ok "... also than what was promoted of the same memory"
rm "$mine"
echo 'policy clean warn' >"$rules/10-a.rules"; echo 'policy clean enforce' >"$rules/20-b.rules"
echo 'policy other warn' >"$sec/whitelist"
ctl 4 load && err "20-b.rules:1: another policy for the same name" && err 'nothing loaded' &&
	[ "$(cat "$sec/whitelist")" = 'policy other warn' ]
ok "two of one's own that differ: nothing is loaded, and it says where"

### rules that it rests on

machine; in_use clean 220
v cache=clean >"$sec/violations"; ctl 0 record
echo 'allow clean 255 64 to' >"$sec/whitelist"
judge clean hold 'a rule that allows its copies is in no file of /etc/usercopy_guard'
ok "what the next boot does not know is nothing to promote by"
for kept in 'allow clean 255 63 to' 'allow clean 255 64 from' 'allow clean 0 255'; do
	echo "$kept" >"$mine"
	judge clean hold 'is in no file' || break
	kept=
done
[ -z "$kept" ]; ok "... nor what it knows a part of"
printf 'allow clean 255 32 to\nallow clean 280 64\n' >"$mine"
judge clean 'promote!'; ok "... but what its files have, in pieces perhaps"
in_use req 220
echo 'allow stranger 0 8' >>"$sec/whitelist"
judge req hold 'a rule that allows its copies' && ctl 0 graduate --apply && ! grep -qw req "$file" && grep -qw clean "$file"
ok "so it is with a rule for another name of the same memory"

### days that were of several

machine
row() { echo "cache=$1 policy=warn violations=0 allowed=0 refused=0 unrefusable=0 killed=0 first=- last=- used_to=$2 used_from=- ranges_to=- ranges_from=- ruled_to=0 ruled_from=0 ruled_last=-"; }
used_on() { json ".subjects[] | select(.name == \"$1\") | .used == $2"; }
echo "1100.00 0.00" >"$root/proc/uptime"
row req 1050 >"$sec/caches"; row plain 1050 >>"$sec/caches"; ctl 0 record
ctl 0 graduate --json && used_on req 1 && used_on plain 1; ok "a day of memory that is shared counts while it is"
rm "$root/sys/kernel/slab/stranger"
ctl 0 graduate --json && used_on req 0 && used_on plain 1; ok "... and for nobody alone: it was used by whoever it was"
sqlite3 "$db" 'insert into used select id, 7, 1, 0, 0 from cache where name = "req"'
ctl 0 graduate --json && used_on req 1; ok "... unlike a day of its own"

### memory that is shared

machine; in_use req 220; in_use clean 220
judge req 'promote!'; ok "a cache that shares its memory with one that is fine: promote"
v cache=stranger merged=1 >"$sec/violations"; ctl 0 record
judge req hold 'shares its memory with stranger, which is held'; ok "with one that has violated: hold, and it names it"
# mended - what stands for the rules that have mended it
mended() { sed -n 's/^usercopy_guard_mended_by_rules{cache="stranger",kind=""} //p' "$tmp/out"; }
echo 'allow req 0 4096' >"$sec/whitelist"; ctl 0 export --prometheus && [ "$(mended)" = 1 ]; ok "what a rule for the other name has mended is no one else's"
echo 'allow stranger 0 4096' >"$sec/whitelist"; ctl 0 export --prometheus && [ "$(mended)" -gt 1 ]; ok "... and what its own has, by that rule"
: >"$sec/whitelist"
ctl 0 graduate --apply && ! grep -qE ' (req|stranger) ' "$file" && grep -qx 'policy clean enforce' "$file"; ok "... and neither is promoted"
machine; in_use req 220
echo '# exception stranger until 2999-01-01: the driver is being mended' >"$mine"
judge req hold 'shares its memory with stranger, which has an exception'; ok "an exception of the one holds the other"
echo 'policy stranger warn' >"$mine"
judge req hold 'shares its memory with stranger, whose policy is a rule of your own'; ok "so does a policy of one's own"
echo 'policy stranger enforce' >"$mine"
judge req 'promote!'; ok "... unless it is as strict"
echo 'policy stranger warn' >"$mine"; promoted stranger; cp "$file" "$sec/whitelist"
judge req hold 'whose policy is a rule of your own'; ok "... also when it has not been loaded yet, and the kernel is stricter"
rm "$mine" "$file"
back='# 2026-01-01 00:00:00 UTC (@1767225600): taken back: violation 1 (whitelist), by f+0x1/0x2'
printf '%s\npolicy stranger warn\n' "$back" | tee "$file" >"$sec/whitelist"
judge req hold 'shares its memory with stranger, which was taken back'; ok "so does that it was taken back"
in_use stranger 10
judge req hold 'shares its memory with stranger, which was taken back'; ok "... also when there is not enough evidence for it"
machine; in_use req 220; in_use stranger 220
printf '%s\npolicy %s warn\n' "$back" req "$back" stranger >"$file"
v cache=stranger merged=1 >"$sec/violations"; ctl 0 record
printf 'policy %s warn\n' req stranger >"$sec/whitelist"
judge req hold; ok "both taken back, for what one has done"
echo 'allow stranger 255 64 to' | tee "$mine" >>"$sec/whitelist"
judge req 'promote!' && [ "$(judged stranger)" = 'promote!' ]; ok "... both are promoted when rules cover it"
machine; in_use req 220

mkdir "$root/sys/kernel/slab/:0000512"
ln -s :0000512 "$root/sys/kernel/slab/far"; ln -s :0000512 "$root/sys/kernel/slab/further"
in_use far 220; in_use plain 220; in_use clean 220
v cache=gone merged=0 objsize=100 useroffset=0 usersize=0 min=0 max=8 >"$sec/violations"; ctl 0 record
judge gone hold && [ "$(judged req)" = 'promote!' ]; ok "what was not merged, and is gone, holds nobody else"
sqlite3 "$db" 'delete from tally; delete from site; delete from live'
v cache=gone merged=1 objsize=100 useroffset=0 usersize=0 min=0 max=8 >"$sec/violations"; ctl 0 record
judge req hold 'may share its memory with gone'; ok "what was merged, and is gone, holds those of its size"
[ "$(judged far)" = 'promote!' ]; ok "... but none of another size"
[ "$(judged plain)" = 'promote!' ] && [ "$(judged clean)" = 'promote!' ]; ok "... and none that is not merged"
rm "$root/sys/kernel/slab/stranger"
judge req hold 'may share its memory with gone'; ok "... but one with which nobody else is merged now"

machine
promoted req stranger clean
watch
violates stranger merged=1
watched takes_back req
takes_back req && takes_back stranger && grep -qx 'policy clean enforce' "$file"
ok "a violation takes back all of the same memory, and nothing else"
grep -qx 'policy req warn' "$sec/whitelist" && grep -qx 'policy stranger warn' "$sec/whitelist" && ! grep -q clean "$sec/whitelist"
ok "... in the kernel, in one write"
[ "$(said_of 'req, stranger')" = 1 ]; ok "... and says it once"
: >"$sec/violations"; : >"$sec/whitelist"
ln -s :0000128 "$root/sys/kernel/slab/third"
promoted req clean
watch
violates third merged=1
watched takes_back req
takes_back req && grep -qx 'policy clean enforce' "$file"; ok "... also when the kernel calls that memory by a name that was not promoted"

machine
promoted clean young; echo 'policy clean enforce' >"$mine"; echo 'policy clean enforce' >"$sec/whitelist"
watch
{ v cache=clean first=999.9 last=999.9; v id=2 cache=young first=999.9 last=999.9; } >"$tmp/v"; cp "$tmp/v" "$sec/violations"
watched takes_back young
takes_back young && grep -qx 'policy clean enforce' "$file" && ! grep -q clean "$sec/whitelist" && [ "$(said_of clean)" = 0 ]
ok "what somebody has made strict by a rule of their own stays so"

### locked

# A file that gives EPERM when somebody writes into it.
machine
ln -sf /proc/self/uid_map "$sec/whitelist"
(echo 0 0 1 >"$sec/whitelist") 2>&1 | grep -q 'not permitted'; ok "a kernel that is locked can be played"
promoted clean
watch
violates clean
watched takes_back clean
takes_back clean; ok "when the kernel is locked, the file takes it back all the same"
[ "$(grep -c 'clean goes back to warn with the next boot.*locked' "$tmp/err")" = 1 ]; ok "... for the next boot, and that is said"
$alive; ok "... and it watches on"

### what cannot be written

machine; in_use clean 220
promoted clean young
watch
{ v cache=clean first=999.9 last=999.9; v id=2 cache=young first=999.9 last=999.9; } >"$tmp/v"; cp "$tmp/v" "$sec/violations"
watched takes_back young
takes_back clean && takes_back young && [ "$(said_of clean)" = 1 ] && [ "$(said_of young)" = 1 ]; ok "two at once are both taken back"

ln -sf /dev/null "$sec/whitelist"
promoted clean young; cp "$file" "$tmp/before"
: >"$tmp/err"
exec 8> >(cat >"$tmp/err")
{ ulimit -S -f 0; trap '' XFSZ; exec timeout -s KILL 300 "$tmp/plain/usercopyctl" --root "$root" graduate --watch --every 1; } \
	>/dev/null 2>&8 8>&- &
watcher=$!
exec 8>&-
looks() { [ "$(grep -c 'rules: .*: it is as it was before' "$tmp/err")" -ge 3 ]; }
for ((i = 0; i < 300; i++)); do
	looks || ! kill -0 "$watcher" 2>/dev/null && break
	sleep 0.1
done
looks && cmp -s "$file" "$tmp/before"; ok "a file of rules that cannot be written: it tries again at each look"
[ "$(said_of clean)" = 1 ] && [ "$(said_of young)" = 1 ]; ok "... both are back to warn in the kernel, and that is said once"
prlimit --pid "$(pgrep -P "$watcher")" --fsize=unlimited: 2>"$tmp/out"
watched takes_back young
takes_back clean && takes_back young && [ "$(said_of clean)" = 1 ] && [ "$(said_of young)" = 1 ] && $alive
ok "... and once it can be written it says so, and that is no news"

rm "$sec/whitelist" "$file"; : >"$sec/whitelist"; : >"$sec/violations"
sqlite3 "$db" 'delete from tally; delete from site; delete from live'
# it opens the history, and has no room for more than 1 KiB in one file
hold_history 'begin; select * from meta'
(ulimit -f 1; trap '' XFSZ; exec "$tmp/plain/usercopyctl" --root "$root" graduate --apply) 2>&1 >/dev/null | cat >"$tmp/err"
[ "${PIPESTATUS[0]}" = 3 ]; ok "--apply whose file cannot be written: exit 3"
let_go
err "nothing is promoted: the kernel's new policies were taken back" && [ "$(ls "$rules")" = "" ]
ok "... nothing is promoted, and there is no file"
grep -qx 'delete policy clean enforce' "$sec/whitelist" && [ "$(grep -c '^delete policy .* enforce$' "$sec/whitelist")" = 9 ]
ok "... and nothing stays in the kernel"

### not listed

# unlisted COPIES - that the kernel had no room to list, as its status has it
unlisted() {
	printf 'policy: warn\nrules: 3\nviolations: distinct 3, allowed 3, refused 0, unrefusable 0, killed 0, not listed %s\n' "$1" >"$sec/status"
}
machine; in_use clean 220
unlisted 0; ctl 0 record
judge clean 'promote!' && [ ! -s "$tmp/err" ]; ok "a kernel that has listed all that violated: promote"
unlisted 5
judge clean 'not enough evidence' && err '5 copies violated'; ok "one that had no room may have seen anybody violate"
ctl 0 record
ctl 0 graduate --apply && [ ! -e "$file" ] && [ ! -s "$sec/whitelist" ] && err '5 copies violated that the kernel had no room to list'
ok "... nothing is promoted, and it says why"
ctl 0 export --prometheus && out 'usercopy_guard_unlisted_total 5' && out 'usercopy_guard_listed_days 0'; ok "... which is exported"
sqlite3 "$db" "update meta set value = (300 - 205) * 86400000000 where key = 'unlisted_at'"
judge clean 'not enough evidence'; ok "205 days later it is too early"
sqlite3 "$db" "update meta set value = (300 - 207) * 86400000000 where key = 'unlisted_at'"
judge clean 'promote!' && json '.unlisted == 5'; ok "207 days later it is promoted"
at=$(meta unlisted_at)
ctl 0 record && [ "$(meta unlisted_at)" = "$at" ] && [ "$(meta unlisted)" = 5 ] && judge clean 'promote!'
ok "the same count again is no news"
ctl 0 export --prometheus && out 'usercopy_guard_unlisted_total 5' && out 'usercopy_guard_listed_days 207'
ok "... and the days are exported"
unlisted 6; ctl 0 record
[ "$(meta unlisted_at)" -gt "$at" ] && [ "$(meta unlisted)" = 6 ] && judge clean 'not enough evidence' && err '6 copies violated'
ok "a higher one is"
# the folder is made anew with each load
cp -r "$sec" "$sec.new"; mv "$sec" "$sec.old"; mv "$sec.new" "$sec"
unlisted 2; ctl 0 record
[ "$(meta unlisted)" = 8 ]; ok "... and that of another load of the module"
promoted clean
watch
watched grep -q 'no room to list' "$tmp/err"
[ "$(grep -c '2 copies have violated that the kernel had no room to list' "$tmp/err")" = 1 ] && $alive &&
	grep -qx 'policy clean enforce' "$file"
ok "--watch says it, once"

### what was taken back

machine; in_use clean 220
printf '# 2026-01-01 00:00:00 UTC (@1767225600): taken back: violation 1 (whitelist), by f+0x1/0x2\npolicy clean warn\n' >"$file"
echo 'policy clean warn' >"$sec/whitelist"
judge clean hold 'it was taken back'; ok "what was taken back is held, though the history does not know why"
ctl 0 graduate --apply && takes_back clean; ok "... and not promoted"
cp "$file" "$tmp/before"; : >"$file"; : >"$sec/whitelist"
judge clean 'promote!'; ok "... until its line is deleted"
cp "$tmp/before" "$file"
v cache=clean >"$sec/violations"; ctl 0 record
printf 'policy clean warn\nallow clean 255 64 to\n' >"$sec/whitelist"
echo 'allow clean 255 64 to' >"$mine"
judge clean 'promote!' && ctl 0 graduate --apply && grep -qx 'policy clean enforce' "$file"; ok "... or rules cover what it did"

machine
promoted clean
watch
violates clean
watched takes_back clean
[ "$(sqlite3 "$db" "select sum(t.allowed) from tally t join site s on s.id = t.site where s.cache = 'clean'")" = 12 ]
ok "what is taken back is recorded at once"
rm -r "$root/var/lib/usercopy_guard"; : >"$sec/violations"
promoted clean
watch
violates clean
watched takes_back clean
takes_back clean && [ ! -e "$root/var/lib/usercopy_guard" ]; ok "... in a history that is there"

### two at a time

copies() { v cache=clean count="$1" allowed="$1" >"$tmp/v"; mv "$tmp/v" "$sec/violations"; }
# recorded - record, begun at 5 copies, has to wait until there are 7
recorded() {
	"$tmp/plain/usercopyctl" --root "$root" record >"$tmp/out" 2>"$tmp/err" &
	recorder=$!
	sleep 2
	copies 7
	let_go
	wait "$recorder" && [ "$(sqlite3 "$db" 'select sum(allowed) from tally')" = 7 ]
}
machine
copies 5
hold_history 'begin immediate'
recorded; ok "who waits for the history reads the counters afterwards"
machine
copies 3; ctl 0 record; copies 5
hold_history 'begin immediate; update live set allowed = 7; update tally set allowed = 7' commit
recorded; ok "... and what another has recorded meanwhile is not counted twice"

### the module comes and goes

machine
promoted clean
rm "$sec/violations"
watch
waits() { grep -q 'not loaded: waiting for it' "$tmp/err"; }
for ((i = 0; i < 300; i++)); do
	waits || ! kill -0 "$watcher" 2>/dev/null && break
	sleep 0.1
done
sleep 2
waits && kill -0 "$watcher" 2>/dev/null && grep -qx 'policy clean enforce' "$file"; ok "without the module it waits"
violates clean
watched takes_back clean
takes_back clean; ok "... and takes back what violates as soon as it is loaded"
[ "$(grep -c 'not loaded: waiting for it' "$tmp/err")" = 1 ] && $alive; ok "... having said so once"
