# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# The policy table: every kind of violation, under every policy, in both directions,
# with the kill switch off and on.
#
# A cell is what became of the copy (allowed, refused, killed), what the copy function returned
# (bytes not copied), how many bytes at the destination changed, and the exit status of the
# process. A copy that is let through may still end at a page that is not mapped, as it would
# without the guard. A copy from user space to where nothing can be written (text, no area,
# NULL ...) cannot be let through without an oops of the test's own making; where the policy
# allows it, the cell is left out ("-"). Leaving a kmap page is no row: x86-64 has none.
. ./guest.sh

# kind, arguments for the test driver, bytes; "certain" where only a refusal can be survived
kinds="
whitelist   slab:ucg_test_part 250   64 any
object      slab:ucg_test_part 1000  64 any
redzone     slab:ucg_test_red  -4    8  any
vmalloc     vmalloc            8160  64 certain
page        page               16360 64 any
stack       stack              1024  64 certain
text        text               0     64 certain
module-text module-text        0     64 certain
wrap        wrap               0     96 certain
null        null               0     64 certain
"
cell=0
printf '# %-12s %-5s %-4s | %-19s | %-19s | %-19s\n' '' '' '' warn fallback enforce
printf '# %-12s %-5s %-4s | %-19s | %-19s | %-19s\n' kind dir kill 'what ret chg exit' \
	'what ret chg exit' 'what ret chg exit'

insmod ucg_test.ko

# Kernels with frame pointers kill for a copy over several live frames, others do not: what the
# kernel's own check does here, the guard does.
sh -c './ucg_copy -0 across 0 512 to; exit $?' >/dev/null 2>&1
across=$?
is "the kernel's own check knows of frames, or does not" "$(case $across in 0 | 139) echo yes ;; esac)" yes
[ $across = 0 ] || kinds="$kinds
stack       across             0     512 certain"
forget

insmod usercopy_guard.ko
if [ $across = 0 ]; then
	yes "a copy over several frames passes, as in the kernel's own check" ./ucg_copy across 0 512 to
	is "... and is not reported" "$(reports)" ""
fi
yes "a copy in a frame of a caller's caller passes" ./ucg_copy frame 0 128 to copy 1000
yes "... and back" ./ucg_copy frame 0 128 from copy 1000
is "... and is not reported" "$(reports)" ""

# What DESIGN's table says.
expected() {
	case $2 in
	warn) echo allowed ;;
	fallback) case $1 in whitelist) echo allowed ;; *) echo "$3" ;; esac ;;
	enforce) echo "$3" ;;
	esac
}

value() {
	echo "$out" | sed -n "s/.*\<$1=\([-0-9]*\).*/\1/p"
}

run_cell() {
	kind=$1 where=$2 offset=$3 len=$4 reach=$5 dir=$6 kill=$7 policy=$8
	if [ "$kill" = 1 ]; then refusal=killed; else refusal=refused; fi
	want=$(expected "$kind" "$policy" $refusal)
	# To user space everything can be read that is mapped; the rest faults, as a copy.
	if [ "$reach" = certain ] && [ "$want" != refused ] && [ "$dir" = from ]; then
		# What is killed is not copied either, but the driver must not be asked.
		[ "$want" = allowed ] && result=- && return
	fi
	echo "$policy" >$sysctl/policy
	certain=
	[ "$want" != allowed ] && certain=certain
	before=$(violation "$want" kind=$kind dir=$dir)
	out=$(sh -c "./ucg_copy -0 $where $offset $len $dir copy 1 $certain; exit \$?" 2>&1)
	status=$?
	changed=$(value changed)
	[ "$dir" = to ] && changed=$(value user)
	ret=$(value ret)
	figures="${ret:--} ${changed:--} $status"
	result="? $out"
	case $want in
	allowed)
		# It went ahead: complete, or stopped by a fault as it would have been without us.
		case "$status.$(value complete).$changed" in
		0.1.0) result="? nothing arrived, $out" ;;
		0.1.*) result=allowed ;;
		0.0.*) [ "$reach" = certain ] && result=allowed ;;
		esac
		;;
	refused)
		[ "$status.$(value errno).$(value ret).$(value complete).$changed" = "0.14.$len.0.0" ] && result=refused
		;;
	killed)
		[ $status = 139 ] && result=killed
		;;
	esac
	after=$(violation "$want" kind=$kind dir=$dir)
	[ "$((${after:-0}))" = "$((${before:-0} + 1))" ] || result="$result, counted ${before:-0} to ${after:-0}"
}

for kill in 0 1; do
	echo $kill >$sysctl/kill
	echo "$kinds" | while read -r kind where offset len reach; do
		[ -n "$kind" ] || continue
		for dir in to from; do
			line=
			for policy in warn fallback enforce; do
				forget
				run_cell "$kind" "$where" "$offset" "$len" "$reach" $dir $kill $policy
				[ "$result" = - ] && figures=
				line="$line $(printf '%-19s' "$result $figures") |"
				[ "$result" = - ] && continue
				is "$kind $dir user space under $policy, kill $kill" "$result" "$want"
				if [ "$want" != killed ]; then
					complaints=$(kernel_complaints)
					[ -z "$complaints" ] || not_ok "... and the kernel does not complain" "$complaints"
				fi
			done
			printf '# %-12s %-5s %-4s |%s\n' "$kind" $dir $kill "$line"
		done
	done
done
exit 0
