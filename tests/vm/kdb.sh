# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# KDB, the kernel's own debugger, steps through copies while they are refused, and others with them:
# from the driver's function over the check and the guard to where the copy is left out. What it is
# told to do is typed on its serial line: kdb.commands, see tests/vm/run.
. ./guest.sh

# enter - into KDB, and back when it has been told to go
enter() {
	echo g >/proc/sysrq-trigger
}

insmod ucg_test.ko

# copies TIMES - what became of them
copies() {
	./ucg_copy -0 slab:ucg_test_part 250 64 to copy "$1" | sed -n 's/.*\(complete=[0-9]* refused=[0-9]*\).*/\1/p'
}

# steps_in FILE MODULE - how many of KDB's steps came to where a module's code is
steps_in() {
	read -r size base <<-END
		$(sed -n "s/^$2 \([0-9]*\) .* 0x\([0-9a-f]*\)\( .*\|\)$/\1 \2/p" /proc/modules)
	END
	from=$((0x$base)) to=$((0x$base + size)) n=0
	while read -r at; do
		[ $((at)) -lt $from ] || [ $((at)) -ge $to ] || n=$((n + 1))
	done <"$1"
	echo $n
}

if [ ! -w /sys/module/kgdboc/parameters/kgdboc ]; then
	not_ok "this kernel has KDB"
	exit 1
fi
echo 1 >/proc/sys/kernel/sysrq
# A breakpoint, and it goes away again, while the guard is not there: KDB takes locks where lockdep,
# rightly, complains of them. It does so once.
enter
enter
insmod usercopy_guard.ko policy=enforce
told=$(tr '\r' '\n' <kdb.commands | grep -cx ss)
is "without a debugger copies are refused" "$(copies 1000)" "complete=0 refused=1000"
busy_begin copy raw
forget
# From here on with a breakpoint in the driver's function.
enter
is "copies that are stepped through are refused" "$(copies 100)" "complete=0 refused=100"
until busy_enough; do sleep 1; done
dmesg | sed -n 's/.*due to SS trap @ \(0x[0-9a-f]*\).*/\1/p' >/tmp/steps
is "KDB has made each step that it was told to" "$(wc -l </tmp/steps)" "$told"
guard=$(steps_in /tmp/steps usercopy_guard) driver=$(steps_in /tmp/steps ucg_test)
echo "# of $told steps $guard in the guard, $driver in the driver"
is "... through the guard" $((guard > 100)) 1
is "... and the driver's function" $((driver > 10)) 1
busy_end
is "nothing was unrefusable" "$(grep -c '^violations: .* unrefusable 0,' $fs/status)" 1
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads" rmmod usercopy_guard
exit 0
