# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: violations --follow, while the file changes below it.

# follow WORD… - start it in the background; its output is in $tmp/out and $tmp/err
follow() {
	# Emptied here: in the background that may come later than the first look at what it says.
	: >"$tmp/out"
	: >"$tmp/err"
	# It hands signals on; if nobody sends one, nobody waits for ever.
	timeout --foreground -s KILL 300 "$tmp/asan/usercopyctl" --root "$root" violations --follow --every 0.1 "$@" >"$tmp/out" 2>"$tmp/err" &
	follower=$!
	waits_for 'looking for more every 0.1 s' "$tmp/err"
}

# waits_for TEXT FILE - until it is there, a minute at the most
waits_for() {
	local i
	for ((i = 0; i < 1200; i++)); do
		grep -qF -- "$1" "$2" && return
		sleep 0.05
	done
	false
}

# show LINE… - the kernel's file has these lines from now on
show() { printf '%s\n' "$@" >"$sec/violations.new" && mv "$sec/violations.new" "$sec/violations"; }

# stop SIGNAL STATUS
stop() {
	kill -s "$1" "$follower"
	wait "$follower"
	[ $? -eq "$2" ]
}

new_root
v id=1 ranges=255-318 >"$sec/violations"
follow && err '1 distinct violations so far' && [ ! -s "$tmp/out" ]; ok "what was there before is not news; the interval is said"
show "$(v id=1 ranges=255-318)" "$(v id=2 cache=other)"
waits_for "#2 exposure" "$tmp/out" && waits_for "  12 copies of 64 bytes: 12 allowed" "$tmp/out" && ! grep -q '#1' "$tmp/out"
ok "a new one, in full"
show "$(v id=1 ranges=250-318 min=250 count=15 allowed=13 refused=2)" "$(v id=2 cache=other)"
waits_for "#1 again, 3 more, 15 in all: 1 allowed, 2 refused; now bytes 250-318; last (" "$tmp/out"; ok "a known one that grew, in one line"
sleep 0.3; [ "$(grep -c '#' "$tmp/out")" = 2 ]; ok "and nothing twice"
echo rubbish >>"$sec/violations"
waits_for "violations:3: no violation: " "$tmp/err"; sleep 0.3; [ "$(grep -c 'no violation' "$tmp/err")" = 1 ]
ok "a malformed line is said once"
mv "$sec" "$sec.away"
waits_for 'not loaded any more: waiting' "$tmp/err"; sleep 0.3; [ "$(grep -c 'not loaded' "$tmp/err")" = 1 ]; ok "unloaded: it waits, and says so once"
v id=1 first=500 last=500 count=1 allowed=1 >"$sec.away/violations"; mv "$sec.away" "$sec"
waits_for 'was loaded anew' "$tmp/err" && waits_for '  1 copy of 64 bytes: 1 allowed' "$tmp/out"; ok "loaded again: what it sees is new"
show "$(v id=1 first=900 last=900 count=2 allowed=2)"
waits_for '  2 copies of 64 bytes: 2 allowed' "$tmp/out"; [ "$(grep -c 'loaded anew' "$tmp/err")" = 2 ]; ok "loaded again between two looks"
stop INT 0; ok "Ctrl-C: exit 0"

v id=1 >"$sec/violations"
follow --json --cache other && show "$(v id=1 count=20)" "$(v id=2 cache=other)" && waits_for '"id": 2' "$tmp/out" &&
	show "$(v id=1 count=20)" "$(v id=2 cache=other count=14 allowed=14)" && waits_for '"count": 14' "$tmp/out" && stop TERM 0 &&
	[ "$(wc -l <"$tmp/out")" = 2 ] && [ "$(jq -c '[.new, .more, .id, .cache]' "$tmp/out")" = $'[true,12,2,"other"]\n[false,2,2,"other"]' ]
ok "a line of JSON for each, of those that are wanted"
follow && rm "$sec/violations" && mkdir "$sec/violations" && wait "$follower"; [ $? -eq 3 ] && err 'violations: '; ok "another error ends it: exit 3"
rmdir "$sec/violations"; : >"$sec/violations"
for words in --history --both '--since 1d' '--every 0' '--every x' '--kind whitelist file'; do
	# shellcheck disable=SC2086
	ctl 2 violations --follow $words || break
done
[ "$words" = '--kind whitelist file' ]; ok "it follows the running kernel alone"
rm -r "$sec" "$sysctl"
ctl 3 violations --follow && err 'modprobe usercopy_guard'; ok "without the module: exit 3"
new_root
: >"$tmp/err"
{ waits_for 'looking for more' "$tmp/err"; show "$(v id=1)" "$(v id=2)"; } &
shower=$!
timeout -s KILL 120 "$tmp/plain/usercopyctl" --root "$root" violations --follow --every 0.1 >/dev/full 2>"$tmp/err"; [ $? -eq 3 ] && err 'standard output'
ok "a full disk ends it: exit 3"
wait "$shower"
