#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: where the kernel's functions are, and two tables, for tests/interpret/scan. Packed,
# since the serial line is slow.
dmesg -n 1
echo "functions: begin"
grep -iE ' [tw] | __(start|stop)_(__jump_table|static_call_sites)$| (pcpu_hot|__preempt_count)$' /proc/kallsyms | grep -v '\[' | gzip -9 | base64
echo "functions: end"
