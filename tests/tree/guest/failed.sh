# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2154
# Booted with a parameter that the guard cannot start with: the kernel's own check is in force.
. ./guest.sh

is "the log says why the guard has not started" \
	"$(dmesg | grep -c 'usercopy_guard: max_violations= must be 16 to 65536')" 1
is "there is no file of it" "$(ls -d $fs $sysctl 2>/dev/null)" ""
insmod ucg_test.ko
yes "good copies go ahead" ./ucg_copy slab:ucg_test_part 256 64 to
forget
lkdtm USERCOPY_SLAB_WHITELIST_TO
is "a bad copy kills its process" $? 139
is "... by the kernel's own check" "$(dmesg | grep -c 'usercopy: Kernel memory exposure attempt detected')" 1
is "... and the guard does not report it" "$(reports | wc -l)" 0
exit 0
