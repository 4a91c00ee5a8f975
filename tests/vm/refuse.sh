# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Refusal by every function that copies: nothing is copied, the caller gets what it gets
# for a bad user address, and the destination keeps its bytes.
. ./guest.sh

# Since 6.2 the kernel may account for each call, in front of the function that is called.
case $(cat /proc/cmdline) in
*retbleed=stuff*)
	grep -q callthunks_translate_call_dest /proc/kallsyms || { ok "this kernel does not count the depth of calls" && exit 0; }
	is "the kernel counts the depth of calls" "$(cat /sys/devices/system/cpu/vulnerabilities/retbleed)" "Mitigation: Stuffing"
	;;
esac
insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
for how in copy iter iter_full iter_nocache raw inatomic; do
	for dir in to from; do
		out=$(./ucg_copy slab:ucg_test_part 250 64 $dir $how 1000 2>&1)
		status=$?
		case "$status.$out" in
		14.*"complete=0 refused=1000"*"changed=0"*) ok "$how $dir user space is refused, 1000 times" ;;
		*) not_ok "$how $dir user space is refused, 1000 times" "$status $out" ;;
		esac
		out=$(./ucg_copy slab:ucg_test_part 256 64 $dir $how 1000 2>&1)
		case "$?.$out" in
		0.*"complete=1000 refused=0"*) ok "$how $dir user space inside the whitelist passes, 1000 times" ;;
		*) not_ok "$how $dir user space inside the whitelist passes, 1000 times" "$out" ;;
		esac
	done
done

# Word by word, inline: the first access of user memory faults.
for how in 'from strncpy' 'to cmsg'; do
	set -- $how
	out=$(./ucg_copy slab:ucg_test_part 300 64 $1 $2 1000 2>&1)
	status=$?
	case "$status.$out" in
	14.*"ret=-14 complete=0 refused=1000 user=0 changed=0"*) ok "$2 is refused with EFAULT, 1000 times" ;;
	*) not_ok "$2 is refused with EFAULT, 1000 times" "$status $out" ;;
	esac
	out=$(./ucg_copy slab:ucg_test_part 256 64 $1 $2 1000 2>&1)
	case "$?.$out" in
	0.*"complete=1000 refused=0"*) ok "$2 inside the whitelist passes, 1000 times" ;;
	*) not_ok "$2 inside the whitelist passes, 1000 times" "$out" ;;
	esac
done
is "status knows that they can be refused" "$(grep -c '^refuses:.* strncpy_from_user put_cmsg ' $fs/status)" 1
is "nothing was given up so far" "$(sed -n 's/.* unrefusable \([0-9]*\),.*/\1/p' $fs/status)" 0

# The edges of an area of two pages: of one page, over both, and all of it. "inatomic" copies
# with page faults disabled, where the kernel's own check does not look. A copy that goes ahead
# over the edge faults, and fails as well, so it is the count of refusals that tells.
refusals() {
	sed -n 's/^violations:.* refused \([0-9]*\),.*/\1/p' $fs/status
}
while read -r offset len want; do
	for how in copy inatomic; do
		before=$(refusals)
		out=$(./ucg_copy vmalloc $offset $len to $how 1 certain 2>&1)
		case "$out, $(($(refusals) - before))" in
		*"complete=1 refused=0"*", 0") did=copied ;;
		*"complete=0 refused=1"*", 1") did=refused ;;
		*) did="$out, $before to $(refusals)" ;;
		esac
		is "$len bytes at $offset of a vmalloc area of 8192 are $want ($how)" "$did" "$want"
	done
done <<-LIST
	0 64 copied
	4064 64 copied
	4096 4096 copied
	8128 64 copied
	8129 64 refused
	4096 4097 refused
	0 8192 copied
	1 8192 refused
	8192 1 refused
LIST

# A caller that calls what is not known between check and copy cannot be followed; one that only
# lets others run can.
case "$(./ucg_copy slab:ucg_test_part 250 64 to resched 1000 2>&1)" in
*"complete=0 refused=1000"*) ok "a caller that lets others run before it copies is refused, 1000 times" ;;
*) not_ok "a caller that lets others run before it copies is refused, 1000 times" ;;
esac
forget
yes "a caller that sleeps before it copies goes ahead" ./ucg_copy slab:ucg_test_bare 250 64 to sleep 100
is "... and the report says that it is not refusable here" "$(reports | grep -c 'allowed: not refusable here')" 1
is "... and is counted as not refusable" "$(sed -n 's/.* unrefusable \([0-9]*\),.*/\1/p' $fs/status)" 100
is "... in status, too" "$(sed -n 's/^refusals: [0-9]*, given up \([0-9]*\),.*/\1/p' $fs/status)" 100
sed -n 's/^refusals: /# refusals: /p' $fs/status
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""

# Policies by cache, looser and stricter than the global one.
echo 'policy ucg_test_part warn' >$fs/whitelist
yes "a cache of its own policy: warn in the middle of enforce" ./ucg_copy slab:ucg_test_part 250 64 to
./ucg_copy slab:ucg_test_bare 0 64 to >/dev/null
is "... while others are refused" $? 14
echo warn >$sysctl/policy
echo 'policy ucg_test_part enforce' >$fs/whitelist
./ucg_copy slab:ucg_test_part 250 64 to >/dev/null
is "a cache of its own policy: enforce in the middle of warn" $? 14
./ucg_copy create strict 512 0 0
echo 'policy strict enforce' >$fs/whitelist
forget
./ucg_copy slab:strict 0 64 to >/dev/null
is "... and its report names the policy that decided" "$(reports | grep -c 'refused (policy enforce by cache:strict)$')" 1
yes "... while others are let through" ./ucg_copy slab:ucg_test_bare 0 64 to
yes "unloads" rmmod usercopy_guard
exit 0
