# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# A part of tests/ctl/run, by its name only: ten years of one violation a minute.

new_root
mkdir -p "$root/proc/sys/kernel/random" "$root/var/lib" "$root/etc"
echo 6.1.0 >"$root/proc/sys/kernel/osrelease"
db=$root/var/lib/usercopy_guard/history.db
against_program decade
ok "the machine of ten years builds"
"$tmp/decade" "$root" 3650 60 >"$tmp/out" 2>"$tmp/err"; ok "ten years are recorded"
size=$(cat "$db"* | wc -c)
[ "$size" -lt 50000000 ]; ok "they take $((size / 1000)) kB, not 50 MB"
start=$(date +%s%N)
"$tmp/plain/usercopyctl" --root "$root" violations --history --json >"$tmp/out" 2>"$tmp/err"
spent=$((($(date +%s%N) - start) / 1000000))
json '[.violations[].count] | add == 3650 * 1440'; ok "no copy of five million is lost or counted twice"
[ "$spent" -lt 1000 ]; ok "all of it is asked for in $spent ms, not in a second"
start=$(date +%s%N)
"$tmp/plain/usercopyctl" --root "$root" violations --history --json --since 2027-01-01 --cache cache-of-driver-3 \
	--boot -2 >"$tmp/out" 2>"$tmp/err"
spent=$((($(date +%s%N) - start) / 1000000))
json '.violations | length == 3'; ok "a part of it is what it should be"
[ "$spent" -lt 1000 ]; ok "... in $spent ms"
