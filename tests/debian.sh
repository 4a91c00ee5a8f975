# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A Debian that boots, for tests that need more than busybox. Source it; it changes nothing by itself.

# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# debian_tar SUITE PACKAGES - print the path of a minimal Debian with PACKAGES (a,b,c), without a
# kernel; made once and kept in the cache
debian_tar() {
	local suite=$1 packages=$2 dir key
	key=$(echo "$suite $packages" | sha256sum | cut -c 1-12)
	dir=$cache/roots/$suite-$key
	if [ ! -e "$dir.tar" ]; then
		need_root "to make a Debian for the VM"
		say "Making a minimal Debian ($suite) with $packages: to boot it in a VM ..." >&2
		mkdir -p "$cache/roots"
		# shellcheck disable=SC2016  # mmdebstrap's shell expands this
		quietly "$build/debian-$suite.log" mmdebstrap --mode=root --variant=minbase --include="$packages" \
			--aptopt='Apt::Install-Recommends "false"' \
			--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
			--customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt' \
			"$suite" "$dir.new.tar" "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $suite main"
		mv "$dir.new.tar" "$dir.tar"
	fi
	printf '%s\n' "$dir.tar"
}

# debian_kernel ROOT RELEASE - in ROOT, what depmod needs to know of the kernel RELEASE
debian_kernel() {
	local modules=$1/lib/modules/$2
	mkdir -p "$modules/extra"
	cp "$cache/kernels/$2/lib/modules/$2"/modules.{order,builtin,builtin.modinfo} "$modules/"
}

# debian_unpack ROOT SUITE PACKAGES RELEASE - such a Debian in the folder ROOT, for the kernel RELEASE,
# with the test driver's command
debian_unpack() {
	local root=$1
	mkdir -p "$root"
	tar -C "$root" -xf "$(debian_tar "$2" "$3")"
	debian_kernel "$root" "$4"
	gcc -static -O2 -o "$root/usr/local/bin/ucg_copy" "$top/tests/driver/ucg_copy.c"
	# The first boot shall not ask who and where it is.
	echo uninitialized >"$root/etc/machine-id"
	echo guest >"$root/etc/hostname"
}

# debian_disk ROOT IMAGE SIZE - ROOT's files as a disk for scripts/dev/run-vm; ROOT is gone then
debian_disk() {
	quietly "$build/disk.log" mke2fs -q -t ext4 -d "$1" "$2" "$3"
	rm -rf "$1"
}
