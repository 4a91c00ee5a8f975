/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SLUB's private structures in a kernel tree, for a module as well: its own header has them.
 */
#ifndef _UCG_LAYOUT_BUILD_H
#define _UCG_LAYOUT_BUILD_H

#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "slab.h"

#define UCG_MEMBER(type, s, member)	((s)->member)

static __always_inline const struct kmem_cache *ucg_slab_cache(const struct folio *folio)
{
	/* struct slab overlays the folio; the function that says so had many names. */
	return ((const struct slab *)folio)->slab_cache;
}

#ifdef CONFIG_SYSFS
static inline const char *ucg_cache_sysfs_name(const struct kmem_cache *s)
{
	return s->kobj.name;
}
#else
static inline const char *ucg_cache_sysfs_name(const struct kmem_cache *s)
{
	return NULL;
}
#endif

static inline int ucg_layout_verify(void)
{
	return 0;
}

#endif /* _UCG_LAYOUT_BUILD_H */
