# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what the unit does at boot, and small commands.

new_root
etc=$root/etc/usercopy_guard
echo 0 >"$sysctl/evidence"
# A policy that refuses must not come before the rules that belong to it, nor a lock before either.
in_order() { # the files of the kernel, in the order in which they were written
	strace -f -e trace=openat -o "$tmp/trace" "$tmp/plain/usercopyctl" --root "$root" boot >/dev/null 2>&1
	sed -n 's/.*"\([^"]*\)", O_WRONLY.*/\1/p' "$tmp/trace" | sed 's|.*/||' | tr '\n' ' '
}

ctl 0 boot; ok "nothing configured, nothing done"
echo 'allow a 0 1' >"$etc/10-a.rules"
printf '# mine\n\npolicy = enforce # now\nlock=1\n evidence = 1\n' >"$etc/usercopy_guard.conf"
ctl 0 boot && [ "$(cat "$sec/whitelist")" = 'allow a 0 1' ] && [ "$(cat "$sysctl/policy")" = enforce ] &&
	[ "$(cat "$sysctl/locked")" = 1 ] && [ "$(cat "$sysctl/evidence")" = 1 ]
ok "rules, policy, lock and evidence as configured"
if command -v strace >/dev/null; then
	echo warn >"$sysctl/policy"; echo 0 >"$sysctl/locked"; echo 0 >"$sysctl/evidence"
	[ "$(in_order)" = 'whitelist evidence policy locked ' ]; ok "rules first, then policy, then lock"
fi
# fails STATUS - the machine comes up with warn, and open
fails() {
	echo warn >"$sysctl/policy"; echo 0 >"$sysctl/locked"; : >"$sec/whitelist"
	ctl "$1" boot && [ "$(cat "$sysctl/policy")" = warn ] && [ "$(cat "$sysctl/locked")" = 0 ]
}
echo 'allow b' >>"$etc/10-a.rules"
fails 4 && err '10-a.rules:2: ' && err 'the policy is warn' && [ ! -s "$sec/whitelist" ]; ok "a bad rule: warn, not locked, file and line"
echo enforce >"$sysctl/policy"
ctl 4 boot && [ "$(head -n 1 "$sysctl/policy")" = warn ]; ok "... also when the module came with a stricter policy"
echo 'allow a 0 1' >"$etc/10-a.rules"
for line in 'policy = kill' 'policy' 'polcy = warn' 'lock = yes' 'lock = 2' '= 1' 'evidence ='; do
	printf 'policy = enforce\nlock = 1\n%s\n' "$line" >"$etc/usercopy_guard.conf"
	fails 4 && err "usercopy_guard.conf:3: " || break
done
[ "$line" = 'evidence =' ]; ok "a bad line in the configuration: the same"
printf 'policy = enforce\nlock = 1\n' >"$etc/usercopy_guard.conf"
ln -sf /proc/self/oom_score_adj "$sec/whitelist"
ctl 5 boot && err 'refused the write' && [ "$(cat "$sysctl/policy")" = warn ] && [ "$(cat "$sysctl/locked")" = 0 ]
ok "rules that the kernel refuses: the same"
rm "$sec/whitelist"; : >"$sec/whitelist"
ctl 0 boot --reload && [ "$(head -n 1 "$sec/whitelist")" = flush ]; ok "--reload drops the rules in force in the same write"
echo 0 >"$sysctl/locked"
ctl 0 lock && [ "$(cat "$sysctl/locked")" = 1 ]; ok "lock"

### caches

printf 'cache=a policy=enforce violations=2 allowed=3 refused=4 unrefusable=0 killed=0 first=1.0 last=2.0 used_to=3.0 used_from=- ranges_to=0-7 ranges_from=- ruled_to=5 ruled_from=0 ruled_last=4.0\n' >"$sec/caches"
ctl 0 caches && grep -q '^a (policy enforce): 2 violations, 3 allowed, 4 refused, .*; good copy to user space 20.*; 5 to and 0 from user space by rules; last by a rule 20' "$tmp/out"
ok "caches in words"
ctl 0 caches --json && json '.[0] | .cache == "a" and .policy == "enforce" and .ranges_to == "0-7" and .used_from == null and .ruled_to == 5'
ok "caches as JSON"
echo 'cache=b policy=- violations=1 allowed=1' >"$sec/caches"
ctl 0 caches --json && json '.[0] | .policy == null and .used_to == null'; ok "an older module says less"
for line in 'policy=-' 'cache=- policy=-' 'cache=a cache=b' 'cache=a used_to=x' 'x'; do
	echo "$line" >"$sec/caches"; ctl 4 caches && err 'caches:1: no cache: ' || break
done
[ "$line" = x ]; ok "lines that are no cache"

### help

for command in status violations record graduate suggest rules check load policy lock boot caches aliases; do
	ctl 0 "$command" -h && grep -q "^usage: usercopyctl $command" "$tmp/out" && ctl 0 "$command" --help || break
done
[ "$command" = aliases ]; ok "each command has -h and --help"
ctl 0 -V && grep -q '^usercopyctl [0-9]' "$tmp/out" && ctl 0 -h; ok "-V and -h"
