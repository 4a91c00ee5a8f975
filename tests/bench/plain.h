/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects as most are: KFENCE guards one in many, and the check takes another way for it.
 */
#ifndef _UCG_PLAIN_H
#define _UCG_PLAIN_H

#include <linux/kfence.h>
#include <linux/slab.h>

/* An object that KFENCE guards is as good as never met twice in a row. */
#define KFENCE_TRIES	8

/* A zeroed object of @s or, without it, of @size bytes. NULL if there was none. */
static void *alloc_plain(struct kmem_cache *s, size_t size)
{
	void *tried[KFENCE_TRIES], *object = NULL;
	unsigned int i;

	for (i = 0; i < KFENCE_TRIES; i++) {
		object = s ? kmem_cache_zalloc(s, GFP_KERNEL) : kzalloc(size, GFP_KERNEL);
		if (!object || !is_kfence_address(object))
			break;
		tried[i] = object;
		object = NULL;
	}
	while (i--) {
		if (s)
			kmem_cache_free(s, tried[i]);
		else
			kfree(tried[i]);
	}
	return object;
}

#endif /* _UCG_PLAIN_H */
