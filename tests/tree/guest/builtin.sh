# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# Behind tests/vm/guest.sh, where the guard is built in: the module's scripts run as
# they are. To load it is to give it what a module begins with.

insmod() {
	case $1 in
	usercopy_guard.ko)
		echo 0 >$sysctl/kill
		echo warn >$sysctl/policy
		echo flush >$fs/whitelist
		case ${2:-} in policy=*) echo "${2#policy=}" >$sysctl/policy ;; esac
		;;
	lkdtm.ko) test -e /sys/kernel/debug/provoke-crash/DIRECT ;;
	*) command insmod "$@" ;;
	esac
}

# Sum of KEY over the violations that match the given words.
sum() {
	key=$1
	shift
	violation_lines "$@" | sed -n "s/.* $key=\([0-9]*\).*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}
