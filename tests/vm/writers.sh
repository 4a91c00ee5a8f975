# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Four writers of rules and four copying processes, with drivers and caches coming and going, on a
# kernel that checks locks and memory (tests/vm/debug), or looks for data races (tests/kernels/run
# kcsan).
. ./guest.sh

seconds=$(cat seconds)
rules=$fs/whitelist
# As a module it comes first; built in, it is there.
if [ -e usercopy_guard.ko ]; then
	insmod usercopy_guard.ko
fi
insmod ucg_test.ko
if [ -e /sys/kernel/debug/kcsan ]; then
	ok "this kernel has KCSAN"
else
	is "this kernel has KASAN" "$({ test -d /sys/module/kasan ||
		dmesg | grep -q -i 'KernelAddressSanitizer initialized'; } && echo yes)" yes
	is "this kernel has lockdep" "$(test -e /proc/lockdep_stats && echo yes)" yes
fi
forget

# In the shell itself: to begin a program takes long here.
until_end() {
	read -r up _ </proc/uptime
	[ "${up%.*}" -lt "$end" ]
}

# writer N - appends, narrows, replaces, writes nonsense, reads
writer() {
	n=0
	while until_end; do
		{
			seq 1 $((n % 40 + 1)) | sed "s/.*/allow w$1_& & 16 to/"
			echo "allow ucg_test_bare $((n % 100)) 32"
			echo "allow come_$1 0 8"
		} >/tmp/rules.$1
		{
			./write_rules whole $rules </tmp/rules.$1
			echo "deny ucg_test_part $((n % 64 + 256)) 8" | ./write_rules whole $rules
			echo "policy ucg_test_twin_a fallback" | ./write_rules whole $rules
			[ $((n % 8)) != "$1" ] || ./write_rules sets $rules 4 "w$1"
		} >>/tmp/writes.$1
		printf 'allow a 0 1\nnonsense\n' | ./write_rules whole $rules >>/tmp/nonsense.$1
		cat $rules $fs/status >/dev/null
		n=$((n + 1))
		read -r up _ </proc/uptime
		echo "${up%.*}" >>/tmp/rounds.$1
	done
}

# copier N CACHE - within the object, of 512 bytes or more, on both sides of its region
copier() {
	while until_end; do
		./ucg_copy "slab:$2" 200 100 to copy 200 2>/dev/null
		./ucg_copy "slab:$2" 256 48 from copy 200 2>/dev/null
		./ucg_copy "slab:$2" 0 8 to iter 200 2>/dev/null
	done | sed -n 's/.*complete=\([0-9]*\) .*/\1/p' | awk '{ n += $1 } END { print n + 0 }' >/tmp/copies.$1
}

# Caches and modules come and go.
comer() {
	n=0
	while until_end; do
		for i in 0 1 2 3; do ./ucg_copy create come_$i 256 0 0 2>/dev/null; done
		for i in 0 1 2 3; do ./ucg_copy slab:come_$i 0 16 to copy 20 >/dev/null 2>&1; done
		for i in 0 1 2 3; do ./ucg_copy destroy come_$i 2>/dev/null; done
		insmod ucg_test_api.ko offset=8 len=16 2>/dev/null &&
			rmmod ucg_test_api 2>/dev/null && n=$((n + 1))
		insmod ucg_test_api.ko cache=come_1 disallow=1 2>/dev/null &&
			rmmod ucg_test_api 2>/dev/null && n=$((n + 1))
	done
	echo $n >/tmp/rounds.api
}

# The driver itself, when nobody has it open.
driver() {
	n=0
	while until_end; do
		sleep 1
		rmmod ucg_test 2>/dev/null && insmod ucg_test.ko && n=$((n + 1))
	done
	echo $n >/tmp/rounds.driver
}

read -r up _ </proc/uptime
start=${up%.*}
end=$((start + seconds))
for i in 0 1 2 3; do
	writer $i &
done
copier 0 ucg_test_part &
copier 1 ucg_test_bare &
copier 2 "ucg_test blank" &
copier 3 ucg_test_part &
comer &
driver &
# writes_of FILE... - how many were taken
writes_of() {
	awk -F = '/^ok=/ { n += $2 } END { print n + 0 }' "$@"
}

while until_end; do
	sleep 60
	read -r up _ </proc/uptime
	echo "# $up s, $(writes_of /tmp/writes.*) writes"
done
wait
writes=$(writes_of /tmp/writes.*)
bad=$(cat /tmp/nonsense.* | grep -c '^EINVAL=1$')
copied=$(cat /tmp/copies.* | awk '{ n += $1 } END { print n + 0 }')
echo "# $seconds s: $writes writes taken, $bad refused as nonsense; $copied copies; the rules' driver came and went $(cat /tmp/rounds.api) times, the copying one $(cat /tmp/rounds.driver) times"
longest=$(for i in 0 1 2 3; do
	awk -v was=$start '{ print $1 - was; was = $1 }' /tmp/rounds.$i
done | sort -n | tail -n 1)
echo "amount $writes writes of rules"
echo "amount $longest s the longest round of a writer"
echo "amount $copied copies"
is "no good write failed" "$(cat /tmp/writes.* | grep -v '^ok=[0-9]*$' | sort | uniq -c)" ""
is "every bad write was refused" "$(grep -v '^EINVAL=1$' /tmp/nonsense.* | sort | uniq -c)" ""
# How often it can be done is the machine's affair: with KASAN, emulated, it was 0.9 to 1.1 times a
# second. That no writer waits for ever is the guard's: by the kernel's measure of a task that hangs.
fewest=$(for i in 0 1 2 3; do grep -c . /tmp/rounds.$i; done | sort -n | head -n 1)
is "each writer got on" "$(test "$fewest" -gt $((seconds / 120)) && echo yes)" yes
is "no writer had a round of two minutes" "$(test "$longest" -lt 120 && echo yes)" yes
is "copies were made" "$(test "$copied" -gt $((seconds * 100)) && echo yes)" yes
is "drivers came and went" "$(test "$(cat /tmp/rounds.api)" -gt $((seconds / 20)) && test "$(cat /tmp/rounds.driver)" -gt 0 && echo yes)" yes
echo flush >$rules
is "the rules can be emptied" "$(grep -cv '^#' $rules)" 0
if [ -e usercopy_guard.ko ]; then
	yes "unloads" rmmod usercopy_guard
fi
[ ! -e /proc/lockdep_stats ] ||
	is "lockdep is still at work" "$(sed -n 's/^ debug_locks: *//p' /proc/lockdep_stats)" 1
is "the kernel has nothing to complain about" "$(kernel_complaints; dmesg | grep -E 'KASAN:|INFO: |possible (circular|recursive)|suspicious RCU|sleeping function')" ""
exit 0
