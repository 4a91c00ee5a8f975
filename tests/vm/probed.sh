# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# A probe between check and copy is a breakpoint that stays: the first copy waits whether it goes
# away, those that follow do not, and all of them go ahead. When it has gone, they are refused.
. ./guest.sh

tracing=/sys/kernel/tracing
insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce

# copies TIMES - what became of them, and how long it took, in seconds
copies() {
	start=$(cut -d . -f 1 /proc/uptime)
	./ucg_copy -0 slab:ucg_test_part 250 64 to copy "$1" >/tmp/copies
	took=$(($(cut -d . -f 1 /proc/uptime) - start))
	result=$(sed -n 's/.*\(complete=[0-9]* refused=[0-9]*\).*/\1/p' /tmp/copies)
	echo "# $1 copies: $result, $took s"
}

copies 1000
is "without a probe they are refused" "$result" "complete=0 refused=1000"
# Else it becomes a jump, which is not known at once.
echo 0 >/proc/sys/debug/kprobes-optimization
n=0
# Behind each call of the check in the driver's function; ways has the places.
while read -r offset; do
	n=$((n + 1))
	echo "p:ucg/way_$n ucg_test:copy_to+$offset" >>$tracing/kprobe_events
done <ways 2>/dev/null
is "there are probes on the way" "$(test "$(grep -c . $tracing/kprobe_events)" -ge 3 && echo yes)" yes
echo 1 >$tracing/events/ucg/enable
copies 1
is "the first copy goes ahead" "$result" "complete=1 refused=0"
is "... and has waited for ten seconds" "$(test $took -ge 9 && test $took -le 60 && echo yes)" yes
copies 1000
is "the next ones go ahead" "$result" "complete=1000 refused=0"
is "... and do not wait" "$(test $took -lt 9 && echo yes)" yes
is "each was counted as not refusable" "$(sed -n 's/.* unrefusable \([0-9]*\),.*/\1/p' $fs/status)" 1001
echo 0 >$tracing/events/ucg/enable
echo >$tracing/kprobe_events
copies 1000
is "without probes they are refused again" "$result" "complete=0 refused=1000"
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
