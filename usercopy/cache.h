/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A slab cache as the rules know it.
 */
#ifndef _UCG_CACHE_H
#define _UCG_CACHE_H

#include "whitelist/ruleset.h"

#include "layout.h"

/**
 * ucg_cache_identify - how rules call a slab cache
 * @s:	the cache
 * @id:	filled
 *
 * Context: any, NMI too, while the cache cannot go: an object of it is in use.
 */
static inline void ucg_cache_identify(const struct kmem_cache *s, struct ucg_cache_id *id)
{
	const char *sysfs_name = ucg_cache_sysfs_name(s);

	id->name = ucg_cache_name(s);
	/* Of caches that may be merged it is an id, such as ":0000128"; of others the name. */
	id->merge_id = sysfs_name && sysfs_name[0] == ':' ? sysfs_name : NULL;
	id->useroffset = ucg_cache_useroffset(s);
	id->usersize = ucg_cache_usersize(s);
}

#endif /* _UCG_CACHE_H */
