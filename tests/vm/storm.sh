# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2016,SC2154
# Very many processes of an unprivileged user, more than there can be CPUs or tables for, that try
# to get copies through under enforce, by every way to copy (storm.c).
#
# With "storm=long" on the kernel's command line it lasts longer. With "storm=around" it does, with
# fewer processes, so that what root may do comes and goes around them many times: tracers, probes, a
# profiler, static keys that are switched; then again with probes on the return of the check itself.
# With "storm=patched" callers copy that have a static key or a static call between check and copy,
# while these are switched by one whom the others leave little of the CPU.
. ./guest.sh

# seconds, long, processes, few
. ./storm.conf
mode=$(sed -n 's/.*storm=\([a-z]*\).*/\1/p' /proc/cmdline)
[ -z "$mode" ] || seconds=$long
case $mode in around | patched) processes=$few ;; esac
tracing=/sys/kernel/tracing

# sums WORD - how often the guard says that it did this
sums() {
	sed -n "s/^violations: .*[ ,]$1 \([0-9]*\),.*/\1/p" $fs/status
}

# said WORD - from the storm's last line
said() {
	sed -n "s/^storm: in all: .*\<$1=\([0-9]*\).*/\1/p" /tmp/storm
}

# storm SECONDS TRACED [WAY] - have it rage, and see what is left
storm() {
	before_refused=$(sums refused) before_not=$(sums unrefusable)
	./storm "$1" "$processes" "$2" ${3:+"$3"} >/tmp/storm 2>&1
	status=$?
	sed 's/^/# /' /tmp/storm
	refused=$(($(sums refused) - before_refused))
	unrefusable=$(($(sums unrefusable) - before_not))
	echo "# status: refused $refused, unrefusable $unrefusable"
	sed -n 's/^refusals: /# refusals: /p' $fs/status
	grep -E '^storm: [0-9]+ processes' /tmp/storm >/dev/null || echo "storm: in all: attempted=0" >>/tmp/storm
}

# held TEXT - nothing got through
held() {
	is "$1: $processes processes ran" "$(sed -n 's/^storm: \([0-9]*\) processes$/\1/p' /tmp/storm)" "$processes"
	is "$1: each of $(said attempted) copies is refused" "$(said refused)" "$(said attempted)"
	is "$1: none is let through, not a byte has changed, no error" \
		"$(said through) $(said changed) $(said errors) $(said lost) $status" "0 0 0 0 0"
	is "$1: no way to copy was left out" "$(grep -c 'storm:.* 0 attempted' /tmp/storm)" 0
	is "$1: the guard counts the same" "$refused $unrefusable" "$(said attempted) 0"
}

# flip FILE VALUE - write it, if there is such a file
flip() {
	[ ! -w "$1" ] || echo "$2" >"$1" 2>/dev/null
}

# keys 0|1 - switch what the kernel patches its text for
keys() {
	flip /proc/sys/kernel/sched_schedstats "$1"
	flip /proc/sys/kernel/task_delayacct "$1"
	flip /proc/sys/kernel/bpf_stats_enabled "$1"
	flip /proc/sys/kernel/timer_migration $((1 - $1))
	if [ "$1" = 1 ]; then
		flip $tracing/trace_clock global
		flip /sys/kernel/debug/sched/features NO_HRTICK
		flip /sys/kernel/debug/sched/features NO_GENTLE_FAIR_SLEEPERS
	else
		flip $tracing/trace_clock local
		flip /sys/kernel/debug/sched/features GENTLE_FAIR_SLEEPERS
	fi
}

# Probes that have been hit since the last time, all of those that there are.
hits() {
	sed -n 's/.* \([a-z_]*\): (.*/\1/p' $tracing/trace | sort -u
	echo >$tracing/trace
}

# One round of all that root does; each line of /tmp/rounds is one.
round() {
	echo function_graph >$tracing/current_tracer
	sleep 0.2
	echo nop >$tracing/current_tracer
	keys 1
	echo 1 >$tracing/events/ucg/enable
	sleep 0.2
	echo 0 >$tracing/events/ucg/enable
	hits >>/tmp/probe_hits
	echo function >$tracing/current_tracer
	sleep 0.2
	keys 0
	echo nop >$tracing/current_tracer
	cut -d ' ' -f 1 /proc/uptime >>/tmp/rounds
}

around() {
	# A few functions on the way of these copies: patching thousands takes longer than a round.
	echo >$tracing/set_ftrace_filter
	for function in __check_object_size __x64_sys_ioctl test_ioctl copy_times copy_to copy_from \
		handle_mm_fault vfs_read; do
		echo $function >>$tracing/set_ftrace_filter
	done 2>/dev/null
	echo "followed: $(grep -c . $tracing/set_ftrace_filter) functions"
	# The functions that copy cannot be traced, nor probed.
	{
		echo 'p:ucg/check __check_object_size'
		echo 'p:ucg/to ucg_test:copy_to'
		echo 'p:ucg/from ucg_test:copy_from'
		echo 'r:ucg/to_return ucg_test:copy_to'
		echo 'r:ucg/from_return ucg_test:copy_from'
	} >$tracing/kprobe_events
	grep -c . $tracing/kprobe_events >/tmp/probes
	while [ ! -e /tmp/stop ]; do
		round
	done
	echo >$tracing/kprobe_events
}

# The storm, with tracers, probes and the rest around it.
all_around() {
	around >/tmp/around 2>&1 &
	# Among so many, who is not preferred gets the CPU for a round or two; and they wait for the
	# kernel's threads.
	renice -n -15 -p $! >/dev/null 2>&1
	for p in /proc/[0-9]*; do
		[ -n "$(cat $p/cmdline 2>/dev/null)" ] || renice -n -15 -p "${p#/proc/}" >/dev/null 2>&1
	done
	# The sampler ends by itself, the processes may take a while after their time.
	./sampler "$seconds" >/tmp/sampler 2>&1 &
	storm "$seconds" 8
	touch /tmp/stop
	wait
	sed 's/^/# /' /tmp/sampler /tmp/around
	held "a storm and all that root may do"
	rounds=$(grep -c . /tmp/rounds)
	echo "# tracers, probes and keys went on and off $rounds times"
	is "a storm and all that root may do: several rounds of that" "$(test "$rounds" -ge 3 && echo yes)" yes
	is "a storm and all that root may do: the probes are there, and hit" \
		"$(cat /tmp/probes) $(sort -u /tmp/probe_hits | grep -cE '^(check|to|from|to_return|from_return)$')" "5 5"
	is "a storm and all that root may do: the profiler sampled" "$(grep -c samples /tmp/sampler)" 1
}

# Two probes on the check's return, of which the second finds the first one's return address.
returns_probed() {
	# Many are in there at once.
	echo 'r200:ucg/end __check_object_size' >$tracing/kprobe_events
	echo 'r200:ucg/end_too __check_object_size' >>$tracing/kprobe_events
	echo 1 >$tracing/events/ucg/enable
	storm 5 8
	echo 0 >$tracing/events/ucg/enable
	hits >/tmp/probe_hits
	echo >$tracing/kprobe_events
	held "a storm with probes on the check's return"
	is "a storm with probes on the check's return: they are hit" "$(grep -cxE 'end|end_too' /tmp/probe_hits)" 2
	storm 3 0
	held "a storm behind that"
}

# patch FILE VALUE VALUE - patch by it, now one way and now the other
patch() {
	while [ ! -e /tmp/stop ] && [ -w "$1" ]; do
		flip "$1" "$2"
		flip "$1" "$3"
		echo patched >>/tmp/patched.${1##*/}
	done
}

# Callers that have it between check and copy are patched by one of many who want the CPU: he is
# preempted while he does it, and leaves his breakpoint there.
patched() {
	patch /sys/module/ucg_test/parameters/detour 1 0 &
	renice -n -10 -p $! >/dev/null
	# Where the kernel can be told not to preempt, these are the calls of cond_resched(): thousands of
	# them, for which everybody else who patches anything waits.
	patch /sys/kernel/debug/sched/preempt none full &
	renice -n -15 -p $! >/dev/null
	storm "$seconds" 8 "in between"
	touch /tmp/stop
	wait
	held "a storm on callers that are patched"
	for key in detour preempt; do
		rounds=$(grep -c . /tmp/patched.$key 2>/dev/null)
		echo "# $key was patched ${rounds:-0} times"
	done
	is "a storm on callers that are patched: they are, again and again" \
		"$(test "$(grep -c . /tmp/patched.detour)" -ge 10 && echo yes)" yes
}

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
: >/tmp/rounds
case $mode in
around)
	all_around
	returns_probed
	;;
patched)
	patched
	;;
*)
	storm "$seconds" 8
	held "a storm"
	is "a storm: the traced ones were stopped" "$(test "$(said steps)" -gt 100 && echo yes)" yes
	;;
esac
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
