# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2015,SC2154,SC2034,SC2164
#
# A part of tests/ctl/run: what a violation was, down to the member of the structure.

new_root
mkdir -p "$root/sys/kernel/btf"
against_program make_btf && "$tmp/make_btf" "$root/sys/kernel/btf/vmlinux" "$root/sys/kernel/btf/simplefs"
ok "types of a kernel and of a module are made"
# link LENGTH KEY=VALUE… - a symbolic link of that length is read
link() {
	local length=$1
	shift
	v kind=whitelist cache=simplefs_inode_info objsize=44 useroffset=0 usersize=0 min=4 max=$((4 + length)) \
		minsize="$length" maxsize="$length" ranges=4-$((3 + length)) module=simplefs \
		caller='simple_copy_to_iter+0x1/0x2' stack='simple_copy_to_iter+0x1/0x2,readlink_copy+0x3/0x4,simplefs_get_link+0x5/0x6[simplefs]' "$@"
}
link 5 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info, member i_data[0..4] of 32'; ok "the member, and which of its elements"
out '  simplefs_get_link+0x5/0x6[simplefs]' && grep -q 'modinfo -F author simplefs' "$tmp/out" && grep -q '^  enforce   it is refused' "$tmp/out"
ok "the stack, the policies, and to whom to write"
ctl 0 explain 1 --json && json '.field == "struct simplefs_inode_info, member i_data[0..4] of 32" and .field_is_sure and .module == "simplefs" and (.refused_by_fallback | not)'
ok "the same as JSON"
link 5 cache=simplefs_cache >"$sec/violations"
ctl 0 explain 1 && grep -q '^Field, if the one structure of this size is it: struct simplefs_inode_info' "$tmp/out"; ok "by its size alone it is not sure, and says so"
link 5 cache=simplefs_cache objsize=48 >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "no structure of that size: no field"
link 5 cache=nobodys objsize=64 module=- >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "two of that size in the kernel: no field"
link 5 cache=one_of_two objsize=64 module=- >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct one_of_two, member padding'; ok "with its name it is that one; and there may be no member"
link 8 min=36 max=44 ranges=36-43 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info, member pair.a, pair.b'; ok "members of a structure within"
ln -s :0000128 "$root/sys/kernel/slab/simplefs_inode_info"
ctl 0 explain 1 && grep -q 'so that it may be any of theirs: req simplefs_inode_info stranger' "$tmp/out"; ok "who shares the cache"
v kind=stack cache=- objsize=0 useroffset=0 usersize=0 min=0 max=64 >"$sec/violations"
ctl 0 explain 1 && grep -q 'no slab object (stack)' "$tmp/out" && grep -q '^  fallback  it is refused' "$tmp/out" && grep -q not-slab: "$tmp/out"
ok "memory that is no slab object"
ctl 3 explain 2 && err 'no violation 2'; ok "a number that there is not: exit 3"
for words in '' x 1x -1 '1 /dev/null more'; do
	# shellcheck disable=SC2086
	ctl 2 explain $words || break
done
[ "$words" = '1 /dev/null more' ]; ok "what is no number: exit 2"

### no module on the stack

# A symbolic link whose inode has its text in it (i_link) is read by the kernel's own code alone.
bare() {
	local length=$1
	shift
	link "$length" module=- stack='readlink_copy+0x1/0x2,vfs_readlink+0x3/0x4,do_readlinkat+0x5/0x6' "$@"
}
rm "$root/sys/kernel/slab/simplefs_inode_info"
bare 5 >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out" && grep -q 'no module is on the stack' "$tmp/out"; ok "no module is loaded: no field"
printf 'other 4096 0 - Live 0x0\nsimplefs 16384 1 - Live 0x0 (OE)\n' >"$root/proc/modules"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info of module simplefs, member i_data[0..4] of 32' && grep -q 'modinfo -F author simplefs' "$tmp/out"
ok "a loaded module has a structure of the cache's name and size"
ctl 0 explain 1 --json && json '.module == "simplefs" and .field_is_sure'; ok "... and is the one to write to"
ctl 0 suggest --fields && [ "$(rules)" = 'allow simplefs_inode_info 4 32 to' ]; ok "suggest --fields widens to its member"
bare 5 module=other >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info of module simplefs, member i_data[0..4] of 32' && grep -q 'modinfo -F author other' "$tmp/out"
ok "another module on the stack, a file system over it: whose the structure is, all the same"
bare 5 cache=simplefs_cache >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "the size alone is no reason to take some module's"
bare 5 objsize=48 >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "nor is the name alone"
rm "$root/proc/modules"

### suggest --fields

link 5 grew=4 maxsize=20 max=24 ranges=4-23 >"$sec/violations"
ctl 1 suggest && [ "$(rules)" = 'allow simplefs_inode_info 4 20 to' ]; ok "links of several lengths: what was seen"
ctl 1 suggest --fields && [ "$(rules)" = 'allow simplefs_inode_info 4 32 to' ] && out '# Whole members: struct simplefs_inode_info, member i_data[0..31] of 32'
ok "--fields: the whole member, and it says so"
echo 'allow simplefs_inode_info 4 32 to' >"$sec/whitelist"
ctl 0 suggest && [ -z "$(rules)" ] && ctl 0 suggest --fields && [ -z "$(rules)" ]; ok "with that in force there is nothing left to suggest"
echo 'deny simplefs_inode_info 35 1' >"$sec/whitelist"
ctl 1 suggest --fields && [ -z "$(rules)" ] && err denied; ok "a member that a deny rule has a part of is not opened"
: >"$sec/whitelist"
link 5 cache=other objsize=48 >"$sec/violations"
ctl 0 suggest --fields && [ "$(rules)" = 'allow other 4 5 to' ] && grep -q 'is not known' "$tmp/out"; ok "without a type: what was seen, and no more"

### types that are none

link 5 >"$sec/violations"
for size in 0 10 24 40 100; do
	head -c "$size" "$root/sys/kernel/btf/simplefs" >"$root/cut"
	cp "$root/cut" "$root/sys/kernel/btf/simplefs.cut"
	sed 's/module=simplefs/module=simplefs.cut/' "$sec/violations" >"$tmp/v.cut"
	cp "$tmp/v.cut" "$sec/violations"
	ctl 0 explain 1 || break
done
[ "$size" = 100 ]; ok "a module's types that were cut off"
head -c 3000 /dev/urandom >"$root/sys/kernel/btf/vmlinux"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "noise in place of types"
rm -r "$root/sys/kernel/btf"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out" && ctl 0 suggest --fields; ok "no types at all"
link 5 module=../../etc/passwd >"$sec/violations"; ctl 0 explain 1; ok "a module's name is no path"

### a module without BTF: its DWARF

mkdir -p "$root/sys/kernel/btf" "$root/lib/modules/6.1.0-test/extra"
"$tmp/make_btf" "$root/sys/kernel/btf/vmlinux" "$tmp/unused.btf"
echo 6.1.0-test >"$root/proc/sys/kernel/osrelease"
ko=$root/lib/modules/6.1.0-test/extra/simplefs.ko
gcc -g -O1 -ffreestanding -fno-pie -c -o "$ko" "$here/simplefs.c" >"$tmp/out" 2>"$tmp/err"; ok "a module with DWARF and no BTF is made"
cp "$ko" "$tmp/simplefs.ko"
link 5 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info, member i_data[0..4] of 32'; ok "the member, by DWARF"
ctl 0 suggest --fields && [ "$(rules)" = 'allow simplefs_inode_info 4 32 to' ]; ok "suggest --fields widens to it"
link 8 min=36 max=44 ranges=36-43 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info, member pair.a, pair.b'; ok "members of a structure within"
link 4 cache=simplefs_dir objsize=64 min=0 max=9 ranges=0-8 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_dir, member key, next, open, dirty'; ok "a union without a name, and bit fields"
link 4 cache=simplefs_dir objsize=64 min=22 max=46 ranges=22-45 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_dir, member table[1..2] of 4'; ok "an array of arrays"
link 5 cache=other >"$sec/violations"
ctl 0 explain 1 && grep -q '^Field, if the one structure of this size is it: struct simplefs_inode_info' "$tmp/out"; ok "by its size alone it is not sure"
link 4 cache=other objsize=12 min=0 max=4 ranges=0-3 >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "two of a size: no field"
link 4 cache=other objsize=64 min=0 max=4 ranges=0-3 >"$sec/violations"
ctl 0 explain 1 && grep -q '^Field, if the one structure of this size is it: struct simplefs_dir' "$tmp/out"; ok "what is the kernel's is not the module's"
echo 'simplefs 16384 1 - Live 0x0 (OE)' >"$root/proc/modules"; bare 5 >"$sec/violations"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info of module simplefs, member i_data[0..4] of 32'; ok "no module on the stack: by the DWARF of one that is loaded"
mkdir -p "$root/sys/module/simplefs"; echo FEDCBA9876543210 >"$root/sys/module/simplefs/srcversion"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "... unless its file is another one"
rm -r "$root/sys/module"; echo 'simplefs 16384 1 - Live 0x0' >"$root/proc/modules"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "... or it is the kernel's, which would have BTF"
rm "$root/proc/modules"
link 5 srcversion=0123456789ABCDEF >"$sec/violations"
ctl 0 explain 1 && grep -q ^Field: "$tmp/out"; ok "the module that was loaded, by its srcversion"
link 5 srcversion=FEDCBA9876543210 >"$sec/violations"
ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "another one than was loaded says nothing of it"
link 5 >"$sec/violations"
xz -k "$ko" && rm "$ko" && ctl 0 explain 1 && out 'Field: struct simplefs_inode_info, member i_data[0..4] of 32'; ok "compressed as distributions do"
rm "$ko.xz"; mkdir "${ko%/*}/x"; cp "$tmp/simplefs.ko" "${ko%/*}/x/"
objcopy --strip-debug "${ko%/*}/x/simplefs.ko"; ctl 0 explain 1 && ! grep -q ^Field "$tmp/out"; ok "stripped: no field"
rm -r "${ko%/*}/x"; rm "$root/sys/kernel/btf/vmlinux"; cp "$tmp/simplefs.ko" "$ko"
ctl 0 explain 1 && out 'Field: struct simplefs_inode_info, member i_data[0..4] of 32'; ok "without any BTF"
for size in 64 700 1500 2500 4000; do
	head -c "$size" "$tmp/simplefs.ko" >"$ko"
	ctl 0 explain 1 || break
done
[ "$size" = 4000 ]; ok "a module that was cut off"
for seed in 1 2 3 4 5 6 7 8; do
	cp "$tmp/simplefs.ko" "$ko"
	for ((i = 0; i < 40; i++)); do
		printf '\377' | dd of="$ko" bs=1 seek=$(((seed * 7919 + i * 104729) % $(stat -c %s "$ko"))) conv=notrunc status=none
	done
	ctl 0 explain 1 || break
done
[ "$seed" = 8 ]; ok "a damaged one"
