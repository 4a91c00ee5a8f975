# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Kernels that the guard cannot work on: it says why, and nothing is hooked.
. ./guest.sh

# refuses TEXT LINE INSMOD-ARGUMENT...
refuses() {
	text=$1 line=$2
	shift 2
	forget
	if ! [ -e "$1" ]; then
		not_ok "$text: there is no $1"
	elif insmod "$@" 2>/dev/null; then
		not_ok "$text: it does not load"
		rmmod "$(basename "$1" .ko)"
	else
		ok "$text: it does not load"
	fi
	sleep 0.2
	# Busybox tries twice.
	if [ "$(dmesg | sed 's/^[^]]*\] //' | grep "$line" | sort -u | wc -l)" = 1 ]; then
		ok "... and says why in one line"
	else
		not_ok "... and says why in one line" "wanted: $line" "$(dmesg)"
	fi
}

is "nothing is hooked before" "$(hooks)" 0
yes "something else takes the hook" insmod ucg_hold.ko
before=$(cat /sys/kernel/tracing/enabled_functions)
refuses "another direct hook is there" 'another direct ftrace hook or a live patch holds __check_object_size.*not loaded' usercopy_guard.ko
is "... and that hook is as it was" "$(cat /sys/kernel/tracing/enabled_functions)" "$before"
is "... and no file of ours is left" "$(ls -d $fs $sysctl 2>/dev/null)" ""
# One that is there before all is well could be opened, and would outlive what it reads from.
(until [ -e /tmp/stop ]; do [ ! -e $fs ] || echo seen; done >/tmp/seen) &
tries=0
while [ $tries -lt 20 ]; do
	insmod usercopy_guard.ko 2>/dev/null
	tries=$((tries + 1))
done
touch /tmp/stop
wait
is "... or is there for a moment" "$(grep -c . /tmp/seen)" 0
rmmod ucg_hold
yes "it loads when that has gone" insmod usercopy_guard.ko
forget
insmod ucg_hold.ko 2>/dev/null && not_ok "who comes later is told as well" || ok "who comes later is told as well"
rmmod usercopy_guard

yes "the proof of the layout passes on the layout of this kernel" insmod ucg_layout.ko
rmmod ucg_layout
moved() {
	refuses "kmem_cache.$1 is $2 bytes from where the layout has it" \
		"kmem_cache\..* is not where the BTF that the module was built with has it.*not loaded" \
		ucg_layout.ko wrong=$1 by=$2
}
for member in size object_size reciprocal_size flags refcount name kobj useroffset usersize; do
	for by in 4 -4 8; do moved $member $by; done
done
# A red zone before an object is as large as its alignment, and stands four bytes behind it. Without
# red zones it is zero like much else, and not used.
for by in -4 8; do moved align $by; done
if grep -q slub_debug /proc/cmdline; then
	for by in 4 8; do moved red_left_pad $by; done
else
	moved align 4
fi
refuses "slab.slab_cache is elsewhere" 'slab.slab_cache is not where the BTF' ucg_layout.ko wrong=slab_cache by=8
refuses "the layout is another kernel's" 'built for the structures of kernel 6.0.0-other, this is .*; build it again' \
	ucg_layout.ko release=6.0.0-other
is "no cache of the proof is left" "$(grep -c usercopy_guard_probe /proc/slabinfo)" 0
is "nothing is hooked after all that" "$(hooks)" 0
is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
exit 0
