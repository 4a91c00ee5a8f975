// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module as compilers leave it, for usercopyctl to find its structures by DWARF. Beside its own it has
 * one of the kernel's, as it would by a header, of the same size.
 */
struct one_of_two { unsigned int a; char more[60]; } one_of_two;

struct simplefs_inode_info {
	unsigned int blocks;
	char i_data[32];
	struct { unsigned int a, b; } pair;
} simplefs_inode_info;

struct simplefs_dir {
	union { unsigned long key; void *next; };
	unsigned int open : 3, dirty : 1;
	unsigned short table[4][6];
} simplefs_dir;

struct twin_a { char of_twelve[12]; } twin_a;
struct twin_b { int of_twelve[3]; } twin_b;

static const char srcversion[] __attribute((used, section(".modinfo"))) = "srcversion=0123456789ABCDEF";
