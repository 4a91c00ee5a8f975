# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# A million violations a CPU, by four processes: all the same, and as many distinct ones as there are
# caches, more than there is room for. A heartbeat on each CPU says for how long nobody else could run,
# against the same copies where they are no violations; counts, memory and log are looked at. floods.conf
# has how many copies a process makes.
. ./guest.sh

per_process=$(cat floods.conf)
all=$((4 * per_process))
cpus=$(grep -c ^processor /proc/cpuinfo)
# Distinct ones: caches of each process, and copies of each at a time.
caches=160
chunk=$((per_process / caches))
insmod ucg_test.ko
for p in 1 2 3 4; do
	./ucg_copy create same_$p 1024 256 64
	i=0
	while [ $i -lt $caches ]; do
		./ucg_copy create "many_${p}_$i" 1024 256 64
		i=$((i + 1))
	done
done

# shellcheck disable=SC2317  # called by name, as a job
# same OFFSET, distinct OFFSET - copies of 64 bytes from there, by one process
same() {
	./ucg_copy -0 slab:same_$p "$1" 64 to copy "$per_process" >/dev/null
}
# shellcheck disable=SC2317
distinct() {
	i=0
	while [ $i -lt $caches ]; do
		./ucg_copy -0 "slab:many_${p}_$i" "$1" 64 to copy $chunk >/dev/null
		i=$((i + 1))
	done
}

# run HOW OFFSET - by four processes, with a heartbeat; sets gap, in us
run() {
	rm -f /tmp/stop
	./pulse /tmp/stop >/tmp/pulse &
	pulse=$!
	start=$(cut -d . -f 1 /proc/uptime)
	for p in 1 2 3 4; do "$1" "$2" & done
	for job in $(jobs -p); do [ "$job" = $pulse ] || wait "$job"; done
	touch /tmp/stop
	wait
	took=$(($(cut -d . -f 1 /proc/uptime) - start))
	gap=$(sed -n 's/.*longest gap \([0-9]*\) us/\1/p' /tmp/pulse | sort -n | tail -n 1)
}

free() {
	awk '/^(MemFree|Buffers|Cached):/ { sum += $2 } END { print sum }' /proc/meminfo
}

for how in same distinct; do
	for policy in warn enforce; do
		insmod usercopy_guard.ko policy=$policy
		forget
		run $how 256
		good=$gap good_took=$took
		is "$how, $policy: good copies leave nothing behind" "$(grep -c . $fs/violations)" 0
		before=$(free)
		run $how 192
		bad=$gap bad_took=$took
		grown=$((before - $(free)))
		echo "# $how, $policy: $all violations on $cpus CPUs in $bad_took s, longest gap $bad us; without violations $good_took s, $good us; memory $grown kB"
		echo "amount $all violations"
		counted=$(awk '/ kind=whitelist /' $fs/violations | sed -n 's/.* count=\([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum + 0 }')
		lost=$(sed -n 's/^violations: .*not listed \([0-9]*\).*/\1/p' $fs/status)
		is "$how, $policy: each of $all is counted" "$((counted + lost))" "$all"
		is "$how, $policy: heartbeats were at most 50 ms longer in coming than without violations" \
			"$(test "$bad" -le $((good + 50000)) && echo yes)" yes
		# What processes leave behind for a while is in it, but not two bytes for each violation.
		is "$how, $policy: no memory is lost" "$(test $grown -le $((2 * all / 1024)) && echo yes)" yes
		# Twenty in ten seconds (usercopy/limits.h).
		is "$how, $policy: the log has a bound" "$(test "$(reports | grep -c .)" -le $((20 * (bad_took / 10 + 2))) && echo yes)" yes
		if [ $how = distinct ]; then
			is "$how, $policy: the store was full" "$(test "$lost" -gt 0 && echo yes)" yes
			want=0
			[ $policy = warn ] || want=14
			./ucg_copy create late 1024 256 64
			./ucg_copy slab:late 192 64 to >/dev/null
			is "$how, $policy: ... and the policy holds for who finds no room in it" "$?" $want
			./ucg_copy destroy late
		fi
		is "$how, $policy: the kernel has nothing to complain about" "$(kernel_complaints)" ""
		yes "$how, $policy: unloads" rmmod usercopy_guard
	done
done
exit 0
