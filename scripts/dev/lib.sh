# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What developers' scripts and the tests share: Debian's kernels. Source it; it changes nothing by
# itself.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# The Debian mirror that this machine itself uses.
debian_mirror() {
	local uri
	# shellcheck disable=SC2016  # apt expands this, not the shell
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' \
		'Codename: bookworm' 2>/dev/null | head -n 1)
	[ -n "$uri" ] || die "cannot tell which Debian mirror this machine uses; run 'apt-get update' first"
	printf '%s\n' "${uri%/}"
}

# debian_suites VERSION - where the kernel 6.1, 6.12 or 7 is: newer suites of Debian, the last one
# first asked; nothing for this Debian's own
debian_suites() {
	case $1 in
	6.1) ;;
	6.12) echo trixie ;;
	7) echo trixie trixie-backports ;;
	*) die "there is no kernel '$1' here; there are 6.1, 6.12 and 7" ;;
	esac
}

# private_apt VERSION - from here on, apt is one of its own that knows the suites of that kernel;
# nothing of it reaches this machine's. Without newer suites it stays this machine's.
private_apt() {
	local suites dir=$cache/apt-$1 suite
	suites=$(debian_suites "$1")
	if [ -z "$suites" ]; then
		apt-cache show linux-image-amd64 >/dev/null 2>&1 && return
		need_root "to update the package lists"
		quietly "$build/apt.log" apt-get update >&2
		return
	fi
	mkdir -p "$dir"/{lists/partial,archives/partial,conf.d}
	: >"$dir/status"
	for suite in $suites; do
		printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
			"$(debian_mirror)" "$suite"
	done >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/status";
		Dir::Cache::archives "$dir/archives";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "-";
		Dir::Etc::parts "$dir/conf.d";
		Dir::Etc::preferencesparts "$dir/conf.d";
		Dir::Etc::preferences "/dev/null";
		APT::Default-Release "${suites##* }";
	CONF
	export APT_CONFIG=$dir/apt.conf
	quietly "$build/apt.log" apt-get update >&2
}
