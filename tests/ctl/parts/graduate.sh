# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: from warn to enforce. Years go by in the data base.

# shellcheck source=tests/ctl/grown.sh
. "$here/grown.sh"

### the bound

against_program simulate; ok "the simulation builds"
"$tmp/simulate" >"$tmp/out" 2>"$tmp/err"; ok "a thousand machines live for 400 days, alone and in fleets"
awk '$1 != "rate" && !($5 > 100 && $9 < 0.05) { bad = 1 } END { exit bad || NR < 10 }' "$tmp/out"
ok "of all that were promoted, fewer than 5 in 100 violate within 30 days"
awk '$1 == "rate" && !($9 < 0.05) { bad = 1 } END { exit bad }' "$tmp/out"; ok "whatever the rate is, the chance of that is below 5 in 100"
awk '$NF != 0 { bad = 1 } END { exit bad }' "$tmp/out"; ok "nothing is promoted without its evidence"

new_root; mkdir -p "$root/proc/sys/kernel/random"
against_program clocks; ok "machines with clocks that jump build"
"$tmp/clocks" "$root" >"$tmp/out" 2>"$tmp/err"; ok "a clock that jumps makes no evidence, takes none away, and is in doubt until it is steady"
[ "$(grep -c 'promote 3 hold 3 wrong 0$' "$tmp/out")" = 3 ]; ok "... on machines that have something to promote and to hold"

### judgements

grown_machine
in_use clean 206; in_use young 205; in_use hardly 3 90; in_use dirty 290
v cache=dirty count=5 allowed=5 >"$sec/violations"; ctl 0 record
ctl 0 graduate --json && [ "$(judged clean)" = 'promote!' ]; ok "206 days in use without a violation: promote"
v cache=dirty count=5 allowed=5 >"$tmp/v"; cp "$tmp/v" "$sec/violations"; v id=2 cache=clean count=1 allowed=1 >>"$sec/violations"
ctl 0 graduate --json && [ "$(judged clean)" = hold ] && [ "$(sqlite3 "$db" 'select count(*) from site')" = 1 ]
ok "... unless the kernel has seen one since it was recorded"
echo rubbish >>"$tmp/v"; cp "$tmp/v" "$sec/violations"
ctl 4 graduate --apply && err 'no violation' && [ ! -e "$file" ] && [ ! -s "$sec/whitelist" ]; ok "or says something that cannot be read: nothing is promoted"
sed -i '$d' "$tmp/v"; cp "$tmp/v" "$sec/violations"
ctl 0 graduate --json
[ "$(judged young)" = 'not enough evidence' ] && [ "$(judged hardly)" = 'not enough evidence' ]; ok "one day less: not enough evidence"
[ "$(judged dirty)" = hold ]; ok "a violation that nothing has mended: hold"
[ "$(judged kind:stack)" = 'promote!' ]; ok "kinds that are no slab's are judged by the days watched"
json '.subjects[] | select(.name == "clean") | .bound > 0.0144 and .bound < 0.0145'; ok "the bound is 1 - 0.05^(1/206)"
json '.subjects[] | select(.name == "dirty") | .violated == 1 and .bound > 0.0162 and .bound < 0.0164'
ok "with one in 291 days it is that of Clopper and Pearson"
ctl 0 graduate && grep -q '^promote  *clean: none in 206 machine-days in use: below 1.4 % a day at 95 %$' "$tmp/out" &&
	grep -q '^hold  *dirty: violated on 1 day of 29. machine-days in use' "$tmp/out"; ok "the same in words, with what it is made of"
ctl 0 graduate --json --window 10 && [ "$(judged young)" = 'promote!' ]; ok "other terms, other days"
ctl 2 graduate --risk 0 && ctl 2 graduate --window x && ctl 2 graduate --to kill; ok "terms that are none: exit 2"
echo 0 >"$sysctl/evidence"
ctl 0 graduate && err 'evidence is 0'; ok "without sampling: it says that nothing is seen in use"
echo 1 >"$sysctl/evidence"
mine=$root/etc/usercopy_guard/50-mine.rules
mkdir -p "${mine%/*}"
echo 'allow dirty 255 64 to' | tee "$mine" >"$sec/whitelist"
ctl 0 graduate --json && [ "$(judged dirty)" = 'promote!' ] && json '.subjects[] | select(.name == "dirty") | .mended == 1 and .violated == 0'
ok "what a rule in force has mended is held against nobody"
echo 'allow dirty 255 63 to' >"$sec/whitelist"
ctl 0 graduate --json && [ "$(judged dirty)" = hold ]; ok "... all but one byte of it is not enough"
rm "$mine"
v id=2 cache=- kind=stack objsize=0 useroffset=0 usersize=0 min=0 max=8 minsize=8 maxsize=8 count=7 allowed=7 >>"$sec/violations"; ctl 0 record
ctl 0 graduate --json && [ "$(judged kind:stack)" = hold ]; ok "a kind that violates is held, too"

### preview

ctl 0 graduate --preview && grep -qE '^ +0 +5  dirty$' "$tmp/out" && grep -qE '^ +7 +7  kind:stack$' "$tmp/out" &&
	grep -qE '^ +7 +12  in all$' "$tmp/out"
ok "--preview: what each policy would have refused in the whole history"

### apply

: >"$sec/whitelist"
ctl 0 graduate --apply && grep -qx 'policy clean enforce' "$file" && ! grep -q dirty "$file" && ! grep -q young "$file"
ok "--apply writes a file of rules"
ctl 0 check "$file"; ok "... that is one"
grep -q '^# .* (@[0-9]*): promoted: none in 206 machine-days in use' "$file"; ok "... and says why"
ctl 0 graduate --json && json '.subjects[] | select(.name == "young") | .promote | not'; ok "who was not good enough is not in it"
cp "$file" "$tmp/before"
cp "$file" "$sec/whitelist"
ctl 0 graduate --apply && cmp -s "$file" "$tmp/before"; ok "a second time changes nothing"
echo 'allow mine 0 1' >>"$file"
ctl 4 graduate --apply && err '90-graduated.rules:' && err 'a file of their own'; ok "a file that somebody has written into is left alone"
cp "$tmp/before" "$file"
: >"$sec/whitelist"
rm "$file"; ln -sf /proc/self/oom_score_adj "$sec/whitelist"
ctl 5 graduate --apply && err 'refused by the kernel' && [ ! -e "$file" ]; ok "what the kernel does not take is not in the file"
rm "$sec/whitelist"; : >"$sec/whitelist"

### exceptions

echo '# exception clean until 2999-01-01: the driver is being mended' >"$root/etc/usercopy_guard/10-mine.rules"
ctl 0 graduate --json && [ "$(judged clean)" = promote ] && json '.subjects[] | select(.name == "clean") | .exception == {"until": "2999-01-01", "reason": "the driver is being mended", "ended": false}'
ok "an exception, with its reason and its end"
ctl 0 graduate --apply && ! grep -q clean "$file"; ok "... keeps it from being promoted"
echo '# exception clean until 2001-01-01: the driver is being mended' >"$root/etc/usercopy_guard/10-mine.rules"
ctl 0 graduate --json && [ "$(judged clean)" = 'promote!' ] && ctl 0 graduate && grep -q 'its exception ended on 2001-01-01' "$tmp/out"
ok "when it has ended it is none, and that is said"
for line in 'clean until 2999-01-01' 'clean until never: x' 'clean: x' 'clean until 2999-01-01:' 'a b until 2999-01-01: x'; do
	echo "# exception $line" >"$root/etc/usercopy_guard/10-mine.rules"
	ctl 4 graduate --apply && err '10-mine.rules:1: an exception is written' || break
done
[ "$line" = 'a b until 2999-01-01: x' ]; ok "a line that is no exception: nothing is promoted"
rm "$root/etc/usercopy_guard/10-mine.rules"

### idle rules

sqlite3 "$db" "update used set ruled = 1 where day = 5 and cache = (select id from cache where name = 'clean')"
ctl 0 graduate && grep -q '^idle  *clean: .* for 295 days$' "$tmp/out"; ok "rules that let nothing through any more are named"

### watch

# just now, for a module whose times are those of $root/proc/uptime
: >"$sec/violations"
promoted clean young
watch
v cache=clean first=999.9 last=999.9 >"$sec/new"; cat "$sec/new" >"$sec/violations"
watched takes_back clean
grep -qx 'policy clean warn' "$file" && grep -qx 'policy young enforce' "$file" && grep -qx 'policy clean warn' "$sec/whitelist" &&
	grep -q 'taken back: violation 1' "$file" && err 'clean is back to warn'
ok "--watch takes back what violates, within seconds, and nothing else"
: >"$sec/whitelist"; : >"$sec/violations"
promoted a b c d e
watch --limit 2
for name in a b c d e; do v cache=$name first=999.9 last=999.9; done >"$sec/new"; cat "$sec/new" >"$sec/violations"
watched grep -q 'is it the machine' "$tmp/err"
[ "$(grep -c ' warn$' "$file")" = 2 ] && [ "$(grep -c 'is it the machine' "$tmp/err")" = 1 ]
ok "in an avalanche no more than its bound, and it says so once"
promoted a
v cache=a first=900.0 last=900.0 >"$sec/violations"
watch
watched sleep 1
[ "$(grep -c ' enforce$' "$file")" = 1 ]; ok "what violated before it was promoted is known"
v cache=a first=999.0 last=999.0 >"$sec/violations"
watch
watched takes_back a
grep -qx 'policy a warn' "$file"; ok "what violated while nobody watched is not forgotten"

### clocks

# wall SECONDS - set the clock of $root, as of 1000 seconds after boot
wall() { echo "btime $(($1 - 1000))" >"$root/proc/stat"; }
now=$(date +%s)
: >"$sec/violations"; : >"$sec/whitelist"; rm -f "$file"
wall "$now"; ctl 0 record
echo "# exception clean until $(date -d "@$((now + 86400 * 400))" +%F): the driver is being mended" >"$root/etc/usercopy_guard/10-mine.rules"
ctl 0 graduate --apply --window 10 && grep -qx 'policy young enforce' "$file" && ! grep -q clean "$file"
ok "with a clock that is right, what is good is promoted"
rm "$file"; : >"$sec/whitelist"
unpromoted() { ctl 0 graduate --apply --window 10 && [ ! -e "$file" ] && [ ! -s "$sec/whitelist" ] && err "$1" && err 'nothing is promoted until'; }
wall $((now + 86400 * 3650)); unpromoted 'has gone ahead by 87600 hours'; ok "years ahead: nothing is promoted, not even what an exception seems to have ended for"
ctl 0 record && unpromoted 'has not been steady for a day'; ok "... nor when that was recorded"
wall "$now"; unpromoted 'has gone back by 87600 hours'; ok "back again: nothing is promoted"
ctl 0 record && unpromoted 'has not been steady for a day'; ok "... until it has been steady for a day"
[ "$(sqlite3 "$db" "select count(*) from used u join cache c on c.id = u.cache where name = 'clean'")" = 206 ] &&
	[ "$(sqlite3 "$db" "select value / 86400000000 from meta where key = 'watched'")" = 300 ]; ok "nothing was lost by it, and nothing won"
echo "88400.00 0.00" >"$root/proc/uptime"; echo "btime $((now - 1000))" >"$root/proc/stat"; ctl 0 record
ctl 0 graduate --apply --window 10 && grep -qx 'policy young enforce' "$file" && ! grep -q clean "$file" && [ ! -s "$tmp/err" ]; ok "after a day it is believed again"
rm "$root/proc/stat" "$root/etc/usercopy_guard/10-mine.rules"
echo "1000.00 0.00" >"$root/proc/uptime"
printf '# 2036-01-01 00:00:00 UTC (@2082758400): promoted: by a test\npolicy %s enforce\n' a b >"$file"
{ v cache=a first=900.0 last=999.0 allowed=0 refused=12; v id=2 cache=b first=900.0 last=999.0; } >"$sec/violations"
: >"$sec/whitelist"
watch
watched takes_back a
grep -qx 'policy a warn' "$file" && grep -qx 'policy b enforce' "$file"; ok "promoted by a clock that was ahead: what was refused is taken back, what was let through came before"
