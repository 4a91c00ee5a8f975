# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Unloading when ftrace has died, and takes no hook off: nothing is freed that is still called.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
refused() {
	out=$(./ucg_copy slab:ucg_test_part 250 64 to copy 1000)
	echo "$out" | grep -c ' refused=1000 '
}
is "bad copies are refused" "$(refused)" 1
yes "ftrace dies" insmod ucg_ftrace_kill.ko
is "bad copies are still refused" "$(refused)" 1
forget
rmmod usercopy_guard &
rmmod=$!
lines 1 'the guard stays in force' >/dev/null
is "rmmod does not return" "$(test -d /proc/$rmmod && echo waits)" waits
is "... and the log says why" "$(guard_log | grep -c 'ftrace cannot take the hook off any more (error -[0-9]*); the guard stays in force')" 1
is "... and nothing of the module is freed" "$(grep -c '^usercopy_guard ' /proc/modules)" 1
kill -9 $rmmod
is "bad copies are refused as before" "$(refused)" 1
yes "good copies go ahead as before" ./ucg_copy slab:ucg_test_part 256 64 to copy 1000
is "... and what is new is reported" "$(./ucg_copy slab:ucg_test_bare 0 64 to >/dev/null; reports | grep -c "'ucg_test_bare'.*refused")" 1
yes "other modules can be loaded" insmod ucg_layout.ko
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
