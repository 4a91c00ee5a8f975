# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Kernels from 6.15 on whose own check is off, by the boot line or by their configuration: no copy
# comes to the hook, and the module says why and does not load.
. ./guest.sh

case $(cat /proc/cmdline) in
*hardened_usercopy=off*) reason='hardened_usercopy=off on the boot line' ;;
*) reason='CONFIG_HARDENED_USERCOPY_DEFAULT_ON is not set' ;;
esac
if insmod usercopy_guard.ko 2>/dev/null; then
	not_ok "it does not load" "$(cat $fs/status)"
else
	ok "it does not load"
fi
is "... and says why, and what to do" "$(guard_log | grep 'not loaded' | sort -u)" \
	"this kernel's check is off ($reason), and so no copy comes to where the hook is; boot with hardened_usercopy=on; not loaded"
is "nothing is hooked" "$(hooks)" 0
is "no file of ours is left" "$(ls -d $fs $sysctl 2>/dev/null)" ""
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
