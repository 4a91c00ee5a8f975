# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The guest's part of scripts/dev/demo: lines "demo| ..." are shown, "fact| KEY VALUE" are
# what the summary is made of.

tell() {
	printf 'demo| %s\n' "$@"
}

heading() {
	tell "" "--- $1" ""
	shift
	tell "$@" ""
}

# show REGEX [LINES] - the kernel's own lines since the last call of "forget"
show() {
	sleep 0.5
	dmesg | grep -E "$1" | head -n "${2:-8}" | cut -c 1-400 | sed 's/^/demo|    /'
}

forget() {
	dmesg -c >/dev/null
}

fact() {
	echo "fact| $1 $2"
}

count() {
	dmesg | grep -cE "$1"
}

hooks() {
	grep -c "^[^[:space:]]" /sys/kernel/tracing/enabled_functions
}

# A process that asks LKDTM, the kernel's own crash test module, for one wrong copy: 64 bytes
# from offset 255 of a slab object of which bytes 256 to 319 are whitelisted.
wrong_copy() {
	sh -c 'echo USERCOPY_SLAB_WHITELIST_TO >/sys/kernel/debug/provoke-crash/DIRECT' 2>/dev/null
}

say_fate() {
	case $1 in
	0) tell "   The process lives: it ended by itself, with exit status 0." ;;
	139) tell "   The process is dead: killed by the kernel, exit status 139." ;;
	*) tell "   The process ended with exit status $1." ;;
	esac
}

read -r _ _ release _ </proc/version
insmod lkdtm.ko
heading "1. The stock kernel $release, without the guard" \
	"A driver copies 64 bytes to user space, one of which its slab cache does not whitelist." \
	"The kernel notices, and kills the process in the middle of the system call:"
fact stock-hooks "$(hooks)"
forget
wrong_copy
status=$?
show 'usercopy: |kernel BUG|invalid opcode|RIP: .*usercopy_abort' 4
tell ""
say_fate $status
fact stock-exit $status
fact stock-bugs "$(count 'kernel BUG at')"

heading "2. insmod usercopy_guard.ko" \
	"The guard takes over the verdict. Its default policy is to warn:"
forget
insmod usercopy_guard.ko
fact guard-load $?
show usercopy_guard:
fact guard-hooks "$(hooks)"

heading "3. The same copy, with the guard" \
	"It is reported once, with the place it comes from, and goes ahead:"
forget
wrong_copy
status=$?
show usercopy_guard: 6
tell ""
say_fate $status
fact guard-exit $status
wrong_copy
fact guard-again-exit $?
sleep 0.5
tell "   A second one like it is counted, not reported again:" \
	"   $(sed -n 's/.*\(cache=[^ ]*\).*\(count=[0-9]*\).*/\1 \2/p' /sys/kernel/security/usercopy_guard/violations)" \
	"   (in /sys/kernel/security/usercopy_guard/violations)"
fact guard-bugs "$(count 'kernel BUG|BUG:|Oops:')"
fact guard-reports "$(count 'usercopy_guard: (exposure|overwrite) of kernel memory')"
fact guard-count "$(sed -n 's/.* cache=lkdtm-usercopy .* count=\([0-9]*\) .*/\1/p' /sys/kernel/security/usercopy_guard/violations)"

heading "4. Harmless copies" \
	"The kernel's own test_user_copy.ko makes some hundreds; the guard has nothing to say:"
forget
insmod test_user_copy.ko
fact harmless-exit $?
show 'test_user_copy: |usercopy_guard:'
fact harmless-reports "$(count 'usercopy_guard: (exposure|overwrite) of kernel memory')"

heading "5. rmmod usercopy_guard" \
	"Nothing of the guard stays; the kernel's own check, and its verdict, are back:"
forget
rmmod usercopy_guard
fact unload $?
fact unloaded-hooks "$(hooks)"
wrong_copy
status=$?
show 'usercopy_guard: unloaded|usercopy: |kernel BUG'
tell ""
say_fate $status
fact unloaded-exit $status
exit 0
