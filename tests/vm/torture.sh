# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Copies that shall be refused, from four processes on two CPUs, while the policy is switched 1000
# times, the function graph tracer and probes on the functions around go on and off, a profiler
# samples both CPUs, and a debugger single-steps a fifth process through refused system calls. The
# copies go on until tracer and probes have been on and off several times.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
# Beyond the object: refused by fallback and by enforce alike; and one that is let through by fallback.
copies=5000
rounds=5
# How often tracer and probes have been on and off.
rounds_done() {
	grep -c x /tmp/round
}

# go_on NAME WANTED ARGUMENTS - copies, over and over; /tmp/runs.NAME gets a line for each run that
# ended as it should, and /tmp/wrong.NAME what others said
go_on() {
	name=$1 wanted=$2
	shift 2
	while [ "$(rounds_done)" -lt $rounds ] || [ ! -e /tmp/switched ]; do
		out=$(./ucg_copy "$@" $copies 2>&1)
		out="$? $(echo "$out" | sed 's/^ret=[-0-9]* //; s/ user=[0-9]*//')"
		if [ "$out" = "$wanted" ]; then
			echo x >>/tmp/runs.$name
		else
			echo "$out" >>/tmp/wrong.$name
		fi
	done
	touch /tmp/ended.$name
}

runs_of() {
	grep -c x /tmp/runs.$1
}

touch /tmp/round
# The driver serves one process a cache at a time.
for i in 1 2 3 4 5 6; do ./ucg_copy create torture_$i 1024 256 64; done
for i in 1 2 3 4; do
	dir=to
	[ $((i % 2)) = 0 ] && dir=from
	go_on $i "14 complete=0 refused=$copies changed=0 errno=14" slab:torture_$i 1000 64 $dir copy &
done
go_on passed "0 complete=$copies refused=0 changed=0 errno=0" slab:torture_5 256 64 to copy &
(./stepper 20 ./ucg_copy slab:torture_6 1000 32 to copy 20 >/tmp/stepper 2>&1; echo $? >/tmp/status.stepper) &
(
	cd /sys/kernel/tracing || exit
	# Of the 40 000 functions that it could follow, those around: each switch takes
	# half a minute here otherwise.
	echo '__check_object_size *ioctl* *copy* vfs_* *fault* schedule*' >set_ftrace_filter
	# On a function with a direct hook, and on two that call it and the one that copies, which
	# itself cannot be probed; and on returns.
	{
		echo 'p:ucg/entry __check_object_size'
		echo 'p:ucg/to ucg_test:copy_to'
		echo 'p:ucg/from ucg_test:copy_from'
		echo 'r:ucg/return ucg_test:copy_to'
		echo 'r:ucg/check_return __check_object_size'
	} >kprobe_events
	grep -c . kprobe_events >/tmp/probes
	while [ ! -e /tmp/stop ]; do
		echo function_graph >current_tracer
		echo x >>/tmp/traced
		sleep 0.3
		echo nop >current_tracer
		sleep 0.1
		echo 1 >events/ucg/enable && echo x >>/tmp/probed
		sleep 0.3
		echo 0 >events/ucg/enable
		grep -m 1 ' check_return: ' trace >>/tmp/probe_hits
		# Both on the check's return: whoever came first has the true address.
		echo function_graph >current_tracer
		echo 1 >events/ucg/enable
		sleep 0.3
		echo nop >current_tracer
		echo function_graph >current_tracer
		sleep 0.3
		echo nop >current_tracer
		echo 0 >events/ucg/enable
		echo x >>/tmp/round
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
touch /tmp/switched
while :; do
	running=0
	for s in ended.1 ended.2 ended.3 ended.4 ended.passed status.stepper; do
		[ -e /tmp/$s ] || running=1
	done
	[ $running = 0 ] && break
	sleep 1
done
# While the copies went on, not after them.
rounds_meanwhile=$(rounds_done)
touch /tmp/stop
wait
all_runs=0
for i in 1 2 3 4; do
	runs=$(runs_of $i)
	all_runs=$((all_runs + runs))
	is "process $i: every one of $runs times $copies copies got EFAULT and changed nothing" \
		"$(head -n 3 /tmp/wrong.$i 2>/dev/null)" ""
done
is "every one of $(runs_of passed) times $copies good copies went through meanwhile" "$(cat /tmp/wrong.passed 2>/dev/null)" ""
sed 's/^/# /' /tmp/stepper
is "a process single-stepped by a debugger ends as it does without" "$(cat /tmp/status.stepper)" 0
echo "# the tracer went on $(grep -c x /tmp/traced) times, the probes $(grep -c x /tmp/probed) times"
is "the copies went on while tracer and probes went on and off, $rounds_meanwhile times" \
	"$(test "$rounds_meanwhile" -ge $rounds && echo yes)" yes
sed 's/^/# /' /tmp/sampler
is "tracer, probes and profiler were at work" \
	"$(test -s /tmp/traced && test "$(cat /tmp/probes)" = 5 && test -s /tmp/probe_hits && grep -c samples /tmp/sampler)" 1
sum=0
for n in $(sed -n 's/.* minsize=64 .* refused=\([0-9]*\) .*/\1/p; s/.* minsize=32 .* refused=\([0-9]*\) .*/\1/p' $fs/violations); do
	sum=$((sum + n))
done
runs=$(sed -n 's/^stepper: \([0-9]*\) runs.*/\1/p' /tmp/stepper)
is "the counts add up exactly" "$sum" $((all_runs * copies + 20 * runs))
is "... with none given up" "$(sed -n 's/.* unrefusable \([0-9]*\),.*/\1/p' $fs/status)" 0
sed -n 's/^refusals: /# refusals: /p' $fs/status
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
