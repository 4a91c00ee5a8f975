# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Runs a test in the guest, and then says on the console which of the guard's lines have run, as gcov
# has it, packed: tests/coverage/run reads that from the log.
sh -u ./test.sh
status=$?
cd /sys/kernel/debug/gcov || exit
# Files there have no size, which tar goes by.
find . -path '*/mm/usercopy_guard/*' -name '*.gcda' | while read -r file; do
	to=/tmp/counts/${file#*/mm/usercopy_guard/}
	mkdir -p "${to%/*}"
	cat "$file" >"$to"
done
# The kernel's own lines would come in between.
dmesg -n 1
echo "counts: begin"
tar -C /tmp/counts -c . | gzip | base64
echo "counts: end"
exit $status
