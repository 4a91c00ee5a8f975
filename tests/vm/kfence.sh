# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Objects that KFENCE has taken under guard, by the thousand: rules hold for them as for others, and
# what is reported of them is right to the byte. Booted with kfence.sample_interval=1.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko policy=enforce
is "KFENCE takes an object every millisecond" "$(cat /sys/module/kfence/parameters/sample_interval)" 1

copies=0 of_kfence=0

# fresh TEXT CACHE OFFSET LENGTH TIMES WANTED - so many copies, from an object anew each; WANTED of
# "complete refused"
fresh() {
	out=$(./ucg_copy "fresh$2" "$3" "$4" to copy "$5" 2>&1)
	guarded=$(echo "$out" | sed -n 's/.* guarded=\([0-9]*\)$/\1/p')
	case "$out" in
	*" complete=$6 "*) ok "$1, $5 times ($guarded of KFENCE's)" ;;
	*) not_ok "$1, $5 times" "$out" ;;
	esac
	copies=$((copies + $5)) of_kfence=$((of_kfence + ${guarded:-0}))
	[ "${guarded:-0}" -ge 20 ] || not_ok "... there were enough of KFENCE's" "$out"
}

# range CACHE KIND - the lowest byte seen, and one past the highest
range() {
	echo "$(violation min kind="$2" dir=to cache="$1")-$(violation max kind="$2" dir=to cache="$1")"
}

many=200000
./ucg_copy create bare 512 0 0
./ucg_copy create other 512 0 0
./ucg_copy create odd 200 0 0
./ucg_copy create region 1000 96 64
./ucg_copy create whole 512 0 512
{
	for cache in bare odd; do echo "allow $cache 64 24 to"; done
	echo 'deny whole 64 24'
} >$fs/whitelist
forget
fresh "what a rule allows passes" :bare 64 24 5000000 "5000000 refused=0"
is "... and is counted, each" "$(sed -n 's/^cache=bare .* ruled_to=\([0-9]*\) .*/\1/p' $fs/caches)" 5000000
fresh "... where the object's size is no multiple of a cache line" :odd 64 24 $many "$many refused=0"
fresh "the cache's own region passes" :region 96 64 $many "$many refused=0"
fresh "what a deny rule leaves of it passes" :whole 88 424 $many "$many refused=0"
fresh "an object of kmalloc() that fills its cache's objects by three quarters passes" '' 0 72 2000000 "2000000 refused=0"
is "nothing of that is reported" "$(reports)" ""

fresh "one byte more is refused" :bare 64 25 $many "0 refused=$many"
is "... and reported with its true offset" "$(range bare whitelist)" 64-89
fresh "one byte less in front is refused" :odd 63 24 $many "0 refused=$many"
is "... and reported with its true offset" "$(range odd whitelist)" 63-87
fresh "what is further on by what objects are aligned to is refused" :region 104 64 $many "0 refused=$many"
is "... and reported with its true offset" "$(range region whitelist)" 104-168
fresh "without a rule all is refused" :other 64 24 $many "0 refused=$many"
is "... and reported with its true offset" "$(range other whitelist)" 64-88
fresh "what a deny rule narrows is refused" :whole 60 8 $many "0 refused=$many"
is "... and reported with its true offset" "$(range whole whitelist)" 60-68
is "... and said to be narrowed by a rule" "$(reports | grep -c "slab object 'whole'.*narrowed by a rule")" 1
fresh "what leaves its object is refused" :whole 500 16 $many "0 refused=$many"
is "... and reported with its true offset" "$(range whole object)" 500-516
fresh "what leaves its object, and its page when it lies at the end, is refused" '' 64 64 $many "0 refused=$many"
is "all that was reported twice is of one kind" "$(violation_lines dir=to cache=whole | wc -l)" 2
echo fallback >$sysctl/policy
fresh "under fallback, what stays in its object passes" :bare 0 512 $many "$many refused=0"
fresh "... and what leaves it does not" :bare 0 513 $many "0 refused=$many"

# What is asked for by its size, and has a region of its own: messages of System V.
echo enforce >$sysctl/policy
forget
yes "messages of all sizes are sent and received under enforce" ./messages
is "nothing of that is reported" "$(reports)" ""
is "the kernel has nothing to complain about" "$(kernel_complaints | grep -v KFENCE)" ""
yes "unloads" rmmod usercopy_guard
echo "amount $copies copies of objects"
echo "amount $of_kfence of them KFENCE's"
exit 0
