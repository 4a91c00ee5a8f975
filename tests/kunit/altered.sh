# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154  # cache, top and build are of tests/lib.sh
#
# A User Mode Linux with KUnit, of sources that a test has altered. Source it behind tests/lib.sh.

altered_tree=

# altered_build SOURCES NAME LOG - build it of SOURCES, a copy of ours; NAME is its folder in the cache.
# Sets $altered_kernel. Nobody else can run the suites until altered_end.
altered_build() {
	local objects=$cache/kunit/$2 py before config=$top/tests/kunit/um.kunitconfig
	mkdir -p "$cache/kunit"
	exec 9>"$cache/kunit/.lock"
	flock 9
	altered_tree=$(kunit_tree "$("$top/scripts/dev/get-source" 6.1)")
	quietly "$3.tree" "$1/scripts/add-to-kernel-tree" "$altered_tree"
	py=$altered_tree/tools/testing/kunit/kunit.py
	# Most of it may have been compiled for the suites themselves.
	for before in "$cache"/kunit/build-um-*; do
		[ -e "$objects" ] || [ ! -d "$before" ] || cp -a "$before" "$objects"
	done
	(
		cd "$altered_tree" || exit
		quietly "$3.config" "$py" config --arch=um --build_dir="$objects" --kunitconfig="$config"
		quietly "$3.build" "$py" build --arch=um --build_dir="$objects" --kunitconfig="$config" --jobs="$(nproc)"
	)
	# shellcheck disable=SC2034  # for who sources this
	altered_kernel=$objects/linux
}

# altered_end - the tree that the suites share gets our sources back
altered_end() {
	[ -n "$altered_tree" ] || return 0
	quietly "$build/altered.log" "$top/scripts/add-to-kernel-tree" "$altered_tree"
	altered_tree=
	exec 9>&-
}
