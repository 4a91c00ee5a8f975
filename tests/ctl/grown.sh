# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# For the parts of tests/ctl/run that promote: a machine whose history has 300 days, and a watcher.

grown_machine() {
	new_root
	mkdir -p "$root/proc/sys/kernel/random" "$root/var/lib" "$root/etc"
	echo m1 >"$root/etc/machine-id"
	echo first >"$root/proc/sys/kernel/random/boot_id"
	echo 6.1.0 >"$root/proc/sys/kernel/osrelease"
	echo "1000.00 0.00" >"$root/proc/uptime"
	echo 1 >"$sysctl/evidence"
	db=$root/var/lib/usercopy_guard/history.db
	file=$root/etc/usercopy_guard/90-graduated.rules
	: >"$sec/caches"
	: >"$sec/violations"
	ctl 0 record
	sqlite3 "$db" "update meta set value = 300 * 86400000000 where key = 'watched'"
}
# in_use CACHE DAYS [EVERY] - a cache was seen in use, on so many of the days
in_use() {
	sqlite3 "$db" "insert or ignore into cache(name) values('$1');
		with recursive d(n) as (select 0 union all select n + 1 from d where n < $2 - 1)
		insert into used select id, n * ${3:-1}, 1, 0, 0 from d, cache where name = '$1'"
}
judged() { jq -r --arg name "$1" '.subjects[] | select(.name == $name) | .judgement + (if .promote then "!" else "" end)' "$tmp/out"; }

# watch WORD… - let it watch, in the background; it looks once before it waits
watch() {
	: >"$tmp/out"
	: >"$tmp/err"
	timeout -s KILL 300 "$tmp/plain/usercopyctl" --root "$root" graduate --watch --every 1 "$@" >"$tmp/out" 2>"$tmp/err" &
	watcher=$!
}
# watched COMMAND… - until that is true, a minute at the most, and two looks more: what must not
# come has had its time. Then it is ended; alive says whether it had gone on until then
watched() {
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && break
		sleep 0.1
	done
	sleep 2
	kill "$watcher" 2>/dev/null && alive=true || alive=false
	wait "$watcher"
}
takes_back() { grep -qx "policy $1 warn" "$file"; }
promoted() {
	local name
	for name; do
		printf '# 2026-01-01 00:00:00 UTC (@%s): promoted: by a test\npolicy %s enforce\n' "$(($(date +%s) - 10))" "$name"
	done >"$file"
}
