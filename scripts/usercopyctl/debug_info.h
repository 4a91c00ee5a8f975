/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The structures of a module by its DWARF, as compilers leave it in modules that are not stripped, and
 * distributions in files of their own: for modules without BTF.
 */
#ifndef CTL_DEBUG_INFO_H
#define CTL_DEBUG_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "pieces.h"

struct debug_info;

/**
 * struct debug_type - a structure
 * @die: where it is described
 * @name: its name
 * @sure: it has the cache's name; otherwise it is the only one of its size
 */
struct debug_type {
	uint64_t die;
	const char *name;
	bool sure;
};

/**
 * debug_info_open() - read what a module of the running kernel has
 * @module: its name
 * @srcversion: of the module that was loaded, or NULL or empty; the file must be the same
 *
 * Return: what there is, for debug_info_close(); NULL when there is nothing.
 */
struct debug_info *debug_info_open(const char *module, const char *srcversion);

/**
 * debug_info_close() - the end of debug_info_open()
 * @info: what it returned
 */
void debug_info_close(struct debug_info *info);

/**
 * debug_info_find() - which structure are a cache's objects?
 * @info: where to look
 * @cache: the cache's name
 * @size: bytes of its objects
 * @is_kernels: is a structure of this name the kernel's own? A module's DWARF has those, too
 * @ctx: for @is_kernels
 * @type: filled in
 *
 * Return: false when none fits, or several do.
 */
bool debug_info_find(struct debug_info *info, const char *cache, uint64_t size,
		     bool (*is_kernels)(void *ctx, const char *name), void *ctx,
		     struct debug_type *type);

/**
 * debug_info_walk() - find the members that some bytes belong to
 * @info: from where
 * @die: the structure
 * @min: the first byte
 * @max: one past the last
 * @to: they are appended here
 */
void debug_info_walk(struct debug_info *info, uint64_t die, uint64_t min, uint64_t max,
		     struct pieces *to);

#endif
