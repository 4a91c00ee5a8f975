# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# With the guard in its default policy: the same triggers, and nobody dies.
. ./guest.sh

insmod lkdtm.ko
yes "the module loads" insmod usercopy_guard.ko

echo "$lkdtm_triggers" | while read -r t kind dir cache offset size; do
	[ -n "$t" ] || continue
	# Two of them share a call site, and so would share a report: begin anew.
	rmmod usercopy_guard && insmod usercopy_guard.ko
	forget
	lkdtm_lives USERCOPY_$t 16
	is "USERCOPY_$t: exactly one report" "$(reports | wc -l)" 1
	case $dir in to) verb=exposure ;; *) verb=overwrite ;; esac
	r=$(reports)
	# Keeps the serial line readable for whoever reads along.
	echo "# $r"
	case $r in
	"$verb of "*" $size bytes at offset "*"; allowed (policy warn)") ok "USERCOPY_$t: the report has verb, size and verdict" ;;
	*) not_ok "USERCOPY_$t: the report has verb, size and verdict" "$r" ;;
	esac
	is "USERCOPY_$t: its kind is $kind" "$(violation count kind=$kind dir=$dir cache=$cache)" 1
	[ "$offset" = - ] ||
		is "USERCOPY_$t: its offset is $offset" "$(violation min kind=$kind dir=$dir cache=$cache)" "$offset"
	is "USERCOPY_$t: its size is $size" "$(violation maxsize kind=$kind dir=$dir cache=$cache)" "$size"
	# The slab in front and the slab that is exposed belong to LKDTM; the report's text
	# must not tell where in memory they are.
	is "USERCOPY_$t: no raw address in the log" "$(guard_log | grep -cE '(^|[^0-9a-f])(0x)?[0-9a-f]{16}($|[^0-9a-f])')" 0
	is "USERCOPY_$t: the calling module is named" "$(echo "$r" | grep -c '\[lkdtm\]')" 1

	# Only reads: writing past an object twice would do real harm to the guest.
	[ "$dir" = to ] || continue
	forget
	lkdtm USERCOPY_$t
	is "USERCOPY_$t again: counted" "$(violation count kind=$kind dir=$dir cache=$cache)" 2
	is "USERCOPY_$t again: not reported again" "$(reports | wc -l)" 0
done

# A process that tries to write a line of its own into the log, by its name.
rmmod usercopy_guard && insmod usercopy_guard.ko
forget
sh -c 'printf "a\nforged: x" >/proc/self/comm
	echo USERCOPY_SLAB_WHITELIST_TO >/sys/kernel/debug/provoke-crash/DIRECT'
is "a newline in the process's name does not end the line" "$(reports | grep -c 'process a\\nforged: x\[.*allowed (policy warn)$')" 1
is "... nor begin one" "$(dmesg | grep -c "^\[[^]]*\] forged")" 0

forget
# Later kernels have it as one of KUnit's, and Debian's for clouds leave it out.
case $(uname -r) in
*-cloud-amd64) ;;
6.1.*)
	yes "the kernel's own test of user copies passes" insmod test_user_copy.ko
	is "the kernel's own test of user copies causes no report" "$(reports | wc -l)" 0
	;;
esac

yes "the module unloads" rmmod usercopy_guard
is "nothing is hooked after that" "$(hooks)" 0
exit 0
