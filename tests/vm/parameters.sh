# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Parameters and sysctls: good words, bad words, and who may say them.
. ./guest.sh

long=$(head -c 10240 /dev/zero | tr '\0' x)
for word in nonsense '' WARN fallback,warn warnx "$long"; do
	forget
	insmod usercopy_guard.ko "policy=$word" 2>/tmp/err
	case $? in 0) not_ok "policy=$(echo "$word" | head -c 20) is refused" ;;
	*) ok "policy=$(echo "$word" | head -c 20) is refused" ;; esac
	is "... as an invalid argument" "$(grep -ci 'invalid' /tmp/err)" 1
	is "... with one line that has the right words" "$(guard_log | sort -u | grep -c 'must be warn, fallback or enforce')" 1
	is "... and nothing is hooked" "$(hooks)" 0
	rmmod usercopy_guard 2>/dev/null && not_ok "... and nothing is loaded"
done
for word in warn fallback enforce; do
	yes "policy=$word loads" insmod usercopy_guard.ko policy=$word
	is "... and is the policy" "$(cat $sysctl/policy)" $word
	is "... and what the parameter says" "$(cat /sys/module/usercopy_guard/parameters/policy)" $word
	rmmod usercopy_guard
done
insmod usercopy_guard.ko kill=maybe 2>/dev/null && not_ok "kill=maybe is refused" || ok "kill=maybe is refused"
insmod usercopy_guard.ko max_violations=3 2>/dev/null && not_ok "max_violations=3 is refused" || ok "max_violations=3 is refused"
is "nothing is hooked" "$(hooks)" 0

# The newest kernels cannot turn it off any more, and say so.
if echo 0 2>/dev/null >/proc/sys/kernel/ftrace_enabled; then
	forget
	insmod usercopy_guard.ko 2>/dev/null && not_ok "with ftrace off it does not load" || ok "with ftrace off it does not load"
	is "... and says why" "$(guard_log | sort -u | grep -c ftrace_enabled)" 1
	echo 1 >/proc/sys/kernel/ftrace_enabled
else
	is "ftrace cannot be turned off in this kernel" "$(cat /proc/sys/kernel/ftrace_enabled)" 1
fi

yes "the default is to warn" insmod usercopy_guard.ko
is "... in words" "$(cat $sysctl/policy)" warn
is "... of which there are three" "$(cat $sysctl/available_policies)" "warn fallback enforce"
echo 0 2>/dev/null >/proc/sys/kernel/ftrace_enabled && not_ok "ftrace cannot be turned off under it" || ok "ftrace cannot be turned off under it"

for bad in 'nonsense\n' 'warn extra\n' '\n' 'enforce\\0\n' 'warn\nenforce\n' 'enforcee' ; do
	out=$(printf "$bad" | dd of=$sysctl/policy 2>&1)
	case $out in *nvalid*) ok "policy refuses '$bad'" ;; *) not_ok "policy refuses '$bad'" "$out" ;; esac
	is "... and stays" "$(cat $sysctl/policy)" warn
done
out=$( { printf 'xxenforce' | dd of=$sysctl/policy bs=2 seek=1 skip=1 2>&1; } )
is "a write at an offset changes nothing" "$(cat $sysctl/policy)" warn
echo fallback >$sysctl/policy
is "policy takes fallback" "$(cat $sysctl/policy)" fallback
out=$( { echo 2 >$sysctl/kill; } 2>&1 )
case $out in *nvalid*) ok "kill takes 0 and 1 only" ;; *) not_ok "kill takes 0 and 1 only" "$out" ;; esac
out=$( { echo x >$sysctl/available_policies; } 2>&1 )
case $out in *"not permitted"* | *denied*) ok "available_policies cannot be written" ;; *) not_ok "available_policies cannot be written" "$out" ;; esac

# Root without CAP_SYS_ADMIN (as in a container), and no root at all.
out=$(./as no-cap sh -c "echo warn >$sysctl/policy" 2>&1)
case $out in *"not permitted"*) ok "root without CAP_SYS_ADMIN gets EPERM from policy" ;; *) not_ok "root without CAP_SYS_ADMIN gets EPERM from policy" "$out" ;; esac
out=$(./as no-cap sh -c "echo 'allow x 0 1' >$fs/whitelist" 2>&1)
case $out in *"not permitted"*) ok "root without CAP_SYS_ADMIN gets EPERM from whitelist" ;; *) not_ok "root without CAP_SYS_ADMIN gets EPERM from whitelist" "$out" ;; esac
# A container has a user namespace, if the kernel has any.
if [ -e /proc/self/ns/user ]; then
	out=$(unshare -U -r sh -c "echo warn >$sysctl/policy" 2>&1)
	case $out in *"not permitted"* | *denied*) ok "a container's root cannot write policy" ;; *) not_ok "a container's root cannot write policy" "$out" ;; esac
fi
is "... and it stays" "$(cat $sysctl/policy)" fallback

# One way.
echo 1 >$sysctl/locked
forget
out=$( { echo warn >$sysctl/policy; } 2>&1 )
case $out in *"not permitted"*) ok "locked: policy cannot be loosened" ;; *) not_ok "locked: policy cannot be loosened" "$out" ;; esac
is "... and says so" "$(guard_log | grep -c '^locked: policy stays fallback')" 1
echo enforce >$sysctl/policy
is "locked: policy can be tightened" "$(cat $sysctl/policy)" enforce
echo 1 >$sysctl/kill
is "locked: kill can be turned on" "$(cat $sysctl/kill)" 1
out=$( { echo 0 >$sysctl/kill; } 2>&1 )
case $out in *"not permitted"*) ok "locked: kill cannot be turned off" ;; *) not_ok "locked: kill cannot be turned off" "$out" ;; esac
out=$( { echo 0 >$sysctl/locked; } 2>&1 )
case $out in *"not permitted"*) ok "locked: it stays locked" ;; *) not_ok "locked: it stays locked" "$out" ;; esac
out=$( { echo 'allow lkdtm-usercopy 0 64' >$fs/whitelist; } 2>&1 )
case $out in *"not permitted"*) ok "locked: rules that widen are refused" ;; *) not_ok "locked: rules that widen are refused" "$out" ;; esac
rmmod usercopy_guard 2>/dev/null && not_ok "locked: the module stays" || ok "locked: the module stays"

# What root can do to it all the same, and what stops that: as the guide has it.
# Debian's kernels can; one that was built without forced unloading refuses that, too.
out=$(rmmod -f usercopy_guard 2>&1)
case $(uname -r) in
*-amd64) forced=yes ;;
*) case $out in *"temporarily unavailable"*) forced=no ;; *) forced=yes ;; esac ;;
esac
if [ $forced = yes ]; then
	is "locked: rmmod -f takes the module away" "$out" ""
	is "... and nothing is hooked" "$(hooks)" 0
	insmod usercopy_guard.ko
	is "... and loaded again it is not locked" "$(cat $sysctl/locked) $(cat $sysctl/policy)" "0 warn"
	echo 1 >$sysctl/locked
else
	is "locked: rmmod -f is refused by a kernel without it, and the guard is there" \
		"$(cat $sysctl/locked) $(($(hooks) > 0))" "1 1"
fi
echo 1 >/proc/sys/kernel/modules_disabled
out=$(rmmod -f usercopy_guard 2>&1)
case $out in *"not permitted"*) ok "with modules_disabled rmmod -f is refused" ;; *) not_ok "with modules_disabled rmmod -f is refused" "$out" ;; esac
is "... and the guard is there" "$(cat $sysctl/locked) $(($(hooks) > 0))" "1 1"
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
