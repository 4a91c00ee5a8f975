# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Who is told of a violation: the log and audit once, the tracepoint each time, and the files.
. ./guest.sh

tracing=/sys/kernel/tracing
insmod ucg_test.ko
insmod usercopy_guard.ko
copies=3
# Without a reader of its own, audit writes to the log, which leaves out lines when there are many.
echo 0 >/proc/sys/kernel/printk_ratelimit

forget
echo 1 >$tracing/events/usercopy_guard/usercopy_violation/enable
./ucg_copy slab:ucg_test_part 250 64 to copy $copies >/dev/null
echo 0 >$tracing/events/usercopy_guard/usercopy_violation/enable
is "the log has one report" "$(reports | wc -l)" 1
is "audit has one record" "$(audit_records | wc -l)" 1
record=$(audit_records)
echo "# $record"
case $record in
'op=usercopy_guard kind=whitelist dir=to cache="ucg_test_part" offset=250 size=64 objsize=1024 pid='*' uid=0 auid=4294967295 ses='*' comm="ucg_copy" caller="copy_to+'*'[ucg_test]" module="ucg_test" policy=warn by="global" outcome=allowed res=1'*)
	ok "... that says what, where, who, and that it went ahead" ;;
*) not_ok "... that says what, where, who, and that it went ahead" "$record" ;;
esac
grep usercopy_violation: $tracing/trace >/tmp/trace
is "the tracepoint fired each time" "$(wc -l </tmp/trace)" $copies
sed -n 's/^/# /p;q' /tmp/trace
is "... with all that is known" "$(grep -c 'usercopy_violation: kind=whitelist dir=to cache=ucg_test_part offset=250 size=64 objsize=1024 useroffset=256 usersize=64 action=allow policy=warn function=copy_to+0x[0-9a-f]* module=ucg_test caller=copy_to+[^ ]* \[ucg_test\]$' /tmp/trace)" $copies

forget
echo enforce >$sysctl/policy
is "a change of the policy is told, and by whom" "$(guard_log | grep -c '^policy is enforce, was warn; by process [^ ]*\[[0-9]*\], uid 0, auid 4294967295$')" 1
is "... and audit has it" "$(lines 1 'audit: type=1305 .*: op=usercopy_guard_policy old="warn" new="enforce" ppid=[0-9]* pid=[0-9]* auid=4294967295 uid=0 .* comm="[^ ]*" exe="[^ ]*" .*res=1$')" 1
echo 1 >$tracing/events/usercopy_guard/usercopy_change/enable
echo 1 >$sysctl/kill
echo 0 >$sysctl/kill
printf '%s\n' 'allow x 0 8' 'policy caller:y warn' | ./write_rules whole $fs/whitelist >/dev/null
echo flush >$fs/whitelist
is "so is kill" "$(guard_log | grep -c '^kill is [01], was [01]; by process ')" 2
is "so are rules" "$(guard_log | grep -c '^whitelist is 2 rules, was 0 rules; by process write_rules')" 1
is "... each write" "$(lines 2 'type=1305 .*: op=usercopy_guard_whitelist ')" 2
is "the tracepoint has them all" "$(grep -c "usercopy_change: what=\(kill\|whitelist\) before='[^']*' now='[^']*'$" $tracing/trace)" 4
echo 0 >$tracing/events/usercopy_guard/usercopy_change/enable
forget
./ucg_copy slab:ucg_test_bare 8 8 from >/dev/null
case $(audit_records) in
*'dir=from cache="ucg_test_bare" offset=8 size=8 '*' policy=enforce by="global" outcome=refused res=0'*) ok "a refused copy's record has res=0" ;;
*) not_ok "a refused copy's record has res=0" "$(audit_records)" ;;
esac
echo warn >$sysctl/policy

# Names that could be mistaken for another field are in hex.
forget
./ucg_copy "slab:ucg_test blank" 0 8 to >/dev/null
is "audit has a name with a blank in hex" "$(audit_records | grep -c ' cache=756367[0-9a-f]* ')" 1
is "the violations file has it escaped" "$(violation count 'cache=ucg_test\040blank')" 1

is "caches has a line for each cache" "$(grep -c '^cache=' $fs/caches)" 3
is "... with its sum" "$(grep -c "^cache=ucg_test_part policy=- violations=1 allowed=$copies refused=0 unrefusable=0 killed=0 first=[0-9.]* last=[0-9.]* used_to=- used_from=- ranges_to=- ranges_from=- ruled_to=0 ruled_from=0 ruled_last=-$" $fs/caches)" 1
is "... and what was refused" "$(grep -c '^cache=ucg_test_bare policy=- violations=1 allowed=0 refused=1 ' $fs/caches)" 1
is "status adds up" "$(sed -n 's/^violations: //p' $fs/status)" "distinct 3, allowed 4, refused 1, unrefusable 0, killed 0, not listed 0"
is "status names the hook" "$(grep -c '^hook: ftrace direct call on __check_object_size$' $fs/status)" 1
is "only root reads what was seen" "$(find $fs -type f -perm /077)" ""
is "nowhere is a raw kernel address" "$(cat $fs/violations $fs/caches $fs/status | grep -ciE 'ffff[0-9a-f]{8}')" 0

# What only a rule lets through, and nothing else.
./write_rules whole $fs/whitelist >/dev/null <<-RULES
	allow ucg_test_part 192 8 to
	deny ucg_test_red
RULES
echo 1 >$tracing/events/usercopy_guard/usercopy_ruled/enable
./ucg_copy slab:ucg_test_part 192 72 to copy 2 >/dev/null
./ucg_copy slab:ucg_test_part 256 64 to copy 2 >/dev/null
./ucg_copy slab:ucg_test_part 192 8 to copy $copies >/dev/null
echo 0 >$tracing/events/usercopy_guard/usercopy_ruled/enable
grep usercopy_ruled: $tracing/trace >/tmp/trace
is "the tracepoint for rules fires for what only a rule lets through" "$(wc -l </tmp/trace)" $copies
is "... with what that was" "$(grep -c 'usercopy_ruled: dir=to cache=ucg_test_part offset=192 size=8 caller=copy_to+[^ ]* \[ucg_test\]$' /tmp/trace)" $copies
echo flush >$fs/whitelist
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
