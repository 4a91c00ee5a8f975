# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# LKDTM's bad copies under enforce: each is refused, names its function, and the unwinder finds its
# way from the verdict through the trampoline to the system call.
. ./guest.sh

tracing=/sys/kernel/tracing
insmod lkdtm.ko
insmod usercopy_guard.ko policy=enforce
echo 1 >$tracing/options/stacktrace
echo 1 >$tracing/events/usercopy_guard/usercopy_violation/enable

echo "$lkdtm_triggers" | while read -r t kind dir cache offset size; do
	[ -n "$t" ] || continue
	# Two of them share a call site, and so would share a report: begin anew.
	forget
	echo 0 >$tracing/events/usercopy_guard/usercopy_violation/enable
	rmmod usercopy_guard && insmod usercopy_guard.ko policy=enforce
	echo 1 >$tracing/events/usercopy_guard/usercopy_violation/enable
	echo >$tracing/trace
	lkdtm_lives USERCOPY_$t 0
	is "USERCOPY_$t: it is refused" "$(violation refused kind=$kind dir=$dir cache=$cache)" 1
	is "USERCOPY_$t: nothing was unrefusable" "$(grep -c 'unrefusable 0,' $fs/status)" 1
	r=$(reports)
	echo "# $r"
	case $r in
	*"; by "*lkdtm_USERCOPY_*"[lkdtm], process"*"refused (policy enforce)" | \
		*"; by do_usercopy_"*"[lkdtm], process"*"refused (policy enforce)")
		ok "USERCOPY_$t: the report names its function" ;;
	*) not_ok "USERCOPY_$t: the report names its function" "$r" ;;
	esac
	# The report's own stack begins at the call site.
	is "USERCOPY_$t: the report's stack reaches the system call" \
		"$(guard_log | grep -cE '^  (do_syscall_64|entry_SYSCALL_64)')" 2
	is "USERCOPY_$t: ... by way of LKDTM's entry" "$(guard_log | grep -cE '^  (direct_entry|lkdtm_do_action)' | sed 's/^[12]$/yes/')" yes
	is "USERCOPY_$t: ... without an address that nobody knows" \
		"$(guard_log | grep -cE '^  (unknown|\?|0x)')" 0
	# The tracer's begins in the verdict, and passes the trampoline.
	sed -n 's/^ => /#   => /p' $tracing/trace
	is "USERCOPY_$t: a stack trace passes the trampoline" \
		"$(sed -n 's/^ => \(ucg_[a-z_]*\|do_syscall_64\).*/\1/p' $tracing/trace | tail -n 1)" do_syscall_64
done
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
echo 0 >$tracing/events/usercopy_guard/usercopy_violation/enable
yes "unloads" rmmod usercopy_guard
exit 0
