# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Loading and unloading while files are held, and while every CPU copies.
. ./guest.sh

rounds=$(cat rounds)

### Files that are held

# Who holds a file has it not open, and keeps nobody from unloading; nor does who stands in the folder.
insmod usercopy_guard.ko
(here=$PWD && cd $fs && exec "$here/hold" status violations caches whitelist) >/tmp/held 2>&1 &
until grep -q held /tmp/held; do usleep 10000; done
# What is first: the files are taken away, before the hook is taken off, which waits for all tasks.
traces=/sys/kernel/tracing
printf '%s\n' make_bad_inode securityfs_remove synchronize_rcu_tasks >$traces/set_ftrace_filter
echo function >$traces/current_tracer
yes "unloads while its files are held" rmmod usercopy_guard
order=$(sed -n 's/^ *rmmod-.*: \([a-z_]*\) <-.*/\1/p' $traces/trace | uniq -c | awk '{ print $2 }' | sed '/^synchronize_rcu_tasks$/q' |
	paste -s -d ' ')
echo nop >$traces/current_tracer
echo >$traces/set_ftrace_filter
is "... which it takes away first" "$(echo "$order" | sed 's/\(make_bad_inode securityfs_remove *\)*/\1/')" \
	"make_bad_inode securityfs_remove synchronize_rcu_tasks"
is "... and takes its folder away" "$(ls -d $fs 2>&1)" "ls: $fs: No such file or directory"
yes "... and loads again" insmod usercopy_guard.ko
is "... with its files" "$(cd $fs && echo *)" "caches status violations whitelist"
is "... which can be read" "$(sed -n 's/^policy: //p' $fs/status)" warn
rmmod usercopy_guard
touch /tmp/let-go
wait
rm /tmp/let-go
is "what was held cannot be opened any more" "$(sed 1d /tmp/held)" "status: Input/output error
violations: Input/output error
caches: Input/output error
whitelist: Input/output error"

### Under load

before=$(cat /sys/kernel/tracing/enabled_functions)
# Page cache, slab objects, stacks and plain memory, both ways.
dd if=/dev/zero of=/tmp/copied bs=1000 count=100 2>/dev/null
(while :; do dd if=/tmp/copied of=/dev/null bs=1000 2>/dev/null; done) &
(while :; do busybox yes | head -c 100000 >/dev/null; done) &
(while :; do readlink /proc/self/exe >/dev/null; ls / >/dev/null; done) &
dd if=/dev/zero of=/dev/null bs=100 2>/dev/null &
slab() {
	awk '/^kmalloc-/ { sum += $2 * $4 } END { print int(sum / 1024) }' /proc/slabinfo
}
start=0
warm=$((rounds / 10 + 2))
# The first rounds warm caches up; what they leave behind is no leak.
i=0
done_rounds=0
while [ $i -lt "$rounds" ]; do
	insmod usercopy_guard.ko || break
	rmmod usercopy_guard || break
	i=$((i + 1))
	done_rounds=$i
	[ $i = $warm ] && start=$(slab)
	[ $((i % 100)) = 0 ] && echo "# $i rounds"
done
end=$(slab)
is "$rounds rounds of loading and unloading under load" "$done_rounds" "$rounds"
echo "amount $done_rounds rounds of loading and unloading"
is "the last unload leaves enabled_functions as it was" "$(cat /sys/kernel/tracing/enabled_functions)" "$before"
# What comes and goes with the load is some hundred KiB; 1000 rounds show what loses 1 KiB each.
echo "# kmalloc: $start KiB after $warm rounds, $end KiB at the end"
if [ $((end - start)) -lt 1024 ]; then
	ok "slab memory does not grow"
else
	not_ok "slab memory does not grow" "$start KiB, then $end KiB"
fi
# With somebody who looks at the files again and again. While he has one open, nobody can unload; he
# rests in between, since else it is a matter of luck whether one ever does.
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
(
	until [ -e /tmp/stop ]; do
		cat $fs/status $fs/violations $fs/caches $fs/whitelist
		echo x >>/tmp/looks
		usleep 20000
	done >/dev/null 2>&1
) &
i=0
while [ $i -lt $((rounds / 5)) ]; do
	insmod usercopy_guard.ko || break
	tries=0
	until rmmod usercopy_guard 2>/dev/null || [ $tries = 2000 ]; do
		usleep 1000
		tries=$((tries + 1))
	done
	if [ -d /sys/module/usercopy_guard ]; then
		echo "# not unloaded in $tries tries"
		break
	fi
	i=$((i + 1))
done
touch /tmp/stop
wait $!
echo "# $(grep -c . /tmp/looks) looks"
is "... and while somebody reads its files" $i $((rounds / 5))
is "no cache of the guard's is left" "$(grep -c usercopy_guard /proc/slabinfo)" 0
# The VFS warns of who opens a file when its module has begun to go. From there to the module's first
# instruction are some of the kernel's, which take long here when an emulator sees them for the first time:
# it happened in one of some fifty unloadings, and twice in each while files still went last.
warned=$(dmesg | grep -c 'WARNING: .* do_dentry_open')
echo "# of $i unloadings the VFS has warned in $warned"
is "the VFS has warned of a quarter of them at most" "$(test $((warned * 4)) -le $i && echo yes)" yes
is "the kernel has nothing else to complain about" "$(kernel_complaints | grep -vE 'WARNING: .* do_dentry_open|Call Trace:')" ""
exit 0
