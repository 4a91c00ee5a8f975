# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scripts in the guest share. Results are lines "ok - TEXT" and
# "not ok - TEXT", which tests/vm/run collects from the serial line.

fs=/sys/kernel/security/usercopy_guard
sysctl=/proc/sys/kernel/usercopy_guard

ok() {
	echo "ok - $1"
}

# not_ok TEXT [DETAIL]...
not_ok() {
	echo "not ok - $1"
	shift
	for detail; do
		echo "$detail" | sed 's/^/#   /'
	done
}

# is TEXT GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got: $2" "wanted: $3"
	fi
}

# yes TEXT COMMAND...
yes() {
	text=$1
	shift
	if out=$("$@" 2>&1); then
		ok "$text"
	else
		not_ok "$text" "$* failed: $out"
	fi
}

# The guard's lines in the kernel log since the last forget.
guard_log() {
	# The reports come from a work; give it time.
	sleep 0.3
	dmesg | sed -n 's/^\[[^]]*\] usercopy_guard: //p'
}

reports() {
	guard_log | grep -E '^(exposure|overwrite) of kernel memory'
}

forget() {
	dmesg -c >/dev/null
}

# Value of KEY in the last violations line that matches the given words.
violation() {
	key=$1
	shift
	line=$(cat $fs/violations)
	for word; do
		line=$(echo "$line" | grep -F " $word ")
	done
	echo "$line" | tail -n 1 | sed -n "s/.* $key=\([^ ]*\).*/\1/p"
}

# Lines in the kernel log that no test may cause.
kernel_complaints() {
	dmesg | grep -E 'BUG:|kernel BUG|WARNING:|Oops:|general protection|Call Trace|list_del corruption|stall'
}

hooks() {
	grep -c . /sys/kernel/tracing/enabled_functions
}

# lkdtm TRIGGER - in a process of its own, since it may die
lkdtm() {
	sh -c "echo $1 >/sys/kernel/debug/provoke-crash/DIRECT" 2>/dev/null
}
