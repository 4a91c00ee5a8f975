# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# What others than root with all capabilities can read and change: a plain user, root in a user namespace
# of his own, root without CAP_SYS_ADMIN, and whoever is handed an open file.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko
./ucg_copy slab:ucg_test_part 250 64 to >/dev/null
./ucg_copy stack 1024 64 to >/dev/null
./ucg_copy text 0 64 to >/dev/null
echo 'allow ucg_test_bare 0 16 to' >$fs/whitelist
echo 'policy caller:copy_to@ucg_test fallback' >$fs/whitelist

files="status violations caches whitelist"
switches=$(ls $sysctl)
# All that could have been changed.
state() {
	cat $fs/whitelist
	for switch in $switches; do echo "$switch $(cat $sysctl/$switch)"; done
	grep -E '^(policy|kill|locked|rules): ' $fs/status
}
before=$(state)
unchanged() {
	is "... and nothing has changed" "$(state)" "$before"
}

# denied TEXT COMMAND... - it fails, because it may not
denied() {
	text=$1
	shift
	if out=$("$@" 2>&1); then
		not_ok "$text" "$* was allowed: $out"
		return
	fi
	case $out in
	*"ermission denied"* | *"not permitted"* | *EPERM* | *EACCES*) ok "$text" ;;
	*) not_ok "$text" "$out" ;;
	esac
}

for who in nobody container; do
	for file in $files; do
		denied "$who: $file cannot be read" ./as $who cat $fs/$file
		denied "$who: ... nor written" ./as $who sh -c "echo flush >$fs/$file"
	done
	for switch in $switches; do
		# Whether a machine is guarded is no secret: programs that test may ask.
		is "$who: $switch can be read" "$(./as $who cat $sysctl/$switch)" "$(cat $sysctl/$switch)"
		denied "$who: ... and not be written" ./as $who sh -c "cat $sysctl/$switch >$sysctl/$switch"
	done
	# The whole folder, whatever is in it.
	is "$who: nothing else can be opened for writing" \
		"$(find $fs $sysctl /sys/module/usercopy_guard -type f | while read -r file; do ./as $who sh -c "true >>$file" 2>/dev/null && echo "$file"; done)" ""
	denied "$who: no events" ./as $who cat /sys/kernel/tracing/trace
	unchanged
done

for switch in $switches; do
	denied "root without CAP_SYS_ADMIN: $switch cannot be written" ./as no-cap sh -c "cat $sysctl/$switch >$sysctl/$switch"
done
denied "root without CAP_SYS_ADMIN: no rules" ./as no-cap sh -c "echo flush >$fs/whitelist"
unchanged

# An open file handed down: what was opened for reading can be read, as for any file.
is "violations, opened by root, can be read" "$(./as nobody cat <$fs/violations | grep -c ' kind=')" 3
for who in nobody container no-cap; do
	denied "rules, opened by root, cannot be written by $who" ./as $who sh -c 'echo flush' >$fs/whitelist
	for switch in policy kill locked evidence; do
		denied "... nor $switch" ./as $who sh -c "cat $sysctl/$switch" >$sysctl/$switch
	done
done
# The other way: who may not write has a file opened, and has somebody write who may.
denied "rules are not taken by a file that root without CAP_SYS_ADMIN has opened" \
	./as deputy:$fs/whitelist sh -c 'echo flush'
unchanged

# Addresses would tell where the kernel is.
forget
for i in 1 2; do ./ucg_copy text 0 64 to copy $i >/dev/null; done
./ucg_copy slab:ucg_test_bare 16 64 to >/dev/null
cat $fs/status $fs/violations $fs/caches $fs/whitelist >/tmp/shown
guard_log >>/tmp/shown
is "there is something to look at" "$(test "$(grep -c . /tmp/shown)" -ge 12 && echo yes)" yes
is "no address of the kernel's in files or log" "$(grep -iE '\<(0x)?[89a-f][0-9a-f]{15}\>' /tmp/shown)" ""
rmmod ucg_test
cat $fs/violations >/tmp/shown
is "... nor when the driver has gone" "$(grep -iE '\<(0x)?[89a-f][0-9a-f]{15}\>' /tmp/shown)" ""
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
