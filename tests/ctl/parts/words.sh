# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what holds for all commands: help, JSON, exit codes, colours.

new_root
commands=$("$tmp/plain/usercopyctl" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 14 ]; ok "--help has the commands"
bad=
for command in $commands; do
	ctl 0 "$command" --help && out "usage: usercopyctl $(sed -n "s/^usage: usercopyctl //p" "$tmp/out")" &&
		grep -q "^usage: usercopyctl $command" "$tmp/out" && [ ! -s "$tmp/err" ] || bad+=" $command"
	cp "$tmp/out" "$tmp/help"
	ctl 0 "$command" -h && cmp -s "$tmp/out" "$tmp/help" && ctl 0 "$command" -V && out "usercopyctl $(cat "$top/VERSION")" || bad+=" $command"
	ctl 2 "$command" --frob && err "$command does not know the option --frob" || bad+=" $command"
	# Each option has a word of explanation, and is in the manual page.
	while read -r option rest; do
		[ -n "$rest" ] || bad+=" $command:$option"
		grep -qE "Fl (-)?${option#--}\b|Fl ${option#-}\b" "$top/scripts/usercopyctl/usercopyctl.8" || bad+=" $command:$option"
	done < <(sed -n 's/^  \(-[^ ,]*\)[ ,] *[A-Z]* *\(.*\)/\1 \2/p' "$tmp/help")
done
[ -z "$bad" ]; ok "each has --help, -h and -V, and explains its options${bad:+ (not:$bad)}"
ctl 0 rules load --help && grep -q 'load \[--replace\]' "$tmp/out"; ok "so have parts of rules"
ctl 0 violations --cache -h && out 'no violations'; ok "-h behind an option that takes a value is that value"
ctl 3 aliases -- --help && err 'no such cache'; ok "behind -- there are no options"

printf 'cache=a violations=1 allowed=1 refused=0 unrefusable=0 killed=0 first=1.0 last=2.0\n' >"$sec/caches"
echo 0 >"$sysctl/evidence"
mkdir -p "$root/var/lib/usercopy_guard"
ctl 0 record --quiet; ok "a history, for those that read it"
bad=
for words in status violations 'violations --history' 'explain 1' suggest graduate rules 'rules diff' policy 'policy req' caches aliases "check $sec/whitelist"; do
	# shellcheck disable=SC2086
	ctl 0 $words --json && json . && jq -e . "$tmp/out" >/dev/null || bad+=" $words,"
done
[ -z "$bad" ]; ok "whatever shows something does so as JSON${bad:+ (not:$bad)}"

{ v id=1; echo rubbish; } >"$sec/violations"
bad=
for words in violations suggest 'explain 1' 'violations --both' record; do
	# shellcheck disable=SC2086
	ctl 4 $words && err 'violations:2: no violation' || bad+=" $words,"
done
[ -z "$bad" ]; ok "malformed input is exit 4 everywhere${bad:+ (not:$bad)}"
v id=1 >"$sec/violations"
for file in "$sec/whitelist" "$sysctl/policy" "$sysctl/locked" "$sysctl/evidence"; do ln -sf /dev/full "$file"; done
echo 'evidence = 1' >"$root/etc/usercopy_guard/usercopy_guard.conf"
echo 'allow a 0 1' >"$root/etc/usercopy_guard/a.rules"
bad=
for words in 'policy fallback' 'policy req warn' lock 'rules add allow a 0 1' load boot; do
	# shellcheck disable=SC2086
	ctl 5 $words || bad+=" $words,"
done
rm "$root/etc/usercopy_guard/a.rules"; ctl 5 boot && err 'evidence = 1: ' || bad+=" boot"
[ -z "$bad" ]; ok "what the kernel refuses is exit 5 everywhere${bad:+ (not:$bad)}"
echo 'allow a 0 1' >"$root/etc/usercopy_guard/a.rules"
rm -r "$sec" "$sysctl"
bad=
for words in status violations suggest 'explain 1' record rules 'rules add allow a 0 1' 'rules diff' 'rules save x' policy 'policy warn' 'policy req' load lock boot caches; do
	# shellcheck disable=SC2086
	ctl 3 $words || bad+=" $words,"
done
[ -z "$bad" ]; ok "without the module it is exit 3 everywhere${bad:+ (not:$bad)}"

### colours

new_root
printf 'allow a 0 1\n' >"$sec/whitelist"; : >"$tmp/r.rules"
# on_terminal WORD… - the same on a terminal; what it prints is in $tmp/out
on_terminal() { script -qec "$tmp/plain/usercopyctl --root $root $*" /dev/null </dev/null >"$tmp/out" 2>"$tmp/err"; }
escape=$'\033'
TERM=xterm NO_COLOR='' on_terminal violations; grep -q "${escape}\[1mexposure" "$tmp/out"; ok "colours on a terminal"
TERM=xterm NO_COLOR='' on_terminal rules diff "$tmp/r.rules"; grep -q "${escape}\[31m-${escape}\[0m allow a 0 1" "$tmp/out"; ok "... for what is in force alone"
TERM=xterm NO_COLOR=1 on_terminal violations; grep -q exposure "$tmp/out" && ! grep -q "$escape" "$tmp/out"; ok "none with NO_COLOR"
TERM=dumb NO_COLOR='' on_terminal violations; grep -q exposure "$tmp/out" && ! grep -q "$escape" "$tmp/out"; ok "none on a dumb terminal"
TERM=xterm ctl 0 violations && ! grep -q "$escape" "$tmp/out"; ok "none in a file"
TERM=xterm NO_COLOR='' on_terminal violations --json; ! grep -q "$escape" "$tmp/out"; ok "none in JSON"
