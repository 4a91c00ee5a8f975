# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034  # used by the scripts that source it
#
# What the scripts share. Source it; it changes nothing by itself.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Downloads and built kernels; may be deleted at any time.
cache=${USERCOPY_GUARD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var}/.cache}/usercopy_guard}
# Logs and products of the tests; in the tree, not in git.
build=$top/build

say() {
	printf '%s\n' "$*"
}

# die LINE... - what is wrong, and what to do
die() {
	printf "$(basename "$0"): %s\n" "$@" >&2
	exit 1
}

need_root() {
	[ "$(id -u)" = 0 ] || die "run this as root ($1)"
}

# Runs a command with its output in a log file; on failure shows the log's end.
quietly() {
	local log=$1
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 && return
	tail -n 25 "$log" >&2
	printf '%s: "%s" failed; all of its output is in %s\n' "$(basename "$0")" "$*" "$log" >&2
	return 1
}

# release_of_headers KDIR - the release of a kernel by its build folder; nothing if that is not
# configured. Not from include/config/kernel.release: in Debian's headers that lacks the ABI name.
release_of_headers() {
	sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$1/include/generated/utsrelease.h" 2>/dev/null
}

# copy_sources FOLDER - all of ours, without what a build left behind
copy_sources() {
	mkdir -p "$1"
	# Others may build here: a folder that changes meanwhile is no error (status 1), a file that cannot be read is.
	{ tar -C "$top" -c --warning=no-file-changed --exclude=./.git --exclude=./build --exclude='*.o' --exclude='*.ko' \
		--exclude='.*.cmd' --exclude='.*.d' --exclude='*.mod*' --exclude='*.gen.h' . || [ $? = 1 ]; } |
		tar -C "$1" -x --no-same-owner
}
