# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of usercopyctl for bash. The program itself says what may stand next.

_usercopyctl()
{
	local line=${COMP_LINE:0:COMP_POINT} reader=$2 words word before kind candidate
	# Words as the shell sees them; readline cuts them at ":", "=" and "@", too.
	read -ra words <<<"$line"
	case $line in *[[:blank:]]) words+=("") ;; esac
	word=${words[-1]}
	case $reader in [:=@]) reader= ;; esac
	before=${word%"$reader"}
	COMPREPLY=()
	while IFS=$'\t' read -r candidate _; do
		case $candidate in
		:files) kind=-f ;;
		:folders) kind=-d ;;
		*)
			COMPREPLY+=("${candidate#"$before"}")
			continue
			;;
		esac
		compopt -o filenames
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$kind" -- "$reader")
	done < <("$1" --complete "${words[@]:1}" 2>/dev/null)
}

complete -F _usercopyctl usercopyctl
