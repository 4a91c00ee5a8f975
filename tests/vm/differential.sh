# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# The same questions to the kernel's own check, while the guard is not loaded, to the guard, and to the
# kernel's check again. They may differ only as the documentation says.
. ./guest.sh

dir=/sys/kernel/debug/ucg_ask

# address PARAMETER SYMBOL
address() {
	sed -n "s/^\([0-9a-f]*\) [^ ] $2\$/$1=0x\1/p" /proc/kallsyms | head -n 1
}

# shellcheck disable=SC2046  # words
insmod ucg_ask.ko $(cat differential.conf) $(address text _stext) $(address etext _etext) \
	$(address rodata __start_rodata) $(address erodata __end_rodata) \
	$(address bss __bss_start) $(address ebss __bss_stop)

yes "the kernel's check is asked" sh -c "echo kernel >$dir/ask"
yes "the guard loads" insmod usercopy_guard.ko
yes "the guard is asked" sh -c "echo guard >$dir/ask"
yes "the guard goes" rmmod usercopy_guard
yes "the kernel's check is asked again" sh -c "echo again >$dir/ask"

sed 's/^/# /' $dir/result
result=$(grep '^result: ' $dir/result)
value() {
	echo "$result" | sed -n "s/.* $1=\([0-9]*\).*/\1/p"
}
is "guard and kernel differ only as documented" "$(value differ)" 0
all=$(value questions)
# Neither of the two may be there for show.
[ "$(value good)" -gt $((all / 5)) ] && [ "$(value bad)" -gt $((all / 5)) ] &&
	[ "$(value volatile)" -lt $((all / 100)) ]
yes "many are good, many bad, and few were answered twice in different ways" test $? = 0
yes "there were at least 60 kinds of memory" test "$(value kinds)" -ge 60
rmmod ucg_ask
is "the kernel does not complain" "$(kernel_complaints)" ""
exit 0
