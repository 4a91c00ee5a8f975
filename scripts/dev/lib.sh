# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034  # used by the scripts that source it
#
# What developers' scripts and the tests share: Debian's kernels and their sources. Source it; it
# changes nothing by itself.

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

# VERSION and where it is: newer suites of Debian, the last one first asked; without one, it is this
# Debian's own kernel.
debian_kernels() {
	cat <<-LIST
		6.1
		6.12 trixie
		7 trixie trixie-backports
	LIST
}

kernel_versions() {
	debian_kernels | cut -d ' ' -f 1
}

# The versions that are not this Debian's own.
newer_kernel_versions() {
	debian_kernels | sed -n 's/ .*//p'
}

# kernel_version RELEASE - which of the versions it is of: 6.12 for 6.12.3, nothing for others
kernel_version() {
	local version
	for version in $(kernel_versions); do
		case $1 in
		"$version" | "$version".*) printf '%s\n' "$version" ;;
		esac
	done
}

# debian_suites VERSION
debian_suites() {
	debian_kernels | cut -d ' ' -f 1 | grep -qxF -- "$1" ||
		die "there is no kernel '$1' here; there are $(kernel_versions | paste -s -d ' ' |
			sed 's/ /, /g; s/\(.*\), /\1 and /')"
	debian_kernels | sed -n "s/^$1 //p"
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

# The chroot with the compiler and the headers of a newer kernel; build-module makes it.
chroot_of() {
	printf '%s\n' "$cache/chroots/$1"
}

# in_chroot RELEASE COMMAND... - the chroot's /proc, which objtool reads, is mounted for this command
# alone
in_chroot() {
	local root
	root=$(chroot_of "$1")
	shift
	# shellcheck disable=SC2016  # the inner shell expands it
	unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
		env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C "$@"
}

# The kernel's sources as this Debian has them.
source_archive=/usr/src/linux-source-6.1.tar.xz

need_source_archive() {
	[ -r "$source_archive" ] || die "$source_archive is missing; 'scripts/setup vm' installs it"
}
