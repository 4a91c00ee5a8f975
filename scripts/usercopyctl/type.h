/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which structure are a cache's objects, and which of its members are these bytes? From the BTF of
 * the running kernel and of the module, or the module's DWARF where it has no BTF. The kernel does not keep which type a cache is for, so this
 * is a search: by size, and by name.
 */
#ifndef CTL_TYPE_H
#define CTL_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debug_info.h"

struct btf;

/**
 * struct module_types - the types of a module
 * @name: the module's
 * @btf: its types, or NULL
 * @debug: its types by its DWARF, or NULL
 */
struct module_types {
	char *name;
	struct btf *btf;
	struct debug_info *debug;
};

/**
 * struct types - the types of the kernel and of its modules
 * @kernel: of the kernel, or NULL
 * @module: of the module that was asked for
 * @others: of those that are loaded; read when nothing else has the structure
 * @nr_others: how many of them have types
 * @have_others: they have been read
 */
struct types {
	struct btf *kernel;
	struct module_types module, *others;
	size_t nr_others;
	bool have_others;
};

/**
 * struct type - a structure
 * @btf: where it is described, or NULL
 * @id: its number there
 * @debug: where it is described if @btf is NULL
 * @die: its place there
 * @name: its name
 * @module: whose it is: a loaded module that nobody had named, or NULL
 * @sure: it has just the cache's name and size; otherwise only one of its size fits
 */
struct type {
	const struct btf *btf;
	uint32_t id;
	struct debug_info *debug;
	uint64_t die;
	const char *name, *module;
	bool sure;
};

/**
 * types_open() - read what is known of types
 * @types: filled in; empty where nothing is known
 * @module: a module's name, or NULL or empty
 * @srcversion: of the module as it was loaded, or NULL or empty
 */
void types_open(struct types *types, const char *module, const char *srcversion);

/**
 * types_close() - the end of types_open()
 * @types: the types
 */
void types_close(struct types *types);

/**
 * type_find() - which structure are a cache's objects?
 * @types: where to look: in the module first, then in the kernel. A structure that is in neither, or
 *	is not sure, is looked for in all modules that are loaded, by name and size: many a copy is made
 *	by the kernel's own code on a module's behalf, with no function of the module's on the stack
 * @cache: the cache's name
 * @size: bytes of its objects
 * @type: filled in
 *
 * Return: false when none fits, or several do.
 */
bool type_find(struct types *types, const char *cache, uint64_t size, struct type *type);

/**
 * type_members() - name the members that some bytes belong to
 * @type: the structure
 * @min: the first byte
 * @max: one past the last
 *
 * Return: such as "i_data[0..7] of 32" or "count, flags", the caller's to free().
 */
char *type_members(const struct type *type, uint64_t min, uint64_t max);

/**
 * type_widen() - take in all of the members that some bytes belong to
 * @type: the structure
 * @min: the first byte; moved down to where its member begins
 * @max: one past the last; moved up to where its member ends
 *
 * An array is one member, whatever it is made of; a structure within is not.
 */
void type_widen(const struct type *type, uint64_t *min, uint64_t *max);

#endif
