/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SLUB's private structures for a module built outside of a kernel tree: their offsets come from
 * the kernel's BTF when it is built (scripts/make-layout), and are proved when it is loaded.
 */
#ifndef _UCG_LAYOUT_BUILD_H
#define _UCG_LAYOUT_BUILD_H

#include <linux/kobject.h>
#include <linux/mm.h>

#include "layout.gen.h"

#define UCG_OFFSET_size			UCG_CACHE_SIZE
#define UCG_OFFSET_object_size		UCG_CACHE_OBJECT_SIZE
#define UCG_OFFSET_reciprocal_size	UCG_CACHE_RECIPROCAL_SIZE
#define UCG_OFFSET_flags		UCG_CACHE_FLAGS
#define UCG_OFFSET_refcount		UCG_CACHE_REFCOUNT
#define UCG_OFFSET_align		UCG_CACHE_ALIGN
#define UCG_OFFSET_red_left_pad		UCG_CACHE_RED_LEFT_PAD
#define UCG_OFFSET_name			UCG_CACHE_NAME
#define UCG_OFFSET_useroffset		UCG_CACHE_USEROFFSET
#define UCG_OFFSET_usersize		UCG_CACHE_USERSIZE

#define UCG_AT(type, base, offset)	(*(type const *)((const char *)(base) + (offset)))

#define UCG_MEMBER(type, s, member)	UCG_AT(type, s, UCG_OFFSET_##member)

static __always_inline const struct kmem_cache *ucg_slab_cache(const struct folio *folio)
{
	return UCG_AT(struct kmem_cache *, folio, UCG_SLAB_CACHE);
}

static inline const char *ucg_cache_sysfs_name(const struct kmem_cache *s)
{
	return UCG_AT(struct kobject, s, UCG_CACHE_KOBJ).name;
}

int ucg_layout_verify(void);

#endif /* _UCG_LAYOUT_BUILD_H */
