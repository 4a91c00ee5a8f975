# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Boots with other parameters: one violation of each sort, one report, no death.
. ./guest.sh

insmod lkdtm.ko
yes "loads with '$(sed 's/.*loglevel=6 panic=-1 net.ifnames=0 //' /proc/cmdline)'" insmod usercopy_guard.ko
off=0
# By any of the kernel's words for it.
case $(cat /proc/cmdline) in *hardened-usercopy=OFF*) off=1 ;; esac
is "status says that the kernel's own check is off if it is" \
	"$(grep -cx "the kernel's own check: off (hardened_usercopy=off on the boot line); kill=1 refuses" $fs/status)" $off
forget
for t in SLAB_SIZE_TO SLAB_WHITELIST_TO SLAB_WHITELIST_FROM STACK_FRAME_TO VMALLOC FOLIO KERNEL; do
	lkdtm USERCOPY_$t
	is "USERCOPY_$t: the process lives" $? 0
done
is "one report for each" "$(reports | wc -l)" 7
is "the whitelist's cache, offset and size are right" \
	"$(violation min kind=whitelist dir=to cache=lkdtm-usercopy)-$(violation max kind=whitelist dir=to cache=lkdtm-usercopy)" 255-319
is "what leaves its object is known as that" "$(violation min kind=object dir=to cache=kmalloc-1k)" 16
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
forget
yes "the kernel's own test of user copies passes" insmod test_user_copy.ko
# Reading trace_pipe would wait for traces.
find /proc/self /sys/kernel -maxdepth 2 -type f ! -name trace_pipe ! -name kmsg -exec head -c 4096 {} \; >/dev/null 2>&1
is "harmless copies cause no report" "$(reports)" ""
if [ $off = 1 ]; then
	echo enforce >$sysctl/policy
	echo 1 >$sysctl/kill
	lkdtm USERCOPY_SLAB_SIZE_TO
	is "there is nobody to hand it to: kill=1 refuses" "$? $(violation refused kind=object dir=to cache=kmalloc-1k) $(violation killed kind=object dir=to cache=kmalloc-1k)" "0 1 0"
fi
yes "unloads" rmmod usercopy_guard
is "the kernel still has nothing to complain about" "$(kernel_complaints)" ""
exit 0
