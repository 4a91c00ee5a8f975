/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading SLUB's private structures.
 *
 * In a kernel tree they are included. A module built outside of one takes their offsets from the
 * kernel's BTF when it is built (scripts/make-layout) and has them proved when
 * it is loaded (ucg_layout_verify()). Nothing is ever written through these.
 */
#ifndef _UCG_LAYOUT_H
#define _UCG_LAYOUT_H

#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/reciprocal_div.h>
#include <linux/slab.h>

#ifdef UCG_IN_TREE

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

#else /* !UCG_IN_TREE */

#include "layout.gen.h"

#define UCG_OFFSET_size			UCG_CACHE_SIZE
#define UCG_OFFSET_object_size		UCG_CACHE_OBJECT_SIZE
#define UCG_OFFSET_reciprocal_size	UCG_CACHE_RECIPROCAL_SIZE
#define UCG_OFFSET_flags		UCG_CACHE_FLAGS
#define UCG_OFFSET_refcount		UCG_CACHE_REFCOUNT
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

#endif /* UCG_IN_TREE */

static __always_inline u32 ucg_cache_size(const struct kmem_cache *s)
{
	return UCG_MEMBER(u32, s, size);
}

static __always_inline u32 ucg_cache_object_size(const struct kmem_cache *s)
{
	return UCG_MEMBER(u32, s, object_size);
}

static __always_inline struct reciprocal_value ucg_cache_reciprocal_size(const struct kmem_cache *s)
{
	return UCG_MEMBER(struct reciprocal_value, s, reciprocal_size);
}

static __always_inline slab_flags_t ucg_cache_flags(const struct kmem_cache *s)
{
	return UCG_MEMBER(slab_flags_t, s, flags);
}

static __always_inline int ucg_cache_refcount(const struct kmem_cache *s)
{
	return UCG_MEMBER(int, s, refcount);
}

static __always_inline u32 ucg_cache_red_left_pad(const struct kmem_cache *s)
{
	return UCG_MEMBER(u32, s, red_left_pad);
}

static __always_inline const char *ucg_cache_name(const struct kmem_cache *s)
{
	return UCG_MEMBER(const char *, s, name);
}

static __always_inline u32 ucg_cache_useroffset(const struct kmem_cache *s)
{
	return UCG_MEMBER(u32, s, useroffset);
}

static __always_inline u32 ucg_cache_usersize(const struct kmem_cache *s)
{
	return UCG_MEMBER(u32, s, usersize);
}

#endif /* _UCG_LAYOUT_H */
