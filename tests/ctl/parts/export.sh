# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what is exported for Prometheus. tests/fleet/run asks Prometheus itself.

exporting_machine() {
	new_root
	mkdir -p "$root/proc/sys/kernel/random" "$root/var/lib" "$root/etc" "$root/sys/module/usercopy_guard"
	echo m1 >"$root/etc/machine-id"
	echo first >"$root/proc/sys/kernel/random/boot_id"
	echo 6.1.0-49-amd64 >"$root/proc/sys/kernel/osrelease"
	echo 0.2.0 >"$root/sys/module/usercopy_guard/version"
	echo "1000.00 0.00" >"$root/proc/uptime"
	echo 1 >"$sysctl/evidence"
	db=$root/var/lib/usercopy_guard/history.db
	prom=$root/usercopy_guard.prom
	: >"$sec/caches"
}
# metric NAME VALUE - a line of the last output; NAME with its labels
metric() { out "usercopy_guard_$1 $2"; }

exporting_machine
ctl 2 export && err -- --prometheus && ctl 2 export --prometheus x; ok "words that are no export: exit 2"
ctl 0 export --prometheus && metric 'info{version="0.2.0",release="6.1.0-49-amd64",policy="warn"}' 1 &&
	metric loaded 1 && metric evidence_enabled 1 && metric kill_enabled 0 && metric locked 0 && metric policy 0
ok "versions and switches"
metric 'copies_total{cache="lkdtm-usercopy",kind="whitelist",outcome="allowed"}' 12 &&
	metric 'copies_total{cache="lkdtm-usercopy",kind="whitelist",outcome="refused"}' 0 && [ ! -e "$db" ]
ok "what the kernel has seen since it was recorded, and no trace of having looked"
metric 'observations_violated{cache="lkdtm-usercopy",kind=""}' 1; ok "what violated was in use, also where nobody saw it used"
awk '/^#/ { if ($2 == "HELP") help[$3]; if ($2 == "TYPE") type[$3] = $4; next }
	{ name = $1; sub(/{.*/, "", name); if (!(name in help) || !(name in type)) bad = 1
	  if ((type[name] == "counter") != (name ~ /_total$/)) bad = 1
	  seen[$0]++; if (seen[$0] > 1) bad = 1 } END { exit bad || NR < 30 }' "$tmp/out"
ok "each metric has HELP and TYPE, counters alone end in _total, no series twice"
! grep -v '^#' "$tmp/out" | grep -v '_info{' | grep -oE '[a-z_]+="' | sort -u | grep -vxE '(cache|kind|outcome)="'
ok "no label but cache, kind and outcome"

ctl 0 record
sqlite3 "$db" "update meta set value = 12 * 86400000000 where key = 'watched'; insert or ignore into cache(name) values('clean')"
sqlite3 "$db" "with recursive d(n) as (select 0 union all select n + 1 from d where n < 9)
	insert into used select id, n, 1, 0, 0 from d, cache where name = 'clean'"
echo 'policy clean enforce' >"$sec/whitelist"
ctl 0 export --prometheus && metric 'observations_total{cache="clean",kind=""}' 10 && metric 'observations_violated{cache="clean",kind=""}' 0 &&
	metric 'observations_total{cache="",kind="stack"}' 12 && metric watched_seconds_total 1036800 &&
	metric 'own_policy{cache="clean",kind=""}' 2 && ! grep -q '^usercopy_guard_own_policy{cache="lkdtm' "$tmp/out"
ok "machine-days in use, and policies of their own"
echo 'allow lkdtm-usercopy 255 64 to' >"$sec/whitelist"
ctl 0 export --prometheus && metric 'observations_violated{cache="lkdtm-usercopy",kind=""}' 0 &&
	metric 'copies_total{cache="lkdtm-usercopy",kind="whitelist",outcome="allowed"}' 12; ok "what a rule has mended is not held against it, and stays counted"
v id=2 first=200.0 'cache=a\040b\134\042{}\012=1\303\377' >"$sec/violations"
ctl 0 export --prometheus && metric 'copies_total{cache="a\\040b\\134\"{}\\012=1\\303\\377",kind="whitelist",outcome="allowed"}' 12 &&
	[ "$(LC_ALL=C tr -d '\n -~' <"$tmp/out" | wc -c)" = 0 ]; ok "a name of any bytes is one label, in ASCII"

ctl 0 export --prometheus -o "$prom" && [ ! -s "$tmp/out" ] && grep -qx 'usercopy_guard_loaded 1' "$prom" && [ "$(ls "$root"/*.prom*)" = "$prom" ]
ok "-o writes a file, and leaves none beside it"
(umask 022; rm "$prom"; ctl 0 export --prometheus -o "$prom"; [ "$(stat -c %a "$prom")" = 644 ]); ok "... that the exporter may read"
cp "$prom" "$tmp/before"
for i in $(seq 2 401); do v id="$i" cache="cache$i"; done >"$sec/violations"
(ulimit -f 100; trap '' XFSZ; exec "$tmp/plain/usercopyctl" --root "$root" export --prometheus -o "$prom") >"$tmp/out" 2>"$tmp/err"
[ $? -eq 3 ] && err 'as it was before' && cmp -s "$prom" "$tmp/before" && [ "$(ls "$root"/*.prom*)" = "$prom" ]
ok "a full disk: the old file stays, whole"
ctl 3 export --prometheus -o "$root/nowhere/x.prom"; ok "a folder that is not there: exit 3"
mkfifo "$root/fifo"; cat "$root/fifo" >"$tmp/read" &
reader=$!
ctl 0 export --prometheus -o "$root/fifo" && wait "$reader" && [ -p "$root/fifo" ] && grep -qx 'usercopy_guard_loaded 1' "$tmp/read"
ok "a pipe is written to, and stays one"
"$tmp/plain/usercopyctl" --root "$root" export --prometheus -o /dev/full 2>"$tmp/err" >"$tmp/out"
[ $? -eq 3 ] && [ -c /dev/full ] && err '/dev/full: No space left'; ok "so is a device"
ln -s "${prom##*/}" "$root/link"; echo old >"$prom"
ctl 0 export --prometheus -o "$root/link" && [ -L "$root/link" ] && grep -qx 'usercopy_guard_loaded 1' "$prom"
ok "through a symbolic link it is the file that is replaced"
{ v; echo rubbish; v id=2 cache=other; } >"$sec/violations"
ctl 4 export --prometheus -o "$prom" && err 'no violation' && ! grep -q rubbish "$prom" && grep -q 'cache="other".*allowed"} 12$' "$prom"
ok "a malformed line keeps nothing else out"
head -c 20000 /dev/urandom >"$db"; rm -f "$db"-*; cp "$prom" "$tmp/before"
ctl 4 export --prometheus -o "$prom" && err damaged && cmp -s "$prom" "$tmp/before"; ok "a damaged history: the old file stays, and grows old"
exporting_machine
ctl 0 record && ctl 0 export --prometheus -o "$prom" && cp "$prom" "$tmp/before"; hole live "$db"
v count=99 allowed=99 >"$sec/violations"
ctl 4 export --prometheus -o "$prom" && err damaged && cmp -s "$prom" "$tmp/before"
ok "damaged just where the kernel's news would go: the old file stays, rather than a new one without them"
exporting_machine
ctl 0 record; rm -r "$sec" "$sysctl" "$root/sys/module"
ctl 0 export --prometheus && metric loaded 0 && metric 'copies_total{cache="lkdtm-usercopy",kind="whitelist",outcome="allowed"}' 12 &&
	! grep -q '^usercopy_guard_policy ' "$tmp/out"; ok "without the module: that it is not there, and the history"
exporting_machine
rm -r "$sec" "$sysctl"
ctl 0 export --prometheus && metric loaded 0; ok "without a history, too"
