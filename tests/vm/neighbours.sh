# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2317
# Others who change the running kernel: live patches, of other functions and of the check itself, before
# the guard and after it. (Tracers, probes and profilers: torture; another module that holds the
# hook: refused-load; a BPF program: tests/tools/run.)
. ./guest.sh

patches=/sys/kernel/livepatch

# patch ARGUMENT... - load it, and wait until every task uses it
patch() {
	insmod ucg_livepatch.ko "$@" && settled 1
}

# unpatch - the same, backwards
unpatch() {
	echo 0 >$patches/ucg_livepatch/enabled
	tries=0
	while [ -e $patches/ucg_livepatch ] && [ $tries -lt 600 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	rmmod ucg_livepatch
}

# settled 1 - it is enabled, and in no transition
settled() {
	tries=0
	while [ $tries -lt 600 ]; do
		[ "$(cat $patches/ucg_livepatch/enabled) $(cat $patches/ucg_livepatch/transition)" = "$1 0" ] && return
		sleep 0.1
		tries=$((tries + 1))
	done
	return 1
}

insmod ucg_test.ko

### Another function

yes "the guard loads" insmod usercopy_guard.ko policy=enforce
busy_begin copy iter
yes "a live patch comes" patch
is "... and is in force" "$(cat /proc/cmdline)" patched
yes "... and goes" unpatch
is "... altogether" "$(grep -c patched /proc/cmdline)" 0
until busy_enough; do sleep 0.1; done
busy_end
rm /tmp/stop /tmp/busy.*
yes "the guard unloads" rmmod usercopy_guard
yes "the live patch is first" patch
yes "the guard comes after it" insmod usercopy_guard.ko policy=enforce
is "... and refuses" "$(./ucg_copy -0 slab:ucg_test_part 250 64 to copy 10 | sed 's/.*\(refused=[0-9]*\).*/\1/')" refused=10
is "... beside it" "$(cat /proc/cmdline)" patched
yes "the guard unloads before it" rmmod usercopy_guard
is "... which goes on" "$(cat /proc/cmdline)" patched
yes "the live patch goes" unpatch

### The check itself

yes "the guard loads" insmod usercopy_guard.ko policy=enforce
forget
if insmod ucg_livepatch.ko check=1 2>/dev/null; then
	not_ok "a live patch of the check does not get past the guard" "$(dmesg)"
	unpatch
else
	ok "a live patch of the check does not get past the guard"
fi
is "... which refuses as before" "$(./ucg_copy -0 slab:ucg_test_part 250 64 to copy 10 | sed 's/.*\(refused=[0-9]*\).*/\1/')" refused=10
yes "the guard unloads" rmmod usercopy_guard
before=$(hooks)
yes "a live patch of the check is first" patch check=1
forget
if insmod usercopy_guard.ko 2>/dev/null; then
	not_ok "the guard does not load then" "$(dmesg)"
	rmmod usercopy_guard
else
	ok "the guard does not load then"
fi
# Busybox tries twice.
is "... and says why" "$(guard_log | sort -u)" \
	"another direct ftrace hook or a live patch holds __check_object_size (see enabled_functions in tracefs); not loaded"
yes "the live patch goes" unpatch
is "nothing is hooked but what was" "$(hooks)" "$before"
yes "then the guard loads" insmod usercopy_guard.ko
is "... and reports" "$(./ucg_copy slab:ucg_test_part 250 64 to >/dev/null; reports | grep -c .)" 1
yes "it unloads" rmmod usercopy_guard
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
