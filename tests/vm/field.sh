# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2317
# Copies that people met, in public reports, made again: what becomes of each without the guard,
# under warn and under enforce, and what mends it.
#
# The recipes are facts of the reports; nothing is copied from them. With slub_debug=Z,kmalloc-16.
# Lines "cell | ..." are for the table.
. ./guest.sh

# Which is whose:
#   1 linux-mm, 22 August 2016 (4.8-rc3): off by one at the start of the text. linux-arm-kernel 2016:
#     the direct map's view of the text has to be known, too
#   2 kernel-hardening, July 2016, and linux-mm, 20 September 2016: _etext had read-only data before
#     it; the string literal of a module
#   3 linuxppc-dev, December 2021: a buffer of vzalloc() was taken for a page of a slab
#   4 syzbot, ldusb, 2019: a length that a device sends
#   5 Red Hat bug 1788653 (5.4, tpm): a negative error as a length
#   6 netdev, 12 May 2020, and syzbot 0c35af046fa9: NULL, and what kmalloc(0) returns
#   7 dmaengine, February 2024 (idxd), and kvm, 19 March 2024 (vhost): a worker that has borrowed a
#     process's memory, and one that copies to the kernel's own
#   8 linuxppc-dev 2016 (SLUB_DEBUG_ON): red zones before the object; s390, 2018 and 2019: the
#     caches of kmalloc(GFP_DMA) had no whitelist
#   9 CVE-2026-22977; netdev, February 2023; x86, 2024 and 2025 (the FPU's state); syzbot 083f3b88
#  10 bpf, 2023: copy_from_user_nofault() and the lock of find_vmap_area(): machines froze
#  12 void-packages 1231 (nvidia): an object as a stack; openzfs 3796 and 7438: caches without
#     whitelists of a file system
#  13 Hubbitus/kernel 4 and 5, coda 39, iomemory-vsl 142: a device's answer in too small a buffer,
#     with a lock that others wait for
#  15 a write-up of an exploit on Ubuntu 5.19, and Reptile 111: the stack
#  16 linux-mm 2017: /dev/mem
# 11 (tagged pointers) and 14 (kmap pages of 32 bits) cannot be had on x86-64: tests/kunit has them.
#
# no. | place | offset | bytes | direction | kind, - for none, or of a list, ~KIND for any but it |
# what the report says: words that are all there | without the guard. The kernel's own check takes its
# own frame for one that is alive: what it says of a copy from just below the caller's depends on that.
cases="
1|text-start|-4096|4096|to|~text||lives
1|text-start|-4096|4097|to|text|n=4097|dies
1|text-end|0|4096|to|~text||lives
2|module-rodata|0|1|to|-||lives
2|module-data|0|1|to|-||lives
2|module-bss|0|1|to|-||lives
2|kernel-rodata|0|1|to|-||lives
3|vzalloc|64|1048|to|-||lives
4|kmalloc-2048|8|65062|to|object|cache=kmalloc-2k min=8 n=65062|dies
4|kmalloc-2048|8|0x7ffff000|to|object|cache=kmalloc-2k min=8 n=2147479552|dies
5|kmalloc-96|0|-1|to|wrap|n=18446744073709551615|dies
6|null|0|280|to|null|n=280|dies
6|zero-size|0|4|to|null|n=4|dies
7|worker|74|31|to|whitelist|cache=ucg_field_bare min=74 n=31|hangs
7|worker-kvec|74|31|to|whitelist|cache=ucg_field_bare min=74 n=31|hangs
8|kmalloc-9|0|9|to|-||lives
8|kmalloc-9|9|7|to|-||lives
8|kmalloc-9|-1|9|to|redzone|cache=kmalloc-16 n=9|dies
8|kmalloc-dma|11|8|to|-||lives
9|region|40|48|to|-||lives
9|region|39|1|to|whitelist|cache=ucg_field_region min=39 n=1 useroffset=40 usersize=48|dies
9|region|40|49|to|whitelist|cache=ucg_field_region min=40 n=49 useroffset=40 usersize=48|dies
9|region|88|1|to|whitelist|cache=ucg_field_region min=88 n=1 useroffset=40 usersize=48|dies
9|region|296|16|to|whitelist|cache=ucg_field_region min=296 n=16 useroffset=40 usersize=48|dies
9|region|100|0|to|-||lives
9|region|72|16|to|-||lives
10|timer|64|1048|from|-||lives
10|timer|4064|64|to|vmalloc|min=4064 n=64|lives
10|kprobe|64|1048|from|-||lives
10|kprobe|4064|64|to|vmalloc|min=4064 n=64|lives
12|stack-object|8000|128|to|whitelist|cache=ucg_field_stack min=8000 n=128|dies
12|bare|16|24|from|whitelist|cache=ucg_field_bare min=16 n=24|dies
13|locked|0|128|to|object|cache=kmalloc-8 min=0 n=128|hangs
15|below-stack|-40|64|to|stack|n=64|lives or dies
15|small-variable|0|16|from|-||lives
"
seconds=$(cat field.conf)

echo 0 >/proc/sys/kernel/kptr_restrict
address() {
	sed -n "s/^\([0-9a-f]*\) [tT] $1$/0x\1/p" /proc/kallsyms
}
yes "the driver loads" insmod ucg_field.ko stext="$(address _stext)" etext="$(address _etext)"

value() {
	echo "$copied" | sed -n "s/.*\<$1=\([-0-9]*\).*/\1/p"
}

# copy - has the case's copy made, in a process that may be killed: $copied, $status
copy() {
	copied=$(sh -c "./field_copy $place $offset $len $dir $seconds; exit \$?" 2>&1)
	status=$?
}

seen() {
	sed "s/ minsize=\([0-9]*\) maxsize=\1 / n=\1 /" $fs/violations
}

# What was seen and is not what was asked for, nothing if all is right. What lies around the text
# may be anybody's.
wrong() {
	case $kind in
	-) seen ;;
	~*) seen | grep " kind=${kind#?} " ;;
	*)
		line=$(seen)
		for word in "kind=$kind" "dir=$dir" $says; do
			case " $line " in *" $word "*) ;; *) echo "no $word in: $line" ;; esac
		done
		[ "$(echo "$line" | wc -l)" = 1 ] || echo "more than one: $line"
		;;
	esac
}

# told - what the report names, for the table
told() {
	seen | sed -n "s/.* kind=\([^ ]*\) .* cache=\([^ ]*\) .* min=\([^ ]*\) .* caller=\([^+ ]*\).*/\1 \2 \3 by \4/p" |
		sed 's/ - / /;s/ - / /'
}

sum() {
	sed -n "s/.* $1=\([0-9]*\) .*/\1/p" $fs/violations | awk '{ n += $1 } END { print n + 0 }'
}

# What a copy came to that is let through: complete, or stopped by what is not mapped, as it would
# have been without us.
went_on() {
	case "$status.$(value complete).$(value tried)" in
	0.*) ;;
	14.*)
		case $place in kmalloc-* | null | zero-size | timer | kprobe) ;; *) return 1 ;; esac
		;;
	*) return 1 ;;
	esac
}

# The rule that suggest has for it; one that is there to be uncommented is.
suggested() {
	./usercopyctl suggest 2>/tmp/suggest.err >/tmp/suggest
	sed -n -e '/^allow /p' -e 's/^#\(policy caller:.*\)/\1/p' /tmp/suggest
}

run_case() {
	title="case $no, $len bytes at $offset of $place $dir user space"
	forget
	# What has seen nothing yet is as good as new.
	if [ -d $fs ]; then
		echo warn >$sysctl/policy
	else
		insmod usercopy_guard.ko || { not_ok "$title: the guard loads" && return; }
	fi
	copy
	yes "$title: under warn it goes on" went_on
	is "... and is reported as it should be, or not at all" "$(wrong)" ""
	case $kind in
	- | ~*)
		warn=silence mend=-
		# What came before or behind the text may be a slab's: no business of this test.
		[ "$(sum count)" = 0 ] || warn="no word of text"
		echo enforce >$sysctl/policy
		copy
		if [ "$(sum count)" = 0 ]; then
			is "... and under enforce as well" "$status" 0
			enforce=silence
		else
			enforce="no word of text"
		fi
		;;
	*)
		warn="goes on; $(told)"
		is "... each time" "$(sum count)" "$(value tried)"
		is "... and allowed each time" "$(sum allowed)" "$(value tried)"
		is "... in one line of the log" "$(reports | wc -l)" 1
		echo enforce >$sysctl/policy
		before=$(sum count)
		copy
		is "... under enforce the copy fails with EFAULT" "$status.$(value errno).$(value complete)" 14.14.0
		is "... has changed nothing" "$(value user)" 0
		is "... and was refused each time" "$(sum refused)" "$(value tried)"
		enforce=EFAULT
		[ "$(sum refused)" = "$(value tried)" ] || enforce="$(sum refused) of $(value tried) refused"
		rule=$(suggested)
		is "... suggest has one rule for it" "$(echo "$rule" | grep -c .)" 1
		echo "$rule" >/tmp/rule
		yes "... which is loaded" ./usercopyctl load /tmp/rule
		before=$(sum count) refused=$(sum refused)
		copy
		yes "... and lets it through" went_on
		is "... none is refused any more" "$(sum refused)" "$refused"
		case $rule in
		allow*) is "... or reported" "$(sum count)" "$before" ;;
		*) is "... but reported" "$(test "$(sum count)" -gt "$before" && echo yes)" yes ;;
		esac
		mend=$rule
		;;
	esac
	is "... others get the lock" "$(timeout -s KILL 30 ./field_copy locked 0 8 to >/dev/null; echo $?)" 0
	[ "$(sum count)" = 0 ] || yes "... the guard unloads" rmmod usercopy_guard
	is "... and the kernel does not complain" "$(kernel_complaints)" ""
	echo "cell | $no | $place | $offset | $len | $dir | $warn | $enforce | $mend"
}

echo "$cases" | while IFS='|' read -r no place offset len dir kind says stock; do
	[ -z "$no" ] || run_case
done
echo "amount $(echo "$cases" | grep -c .) copies that people met"

rmmod usercopy_guard 2>/dev/null

# The kernel's own check looks at what the driver of /dev/mem has read in its own buffer.
# read_low WITH
read_low() {
	dd if=/dev/mem of=/tmp/mem bs=4096 count=256 2>/dev/null
	echo "$? $(wc -c </tmp/mem)"
}
if [ -e /dev/mem ]; then
	without=$(read_low)
	forget
	insmod usercopy_guard.ko
	is "case 16, the first MiB of /dev/mem: under warn it reads as without the guard" "$(read_low)" "$without"
	echo enforce >$sysctl/policy
	is "... and under enforce" "$(read_low)" "$without"
	is "... silently" "$(cat $fs/violations)" ""
	rmmod usercopy_guard
	is "... and the kernel does not complain" "$(kernel_complaints)" ""
	echo "cell | 16 | /dev/mem | 0 | 1048576 | to | silence | silence | -"
fi

# Without the guard, at last: those who are killed take locks with them. Whoever waits for them is
# given up after a while.
echo "$cases" | while IFS='|' read -r no place offset len dir kind says stock; do
	[ -n "$no" ] || continue
	copy
	case $status in
	139) got=dies ;;
	62) got=hangs ;;
	0 | 14) got=lives ;;
	*) got="? $copied" ;;
	esac
	# Whoever comes next. A worker that dies takes the memory along that it has borrowed.
	case $place.$got in
	locked.dies | worker*.dies)
		timeout -s KILL 60 ./field_copy $place 0 0 to >/dev/null 2>&1
		case $? in 137 | 62) got=hangs ;; esac
		;;
	esac
	# What lies around the text may be a slab's.
	[ "$place.$got" = text-start.dies ] && [ "$kind" = '~text' ] && got=lives
	[ "$place.$got" = text-end.dies ] && got=lives
	is "case $no, $len bytes at $offset of $place $dir user space: without the guard it $stock" \
		"$(case " $stock " in *" $got "*) echo yes ;; *) echo "$got" ;; esac)" yes
	echo "stock | $no | $place | $offset | $len | $dir | $got"
done
exit 0
