# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Copies are refused while CPUs come and go, memory goes offline, away and comes back, the machine
# sleeps, NMIs hit, and tasks are killed in the middle; and the guard is loaded meanwhile.
# Booted with hpet=disable: else nothing wakes QEMU's machine up.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce

### CPUs

busy_begin copy iter
toggled=0
while [ $toggled -lt 20 ] || ! busy_enough; do
	echo 0 >/sys/devices/system/cpu/cpu1/online && echo 1 >/sys/devices/system/cpu/cpu1/online && toggled=$((toggled + 1))
done
busy_end
rm /tmp/stop /tmp/busy.*
is "a CPU has gone and come back" "$(test $toggled -ge 20 && cat /sys/devices/system/cpu/online)" 0-1
echo "amount $toggled times a CPU that went and came back"

### Memory

blocks=/sys/devices/system/memory
# Those of the memory that can be taken out: the last ones.
removable() {
	for block in "$blocks"/memory*; do
		case $(cat "$block/valid_zones" 2>/dev/null) in *Movable*) echo "${block##*/memory}" ;; esac
	done | sort -n
}
blocks() {
	set -- "$blocks"/memory*
	echo $#
}
first_block=$(removable | head -n 1)
is "there is memory that can go offline" "$(removable | grep -c . | grep -vx 0 >/dev/null && echo yes)" yes
busy_begin copy iter
offline=0 loaded=0
while [ $offline -lt 20 ] || ! busy_enough; do
	for block in $(removable); do
		echo offline >$blocks/memory$block/state 2>/dev/null && offline=$((offline + 1))
	done
	for block in "$blocks"/memory*; do
		[ "$(cat $block/state)" = online ] || echo online_movable >$block/state
	done
	[ $offline -gt 0 ] || break
done
busy_end
rm /tmp/stop /tmp/busy.*
is "memory went offline and came back" "$(test $offline -ge 20 && echo yes)" yes
echo "amount $offline times memory that went offline"
# The guard measures the kernel while it loads.
(
	while [ ! -e /tmp/stop ]; do
		for block in $(removable); do echo offline >$blocks/memory$block/state; echo x >>/tmp/offline; done
		for block in "$blocks"/memory*; do
			[ "$(cat $block/state)" = online ] || echo online_movable >$block/state
		done
	done 2>/dev/null
) &
while [ $loaded -lt 10 ]; do
	rmmod usercopy_guard && insmod usercopy_guard.ko policy=enforce || break
	loaded=$((loaded + 1))
done
touch /tmp/stop
wait
rm /tmp/stop
is "it loads while memory goes offline" "$loaded" 10
is "... which it did" "$(test "$(grep -c x /tmp/offline)" -ge 10 && echo yes)" yes
# And for good: the whole DIMM.
present=$(blocks)
for block in $(removable); do echo offline >$blocks/memory$block/state; done 2>/dev/null
busy_begin copy
for dimm in /sys/bus/acpi/devices/PNP0C80:*; do echo 1 >$dimm/eject; done 2>/dev/null
until busy_enough; do sleep 0.1; done
busy_end
rm /tmp/stop /tmp/busy.*
# A work does it.
tries=0
while [ -e $blocks/memory$first_block ] && [ $tries -lt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
is "memory is taken out" "$(test "$(blocks)" -lt "$present" && echo yes)" yes
is "... block $first_block among it" "$(ls -d $blocks/memory$first_block 2>/dev/null)" ""

### Sleep

busy_begin copy
slept=0 tries=0
# The alarm may come before it sleeps, if this VM has to wait for its CPU: then it does not.
while [ $slept -lt 3 ] && [ $tries -lt 10 ]; do
	tries=$((tries + 1))
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +10 >/sys/class/rtc/rtc0/wakealarm
	echo mem >/sys/power/state && slept=$((slept + 1))
done
# Nothing in QEMU wakes from idle: the kernel's own test comes back by itself.
echo platform >/sys/power/pm_test && echo freeze >/sys/power/state && slept=$((slept + 1))
until busy_enough; do sleep 0.1; done
busy_end
rm /tmp/stop /tmp/busy.*
is "the machine has slept, in memory and idle, and woken up" $slept 4
is "... by the kernel's own word" "$(test "$(dmesg | grep -c 'PM: suspend exit')" -ge 4 && echo yes)" yes
echo "amount $slept times of sleep"
# The kernel may give up on a CPU that its machine was slow to stop or to start.
tries=0
until [ "$(cat /sys/devices/system/cpu/online)" = 0-1 ] || [ $tries = 20 ]; do
	tries=$((tries + 1))
	dmesg | grep -iE 'smpboot|CPU ?1' | tail -n 5
	echo 1 >/sys/devices/system/cpu/cpu1/online
	sleep 1
done
if [ "$(cat /sys/devices/system/cpu/online)" = 0-1 ]; then
	ok "... with both CPUs"
else
	yes "unloads" rmmod usercopy_guard
	echo 1 >/sys/devices/system/cpu/cpu1/online
	# Then this machine has lost it, and has nobody left to send NMIs to.
	is "a CPU that does not come back with the guard does not without it either" "$(cat /sys/devices/system/cpu/online)" 0
	exit 0
fi

### Tasks that are killed

before=$(violation refused kind=stack)
killed=0
while [ $killed -lt 300 ]; do
	./ucg_copy -0 stack 1024 64 to copy 1000000 >/dev/null &
	victim=$!
	[ $((killed % 3)) = 0 ] || usleep $((killed * 37 % 20000))
	kill -9 $victim
	wait $victim
	killed=$((killed + 1))
done 2>/dev/null
after=$(violation refused kind=stack)
is "300 tasks were killed while they copied" "$(test "$after" -gt "$before" && echo $killed)" 300
is "none of their copies went ahead" "$(sed -n 's/^violations: .* allowed \([0-9]*\), .* unrefusable \([0-9]*\),.*/\1 \2/p' $fs/status)" "0 0"
echo "amount $((after - before)) copies of tasks that were killed"

### NMIs

is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
busy_begin copy iter
echo 1 >/proc/sys/kernel/sysrq
console=$(cut -f 1 /proc/sys/kernel/printk)
dmesg -n 1
asked=0
# nmis - how many were taken, by all CPUs
nmis() {
	awk '/NMI:/ { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i; print n + 0 }' /proc/interrupts
}
while [ $asked -lt 200 ] || ! busy_enough || { [ "$(nmis)" -lt 100 ] && [ $asked -lt 2000 ]; }; do
	# Each CPU shows its stack, all but the one that asks in an NMI: which one that is, nobody knows.
	echo l >/proc/sysrq-trigger
	asked=$((asked + 1))
done
busy_end
dmesg -n "$console"
if [ "$(nmis)" -ge 100 ]; then
	ok "CPUs took NMIs meanwhile"
else
	not_ok "CPUs took NMIs meanwhile" "$(grep -E 'CPU|NMI:' /proc/interrupts)" "asked for $asked times" \
		"$(dmesg | tail -n 5)"
fi
echo "amount $(nmis) NMIs"
is "... of which nothing complained" "$(dmesg | grep -E 'BUG:|WARNING:|Oops|general protection|detected stall|soft lockup')" ""
dmesg -c >/dev/null
yes "unloads" rmmod usercopy_guard
exit 0
