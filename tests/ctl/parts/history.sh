# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what outlives the module, the boot and the kernel.

# boot NAME RELEASE UPTIME - start the machine of $root again, and load the module
boot() {
	echo "$1" >"$root/proc/sys/kernel/random/boot_id"
	echo "$2" >"$root/proc/sys/kernel/osrelease"
	uptime "$3"
	load
}
uptime() { echo "$1 0.00" >"$root/proc/uptime"; }
# A folder in securityfs of its own: that is how a load of the module is told apart.
load() {
	mv "$sec" "$root/old.$((loads += 1))"
	mkdir -p "$sec"
	: >"$sec/violations"
	: >"$sec/caches"
}
loads=0
# cache NAME KEY=VALUE… - a line of the file of caches
cache() {
	local name=$1 line
	line="cache=$name policy=- violations=0 allowed=0 refused=0 unrefusable=0 killed=0 first=- last=-"
	line+=" used_to=- used_from=- ranges_to=- ranges_from=- ruled_to=0 ruled_from=0 ruled_last=- "
	shift
	local word key
	for word in "$@"; do
		key=" ${word%%=*}="
		line="${line%%"$key"*} $word ${line#*"$key"* }"
	done
	echo "${line% }"
}
new_machine() {
	new_root
	mkdir -p "$root/proc/sys/kernel/random" "$root/var/lib" "$root/etc"
	db=$root/var/lib/usercopy_guard/history.db
	echo 0123456789abcdef >"$root/etc/machine-id"
	boot first 6.1.0 1000
}
# counts FILTER… - the copies of the history, in all and by outcome
counts() {
	"$tmp/asan/usercopyctl" --root "$root" violations --json "$@" 2>"$tmp/err" |
		jq -r '[.violations[] | [.count, .allowed, .refused, .unrefusable, .killed]] | transpose | map(add) | map(tostring) | join(" ")'
}

### the history adds up

new_machine
ctl 3 violations --history && err 'usercopyctl record'; ok "without a history: what begins one"
v >"$sec/violations"
ctl 0 record && out '1 distinct violations, 0.0 days watched' && [ "$(counts --history)" = '12 12 0 0 0' ]
ok "record begins a history"
[ "$(stat -c %a "$db")" = 600 ] && [ "$(stat -c %a "${db%/*}")" = 700 ]; ok "nobody else reads it"
ctl 0 record && ctl 0 record && [ "$(counts --history)" = '12 12 0 0 0' ]; ok "what is known is not counted twice"
v count=15 allowed=13 refused=2 refused_at=300.5 last=400.0 >"$sec/violations"
[ "$(counts --both)" = '15 13 2 0 0' ] && [ "$(counts --history)" = '12 12 0 0 0' ]
ok "--both is the history and what has come since, and leaves no trace"
ctl 0 record && [ "$(counts --history)" = '15 13 2 0 0' ]; ok "what has come is added"
load
{ v count=3 allowed=3 first=900.0 last=900.0; } >"$sec/violations"
ctl 0 record && [ "$(counts --history)" = '18 16 2 0 0' ]; ok "the module loaded again begins to count anew"
boot second 6.12.0 500
{ v count=12; v id=2 count=4 allowed=0 unrefusable=4 first=200.0 last=201.0 cache=other; } >"$sec/violations"
ctl 0 record && [ "$(counts --history)" = '34 28 2 4 0' ]; ok "so does the next boot, though the numbers look the same"
boot third 6.12.0 100
: >"$sec/violations"
ctl 0 record && [ "$(counts --history)" = '34 28 2 4 0' ]; ok "a boot without violations takes nothing away"
ctl 0 violations --history --json && json '.violations | length == 2'; ok "the same violation in two boots is one"
[ "$(counts --history --boot -1)" = '16 12 0 4 0' ] && [ "$(counts --history --boot first)" = '18 16 2 0 0' ]
ok "--boot, counted back or by its id"
[ "$(counts --history --kernel 6.1.0)" = '18 16 2 0 0' ] && [ "$(counts --history --kernel 6.12.0)" = '16 12 0 4 0' ]
ok "--kernel"
[ "$(counts --history --cache other)" = '4 0 0 4 0' ] && [ "$(counts --history --outcome unrefusable)" = '4 0 0 4 0' ] &&
	[ "$(counts --history --module lkdtm)" = '34 28 2 4 0' ] && [ -z "$(counts --history --module other)" ] &&
	[ "$(counts --history --kind whitelist)" = '34 28 2 4 0' ] && [ -z "$(counts --history --kind object)" ]
ok "--cache, --outcome, --module, --kind"
[ "$(counts --history --since 1d)" = '34 28 2 4 0' ] && [ -z "$(counts --history --since 2037-01-01)" ]
ok "--since"
ctl 0 violations --history --json && json '[.violations[].last] | . == sort'; ok "in order of time"
ctl 0 suggest --history --cache other && [ "$(rules)" = 'allow other 255 64 to' ]; ok "suggest takes the history, too"
ctl 2 violations --history "$sec/violations"; ok "a file or the history, not both"
ctl 2 violations --boot 0 && err -- --history; ok "--boot needs a history"
ctl 2 violations --history --boot 17 && err 'no boot "17"'; ok "a boot that there is not"
for words in '--since never' '--since 2026-13-01' '--since 1x' '--outcome fine' --since; do
	# shellcheck disable=SC2086
	ctl 2 violations --history $words || break
done
[ "$words" = --since ]; ok "words that are no filter: exit 2"
ctl 0 violations --cache other && out 'no violations'; ok "filters are good for the running kernel as well"

### keys

new_machine
v caller='f+0x10/0x200[drv]' module=drv srcversion=AAAA >"$sec/violations"; ctl 0 record
boot second 6.1.0 1000
v caller='f+0x10/0x222[drv]' module=drv srcversion=AAAA >"$sec/violations"; ctl 0 record
ctl 0 violations --history --json && json '.violations | length == 1 and .[0].count == 24'
ok "the size of a function is no part of the key"
boot third 6.1.0 1000
v caller='f+0x10/0x200[drv]' module=drv srcversion=BBBB >"$sec/violations"; ctl 0 record
ctl 0 violations --history --json && json '[.violations[].srcversion] == ["AAAA", "BBBB"]'; ok "another build of the driver is another violation"
new_machine
v ranges=255-262 max=263 >"$sec/violations"; ctl 0 record
boot second 6.1.0 1000
v ranges=400-407 min=400 max=408 minsize=8 maxsize=8 >"$sec/violations"; ctl 0 record
ctl 0 violations --history --json && json '.violations[0].ranges == "255-262,400-407" and .violations[0].min == 255 and .violations[0].max == 408'
ok "the bytes of several boots are added up"
new_machine
{ v; v id=2 first=200.0; } >"$sec/violations"; ctl 0 record && ctl 0 record && [ "$(counts --history)" = '24 24 0 0 0' ]
ok "two records of the kernel with one text are one violation, and both are counted"
new_machine
v count=5 allowed=5 >"$sec/violations"; ctl 0 record
v count=2 allowed=2 >"$sec/violations"; ctl 0 record && [ "$(counts --history)" = '7 7 0 0 0' ]
ok "a counter that goes back is another counter"

### time

new_machine
v >"$sec/violations"; ctl 0 record
uptime 173800; cache used used_to=173000.5 >"$sec/caches"; ctl 0 record && out '1 distinct violations, 2.0 days watched'
ok "what lies between two recordings was watched"
[ "$(sqlite3 "$db" 'select day, to_user, from_user from used')" = '1|1|0' ]; ok "a cache in use, on its machine-day"
ctl 0 record; [ "$(sqlite3 "$db" 'select count(*) from used')" = 1 ]; ok "... once"
uptime 260200; load; ctl 0 record && out '1 distinct violations, 2.0 days watched'
ok "what lies before the first recording of a load was not watched"
boot second 6.1.0 99999999; ctl 0 record && out '1 distinct violations, 2.0 days watched'
ok "nor what lies before the first of a boot"
uptime 5; ctl 0 record && out '1 distinct violations, 2.0 days watched'; ok "a clock that goes back takes nothing away"

### bad histories

new_machine
v >"$sec/violations"; ctl 0 record
cp "$db" "$tmp/good.db"
sqlite3 "$db" 'pragma user_version = 99'
ctl 4 record && err 'newer usercopyctl' && ctl 4 violations --history && err 'newer usercopyctl'; ok "a newer history is left alone"
cp "$tmp/good.db" "$db"; sqlite3 "$db" 'drop table shared; pragma user_version = 1'
ctl 4 violations --history && err 'older usercopyctl: "usercopyctl record" brings it up to date'; ok "an older one is not guessed at"
ctl 0 record && ctl 0 violations --history && [ "$(sqlite3 "$db" 'select count(*) from shared')" = 0 ]; ok "... but brought up to date"
for i in $(seq 30); do
	rm -f "$db"*
	for j in 1 2 3; do
		"$tmp/plain/usercopyctl" --root "$root" record --quiet 2>>"$tmp/begun" & recorders[j]=$!
	done
	wait "${recorders[1]}" && wait "${recorders[2]}" && wait "${recorders[3]}" || break
	i=
done
[ -z "$i" ] && [ ! -s "$tmp/begun" ] && [ "$(sqlite3 "$db" 'select sum(allowed) from tally')" = 12 ]; ok "three that begin one at once"
cp "$tmp/good.db" "$db"; echo another >"$root/etc/machine-id"
ctl 4 record && err 'another machine' && ctl 4 violations --history; ok "another machine's history is none of ours"
echo 0123456789abcdef >"$root/etc/machine-id"
rm -f "$db"*; sqlite3 "$db" 'create table x(y)'
ctl 4 record && err 'no history of usercopy_guard'; ok "another program's data base is left alone"
rm -f "$db"*; head -c 20000 /dev/urandom >"$db"
ctl 4 record && err 'damaged' && err 'move it away'; ok "a file that is no data base: what to do"
cp "$tmp/good.db" "$db"; dd if=/dev/zero of="$db" bs=1024 seek=4 count=40 conv=notrunc status=none
ctl 4 record && err damaged; ok "a data base with a hole in it: what to do"
rm -f "$db"*; mkdir "$db"
ctl 3 record && ctl 3 violations --history; ok "a folder in its place"
rmdir "$db"; cp "$tmp/good.db" "$db"
sqlite3 "$db" 'begin exclusive; select 1' '.shell sleep 2' >/dev/null & ctl 0 record; ok "another program that writes is waited for"
wait
echo rubbish >>"$sec/violations"; v id=9 cache=new >>"$sec/violations"
ctl 4 record && err 'no violation' && [ "$(counts --history)" = '24 24 0 0 0' ]; ok "a malformed line keeps nothing else from being recorded"
rm -r "$sec" "$sysctl"
ctl 3 record && err 'modprobe usercopy_guard' && ctl 0 violations --history; ok "without the module the history can be read, not written"
# A file system of 200 KiB that is full: the limit on a file's size is much the same.
new_machine
v >"$sec/violations"; ctl 0 record
for i in $(seq 2 401); do v id="$i" cache="cache$i"; done >"$sec/violations"
(ulimit -f 100; trap '' XFSZ; exec "$tmp/plain/usercopyctl" --root "$root" record) >"$tmp/out" 2>"$tmp/err"
[ $? -eq 3 ] && [ "$(counts --history)" = '12 12 0 0 0' ]; ok "a full disk: exit 3, and the history is as it was"
ctl 0 record && [ "$(counts --history)" = '4812 4812 0 0 0' ]; ok "... and with room again nothing is lost"
