#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What becomes of bad copies between kernel and user space under each policy of usercopy_guard.
# LKDTM makes the copies. Prints KTAP. Policy and rules are afterwards what they were.

guard=/sys/kernel/security/usercopy_guard
sysctl=/proc/sys/kernel/usercopy_guard
trigger=/sys/kernel/debug/provoke-crash/DIRECT
cache=lkdtm-usercopy
# Bytes of an object of that cache that LKDTM copies, and may not.
offset=255
length=64

nr=0
failures=0

skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

# result STATUS TEXT [DETAIL]
result()
{
	nr=$((nr + 1))
	if [ "$1" = 0 ]; then
		echo "ok $nr $2"
	else
		failures=$((failures + 1))
		echo "not ok $nr $2"
		[ -z "$3" ] || echo "# $3"
	fi
}

# is TEXT GOT WANTED
is()
{
	[ "$2" = "$3" ]
	result $? "$1" "got '$2', wanted '$3'"
}

# copy TRIGGER - in a process of its own, since it may die; says how that ended
copy()
{
	if sh -c "echo $1 > $trigger" 2>/dev/null; then
		echo lives
	else
		echo dies
	fi
}

# sum KEY KIND [CACHE] - of KEY in the violations of a kind
sum()
{
	grep " kind=$2 .* cache=${3:-[^ ]*} " "$guard/violations" |
		sed "s/.* $1=\([0-9]*\) .*/\1/" | {
			n=0
			while read -r v; do
				n=$((n + v))
			done
			echo "$n"
		}
}

# outcome TRIGGER OUTCOME KIND [CACHE] - the process lives, and one more copy ended like that
outcome()
{
	before=$(sum "$2" "$3" "$4")
	is "$policy: USERCOPY_$1: the process lives" "$(copy "USERCOPY_$1")" lives
	is "$policy: USERCOPY_$1: the copy is $2" "$(($(sum "$2" "$3" "$4") - before))" 1
}

set_policy()
{
	policy=$1
	echo "$policy" > "$sysctl/policy"
	is "$policy: is in force" "$(cat "$sysctl/policy")" "$policy"
}

# Rules are taken back in reverse: what was there already stays.
restore()
{
	echo "delete allow $cache $offset $length" > "$guard/whitelist" 2>/dev/null
	echo "$old_policy" > "$sysctl/policy"
}

[ "$(id -u)" = 0 ] || skip_all "needs root"
mountpoint -q /sys/kernel/security 2>/dev/null ||
	mount -t securityfs none /sys/kernel/security 2>/dev/null
mountpoint -q /sys/kernel/debug 2>/dev/null ||
	mount -t debugfs none /sys/kernel/debug 2>/dev/null
[ -d "$guard" ] || skip_all "no usercopy_guard here (CONFIG_USERCOPY_GUARD)"
grep -q '^coverage: none' "$guard/status" &&
	skip_all "the kernel's check is off; boot with hardened_usercopy=on"
[ -w "$trigger" ] || skip_all "no LKDTM here (CONFIG_LKDTM)"
[ "$(cat "$sysctl/locked")" = 0 ] || skip_all "the guard is locked"
[ "$(cat "$sysctl/kill")" = 0 ] || skip_all "the guard kills (kernel.usercopy_guard.kill)"
grep -q " $cache " "$guard/whitelist" && skip_all "there are rules for $cache"

old_policy=$(cat "$sysctl/policy")
trap restore EXIT

echo "TAP version 13"
echo "1..23"

set_policy warn
outcome SLAB_WHITELIST_TO allowed whitelist "$cache"
outcome SLAB_WHITELIST_FROM allowed whitelist "$cache"
outcome STACK_BEYOND allowed stack

set_policy fallback
outcome SLAB_WHITELIST_TO allowed whitelist "$cache"
outcome STACK_BEYOND refused stack

set_policy enforce
outcome SLAB_WHITELIST_TO refused whitelist "$cache"
outcome STACK_BEYOND refused stack

before=$(sum count whitelist "$cache")
echo "allow $cache $offset $length" > "$guard/whitelist"
is "a rule is listed" "$(grep -c "^allow $cache $offset $length" "$guard/whitelist")" 1
is "a copy that a rule allows: the process lives" "$(copy USERCOPY_SLAB_WHITELIST_TO)" lives
is "a copy that a rule allows is no violation" "$(sum count whitelist "$cache")" "$before"
echo "delete allow $cache $offset $length" > "$guard/whitelist"
outcome SLAB_WHITELIST_TO refused whitelist "$cache"

echo "severe" > "$sysctl/policy" 2>/dev/null
is "a word that is no policy changes nothing" "$(cat "$sysctl/policy")" enforce

[ "$failures" = 0 ] || exit 1
