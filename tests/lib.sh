# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034  # used by the scripts that source it
#
# What the tests share. Source it; it changes nothing by itself.

# shellcheck source=scripts/dev/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/dev/lib.sh"

# copy_test_driver FOLDER [NAME...] - ucg_test.ko's sources, and those of drivers with one file, without the
# others', which need more than the kernel, and not beside what was built of them for another kernel
copy_test_driver() {
	local dir=$1
	shift
	mkdir -p "$dir"
	cp "$top"/tests/driver/{ucg_test.h,test_*.[ch]} "${@/#/$top/tests/driver/}" "$dir/"
	grep '^\(obj-m += ucg_test\.o\|ucg_test-y := .*\)$' "$top/tests/driver/Kbuild" >"$dir/Kbuild"
	[ $# = 0 ] || printf 'obj-m += %s.o\n' "${@%.c}" >>"$dir/Kbuild"
}

# kernel_with_headers [RELEASE] - RELEASE, or the first kernel whose headers are installed; fails if
# it has none
kernel_with_headers() {
	local release=${1:-} dir
	for dir in /lib/modules/*/build; do
		[ -n "$release" ] && break
		[ -e "$dir/Makefile" ] && release=${dir#/lib/modules/} release=${release%/build}
	done
	[ -e "/lib/modules/$release/build/Makefile" ] && printf '%s\n' "$release"
}

# guest_results LOG RESULTS [COMMENT] - keep the lines "ok - ..." and "not ok - ..." of a guest's log,
# and what begins with COMMENT, by default every "#"; count them in $guest_passed and $guest_failed
guest_results() {
	tr -d '\r' <"$1" | grep -aE "^((not )?ok - |${3:-#})" >"$2" || true
	guest_passed=$(grep -c '^ok - ' "$2" || true)
	guest_failed=$(grep -c '^not ok - ' "$2" || true)
}

# first_lines N PATTERN BUT LOG - show the first N lines of a log that match PATTERN and not BUT; fails
# if there is none. It reads to the end: who is behind a pipe that was closed is killed, and what it
# found would count as a failure (pipefail), so as nothing found.
first_lines() {
	local found
	found=$(grep -aE "$2" "$4" | grep -avE "$3" | tr -d '\r' | sed -n "1,${1}p") || true
	[ -n "$found" ] && printf '%s\n' "$found"
}

# ktap_begin FILE COUNT, ktap_add FILE NUMBER NAME RESULTS STATUS - the results of COUNT tests as the
# kernel's own tests have theirs (Documentation/dev-tools/ktap.rst), one after another; a STATUS that is
# not 0 is a failure for which there is no line in RESULTS
ktap_begin() {
	printf 'KTAP version 1\n1..%s\n' "$2" >"$1"
}
ktap_add() {
	local file=$1
	shift
	# "#" begins a directive there.
	awk -v number="$1" -v name="$2" -v status="$4" '
		/^(not )?ok - / {
			good = !/^not/
			failed += !good
			sub(/^(not )?ok - /, "")
			gsub(/#/, "")
			line[++n] = "    " (good ? "ok " : "not ok ") ++results " " $0
			next
		}
		{ line[++n] = "    " $0 }
		END {
			if (status != 0 || !results) {
				failed++
				line[++n] = "    not ok " ++results " runs to its end"
			}
			print "    KTAP version 1\n    # Subtest: " name "\n    1.." results
			for (i = 1; i <= n; i++) print line[i]
			print (failed ? "not ok " : "ok ") number " " name
		}' "$3" >>"$file"
}

# kunit_tree SOURCE - a copy of a kernel's sources for the guard to be put in, kept in the cache
kunit_tree() {
	local tree
	tree=$cache/kunit/tree-$(make -s -C "$1" kernelversion)
	if [ ! -e "$tree/.complete" ]; then
		printf 'kunit: copying the kernel sources\n' >&2
		rm -rf "$tree"
		cp -a "$1" "$tree"
		touch "$tree/.complete"
	fi
	printf '%s\n' "$tree"
}

# sheet_row NAME WHERE PASSED FAILED SECONDS SEED [AMOUNT]... - note what a test did, for the page of
# reliability (tests/sheet/make): WHERE is a kernel or another place, SEED "-" if there is none, an
# AMOUNT a number and what it counts
sheet_row() {
	local name=$1 where=$2 passed=$3 failed=$4 seconds=$5 seed=$6 commit amounts=
	shift 6
	# What is not committed is no commit's.
	commit=$(git -C "$top" rev-parse --short=12 HEAD 2>/dev/null || echo -)
	git -C "$top" diff --quiet HEAD 2>/dev/null || commit=$commit+
	for amount; do amounts=${amounts:+$amounts, }$amount; done
	mkdir -p "$build/sheet"
	printf '%s\t' "$name" "$where" "$passed" "$failed" "$seconds" "$seed" "$commit" >"$build/sheet/$name@$where.row"
	printf '%s\n' "${amounts:--}" >>"$build/sheet/$name@$where.row"
}

# guest_amounts LOG - the lines "amount N WHAT" of a guest's log, as arguments of sheet_row
guest_amounts() {
	mapfile -t amounts < <(tr -d '\r' <"$1" | sed -n 's/^amount \([0-9]* [^ ].*\)/\1/p')
}
