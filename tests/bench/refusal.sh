# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2154 # $times is in the file times
# In the guest: what a copy costs that is refused, and what it costs when it is allowed. In
# nanoseconds, which are instructions where those are counted (run-vm --icount).
# shellcheck source=tests/vm/guest.sh
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=warn

nanoseconds() {
	sed -n 's/^now at \([0-9]*\) nsecs$/\1/p; /^now at/q' /proc/timer_list
}

# per_copy TIMES HOW - of 64 bytes beside what may be copied, the best of three
per_copy() {
	best=
	for _ in 1 2 3; do
		start=$(nanoseconds)
		./ucg_copy -0 slab:ucg_test_part 600 64 to "$2" "$1" >/tmp/out || cat /tmp/out >&2
		end=$(nanoseconds)
		took=$(((end - start) / $1))
		[ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
	done
	echo "$best"
}

# The guest's own work from booting, and the code's first run.
sleep 5
. ./times
per_copy 1000 copy >/dev/null
for how in copy raw; do
	echo warn >"$sysctl/policy"
	allowed=$(per_copy "$times" "$how")
	echo enforce >"$sysctl/policy"
	refused=$(per_copy "$times" "$how")
	echo "refusal: $how $allowed $refused"
done
sed -n 's/^refusals: /refusal: status /p' "$fs/status"
grep '^violations:' "$fs/status"
