# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034  # used by the scripts that source it
#
# The table of kernels. Source it; it changes nothing by itself.

# shellcheck source=scripts/dev/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/dev/lib.sh"

here=$top/tests/kernels

kernel_names() {
	sed -n 's/^\([^# |]*\) *|.*/\1/p' "$here/table"
}

# kernel_row NAME - its row, in $row_kernel, $row_different, $row_make, $row_append and $row_tests
kernel_row() {
	local line
	line=$(grep "^$1 *|" "$here/table") ||
		die "there is no kernel '$1'; there are $(kernel_names | paste -s -d ' ')"
	IFS='|' read -r _ row_kernel row_different row_make row_append row_tests <<<"$line"
	# Without blanks around.
	read -r row_kernel <<<"$row_kernel"
	read -r row_different <<<"$row_different"
	read -r row_make <<<"$row_make"
	read -r row_append <<<"$row_append"
	read -r row_tests <<<"$row_tests"
}

# build_here NAME OBJECTS FOLDER - the module, its test drivers, and the kernel's own test modules,
# for the kernel NAME that was built in OBJECTS, into FOLDER
build_here() {
	local objects=$2 out=$3 log=$build/kernels/$1 module
	local work=$log/tree
	rm -rf "$work"
	mkdir -p "$work"
	(cd "$top" && cp -R Kbuild Makefile Kconfig VERSION include usercopy whitelist scripts tests "$work/")
	# What was built before is for another kernel or compiler.
	find "$work" \( -name '*.o' -o -name '*.ko' -o -name '*.mod*' -o -name '.*.cmd' -o -name '*.gen.h' \
		-o -name Module.symvers -o -name modules.order \) -type f -delete
	rm -f "$work"/scripts/btf-layout/btf-layout
	quietly "$log/module.log" make -C "$work" KDIR="$objects" BTF="$objects/vmlinux" module || return
	grep -E "warning: objtool|($work/|^)(usercopy|whitelist)/[^ ]*: warning" "$log/module.log" \
		>"$out/warnings" || true
	# shellcheck disable=SC2086  # words
	quietly "$log/driver.log" make -C "$objects" M="$work/tests/driver" $row_make modules || return
	cp "$work"/*.ko "$work"/tests/driver/*.ko "$out/"
	for module in drivers/misc/lkdtm/lkdtm.ko lib/test_user_copy.ko; do
		[ ! -e "$objects/$module" ] || cp "$objects/$module" "$out/"
	done
}

# build_row NAME FOLDER - build what is needed of a row of the table, with the module and its test
# drivers in FOLDER, and the compiler's warnings in FOLDER/warnings. Sets $row_boot, how run-vm and
# tests/vm/run are to be told of the kernel, and $row_objects, where it was built, if it was.
build_row() {
	local release
	kernel_row "$1"
	rm -rf "$2"
	mkdir -p "$2"
	row_objects=
	case $row_kernel in
	stock*)
		release=$("$top/scripts/dev/build-module" "${row_kernel#stock }" "$2") || return
		row_boot=(--kernel "$release")
		;;
	*)
		row_objects=$("$top/tests/kernels/build" "$1") || return
		row_boot=(--kernel "$1" --image "$row_objects/arch/x86/boot/bzImage")
		build_here "$1" "$row_objects" "$2" || return
		;;
	esac
	row_boot+=(--append "$row_append")
}
