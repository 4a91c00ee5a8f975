# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2154
# The kernel's own bad copies, with the guard built in and a policy from the boot line:
# as the module finds them (tests/vm/lkdtm.sh), and under "enforce" all are refused.
. ./guest.sh

policy=$(sed -n 's/.*usercopy_guard.policy=\([a-z]*\).*/\1/p' /proc/cmdline)
case $policy in enforce) verdict=refused past=0 ;; *) policy=warn verdict=allowed past=16 ;; esac

# Line of the log at which a text stands first.
log_line() {
	dmesg | grep -n "$1" | head -n 1 | cut -d : -f 1
}
watching=$(log_line "usercopy_guard: watching copies to and from user space; policy $policy, kill 0")
unpacking=$(log_line 'Unpacking initramfs\|Trying to unpack rootfs image')
is "the policy of the boot line holds before the first program is there" \
	"$(test "${watching:-9999}" -lt "${unpacking:-0}" && echo yes)" yes
is "the sysctl says $policy" "$(cat $sysctl/policy)" "$policy"
is "status: built in" "$(sed -n 's/^hook: //p' $fs/status)" "built into check_object_size()"
is "status: there is nothing that cannot be refused" \
	"$(sed -n 's/^cannot be refused here: //p' $fs/status)" nothing
command rmmod usercopy_guard 2>/dev/null
is "what is built in cannot be unloaded" "$(test -e $fs/status && echo there)" there

# The shared records of two triggers are counted on.
echo "$lkdtm_triggers" | while read -r t kind dir cache offset size; do
	[ -n "$t" ] || continue
	before=$(sum $verdict kind=$kind dir=$dir cache=$cache)
	distinct=$(grep -c . $fs/violations)
	forget
	lkdtm_lives USERCOPY_$t $past
	r=$(reports)
	echo "# ${r:-USERCOPY_$t: counted with one that was reported}"
	is "USERCOPY_$t: it is $verdict" "$(sum $verdict kind=$kind dir=$dir cache=$cache)" "$((before + 1))"
	distinct=$(($(grep -c . $fs/violations) - distinct))
	is "USERCOPY_$t: one report if it is a new one" "$(echo "$r" | grep -c .)" "$distinct"
	[ "$offset" = - ] ||
		is "USERCOPY_$t: its offset is $offset" "$(violation min kind=$kind dir=$dir cache=$cache)" "$offset"
	is "USERCOPY_$t: its size is $size" "$(violation maxsize kind=$kind dir=$dir cache=$cache)" "$size"
	[ -n "$r" ] || continue
	case $dir in to) verb=exposure ;; *) verb=overwrite ;; esac
	case $r in
	"$verb of "*" $size bytes at offset "*"; $verdict (policy $policy)") ok "USERCOPY_$t: the report has verb, size and verdict" ;;
	*) not_ok "USERCOPY_$t: the report has verb, size and verdict" "$r" ;;
	esac
	is "USERCOPY_$t: no raw address in the log" "$(guard_log | grep -cE '(^|[^0-9a-f])(0x)?[0-9a-f]{16}($|[^0-9a-f])')" 0
done

# Every way to copy, those included that a module cannot refuse.
insmod ucg_test.ko
refused=0
[ $verdict = refused ] && refused=100
for way in 'copy to' 'copy from' 'iter to' 'iter from' 'iter_full from' 'iter_nocache from' 'raw to' \
	   'raw from' 'inatomic to' 'inatomic from' 'strncpy from' 'cmsg to'; do
	# shellcheck disable=SC2086  # words
	set -- $way
	out=$(./ucg_copy slab:ucg_test_part 250 64 "$2" "$1" 100 2>&1)
	case $out in
	*"complete=$((100 - refused)) refused=$refused "*) ok "$1 $2 user space is $verdict, 100 times" ;;
	*) not_ok "$1 $2 user space is $verdict, 100 times" "$out" ;;
	esac
	out=$(./ucg_copy slab:ucg_test_part 256 64 "$2" "$1" 100 2>&1)
	case "$?.$out" in
	0.*"complete=100 refused=0 "*) ok "$1 $2 user space inside the whitelist passes, 100 times" ;;
	*) not_ok "$1 $2 user space inside the whitelist passes, 100 times" "$out" ;;
	esac
done

forget
yes "the kernel's own test of user copies passes" command insmod test_user_copy.ko
is "the kernel's own test of user copies causes no report" "$(reports | wc -l)" 0
is "nothing was not refusable here" "$(sum unrefusable)" 0
is "nothing was killed" "$(sum killed)" 0

if [ $policy = enforce ]; then
	echo 1 >$sysctl/locked
	echo warn 2>/dev/null >$sysctl/policy
	is "locked: the policy cannot be loosened" "$(cat $sysctl/policy)" enforce
fi
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
