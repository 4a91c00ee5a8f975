# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# 100 000 copies that shall be refused, from four processes on two CPUs, while the policy
# is switched 1000 times, the function graph tracer and probes on the functions around go
# on and off, a profiler samples both CPUs, and a debugger single-steps a fifth process
# through refused system calls.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
# Beyond the object: refused by fallback and by enforce alike; and one that is let through by fallback.
copies=25000
# The driver serves one process a cache at a time.
for i in 1 2 3 4 5 6; do ./ucg_copy create torture_$i 1024 256 64; done
for i in 1 2 3 4; do
	dir=to
	[ $((i % 2)) = 0 ] && dir=from
	(./ucg_copy slab:torture_$i 1000 64 $dir copy $copies >/tmp/refused.$i 2>&1; echo $? >/tmp/status.$i) &
done
(./ucg_copy slab:torture_5 256 64 to copy $copies >/tmp/passed 2>&1; echo $? >/tmp/status.passed) &
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
		echo 'r:ucg/return __check_object_size'
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
		sleep 0.1
	done
	echo nop >current_tracer
	grep -c 'return:' trace >/tmp/probe_hits
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
while :; do
	running=0
	for s in 1 2 3 4 passed stepper; do [ -e /tmp/status.$s ] || running=1; done
	[ $running = 0 ] && break
	sleep 1
done
touch /tmp/stop
wait
for i in 1 2 3 4; do
	case "$(cat /tmp/status.$i).$(cat /tmp/refused.$i)" in
	14.*"complete=0 refused=$copies"*"changed=0"*) ok "process $i: every one of $copies copies got EFAULT and changed nothing" ;;
	*) not_ok "process $i: every one of $copies copies got EFAULT and changed nothing" "$(cat /tmp/refused.$i)" ;;
	esac
done
case "$(cat /tmp/status.passed).$(cat /tmp/passed)" in
0.*"complete=$copies refused=0"*) ok "every good copy went through meanwhile" ;;
*) not_ok "every good copy went through meanwhile" "$(cat /tmp/passed)" ;;
esac
sed 's/^/# /' /tmp/stepper
is "a process single-stepped by a debugger ends as it does without" "$(cat /tmp/status.stepper)" 0
echo "# the tracer went on $(grep -c x /tmp/traced) times, the probes $(grep -c x /tmp/probed) times"
sed 's/^/# /' /tmp/sampler
is "tracer, probes and profiler were at work" \
	"$(test -s /tmp/traced && test -s /tmp/probed && test "$(cat /tmp/probe_hits)" -gt 0 && grep -c samples /tmp/sampler)" 1
sum=0
for n in $(sed -n 's/.* minsize=64 .* refused=\([0-9]*\) .*/\1/p; s/.* minsize=32 .* refused=\([0-9]*\) .*/\1/p' $fs/violations); do
	sum=$((sum + n))
done
runs=$(sed -n 's/^stepper: \([0-9]*\) runs.*/\1/p' /tmp/stepper)
is "the counts add up exactly" "$sum" $((4 * copies + 20 * runs))
is "... with none given up" "$(sed -n 's/.* unrefusable \([0-9]*\),.*/\1/p' $fs/status)" 0
sed -n 's/^refusals: /# refusals: /p' $fs/status
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
