# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# mmiotrace, which single-steps the kernel, sees each access to a device while copies are refused.
. ./guest.sh

tracing=/sys/kernel/tracing
reads=2000
insmod ucg_test.ko
insmod ucg_mmio.ko
insmod usercopy_guard.ko policy=enforce

if ! echo mmiotrace >$tracing/current_tracer; then
	not_ok "this kernel has mmiotrace"
	exit 1
fi
busy_begin copy raw
rounds=0 seen=0 failed=0
until busy_enough && [ $rounds -ge 5 ]; do
	echo >$tracing/trace
	echo $reads >/sys/module/ucg_mmio/parameters/reads || failed=$((failed + 1))
	seen=$((seen + $(grep -c '^R 4 ' $tracing/trace)))
	rounds=$((rounds + 1))
done
echo nop >$tracing/current_tracer
is "a device is read $reads times in each of $rounds rounds, and says the same each time" $failed 0
is "mmiotrace saw each of these reads" $seen $((rounds * reads))
busy_end
is "nothing was unrefusable" "$(grep -c '^violations: .* unrefusable 0,' $fs/status)" 1
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
