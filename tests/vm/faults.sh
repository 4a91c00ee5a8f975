# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Each allocation fails once, by count: of loading, of writing rules, of reading each file, of
# telling about a violation, of unloading. What needs it fails as a whole, or works; nothing is
# left behind. On stock kernels a driver has them fail; on one with fault injection and kmemleak
# (tests/vm/debug) the kernel, and nothing is leaked.
. ./guest.sh

rules=$fs/whitelist
leaks=/sys/kernel/debug/kmemleak
yes "there is a driver that has allocations fail" insmod ucg_fail.ko
# A kernel that can do it by itself fails in more places.
if [ -e /proc/self/fail-nth ]; then
	for attribute in failslab fail_page_alloc; do
		# Those that may wait are what there is; and without a trace of each.
		echo N >/sys/kernel/debug/$attribute/ignore-gfp-wait
		echo 0 >/sys/kernel/debug/$attribute/verbose
	done
	echo 0 >/sys/kernel/debug/fail_usercopy/verbose
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
fi

# each TEXT FEWEST ARGUMENT... - all are met, and nothing is wrong
each() {
	text=$1 fewest=$2
	shift 2
	./nth "$@" >/tmp/nth
	status=$?
	result=$(tail -n 1 /tmp/nth)
	if [ $status = 0 ]; then
		ok "$text: $result"
	else
		not_ok "$text" "$(grep -v '^#' /tmp/nth)"
	fi
	met=$(echo "$result" | sed -n 's/^faults=\([0-9]*\) .*/\1/p')
	is "... there was something to fail" "$(test "${met:-0}" -ge "$fewest" && echo yes)" yes
	echo "amount ${met:-0} faults while $text"
}

# What is there before is not ours.
if [ -e $leaks ]; then
	echo scan >$leaks
	echo clear >$leaks
fi

forget
each "loading" 50 load usercopy_guard.ko max_violations=16
each "unloading" 0 unload usercopy_guard.ko max_violations=16

yes "the guard loads" insmod usercopy_guard.ko
yes "the driver loads" insmod ucg_test.ko
{
	seq 1 20 | sed 's/.*/allow cache_& & 16 to/'
	echo "deny ucg_test_part 256 8"
	echo "policy ucg_test_bare enforce"
	echo "policy caller:copy_to@ucg_test enforce"
} >/tmp/rules
each "writing rules" 10 write $rules </tmp/rules
./ucg_copy slab:ucg_test_part 250 64 to >/dev/null
./ucg_copy slab:ucg_test_bare 0 64 from >/dev/null
for file in whitelist violations caches status; do
	each "reading $file" 1 read $fs/$file
done
echo flush >$rules
each "reading the policy" 0 read $sysctl/policy

# Telling is a worker's business. Each allocation that it makes fails while a violation is told: it is
# counted all the same, and told by whatever is left to tell it by.
n=1 met=0
while [ $n -le 12 ]; do
	./ucg_copy create told_$n 256 0 0
	echo "workers $n" >/dev/ucg_fail
	./ucg_copy slab:told_$n 0 64 to >/dev/null
	sleep 0.3
	[ "$(cat /dev/ucg_fail)" = 0 ] && met=$((met + 1))
	[ "$(violation count cache=told_$n)" = 1 ] || not_ok "violation $n is counted when telling it fails"
	n=$((n + 1))
done
is "telling: all are counted" "$(grep -c ' cache=told_' $fs/violations)" 12
is "... and told" "$(reports | grep -c "'told_[0-9]*'")" 12
is "... though allocations failed meanwhile" "$(test $met -gt 0 && echo yes)" yes
echo "amount $met faults while telling"
for i in $(seq 1 12); do ./ucg_copy destroy told_$i; done

rmmod ucg_test
yes "the guard unloads" rmmod usercopy_guard
yes "and what has had allocations fail" rmmod ucg_fail
is "nothing is hooked" "$(hooks)" 0
if [ -e $leaks ]; then
	sleep 2
	echo scan >$leaks
	sleep 1
	echo scan >$leaks
	is "nothing of ours has leaked" "$(grep -E 'usercopy_guard|ucg_' $leaks | sort | uniq -c | head -n 20)" ""
	is "lockdep is still at work" "$(sed -n 's/^ debug_locks: *//p' /proc/lockdep_stats)" 1
fi
# That an area could not be had is told with a stack, and an event or a static key that could not be made
# with a warning: what allocates there is the kernel's.
is "the kernel has nothing to complain about but that" "$({
	kernel_complaints | grep -v 'Call Trace:'
	dmesg | grep -E 'KASAN:|UBSAN:|INFO: |suspicious RCU|sleeping function'
} | grep -vE 'WARNING: .* kernel/(trace/trace_events|jump_label)\.c:')" ""
exit 0
