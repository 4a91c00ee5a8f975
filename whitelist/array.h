/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays that grow. The kernel's own kvrealloc() takes other arguments in each of the kernels.
 */
#ifndef _UCG_ARRAY_H
#define _UCG_ARRAY_H

#include "portable.h"

/**
 * ucg_array_grow - move an array to where it has more room
 * @old: the array, may be NULL; freed unless memory is short
 * @nr: how many elements it has
 * @room: how many are to have room, at least @nr
 * @size: of one element, in bytes
 *
 * Context: process; allocates.
 * Return: the array, zeroed behind its elements; NULL when memory is short.
 */
static inline void *ucg_array_grow(void *old, u32 nr, u32 room, size_t size)
{
	void *new = kvcalloc(room, size, GFP_KERNEL);

	if (!new)
		return NULL;
	if (nr)
		memcpy(new, old, nr * size);
	kvfree(old);
	return new;
}

#endif /* _UCG_ARRAY_H */
