# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Evidence of use: which rules let copies through, and, in samples, what good copies use.
. ./guest.sh

insmod usercopy_guard.ko
insmod ucg_test.ko

# cache KEY NAME - a value of its line in the file caches
cache() {
	sed -n "s/^cache=$2 .* $1=\([^ ]*\).*/\1/p" $fs/caches
}

### Rules count

printf '%s\n' 'allow ucg_test_bare 0 64 to' 'allow ucg_test_part 0 64' | ./write_rules whole $fs/whitelist >/dev/null
./ucg_copy slab:ucg_test_bare 0 64 to copy 5 >/dev/null
is "copies that only a rule lets through are counted" "$(cache ruled_to ucg_test_bare)" 5
is "... by direction" "$(cache ruled_from ucg_test_bare)" 0
is "... with the last one's time" "$(cache ruled_last ucg_test_bare | grep -c '^[0-9]*\.[0-9]*$')" 1
is "... in a line without a violation" "$(cache violations ucg_test_bare) $(cache first ucg_test_bare) $(cache last ucg_test_bare)" "0 - -"
./ucg_copy slab:ucg_test_part 256 64 to copy 5 >/dev/null
is "copies that the kernel allows are not" "$(cache ruled_to ucg_test_part)" ""
echo 'deny ucg_test_red' >$fs/whitelist
./ucg_copy slab:ucg_test_part 256 64 to copy 5 >/dev/null
is "... nor while they are looked at closely" "$(cache ruled_to ucg_test_part)" ""
./ucg_copy slab:ucg_test_part 0 64 from copy 3 >/dev/null
is "... and those by rule are" "$(cache ruled_from ucg_test_part)" 3
echo flush >$fs/whitelist

### Evidence

is "evidence is off" "$(cat $sysctl/evidence)" 0
./ucg_copy slab:ucg_test_part 256 16 to copy 100000 >/dev/null
is "... and good copies leave no trace" "$(cache used_to ucg_test_part)" -
forget
echo 1 >$sysctl/evidence
is "turning it on is told" "$(guard_log | grep -c '^evidence is 1, was 0; by process ')" 1
is "nothing but 0 and 1 is taken" "$( { echo 2 >$sysctl/evidence; } 2>&1 | grep -c .)" 1
# use KEY OFFSET LENGTH DIRECTION - copy until the cache's line has KEY: a window opens every five
# seconds, and is short enough for a busy host to hold the guest's CPU for all of it
use() {
	start=$(cut -d . -f 1 /proc/uptime)
	while [ $(($(cut -d . -f 1 /proc/uptime) - start)) -lt 90 ]; do
		./ucg_copy slab:ucg_test_part "$2" "$3" "$4" copy 20000 >/dev/null
		case $(cache "$1" ucg_test_part) in '' | -) ;; *) return ;; esac
	done
}
# Both at once: a window may meet both.
use used_to 256 16 to &
use used_from 300 20 from
wait
is "good copies are seen" "$(cache used_to ucg_test_part | grep -c '^[0-9]*\.[0-9]*$')" 1
is "... the bytes to user space" "$(cache ranges_to ucg_test_part)" 256-271
is "... and from it" "$(cache ranges_from ucg_test_part)" 300-319
is "... in no violation" "$(cache violations ucg_test_part)" 0
echo "# $(grep -c . $fs/caches) caches seen in use"
echo 0 >$sysctl/evidence
last=$(cache used_to ucg_test_part)
./ucg_copy slab:ucg_test_part 256 16 to copy 200000 >/dev/null
sleep 6
./ucg_copy slab:ucg_test_part 256 16 to copy 200000 >/dev/null
is "off again, nothing is seen" "$(cache used_to ucg_test_part)" "$last"
for _ in 1 2 3 4 5 6 7 8 9 10; do echo 1 >$sysctl/evidence; echo 0 >$sysctl/evidence; done
echo 1 >$sysctl/evidence
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads while it is on" rmmod usercopy_guard
exit 0
