/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The code of a kernel or of a module, in memory as it would run: placed, relocated, with the
 * alternatives that one CPU or another gets.
 */
#ifndef _UCG_INTERPRET_IMAGE_H
#define _UCG_INTERPRET_IMAGE_H

#include "kernel.h"

/* What the CPU has, as far as the paths to copies ask. */
enum cpu_kind { CPU_MODERN, CPU_OLD, NR_CPU_KINDS };

/**
 * struct symbol - a name for an address
 * @address:	where it is here, not in the kernel
 * @name:	in a table of the image's
 * @code:	it is a function of this image
 */
struct symbol {
	u64		address;
	const char	*name;
	bool		code;
};

/**
 * struct range - code
 * @start:	its first byte
 * @end:	the byte behind it
 * @runs:	it is executed where it is; the replacements of alternatives are not
 */
struct range {
	u64	start;
	u64	end;
	bool	runs;
};

#define RANGES_MAX	4096

/**
 * struct patched - a place in the text that is patched at run time
 * @code:	its address
 * @target:	where it jumps to while its static key is on; 0 for a static call
 */
struct patched {
	u64	code;
	u64	target;
};

/**
 * struct table - a table of the kernel's
 * @start:	its first byte
 * @size:	of it, bytes
 */
struct table {
	u64	start;
	size_t	size;
};

/**
 * struct image - a kernel or a module
 * @name:	for messages
 * @memory:	all of it
 * @size:	of @memory, bytes
 * @ranges:	its code
 * @nr_ranges:	of them
 * @symbols:	ordered by address
 * @nr_symbols:	of them
 * @alternatives: its table of alternatives, an address, or 0
 * @alternatives_size: bytes of that
 * @jumps:	its table of static keys
 * @calls:	its table of static calls
 * @patched:	what is in these two, ordered by address
 * @nr_patched:	of them
 * @preempt_at:	where its code reads the preemption count, or 0
 */
struct image {
	char		name[128];
	u8		*memory;
	size_t		size;
	struct range	ranges[RANGES_MAX];
	unsigned int	nr_ranges;
	struct symbol	*symbols;
	unsigned int	nr_symbols;
	u64		alternatives;
	size_t		alternatives_size;
	struct table	jumps;
	struct table	calls;
	struct patched	*patched;
	unsigned int	nr_patched;
	u64		preempt_at;
};

/**
 * struct file - a file in memory
 * @data:	its bytes
 * @size:	of them
 */
struct file {
	u8	*data;
	size_t	size;
};

_Noreturn void die(const char *name, const char *what);
bool file_read(const char *path, struct file *file);

void image_load_module(struct image *image, const struct file *file, const char *path);
void image_load_kernel(struct image *image, const struct file *file, const struct file *kallsyms);
void image_apply_alternatives(struct image *image, enum cpu_kind kind);
void image_find_patched(struct image *image);
void image_free(struct image *image);

bool image_runs(const struct image *image, u64 address);
const struct symbol *image_symbol_at(const struct image *image, u64 address);
const struct symbol *image_function_of(const struct image *image, u64 address);
bool image_is(const struct image *image, u64 address, const char *name);
const struct patched *image_patched_at(const struct image *image, u64 address);

/* For those who load. */
struct range *image_add_range(struct image *image, u64 start, u64 size, bool runs);
void image_add_symbol(struct image *image, u64 address, const char *name, bool code);
void image_sort_symbols(struct image *image);

#endif /* _UCG_INTERPRET_IMAGE_H */
