# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# What a copy costs that has to look at rules, with 10 000 of them loaded. Instructions are
# counted: here the guest's clock ticks once an instruction, a nanosecond each (run-vm --icount).
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko

centiseconds() {
	tr -d . </proc/uptime | cut -d ' ' -f 1
}

# per_copy OFFSET TIMES - instructions for a copy of 64 bytes from ucg_test_part
per_copy() {
	start=$(centiseconds)
	./ucg_copy slab:ucg_test_part "$1" 64 to copy "$2" >/tmp/out || cat /tmp/out
	end=$(centiseconds)
	echo $(((end - start) * 10000000 / $2))
}

# The guest's own work from booting, and the code's first run. The clock that a shell can read
# ticks in hundredths of a second: two instructions, of five million copies.
sleep 5
per_copy 256 500000 >/dev/null
none=$(per_copy 256 5000000)
{
	seq 4999 | sed 's/.*/allow cache_& & 16/'
	seq 5000 | sed 's/.*/allow other_& & 16 to/'
	echo 'allow ucg_test_part 100 64'
} >/tmp/rules
./write_rules whole $fs/whitelist </tmp/rules
is "10 000 rules are loaded" "$(grep -c '^rules: 10000 for 10000 caches' $fs/status)" 1
many=$(per_copy 256 5000000)
forget
by_rule=$(per_copy 100 500000)
is "a rule lets copies pass" "$(guard_log)" ""
violation=$(per_copy 600 500000)
is "violations are counted" "$(violation count cache=ucg_test_part)" 500000
echo "# instructions: a copy $none, with 10 000 rules $many; one that a rule allows $by_rule, a violation $violation"
is "a good copy costs at most 2 % more with 10 000 rules" "$(test $((many * 100)) -le $((none * 102)) && echo yes)" yes
is "a rule is found in less than 2000 instructions" "$(test $((by_rule - many)) -lt 2000 && echo yes)" yes
is "a violation that is known is looked up and counted in less than 2000" "$(test $((violation - many)) -lt 2000 && echo yes)" yes
is "... which is more than nothing" "$(test $((by_rule - many)) -gt 20 && test $((violation - many)) -gt 20 && echo yes)" yes

# The files are read in one go, however many records there is room for, and caches in them.
rmmod usercopy_guard
insmod usercopy_guard.ko max_violations=65536
i=0
while [ $i -lt 200 ]; do
	./ucg_copy create many_$i 64 0 0 && ./ucg_copy slab:many_$i 0 32 to >/dev/null
	i=$((i + 1))
done
for file in violations caches; do
	start=$(centiseconds)
	cat $fs/$file >/tmp/$file
	end=$(centiseconds)
	echo "# the file $file: $((end - start)) hundredths of a second"
	is "the file $file has 200 caches in it" "$(grep -c ' *cache=many_' /tmp/$file)" 200
	is "... and takes less than 100 million instructions" "$(test $((end - start)) -lt 10 && echo yes)" yes
done
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
