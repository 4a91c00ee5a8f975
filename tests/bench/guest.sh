# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Runs in the guest: times every configuration that this boot can have. The boot with
# hardened_usercopy=off has one, the other has all with the check or the guard.

fs=/sys/kernel/security/usercopy_guard
sysctl=/proc/sys/kernel/usercopy_guard

# Two rounds each: they must agree.
measure() {
	sleep 3
	for round in 1 2; do
		./ucg_bench_user "$1" "$round" || exit 1
	done
}

# A report would be part of what was timed.
no_violations() {
	if grep -q . $fs/violations; then
		echo "the guard took a good copy for a violation:"
		cat $fs/violations
		exit 1
	fi
}

# A young kernel has much to do in the background. Idle time is skipped, it costs nothing.
sleep 30
insmod ucg_bench.ko || exit 1
insmod ucg_test.ko || exit 1

if grep -q hardened_usercopy=off /proc/cmdline; then
	measure off
	exit 0
fi
measure stock
insmod usercopy_guard.ko || exit 1
echo 0 >/proc/sys/kernel/printk
measure warn
echo enforce >$sysctl/policy || exit 1
measure enforce
echo warn >$sysctl/policy || exit 1
dd if=rules of=$fs/whitelist bs=4M 2>/dev/null || exit 1
measure rules10k
no_violations
echo flush >$fs/whitelist || exit 1
dd if=policies of=$fs/whitelist bs=4M 2>/dev/null || exit 1
measure policies
echo flush >$fs/whitelist || exit 1
echo 1 >$sysctl/evidence || exit 1
measure sampled
echo 0 >$sysctl/evidence || exit 1
no_violations
rmmod usercopy_guard || exit 1
measure unloaded

# Many caches, rules and violations: does anything grow? What else is timed comes before.
insmod ucg_growth.ko || exit 1
insmod usercopy_guard.ko max_violations=12288 || exit 1
for caches in 200 1000 5000; do
	./ucg_growth_user caches $caches || exit 1
	./ucg_growth_user time caches $caches || exit 1
done
for rules in 0 1000 10000; do
	head -n $rules rules | dd of=$fs/whitelist bs=4M iflag=fullblock 2>/dev/null || exit 1
	./ucg_growth_user time rules $rules || exit 1
	echo flush >$fs/whitelist || exit 1
done
for policies in 0 10 1000; do
	head -n $policies policies | dd of=$fs/whitelist bs=4M iflag=fullblock 2>/dev/null || exit 1
	./ucg_growth_user time policies $policies || exit 1
	echo flush >$fs/whitelist || exit 1
done
for violations in 1 1000 10000; do
	./ucg_growth_user violate $violations || exit 1
	./ucg_growth_user time violations "$(grep -c . $fs/violations)" || exit 1
done
# All that has been found out is kept: the evidence that usercopyctl works with.
measure evidence
