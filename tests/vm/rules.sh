# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Rules: what they mean for copies, and what bad ones lead to.
. ./guest.sh

rules=$fs/whitelist
insmod usercopy_guard.ko
insmod ucg_test.ko

# load TEXT... - one write of these lines
load() {
	printf '%s\n' "$@" | ./write_rules whole $rules
}

copies() {
	grep -o ' count=[0-9]*' $fs/violations | cut -d = -f 2 | awk '{ n += $1 } END { print n + 0 }'
}

# judged CACHE OFFSET LENGTH DIRECTION - is the copy fine, or a violation?
judged() {
	before=$(copies)
	./ucg_copy "slab:$1" "$2" "$3" "$4" >/dev/null || echo "(exit $?)"
	case $(($(copies) - before)) in 0) echo fine ;; 1) echo violation ;; *) echo "?" ;; esac
}

### The language

kept='allow keep 0 16 both'
load "$kept" >/dev/null
long=$(printf '%256s' '' | tr ' ' n)
groups=0
# bad REASON TEXT... - printf's TEXT is refused as a whole, and the log says REASON
bad() {
	reason=$1 format=$2
	# The log takes ten such lines in five seconds.
	groups=$((groups + 1))
	[ $((groups % 9)) = 0 ] && sleep 5.5
	forget
	# shellcheck disable=SC2059  # it is a format
	is "$(echo "$format" | cut -c 1-40): EINVAL" "$(printf "$format" | ./write_rules whole $rules)" EINVAL=1
	is "... with the reason" "$(guard_log | grep -cF "$reason")" 1
	is "... and no control byte of it in the log" "$(guard_log | tr -d '\n\40-\176\200-\377' | wc -c)" 0
	is "... and the earlier rules" "$(cat $rules)" "$kept"
}
bad 'line 1: unknown verb' 'permit a 0 1\n'
bad 'line 1: unknown verb' 'ALLOW a 0 1\n'
bad 'line 1: missing field (allow' 'allow\n'
bad 'line 1: missing field (allow' 'allow a 0\n'
bad 'line 1: extra field (allow' 'allow a 0 1 to more\n'
bad 'line 1: unknown direction' 'allow a 0 1 out\n'
bad 'line 1: missing field (deny' 'deny a 0\n'
bad 'line 1: extra field (deny' 'deny a 0 1 to\n'
bad 'line 1: unknown policy' 'policy a nonsense\n'
bad 'line 1: missing field (policy' 'policy a\n'
bad 'line 1: extra field (flush' 'flush a\n'
bad 'line 1: number above 2^32' 'allow a 99999999999999999999 1\n'
bad 'line 1: number above 2^32' 'allow a 0 0x100000001\n'
bad 'line 1: offset + length above 2^32' 'allow a 4294967295 2\n'
bad 'line 1: negative number' 'allow a -1 2\n'
bad 'line 1: length 0' 'allow a 1 0\n'
bad 'line 1: not a number' 'allow a 1 2k\n'
bad 'line 1: name longer than 255 bytes' "allow $long 0 1\n"
bad 'line 1: NUL byte' 'allow a\0b 0 1\n'
bad 'line 1: control character' 'allow a\033[2Jb 0 1\n'
bad 'line 1: byte that is not ASCII' 'allow \377\376 0 1\n'
bad 'line 1: carriage return' 'allow a 0 1\r\n'
bad 'line 3: unknown verb' 'allow a 0 1\nallow b 0 1\nnonsense\nallow c 0 1\n'
bad 'line 2: carriage return' 'flush\nallow a 0 1\r\n'
bad 'line 2: another policy for the same name, in one write' 'policy a warn\npolicy a enforce\n'
bad 'line 1: there is no such rule to delete' 'delete allow keep 0 17\n'
bad 'line 2: there is no such rule to delete' 'policy a warn\ndelete policy a enforce\n'
bad 'line 1: delete what?' 'delete flush\n'
bad 'line 1: unknown kind' 'policy kind:nul warn\n'
bad 'line 1: bad caller' 'policy caller:f@ warn\n'
bad 'line 1: no name behind the colon' 'policy module: warn\n'
bad 'line 1: only a policy can be for' 'deny module:m\n'
bad 'does not end with a newline' 'allow a 0 1'
is "a name of 255 bytes is a name" "$(load "allow ${long#n} 0 1")" ok=1
is "the largest range is a range" "$(load 'allow keep 0 4294967296')" ok=1
load flush "$kept" >/dev/null

forget
is "a write at an offset: EINVAL" "$(echo 'allow a 0 1' | dd of=$rules bs=12 seek=1 conv=notrunc 2>&1 | grep -c 'Invalid argument')" 1
is "... with the reason" "$(guard_log)" "whitelist: write at an offset; rules are only added, write at 0"
is "... and the earlier rules" "$(cat $rules)" "$kept"

### Too much

forget
is "a write of 100 MB: E2BIG" "$(./write_rules big $rules 104857600)" E2BIG=1
is "... with the reason" "$(guard_log | grep -c 'write of more than 2097152 bytes; no rule was changed')" 1
is "... and the earlier rules" "$(cat $rules)" "$kept"
forget
seq 16384 | sed 's/.*/allow c& 0 1/' >/tmp/many
is "one rule more than there may be: ENOSPC" "$(./write_rules whole $rules </tmp/many)" ENOSPC=1
is "... with the reason" "$(guard_log | grep -c 'more than 16384 rules; no rule was changed')" 1
is "... and the earlier rules" "$(cat $rules)" "$kept"
seq 100000 -1 1 | sed 's/.*/allow a &0 1/' | head -c 2000000 | sed '$d' >/tmp/one
start=$(cut -d . -f 1 /proc/uptime)
is "100 000 regions of one cache: ENOSPC" "$(./write_rules whole $rules </tmp/one)" ENOSPC=1
{ echo flush && sed '$d' /tmp/many && seq 250000 | sed 's,.*,flush,'; } | head -c 2000000 | sed '$d' >/tmp/flushes
is "250 000 times flush: done" "$(./write_rules whole $rules </tmp/flushes)" ok=1
end=$(cut -d . -f 1 /proc/uptime)
echo "# both took $((end - start)) s"
is "... within a minute" "$(test $((end - start)) -lt 60 && echo yes)" yes
is "... and all rules are gone" "$(cat $rules)" ""
load "$kept" >/dev/null

forget
start=$(cut -d . -f 1 /proc/uptime)
is "a million one-byte writes of nonsense: EINVAL" "$(echo x | ./write_rules bytes $rules 1000000 | tr ' ' '\n' | grep EINVAL)" EINVAL=500000
end=$(cut -d . -f 1 /proc/uptime)
echo "# a million writes took $((end - start)) s"
is "... the log is not flooded" "$(test "$(guard_log | wc -l)" -le $((20 + (end - start) * 3)) && echo yes)" yes
is "... and the earlier rules" "$(cat $rules)" "$kept"
forget
# Each message comes ten times in five seconds at the most.
sleep 5.5
is "rules cut into bytes: only newlines are whole lines" "$(echo '# a' | ./write_rules bytes $rules 1000)" "ok=250 EINVAL=750"
is "... with the reason" "$(guard_log | grep -c '^whitelist: the write does not end with a newline: it may have been cut; no rule was changed$' | sed 's/[1-9].*/some/')" some
forget
seq 40000 | sed 's/.*/allow cut_& 0 1 # a comment that makes the whole of it longer/' | head -c 2097152 >/tmp/cut
is "2 MiB of rules that were cut: EINVAL" "$(./write_rules whole $rules </tmp/cut)" EINVAL=1
is "... and the earlier rules" "$(cat $rules)" "$kept"

# Two at once, and one who looks.
load flush >/dev/null
./write_rules sets $rules 300 left >/tmp/left &
./write_rules sets $rules 300 right >/tmp/right &
# Not before there is a set.
while [ ! -s $rules ] && ! grep -q _ $rules; do sleep 0.1; done
is "whoever reads meanwhile reads one set as a whole" "$(./write_rules look $rules 300)" whole=300
wait
is "two writers at once: no write fails" "$(cat /tmp/left /tmp/right | sort -u)" ok=300

is "without CAP_SYS_ADMIN nobody writes" "$(echo 'allow a 0 1' | ./as no-cap ./write_rules whole $rules 2>&1)" EPERM=1
is "nor another user" "$(su nobody -s /bin/sh -c "echo 'allow a 0 1' >$rules" 2>&1 | grep -ci denied)" 1

### What rules mean

# ucg_test_part has the kernel's region 256-319.
load flush 'deny ucg_test_part 280 8' >/dev/null
is "deny inside the kernel's region: before it" "$(judged ucg_test_part 256 24 to)" fine
is "... in it" "$(judged ucg_test_part 280 1 to)" violation
is "... across it" "$(judged ucg_test_part 256 64 to)" violation
is "... behind it" "$(judged ucg_test_part 288 32 from)" fine
forget
load 'allow ucg_test_part 284 2 to' >/dev/null
is "allow inside deny wins" "$(judged ucg_test_part 284 2 to)" fine
is "... in its direction alone" "$(judged ucg_test_part 284 2 from)" violation
is "... and no byte further" "$(judged ucg_test_part 283 2 to)" violation
load flush 'deny ucg_test_part 200 400' >/dev/null
is "deny over all of the kernel's region" "$(judged ucg_test_part 256 64 from)" violation
load flush 'deny ucg_test_part' >/dev/null
is "deny without a range: nothing passes" "$(judged ucg_test_part 300 1 to)" violation
is "... of other caches it does" "$(judged ucg_test_red 0 256 to)" fine
load flush 'allow ucg_test_part 200 56' 'allow ucg_test_part 320 8 from' >/dev/null
is "a copy may span a rule's region and the kernel's" "$(judged ucg_test_part 200 120 to)" fine
is "... and rules on both sides" "$(judged ucg_test_part 200 128 from)" fine
is "... in the direction of both" "$(judged ucg_test_part 200 128 to)" violation
load flush 'allow ucg_test_bare 0 16 to' 'allow ucg_test_bare 16 16 to' >/dev/null
is "a copy may span two rules that touch" "$(judged ucg_test_bare 8 16 to)" fine
is "... which are one" "$(cat $rules)" "allow ucg_test_bare 0 32 to"
load flush 'allow ucg_test_bare 0 16 to' 'allow ucg_test_bare 17 16 to' >/dev/null
is "but no gap of one byte" "$(judged ucg_test_bare 8 16 to)" violation
load flush 'allow ucg_test_bare 0 65536' >/dev/null
is "no rule lets a copy out of its object" "$(judged ucg_test_bare 500 64 to)" violation

### Caches come and go

load flush 'allow later 16 16' >/dev/null
./ucg_copy create later 256 0 0
is "a rule may be there before its cache" "$(judged later 16 16 to)" fine
./ucg_copy destroy later
./ucg_copy create stranger 256 0 0
is "another cache in its place does not inherit it" "$(judged stranger 16 16 to)" violation
./ucg_copy create later 256 0 0
is "the cache finds it again" "$(judged later 16 16 to)" fine
is "... and nothing more" "$(judged later 15 16 to)" violation
rmmod ucg_test && insmod ucg_test.ko

### Merged caches

load flush >/dev/null
forget
is "a merged cache without a rule" "$(judged ucg_test_twin_a 40 8 to)" violation
id=$(readlink /sys/kernel/slab/ucg_test_twin_b)
is "the report names the real cache and all its aliases" \
	"$(guard_log | grep -c "^  merged slab cache $id of: .*ucg_test_twin_a, ucg_test_twin_b")" 1
forget
load 'allow ucg_test_twin_b 40 8 to' >/dev/null
is "a rule for an alias works" "$(judged ucg_test_twin_b 40 8 to)" fine
is "... for the other, too" "$(judged ucg_test_twin_a 40 8 to)" fine
is "... as the log has said" "$(guard_log | grep -c "whitelist: rules for 'ucg_test_twin_b' reach all of merged slab cache $id: .*ucg_test_twin_a, ucg_test_twin_b")" 1
is "... and the file says" "$(grep -A 1 "^# ucg_test_twin_b is merged into $id, which .* names share:" $rules | grep -c '^#   .*ucg_test_twin_a, ucg_test_twin_b')" 1
is "... and no byte more" "$(judged ucg_test_twin_a 40 9 to)" violation
load 'policy ucg_test_twin_b enforce' >/dev/null
is "its policy is the merged cache's" "$(./ucg_copy slab:ucg_test_twin_a 0 8 to | grep -c refused=1)" 1
is "... as the file caches shows" "$(grep -c '^cache=ucg_test_twin_[ab] policy=enforce ' $fs/caches)" 1
is "the status counts it" "$(grep -c '^rules: 2 for 1 caches, [0-9]* bytes; 0 by drivers, 1 merged caches reached$' $fs/status)" 1

# What comes later, and takes another's place: SLUB keeps the name of what has gone.
./ucg_copy create first 248 0 0 mergeable
./ucg_copy create second 248 0 0 mergeable
load flush 'allow first 0 8 to' 'allow later 16 8 to' 'policy strict enforce' >/dev/null
is "a cache merged into others" "$(readlink /sys/kernel/slab/first)" "$(readlink /sys/kernel/slab/second)"
./ucg_copy destroy second
./ucg_copy create later 248 0 0 mergeable
./ucg_copy slab:later 16 8 to >/dev/null
sleep 3
is "one that has taken the place of another finds its rule" "$(judged later 16 8 to)" fine
./ucg_copy destroy later
./ucg_copy create strict 248 0 0 mergeable
# Beyond its end: no rule for a region could be asked for.
./ucg_copy -0 slab:strict 240 64 to >/dev/null
sleep 3
is "... and its policy" "$(./ucg_copy -0 slab:strict 240 64 to | grep -c refused=1)" 1

### What drivers say

load flush >/dev/null
insmod ucg_test_api.ko offset=8 len=16 dirs=1
is "a driver allows a region of its cache" "$(judged ucg_test_bare 8 16 to)" fine
is "... and the file says who" "$(grep -c '^# allow ucg_test_bare 8 16 to (by driver ucg_test_api)' $rules)" 1
load 'deny ucg_test_bare 8 1' >/dev/null
is "deny wins over it" "$(judged ucg_test_bare 8 16 to)" violation
load flush >/dev/null
is "flush leaves it" "$(judged ucg_test_bare 8 16 to)" fine
rmmod ucg_test_api
is "it goes with the driver" "$(judged ucg_test_bare 8 16 to)" violation
is "... without a trace" "$(cat $rules)" ""

### Reading gives back what restores it

seq 10000 | sed 's/.*/allow c&\\040x 0x10 &/; n; s/.*/deny c& 1 2/; n; s/.*/policy c& fallback/' >/tmp/rules
is "10 000 rules load" "$(./write_rules whole $rules </tmp/rules)" ok=1
grep '^rules: ' $fs/status | sed 's/^/# /'
bytes=$(sed -n 's/^rules: 10000 for 10000 caches, \([0-9]*\) bytes.*/\1/p' $fs/status)
is "... and take less than 5 MB" "$(test "${bytes:-9999999}" -lt 5000000 && echo yes)" yes
cat $rules >/tmp/saved
is "... are read as they are" "$(wc -l </tmp/saved)" 10000
load flush >/dev/null
./write_rules whole $rules </tmp/saved >/dev/null
yes "what was read restores them" cmp $rules /tmp/saved
is "reading in small pieces gives the same" "$(dd if=$rules bs=100 2>/dev/null | cmp - /tmp/saved && echo same)" same

is "the kernel has nothing to complain about" "$(kernel_complaints)" ""
yes "unloads with 10 000 rules loaded" rmmod usercopy_guard
exit 0
