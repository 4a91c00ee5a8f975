# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Copies that shall be refused, from four processes on two CPUs, for as long as the policy is
# switched 1000 times, the function graph tracer and probes on the functions around go on and off
# several times, a profiler samples both CPUs, and a debugger single-steps a fifth process through
# refused system calls.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
# Beyond the object: refused by fallback and by enforce alike; and one that is let through by fallback.
copies=25000
rounds=5
# until_enough NAME COMMAND... - over and over; what it printed and how it ended is appended to files
until_enough() {
	log=$1
	shift
	while [ ! -e /tmp/enough ]; do
		"$@" >>/tmp/$log.out 2>&1
		echo $? >>/tmp/$log.status
	done
}
# The driver serves one process a cache at a time.
for i in 1 2 3 4 5 6; do ./ucg_copy create torture_$i 1024 256 64; done
for i in 1 2 3 4; do
	dir=to
	[ $((i % 2)) = 0 ] && dir=from
	until_enough refused.$i ./ucg_copy slab:torture_$i 1000 64 $dir copy $copies &
done
until_enough passed ./ucg_copy slab:torture_5 256 64 to copy $copies &
(./stepper 20 ./ucg_copy slab:torture_6 1000 32 to copy 20 >/tmp/stepper 2>&1; echo $? >/tmp/status.stepper) &
(
	cd /sys/kernel/tracing || exit
	# Of the 40 000 functions that it could follow, those around: each switch takes
	# half a minute here otherwise.
	echo '__check_object_size *ioctl* *copy* vfs_* *fault* schedule*' >set_ftrace_filter
	# On a function with a direct hook, one that copies, one that calls both; and on a return.
	{
		echo 'p:ucg/entry __check_object_size'
		echo 'p:ucg/copy _copy_to_user'
		echo 'p:ucg/once ucg_test:copy_once'
		echo 'r:ucg/return _copy_to_user'
	} >kprobe_events
	while [ ! -e /tmp/stop ]; do
		echo function_graph >current_tracer
		echo x >>/tmp/traced
		sleep 0.3
		echo nop >current_tracer
		sleep 0.1
		echo 1 >events/ucg/enable && echo x >>/tmp/probed
		sleep 0.3
		echo 0 >events/ucg/enable
		grep -q ' return: ' trace && echo x >>/tmp/probe_hits
		sleep 0.1
	done
	echo nop >current_tracer
	echo >kprobe_events
) &
./sampler 20 >/tmp/sampler 2>&1 &
switches=0
while [ $switches -lt 500 ]; do
	echo fallback >$sysctl/policy
	echo enforce >$sysctl/policy
	switches=$((switches + 1))
	[ $((switches % 100)) = 0 ] && echo "# $((switches * 2)) switches, $(cut -d ' ' -f 1 /proc/uptime) s"
done
is "the policy is switched 1000 times" $switches 500
while [ ! -e /tmp/status.stepper ] || [ "$(grep -sc x /tmp/traced)" -lt $rounds ] ||
	[ "$(grep -sc x /tmp/probed)" -lt $rounds ]; do
	sleep 1
done
touch /tmp/enough
sleep 2
touch /tmp/stop
wait
# all_of NAME STATUS PATTERN - how many runs there were, if each ended and printed so
all_of() {
	runs=$(grep -c . /tmp/$1.status)
	if [ "$(grep -cx "$2" /tmp/$1.status).$(grep -c "$3" /tmp/$1.out)" = "$runs.$runs" ]; then
		echo "$runs"
	else
		echo "$1: $(sort /tmp/$1.status | uniq -c) $(grep -v "$3" /tmp/$1.out)"
	fi
}
all=0
for i in 1 2 3 4; do
	runs=$(all_of refused.$i 14 "complete=0 refused=$copies .*changed=0")
	yes "process $i: every one of $runs times $copies copies got EFAULT and changed nothing" test "$runs" -gt 0
	all=$((all + ${runs%%[!0-9]*}))
done
yes "every good copy went through meanwhile" test "$(all_of passed 0 "complete=$copies refused=0")" -gt 0
sed 's/^/# /' /tmp/stepper
is "a process single-stepped by a debugger ends as it does without" "$(cat /tmp/status.stepper)" 0
echo "# the tracer went on $(grep -c x /tmp/traced) times, the probes $(grep -c x /tmp/probed) times"
sed 's/^/# /' /tmp/sampler
is "tracer, probes and profiler were at work" \
	"$(test -s /tmp/traced && test -s /tmp/probed && test -s /tmp/probe_hits && grep -c samples /tmp/sampler)" 1
sum=0
for n in $(sed -n 's/.* minsize=64 .* refused=\([0-9]*\) .*/\1/p; s/.* minsize=32 .* refused=\([0-9]*\) .*/\1/p' $fs/violations); do
	sum=$((sum + n))
done
runs=$(sed -n 's/^stepper: \([0-9]*\) runs.*/\1/p' /tmp/stepper)
is "the counts add up exactly" "$sum" $((all * copies + 20 * runs))
is "... with none given up" "$(sed -n 's/.* unrefusable \([0-9]*\),.*/\1/p' $fs/status)" 0
sed -n 's/^refusals: /# refusals: /p' $fs/status
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
