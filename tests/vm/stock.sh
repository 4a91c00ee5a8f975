# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Without the guard: what the stock kernel does.
. ./guest.sh

insmod lkdtm.ko
# USERCOPY_VMALLOC is not among them: 6.1 counts the unmapped page behind an area to it.
for t in SLAB_SIZE_TO SLAB_SIZE_FROM SLAB_WHITELIST_TO SLAB_WHITELIST_FROM \
	STACK_FRAME_TO STACK_FRAME_FROM STACK_BEYOND FOLIO KERNEL; do
	forget
	lkdtm USERCOPY_$t
	is "without the guard, USERCOPY_$t kills its process" $? 139
	yes "without the guard, USERCOPY_$t is a kernel BUG" sh -c "dmesg | grep -q 'kernel BUG at mm/usercopy.c'"
done
exit 0
