// SPDX-License-Identifier: GPL-2.0-only
/*
 * make_btf KERNEL MODULE - types as a kernel and a module have them, for usercopyctl to read
 *
 * A file system's inode has its symbolic link in it: struct simplefs_inode_info { unsigned int
 * blocks; char i_data[32]; struct { unsigned int a, b; } pair; } of 44 bytes, in the module; and in the
 * kernel struct shared_thing { unsigned int count; } as well as two structures of 64 bytes.
 */
#include <bpf/btf.h>
#include <stdio.h>

static int write_to(const char *path, const struct btf *btf)
{
	__u32 size = 0;
	const void *data = btf__raw_data(btf, &size);
	FILE *f = fopen(path, "w");

	return !f || !data || fwrite(data, 1, size, f) != size || fclose(f);
}

int main(int argc, char **argv)
{
	struct btf *kernel = btf__new_empty(), *module;
	int number, letter, letters, pair;

	if (argc != 3)
		return 2;
	number = btf__add_int(kernel, "unsigned int", 4, 0);
	letter = btf__add_int(kernel, "char", 1, BTF_INT_CHAR);
	btf__add_struct(kernel, "shared_thing", 4);
	btf__add_field(kernel, "count", number, 0, 0);
	btf__add_struct(kernel, "one_of_two", 64);
	btf__add_field(kernel, "a", number, 0, 0);
	btf__add_struct(kernel, "other_of_two", 64);
	btf__add_field(kernel, "b", number, 0, 0);

	module = btf__new_empty_split(kernel);
	letters = btf__add_array(module, number, letter, 32);
	pair = btf__add_struct(module, NULL, 8);
	btf__add_field(module, "a", number, 0, 0);
	btf__add_field(module, "b", number, 32, 0);
	btf__add_struct(module, "simplefs_inode_info", 44);
	btf__add_field(module, "blocks", number, 0, 0);
	btf__add_field(module, "i_data", letters, 32, 0);
	btf__add_field(module, "pair", pair, 36 * 8, 0);
	return write_to(argv[1], kernel) || write_to(argv[2], module);
}
