/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading SLUB's private structures.
 *
 * In a kernel tree they are included (tree/layout_build.h). A module built outside of one takes
 * their offsets from the kernel's BTF and has them proved when it is loaded
 * (module/btf/layout_build.h). Kbuild says which of the two is found here. Nothing is ever written
 * through these.
 */
#ifndef _UCG_LAYOUT_H
#define _UCG_LAYOUT_H

#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/reciprocal_div.h>
#include <linux/slab.h>

#include "layout_build.h"

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

static __always_inline u32 ucg_cache_align(const struct kmem_cache *s)
{
	return UCG_MEMBER(u32, s, align);
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
