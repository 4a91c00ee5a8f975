# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# A flood of violations neither floods the log nor stops the machine.
. ./guest.sh

insmod ucg_test.ko
insmod usercopy_guard.ko
forget
start=$(cut -d . -f 1 /proc/uptime)
for i in 1 2 3 4; do
	./ucg_copy slab:ucg_test_part 250 64 to copy 50000 >/tmp/out.$i &
done
wait
end=$(cut -d . -f 1 /proc/uptime)
is "200 000 violations of one kind: one report" "$(reports | wc -l)" 1
is "... all counted" "$(violation count kind=whitelist dir=to)" 200000
echo "# 200000 violations in $((end - start)) s"
echo "amount 200000 violations"
is "... and not more than 30 lines in the log" "$(test "$(guard_log | wc -l)" -le 30 && echo yes)" yes
yes "unloads" rmmod usercopy_guard
is "what was not told is summed up" "$(guard_log | awk '/^[0-9]* further violations/ { sum += $1 } END { print sum }')" 199999
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""

# More distinct violations than there is room for.
forget
insmod usercopy_guard.ko max_violations=16
i=0
while [ $i -lt 40 ]; do
	./ucg_copy create many_$i 256 0 0 && ./ucg_copy slab:many_$i 0 64 to >/dev/null
	i=$((i + 1))
done
listed=$(grep -c . $fs/violations)
lost=$(sed -n 's/.*not listed \([0-9]*\).*/\1/p' $fs/status)
is "what finds no room in the store is counted" "$((listed + lost))" 40
is "... and there was no room" "$(test "$lost" -gt 0 && echo yes)" yes
is "reports come at a bounded rate" "$(test "$(reports | wc -l)" -le 21 && echo yes)" yes
is "what became of them is counted" "$(grep -c '^violations: distinct 16, allowed 40, refused 0, unrefusable 0, killed 0, ' $fs/status)" 1
# The code goes, and with it its place among those that are known: it is kept for it.
rmmod ucg_test && insmod ucg_test.ko
./ucg_copy create many_0 256 0 0 && ./ucg_copy slab:many_0 0 64 to >/dev/null
is "what is known is counted on when its module comes again, though there is no room" \
	"$(violation count cache=many_0) $(sed -n 's/.*not listed \([0-9]*\).*/\1/p' $fs/status)" "2 $lost"
echo enforce >$sysctl/policy
./ucg_copy create many_40 256 0 0 && ./ucg_copy -0 slab:many_40 0 64 to >/dev/null
is "a refusal that there is no room for is one" \
	"$(grep -c "^violations: .* refused 1, unrefusable 0, killed 0, not listed $((lost + 1))" $fs/status)" 1
yes "unloads" rmmod usercopy_guard
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
