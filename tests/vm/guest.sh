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

# Let all be told: who opens this file waits for the work that does it. Without the file, time has to do.
told() {
	[ ! -e $fs/violations ] || cat $fs/violations >/dev/null
	sleep 0.3
}

# lines COUNT PATTERN - how many lines of the kernel log match; as soon as there are so many, or after a while
lines() {
	tries=0
	until [ "$(dmesg | grep -c -- "$2")" -ge "$1" ] || [ $tries = 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	dmesg | grep -c -- "$2"
}

# Records of audit since the last forget. They come from a thread of audit's.
audit_records() {
	told
	lines 1 'audit: type=1316 .*): op=usercopy_guard' >/dev/null
	dmesg | sed -n 's/^.*audit: type=1316 .*): op=usercopy_guard/op=usercopy_guard/p'
}

# The guard's lines in the kernel log since the last forget.
guard_log() {
	told
	dmesg | sed -n 's/^\[[^]]*\] usercopy_guard: //p'
}

reports() {
	guard_log | grep -E '^(exposure|overwrite) of kernel memory'
}

forget() {
	dmesg -c >/dev/null
}

# The violations that match the given words.
violation_lines() {
	lines=$(cat $fs/violations)
	for word; do
		lines=$(echo "$lines" | grep -F " $word ")
	done
	echo "$lines"
}

# Value of KEY in the last violations line that matches the given words.
violation() {
	key=$1
	shift
	violation_lines "$@" | tail -n 1 | sed -n "s/.* $key=\([^ ]*\).*/\1/p"
}

# Lines in the kernel log that no test may cause. One of 7.x is no test's doing: its unwinder stumbles
# over the function graph tracer when a profiler asks for a stack, whether the guard is there or not.
# KCSAN finds races of the kernel's own; those that matter name a function of the guard's.
kernel_complaints() {
	tolerated='^$'
	case $(uname -r) in 7.*) tolerated='WARNING: stack going in the wrong direction\? at return_to_handler' ;; esac
	if [ -e /sys/kernel/debug/kcsan ]; then
		tolerated='BUG: KCSAN: [^[]*(\[(ucg_[a-z_]*|lkdtm)\][^[]*)*$'
		grep -x 'enabled: 0' /sys/kernel/debug/kcsan
	fi
	dmesg | grep -E 'BUG:|kernel BUG|WARNING:|Oops:|general protection|Call Trace|list_del corruption|detected stall|blocked for more than' |
		grep -vE "$tolerated"
}

hooks() {
	grep -c . /sys/kernel/tracing/enabled_functions
}

# busy HOW - has copies refused until /tmp/stop is there; says how many were tried, and refused
busy() {
	tried=0 refused=0
	while [ ! -e /tmp/stop ]; do
		./ucg_copy -0 stack 1024 64 to "$1" 100 >/tmp/copy.$1
		tried=$((tried + 100))
		refused=$((refused + $(sed -n 's/.*refused=\([0-9]*\).*/\1/p' /tmp/copy.$1)))
		echo "$tried $refused" >/tmp/busy.$1
	done
}

# busy_begin HOW... - one process for each
busy_begin() {
	for how; do
		touch /tmp/busy.$how
		busy "$how" &
	done
}

# Has each of them tried a thousand?
busy_enough() {
	for file in /tmp/busy.*; do
		read -r tried _ <"$file" || return
		[ "$tried" -ge 1000 ] || return
	done 2>/dev/null
}

busy_end() {
	touch /tmp/stop
	wait
	for file in /tmp/busy.*; do
		read -r tried refused <"$file"
		is "each of $tried copies meanwhile (${file#/tmp/busy.}) was refused" "$refused" "$tried"
	done
}

# lkdtm TRIGGER - in a process of its own, since it may die
lkdtm() {
	sh -c "echo $1 >/sys/kernel/debug/provoke-crash/DIRECT" 2>/dev/null
}

# lkdtm_lives TRIGGER PAST - so that its process lives. What USERCOPY_SLAB_SIZE_FROM writes past its
# object, PAST bytes, are bytes of ours: it might be a key of the kernel's otherwise. With KASAN there
# is room between objects, and in that nobody's bytes.
lkdtm_lives() {
	room=''
	if [ $1 = USERCOPY_SLAB_SIZE_FROM ]; then
		room=$(command insmod ucg_room.ko 2>&1) && room=ours
		case $room in
		ours | *'No space left'*) ok "$1: what is behind its object is ours, or nobody's" ;;
		*) not_ok "$1: what is behind its object is ours, or nobody's" "$room" ;;
		esac
	fi
	lkdtm $1
	is "$1: the process lives" $? 0
	if [ "$room" = ours ]; then
		is "$1: $2 bytes were written past its object" "$(cat /sys/module/ucg_room/parameters/written)" $2
		command rmmod ucg_room
	fi
}

# What each of LKDTM's triggers does wrong: the guard's kind and direction, cache, offset and size.
# shellcheck disable=SC2034  # for the scripts
lkdtm_triggers="
SLAB_SIZE_TO        object    to   kmalloc-1k     16  1024
SLAB_SIZE_FROM      object    from kmalloc-1k     16  1024
SLAB_WHITELIST_TO   whitelist to   lkdtm-usercopy 255 64
SLAB_WHITELIST_FROM whitelist from lkdtm-usercopy 255 64
STACK_FRAME_TO      stack     to   -              -   32
STACK_FRAME_FROM    stack     from -              -   32
STACK_BEYOND        stack     to   -              -   32
VMALLOC             vmalloc   to   -              2048 4096
FOLIO               page      to   -              6144 4096
KERNEL              text      to   -              -   4096
"
