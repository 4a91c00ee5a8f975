# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2154
# Booted with hardened_usercopy=off: the guard is off as well, and says so.
. ./guest.sh

is "the log says that it is off" \
	"$(dmesg | grep -c 'usercopy_guard: off, by hardened_usercopy=off on the boot line')" 1
is "status: nothing is covered" "$(sed -n 's/^coverage: //p' $fs/status)" \
	"none (hardened_usercopy=off on the boot line)"
forget
lkdtm USERCOPY_SLAB_WHITELIST_TO
is "a bad copy goes ahead" $? 0
is "... and nobody mentions it" "$(reports | wc -l)" 0
is "... nor counts it" "$(grep -c . $fs/violations)" 0
exit 0
