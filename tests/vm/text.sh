# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Kernels whose data can be executed (rodata=off, a CPU without NX): data is not taken for text, and
# text is known all the same.
. ./guest.sh

insmod ucg_test.ko
yes "loads" insmod usercopy_guard.ko policy=fallback
forget
yes "the kernel's read-only data can be read (tracing/README)" cat /sys/kernel/tracing/README
# Reading trace_pipe would wait for traces, and debugfs has a file that warns of what runs here.
find /proc/self /sys/kernel -maxdepth 2 -type f ! -path '*/debug/*' ! -name trace_pipe ! -name kmsg -exec head -c 4096 {} \; >/dev/null 2>&1
yes "data of modules can be read" ./ucg_copy data 0 4096 to
yes "... and written" ./ucg_copy data 100 64 from
is "none of that is reported" "$(reports)" ""
./ucg_copy text 0 4096 to >/dev/null
is "kernel text is refused" $? 14
is "... and reported as that" "$(violation refused kind=text dir=to)" 1
./ucg_copy module-text 0 64 to >/dev/null
status=$?
if [ "$(grep -c '^flags.* nx ' /proc/cpuinfo)" = 0 ]; then
	is "without NX, code of modules is not told from data" $status 0
else
	is "code of modules is refused" $status 14
	is "... and reported as that" "$(violation refused kind=module-text dir=to)" 1
fi
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
