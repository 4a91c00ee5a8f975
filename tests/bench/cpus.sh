# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Runs in a guest with several CPUs that take turns in one thread: the time is what all of
# them need together, so copies that held each other up would take the longer the more
# CPUs there are.
insmod ucg_growth.ko || exit 1
insmod usercopy_guard.ko || exit 1
echo 0 >/proc/sys/kernel/printk
./ucg_growth_user caches 1 || exit 1
for _ in 1 2 3 4 5; do
	./ucg_growth_user cpus 4 || exit 1
done
