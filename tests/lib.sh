# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests share. Source it; it changes nothing by itself.

# shellcheck source=scripts/dev/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/dev/lib.sh"

# copy_test_driver FOLDER - ucg_test.ko's sources without the other drivers', which need more than
# the kernel, and not beside what was built of them for another kernel
copy_test_driver() {
	mkdir -p "$1"
	cp "$top"/tests/driver/{ucg_test.h,test_*.[ch]} "$1/"
	grep '^\(obj-m += ucg_test\.o\|ucg_test-y := .*\)$' "$top/tests/driver/Kbuild" >"$1/Kbuild"
}
