# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: the command line, and what only shows something.

### the command line

ctl 2; ok "without a command: usage, exit 2"
ctl 2 frobnicate && err 'no command "frobnicate"'; ok "an unknown command is named, exit 2"
ctl 2 suggest --frob && err '--frob'; ok "an unknown option is named, exit 2"
ctl 2 status extra; ok "a word too many: exit 2"
ctl 2 check; ok "check without a file: exit 2"
"$tmp/plain/usercopyctl" --root "$root" violations >/dev/full 2>"$tmp/err"; [ $? -eq 3 ]
ok "a full disk behind standard output is no success"

### without the module

rm -r "$sec" "$sysctl"
for words in status violations suggest policy "policy warn"; do
	# shellcheck disable=SC2086
	ctl 3 $words && err 'modprobe usercopy_guard' || break
done
[ "$words" = "policy warn" ]; ok "without the module: exit 3, and the way to load it"

### status and policy

new_root
ctl 0 status && cmp -s "$sec/status" "$tmp/out"; ok "status shows the kernel's own lines"
ctl 0 status --json && json '.policy == "warn" and .locked == "0" and .status == ["policy: warn", "rules: 3"]'
ok "status as JSON, with the sysctls"
printf 'a\033]0;x\007\n' >"$sec/status"
ctl 0 status && out 'a\033]0;x\007'; ok "no control byte reaches the terminal"
ctl 0 policy && [ "$(cat "$tmp/out")" = warn ]; ok "policy shows the word"
ctl 0 policy enforce && [ "$(cat "$sysctl/policy")" = enforce ]; ok "policy sets the word"
ctl 2 policy enforced && err 'warn fallback enforce' && err 'slab cache' && [ "$(cat "$sysctl/policy")" = enforce ]
ok "an unknown policy is not written, and the right words are named"
echo '[warn] fallback enforce' >"$sysctl/available_policies"
ctl 0 policy warn; ok "brackets around the current word are no part of it"
printf 'policy req enforce\npolicy plain warn\npolicy caller:f@m fallback\n' >"$sec/whitelist"
ctl 0 policy warn && err 'but for what has a stricter one of its own: cache:req (enforce), caller:f@m (fallback);' && ! grep -q plain "$tmp/err"
ok "loosening names what keeps a stricter policy of its own"
ctl 0 policy fallback && err 'of its own: cache:req (enforce);'; ok "... than the one that was set"
ctl 0 policy enforce && [ ! -s "$tmp/err" ]; ok "... and is silent when there is none"
: >"$sec/whitelist"; echo warn >"$sysctl/policy"
echo 1 >"$sysctl/locked"
ln -sf /proc/self/oom_score_adj "$sysctl/policy"
ctl 5 policy warn && err 'locked is 1'; ok "a locked policy: exit 5, and why"

new_root
ctl 0 policy --json && json '. == {"target": null, "policy": "warn", "by": "global"}'; ok "the global policy as JSON"
printf 'policy req fallback\npolicy stranger enforce\npolicy caller:f@m_x enforce\npolicy caller:g warn\npolicy kind:stack fallback\n' >"$sec/whitelist"
shows() { ctl 0 policy "$1" && out "$2"; }
shows plain 'warn (global)'; ok "a cache without a policy of its own"
shows req 'enforce (cache:stranger)'; ok "of merged caches the strictest policy"
shows caller:f@m-x 'enforce (caller:f@m_x)' && shows caller:g@m 'warn (caller:g)' && shows caller:f 'warn (global)'
ok "a function of one module, and of any"
shows kind:stack 'fallback (kind:stack)' && shows kind:page 'warn (global)' && shows module:m 'warn (global)'; ok "kinds and modules"
ctl 0 policy req --json && json '. == {"target": "req", "policy": "enforce", "by": "cache:stranger"}'; ok "... as JSON"
ctl 4 policy kind:stick && err 'unknown kind' && ctl 4 policy 'a b' && ctl 4 policy caller:; ok "what cannot be a name: exit 4"
: >"$sec/whitelist"
ctl 0 policy caller:f@m warn && [ "$(cat "$sec/whitelist")" = 'policy caller:f@m warn' ]; ok "a policy of its own is a rule"
: >"$sec/whitelist"
ctl 2 policy plain enforced && err 'warn fallback enforce' && ctl 4 policy kind:stick warn && [ ! -s "$sec/whitelist" ]
ok "neither a wrong word nor a wrong name is written"
rm "$sec/whitelist"; ctl 3 policy plain && err whitelist; ok "rules that cannot be read: exit 3, not the global policy"

### violations

new_root
ctl 0 violations && said '  12 copies of 64 bytes: 12 allowed; from 123.456789 s to 234.567890 s after boot'
ok "violations in words"
ctl 0 violations --json &&
	json '.violations[0] | .cache == "lkdtm-usercopy" and .min == 255 and .first == 123.456789'
ok "violations as JSON"
: >"$sec/violations"
ctl 0 violations && out 'no violations'; ok "no violations"
ctl 0 violations --json && json '.violations == []'; ok "no violations as JSON"
v kind=stack cache=- objsize=0 useroffset=0 usersize=0 min=0 max=64 >"$sec/violations"
ctl 0 violations --json && json '.violations[0].cache == null'; ok "memory that is no slab object has no cache"

### aliases

new_root
ctl 0 aliases && [ "$(cat "$tmp/out")" = ':0000128 req stranger' ]; ok "caches that share memory"
ctl 0 aliases req && [ "$(cat "$tmp/out")" = ':0000128 req stranger' ]; ok "by one of their names"
ctl 0 aliases :0000128 && [ "$(cat "$tmp/out")" = ':0000128 req stranger' ]; ok "by the made-up name"
ctl 0 aliases plain && [ "$(cat "$tmp/out")" = 'plain plain' ]; ok "a cache of its own"
ctl 0 aliases --json && json '. == [{"id": ":0000128", "names": ["req", "stranger"]}]'; ok "aliases as JSON"
ctl 3 aliases nobody && err nobody; ok "no such cache: exit 3"
rm -r "$root/sys/kernel/slab"
ctl 3 aliases; ok "no /sys/kernel/slab: exit 3"
ctl 0 suggest; ok "suggest works without it"

### what a module says of each violation

new_root
v denied=1 ranges=255-262,300-318 allowed_at=123.456789 refused_at=- module=mydriver srcversion=0123ABCD \
	policy=fallback by=cache:lkdtm-usercopy stack='f+0x1/0x2[m],g+0x3/0x4' >"$sec/violations"
ctl 0 violations && grep -q ', bytes 255-262,300-318, denied by a rule$' "$tmp/out" &&
	grep -q ' for mydriver, first by process cat\[88\]; policy fallback, cache:lkdtm-usercopy$' "$tmp/out"
ok "bytes that lie apart, the driver, and the rule that decided"
ctl 0 violations --json && json '.violations[0] | .denied and .ranges == "255-262,300-318" and .allowed_at == 123.456789
	and .allowed_date == .first_date and .refused_at == null and .module == "mydriver" and .srcversion == "0123ABCD"
	and .policy == "fallback" and .by == "cache:lkdtm-usercopy" and .stack == "f+0x1/0x2[m],g+0x3/0x4"'
ok "the same as JSON"
v ranges=spread >"$sec/violations"
ctl 0 violations && grep -q ', bytes here and there from 255 to 318$' "$tmp/out"; ok "bytes in too many pieces to tell"
v >"$sec/violations"
ctl 0 violations --json && json '.violations[0] | .denied == false and .ranges == "-" and .module == null'
ok "an older module says none of that"
for ranges in 1 1- -5 5-4 '1-2,' ,1-2 1-2,,3-4 1-2-3 0-18446744073709551615 x 0x1-2; do
	v "ranges=$ranges" >"$sec/violations"
	ctl 4 violations && err 'ranges= has a value that cannot be read' || break
done
[ "$ranges" = 0x1-2 ]; ok "ranges that are none"
v denied=2 >"$sec/violations"; ctl 4 violations && err 'denied= has a value'; ok "a flag that is neither 0 nor 1"
