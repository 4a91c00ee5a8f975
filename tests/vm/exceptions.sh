# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# What is known of a violation, and policies for the code that does it: which bytes, by whom, when
# what became of it; one driver left alone under enforce, another one refused.
. ./guest.sh

rules=$fs/whitelist
mount -t debugfs none /sys/kernel/debug 2>/dev/null
insmod usercopy_guard.ko
insmod ucg_test.ko
insmod lkdtm.ko
# Without a reader of its own, audit writes to the log, which leaves out lines when there are many.
echo 0 >/proc/sys/kernel/printk_ratelimit

### Which bytes

./ucg_copy slab:ucg_test_bare 100 8 to >/dev/null
./ucg_copy slab:ucg_test_bare 0 8 to >/dev/null
is "two parts of an object are two ranges" "$(violation ranges cache=ucg_test_bare dir=to)" 0-7,100-107
./ucg_copy slab:ucg_test_bare 8 4 to >/dev/null
is "... of which one grows, and no byte more" "$(violation ranges cache=ucg_test_bare dir=to)" 0-11,100-107
for offset in 0 20 40 60 80 100 120 140; do ./ucg_copy slab:ucg_test_bare $offset 8 from >/dev/null; done
is "eight parts are eight ranges" "$(violation ranges cache=ucg_test_bare dir=from)" \
	0-7,20-27,40-47,60-67,80-87,100-107,120-127,140-147
./ucg_copy slab:ucg_test_bare 160 8 from >/dev/null
is "nine are too many" "$(violation ranges cache=ucg_test_bare dir=from)" spread
./ucg_copy slab:ucg_test_bare 0 200 from >/dev/null
is "... whatever follows" "$(violation ranges cache=ucg_test_bare dir=from)" spread
echo 'deny ucg_test_part 300 4' >$rules
./ucg_copy slab:ucg_test_part 300 8 to >/dev/null
./ucg_copy slab:ucg_test_part 200 8 to >/dev/null
is "what a rule denies is a violation of its own" "$(violation ranges cache=ucg_test_part denied=1)" 300-307
is "... and what nobody allows is another" "$(violation ranges cache=ucg_test_part denied=0)" 200-207
echo flush >$rules

### Told again

forget
is "what was not refused has no time for it" "$(violation refused_at cache=ucg_test_bare dir=to)" -
echo enforce >$sysctl/policy
before=$(cut -d ' ' -f 1 /proc/uptime)
./ucg_copy slab:ucg_test_bare 100 8 to >/dev/null
./ucg_copy slab:ucg_test_bare 100 8 to >/dev/null
at=$(violation refused_at cache=ucg_test_bare dir=to)
is "the first refusal of what is known has its time" \
	"$(echo "$before $at $(cut -d ' ' -f 1 /proc/uptime)" | awk '{ print ($1 - 0.02 <= $2 && $2 <= $3 + 0.02) }')" 1
is "... and one line of the log" "$(guard_log | grep -c "^now also: exposure of kernel memory .* 'ucg_test_bare' .*; by copy_to+.* \[ucg_test\], .*; refused (policy enforce)$")" 1
is "... and no report anew" "$(reports | wc -l)" 0
is "... and one record of audit" "$(audit_records | grep -c 'cache="ucg_test_bare" .*module="ucg_test" policy=enforce by="global" outcome=refused res=0$')" 1
is "the log comes first" "$(dmesg | grep -nE 'now also|type=1316' | sed 's/.*\(now also\|type=1316\).*/\1/' | head -n 2 | tr '\n' ' ')" "now also type=1316 "

### Names that could be mistaken

cp ucg_copy "$(printf '/tmp/a b\nc')"
./ucg_copy create odd 256 0 0
"$(printf '/tmp/a b\nc')" slab:odd 0 8 to >/dev/null
is "no control character in any file" "$(cat $fs/violations $fs/caches | tr -d '\n\40-\176' | wc -c)" 0
is "... the name is escaped" "$(violation comm cache=odd)" 'a\040b\012c'
is "each line has as many words as the others" "$(awk '{ print NF }' $fs/violations | sort -u | wc -l)" 1

### The caller is known when its module has gone

caller=$(violation caller cache=ucg_test_bare dir=to)
stack=$(violation stack cache=ucg_test_bare dir=to)
id_of() {
	violation_lines cache=ucg_test_bare dir=to | sed 's/^id=\([0-9]*\) .*/\1/'
}
id=$(id_of)
count=$(violation count cache=ucg_test_bare dir=to)
./ucg_copy slab:ucg_test_red -4 8 to >/dev/null
rmmod ucg_test
is "after rmmod the caller is what it was" "$(violation caller cache=ucg_test_bare dir=to)" "$caller"
is "... also of what came just before" "$(violation_lines cache=ucg_test_red | grep -c ' caller=copy_to+[^ ]*\[ucg_test\] module=ucg_test .* stack=copy_to+')" 1
case $stack in
*,*'[ucg_test]'*) ok "... and the stack was told by names" ;;
*) not_ok "... and the stack was told by names" "$stack" ;;
esac
is "... which stay" "$(violation stack cache=ucg_test_bare dir=to)" "$stack"
is "no raw address anywhere" "$(cat $fs/violations $fs/caches $fs/status | grep -ciE 'ffff[0-9a-f]{8}')" 0
insmod ucg_test.ko
./ucg_copy slab:ucg_test_bare 100 8 to >/dev/null
is "when the same code is back, it is the same violation" "$(id_of)" "$id"
is "... and counted on" "$(violation count cache=ucg_test_bare dir=to)" $((count + 1))
is "... and is still one" "$(violation_lines cache=ucg_test_bare dir=to | wc -l)" 1
for _ in 1 2 3 4 5 6 7 8; do
	rmmod ucg_test && insmod ucg_test.ko
	./ucg_copy slab:ucg_test_bare 100 8 to >/dev/null
done
is "... however often it comes back" "$(violation_lines cache=ucg_test_bare dir=to | wc -l)" 1

### One driver is left alone, another one is not

# kind, arguments for the test driver, what LKDTM has for it
kinds="
whitelist slab:ucg_test_part 250   64 SLAB_WHITELIST_TO
object    slab:ucg_test_part 1000  64 SLAB_SIZE_TO
vmalloc   vmalloc            8160  64 VMALLOC
page      page               16360 64 FOLIO
stack     stack              1024  64 STACK_BEYOND
text      text               0     64 KERNEL
null      null               0     64 -
"
# sum KEY WORD... - over all lines that match
sum() {
	key=$1
	shift
	violation_lines "$@" | sed -n "s/.* $key=\([0-9]*\) .*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}

# each RULE BY - the test driver's copies go ahead by this rule, LKDTM's do not
each() {
	while read -r kind where offset len trigger; do
		[ -n "$kind" ] || continue
		rule=$(echo "$1" | sed "s/KIND/$kind/")
		by=$(echo "$2" | sed "s/KIND/$kind/")
		{ echo flush && echo "policy $rule warn"; } | ./write_rules whole $rules >/dev/null
		allowed=$(sum allowed kind=$kind dir=to module=ucg_test)
		./ucg_copy "$where" "$offset" "$len" to >/dev/null 2>&1
		is "policy $rule warn under enforce: $kind goes ahead" "$(sum allowed kind=$kind dir=to module=ucg_test)" $((allowed + 1))
		is "... by that rule" "$(violation_lines kind=$kind dir=to module=ucg_test | grep -c " policy=warn by=$by ")" 1
		[ "$trigger" = - ] && continue
		refused=$(sum refused kind=$kind module=lkdtm)
		lkdtm "USERCOPY_$trigger"
		after=$(sum refused kind=$kind module=lkdtm)
		case $1 in
		kind:*) is "... and LKDTM's, too" "$((after - refused))" 0 ;;
		*) is "... and LKDTM's is refused" "$((after - refused > 0))" 1 ;;
		esac
	done <<-LIST
		$kinds
	LIST
}
each module:ucg_test module:ucg_test
each caller:copy_to@ucg-test caller:copy_to@ucg_test
each caller:copy_to caller:copy_to
each kind:KIND kind:KIND
echo 'delete policy kind:null warn' >$rules
is "a rule is taken back" "$(cat $rules)" ""

# The most particular one decides.
printf '%s\n' 'policy kind:whitelist warn' 'policy ucg_test_part enforce' | ./write_rules whole $rules >/dev/null
./ucg_copy slab:ucg_test_part 250 64 to >/dev/null
is "the cache's policy comes before the kind's" $? 14
echo 'policy module:ucg_test warn' >$rules
yes "the module's before the cache's" ./ucg_copy slab:ucg_test_part 250 64 to
echo 'policy caller:copy_to enforce' >$rules
./ucg_copy slab:ucg_test_part 250 64 to >/dev/null
is "the caller's before the module's" $? 14
echo 'policy caller:copy_to@ucg_test warn' >$rules
yes "... of just this module before any" ./ucg_copy slab:ucg_test_part 250 64 to

odd=$(awk 'BEGIN { for (i = 1; i < 256; i++) if (i != 64) printf "\\%03o", i }')
is "names of 254 odd bytes are names" "$({ echo flush && echo "policy caller:$odd warn" && echo "policy module:$odd warn" && echo "policy $odd warn"; } | ./write_rules whole $rules)" ok=1
cat $rules >/tmp/saved
{ echo flush && cat /tmp/saved; } | ./write_rules whole $rules >/dev/null
yes "... and are read as what restores them" cmp /tmp/saved $rules
seq 10000 | sed 's/.*/policy caller:nobody_&@nowhere warn/' | ./write_rules whole $rules >/tmp/out
is "10 000 rules for callers that do not exist load" "$(cat /tmp/out)" ok=1
echo flush >$rules

### Another build of the same driver

forget
# Once by its own code, and once by the kernel's, for it.
./ucg_copy slab:ucg_test_bare 8 8 to >/dev/null
./ucg_copy slab:ucg_test_bare 8 64 to cmsg >/dev/null
# builds CALLER - how many have done it
builds() {
	violation_lines cache=ucg_test_bare dir=to | grep " caller=$1" | sed 's/.* srcversion=\([^ ]*\) .*/\1/' | sort -u | grep -c .
}
is "the driver's own code, and the kernel's for it" "$(builds 'copy_to+') $(builds 'put_cmsg+')" "1 1"
rmmod ucg_test && insmod ucg_test.ko
./ucg_copy slab:ucg_test_bare 8 64 to cmsg >/dev/null
is "the same build again is the same" "$(builds 'put_cmsg+') $(violation_lines cache=ucg_test_bare dir=to | grep -c put_cmsg+)" "1 1"
rmmod ucg_test && insmod ucg_test_anew.ko
./ucg_copy slab:ucg_test_bare 8 8 to >/dev/null
./ucg_copy slab:ucg_test_bare 8 64 to cmsg >/dev/null
is "another build is another one, whose ever code has copied" "$(builds 'copy_to+') $(builds 'put_cmsg+')" "2 2"
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
