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
		'Codename: bookworm' 2>/dev/null | sed -n 1p)
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

# kernel_flavour VERSION - how Debian names it: rt-amd64 for 6.1-rt, amd64 for 6.1
kernel_flavour() {
	case $1 in
	*-rt) echo rt-amd64 ;;
	*-cloud) echo cloud-amd64 ;;
	*) echo amd64 ;;
	esac
}

# kernel_series VERSION - without the flavour
kernel_series() {
	local series=${1%-rt}
	printf '%s\n' "${series%-cloud}"
}

# Is it one of those above, and not a series of trixie-backports by its name?
is_debian_kernel() {
	grep -qxF -- "$(kernel_series "$1")" <(kernel_versions)
}

# debian_suites VERSION
debian_suites() {
	local series
	series=$(kernel_series "$1")
	if is_debian_kernel "$1"; then
		debian_kernels | sed -n "s/^$series //p"
	elif [[ $series =~ ^[6-9]\.[0-9]+$ ]]; then
		# What trixie-backports has had keeps its name there for some months.
		debian_kernels | sed -n '$s/^[^ ]* //p'
	else
		die "there is no kernel '$1' here; there are $(kernel_versions | paste -s -d ' ' |
			sed 's/ /, /g; s/\(.*\), /\1 and /'), each also with -rt or -cloud behind it," \
			"and series of trixie-backports (7.2)"
	fi
}

# replace_by_input FILE - whole at once: others may be reading it
replace_by_input() {
	cat >"$1.$$" && mv "$1.$$" "$1"
}

# private_apt VERSION - from here on, apt is one of its own that knows the suites of that kernel;
# nothing of it reaches this machine's. Without newer suites it stays this machine's.
private_apt() {
	local suites dir suite
	suites=$(debian_suites "$1")
	dir=$cache/apt-${suites##* }
	if [ -z "$suites" ]; then
		apt-cache show linux-image-amd64 >/dev/null 2>&1 && return
		need_root "to update the package lists"
		quietly "$build/apt.log" apt-get update >&2
		return
	fi
	mkdir -p "$dir"/{lists/partial,archives/partial,conf.d}
	[ -e "$dir/status" ] || : >"$dir/status"
	for suite in $suites; do
		printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
			"$(debian_mirror)" "$suite"
	done | replace_by_input "$dir/sources.list"
	replace_by_input "$dir/apt.conf" <<-CONF
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
	quietly "$build/apt.log" flock "$dir/.lock" apt-get update >&2
}

# download_packages LOG PACKAGE... - into the working folder
download_packages() {
	local log=$1
	shift
	quietly "$log" apt-get -o APT::Sandbox::User=root download "$@"
}

# The chroot with the compiler and the headers of a newer kernel, all flavours; build-module makes it.
chroot_of() {
	local kernel=${1/%-rt-amd64/-amd64}
	printf '%s\n' "$cache/chroots/${kernel/%-cloud-amd64/-amd64}"
}

# headers_root RELEASE - below which the headers of that flavour of this Debian's kernel are unpacked
headers_root() {
	printf '%s\n' "$cache/headers/$1"
}

# unpack_headers RELEASE ROOT [SEEN] - put the headers of a kernel below ROOT, to be built against
# there or where ROOT is SEEN from; apt is to be the one that knows them. Nothing is installed:
# whatever looks for the newest kernel of this machine is to find none of these.
unpack_headers() {
	local package=linux-headers-$1 root=$2 seen=${3:-$2} log=$build/headers-$1.log tmp wanted
	wanted=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Depends: //p' | sed 's/[,|]/\n/g' |
		sed -n 's/^ *\(linux-\(headers\|kbuild\)-[^ ]*\).*/\1/p')
	tmp=$(mktemp -d)
	# shellcheck disable=SC2086  # names are words
	(cd "$tmp" && download_packages "$log" "$package" $wanted) || return
	for wanted in "$tmp"/*.deb; do
		dpkg -x "$wanted" "$tmp/all"
	done
	# One half names the other by its path.
	sed -i "s|^include /usr/|include ${seen%/}/usr/|" "$tmp/all/usr/src/$package/Makefile"
	mkdir -p "$root/usr"
	# Not /lib, which is a link in a chroot.
	cp -a "$tmp/all/usr/src" "$tmp/all/usr/lib" "$root/usr/"
	rm -rf "$tmp"
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

# put_lkdtm VERSION FOLDER - the sources of the kernel's own crash test module, as they are, with a
# stub for the one function that is not exported and that only a test of CR4 pinning uses
put_lkdtm() {
	local source
	source=$("$top/scripts/dev/get-source" "$1" drivers/misc/lkdtm)
	mkdir -p "$2"
	cp "$source"/* "$2/"
	cat >"$2/stub.c" <<-STUB
		#include <linux/kernel.h>

		void native_write_cr4(unsigned long val);
		void native_write_cr4(unsigned long val)
		{
			pr_info("no access to CR4 from a module\n");
		}
	STUB
	printf 'lkdtm-y += stub.o\n' >>"$2/Makefile"
}
