# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what bash and zsh offer behind what was typed.

new_root
{ v id=7 caller='f+0x1/0x2[drv]'; v id=12 caller='g+0x1/0x2'; } >"$sec/violations"
printf 'simplefs 16384 0 - Live 0x0\nmy_driver 16384 0 - Live 0x0\n' >"$root/proc/modules"
mkdir -p "$tmp/files/dir"; touch "$tmp/files/a.rules" "$tmp/files/b b.rules"
scripts=$top/scripts/usercopyctl

# in_bash LINE - what bash offers at the end of LINE, each on its line, sorted
in_bash() {
	# Where readline would begin a new word.
	local reader=${1##*[ :=@]}
	case $1 in *[:=@]) reader=${1: -1} ;; esac
	(cd "$tmp/files" && PATH=$tmp/asan:$PATH bash --norc -c '
		compopt() { :; }
		. "$1/usercopyctl.bash"
		COMP_LINE=$2 COMP_POINT=${#2}
		_usercopyctl usercopyctl "$3" x
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$scripts" "$1" "$reader") | sort >"$tmp/out"
}
# in_zsh LINE - likewise, with what its own functions would be given
in_zsh() {
	(cd "$tmp/files" && PATH=$tmp/asan:$PATH zsh -f -c '
		_describe() { (( ${(P)#2} )) && print -rl -- "${(@P)2}" }
		_files() { print -r ":files $*" }
		words=("${(@s: :)2}") CURRENT=${#words}
		. "$1/_usercopyctl"
	' zsh "$scripts" "$1") | sort >"$tmp/out"
}
# offers WORD… - just these
offers() { printf '%s\n' "$@" | sort | cmp -s - "$tmp/out"; }
at="usercopyctl --root $root"

in_bash 'usercopyctl ' && "$tmp/plain/usercopyctl" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' >"$tmp/commands" &&
	printf '%s\n' --root --help --version | sort - "$tmp/commands" | cmp -s - "$tmp/out"; ok "bash: the commands"
in_bash 'usercopyctl vi' && offers violations && in_bash 'usercopyctl --roo' && offers --root; ok "bash: one that was begun"
in_bash "$at violations --k" && offers --kernel --kind; ok "bash: options"
bad=
while read -r command; do
	in_bash "$at $command -"
	"$tmp/plain/usercopyctl" "$command" --help | sed -n 's/^  \(-[^ ,]*\)[ ,].*/\1/p' | sed 's/^-h$/--help/; s/^-V$/--version/' | sort |
		cmp -s - "$tmp/out" || bad+=" $command"
done <"$tmp/commands"
[ -z "$bad" ]; ok "bash: of each command the options that --help has${bad:+ (not:$bad)}"
[ "$(cat "$sysctl/locked")" = 0 ] && [ ! -s "$sec/whitelist" ]; ok "nothing is done by asking"
in_bash "$at violations --kind s" && offers stack && in_bash "$at violations --kind=module" && offers module-text && in_bash "$at violations --kind=" && [ "$(wc -l <"$tmp/out")" = 11 ]
ok "bash: kinds, behind a blank or an equals sign"
in_bash "$at suggest --outcome " && offers allowed killed refused unrefusable && in_bash "$at suggest --module " && offers my_driver simplefs && in_bash "$at suggest --cache r" && offers req
ok "bash: outcomes, modules, caches"
in_bash "$at policy " && grep -qx enforce "$tmp/out" && grep -qx stranger "$tmp/out" && grep -qx 'kind:wrap' "$tmp/out" && grep -qx 'module:simplefs' "$tmp/out" &&
	grep -qx 'caller:f@drv' "$tmp/out" && grep -qx 'caller:g' "$tmp/out"; ok "bash: whom a policy is for"
in_bash "$at policy kind:w" && offers whitelist wrap && in_bash "$at policy caller:f@" && offers drv && in_bash "$at policy kind:wrap " && offers warn fallback enforce
ok "bash: behind a colon, behind an @, and the policies"
in_bash "$at rules " && offers add check delete diff list load save && in_bash "$at rules add " && offers allow deny policy &&
	in_bash "$at rules delete deny re" && offers req && in_bash "$at rules add policy module:s" && offers simplefs && in_bash "$at rules add allow req 0 1 " && offers both from to
ok "bash: parts of rules, and a rule word by word"
in_bash "$at rules load --re" && offers --replace && in_bash "$at explain " && offers 7 12; ok "bash: options of a part, and violations"
in_bash "$at load " && offers a.rules 'b b.rules' dir && in_bash "$at suggest -o a" && offers a.rules && in_bash "$at check a.rules b" && offers 'b b.rules' && in_bash 'usercopyctl --root d' && offers dir
ok "bash: files and folders"
in_bash "$at nonsense " && [ -z "$(cat "$tmp/out")" ]; ok "bash: nothing behind what is no command"
if command -v zsh >/dev/null; then
	in_zsh 'usercopyctl vi' && offers 'violations:what was seen'; ok "zsh: commands, and what they are for"
	in_zsh "$at policy kind:w" && offers 'kind\:whitelist:kind of violation' 'kind\:wrap:kind of violation' && in_zsh "$at violations --kern" && offers '--kernel:with this kernel'
	ok "zsh: colons, and options"
	in_zsh "$at load " && offers ':files ' && in_zsh 'usercopyctl --root ' && offers ':files -/'; ok "zsh: files and folders"
fi
