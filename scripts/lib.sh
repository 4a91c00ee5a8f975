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

die() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
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

# The Debian mirror that this machine itself uses.
debian_mirror() {
	local uri
	# shellcheck disable=SC2016  # apt expands this, not the shell
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' \
		'Codename: bookworm' 2>/dev/null | head -n 1)
	[ -n "$uri" ] || die "cannot tell which Debian mirror this machine uses; run 'apt-get update' first"
	printf '%s\n' "${uri%/}"
}
