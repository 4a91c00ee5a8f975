/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For drivers that know their own slab cache: allow usercopy of a region of its objects, in
 * addition to what kmem_cache_create_usercopy() said, while the driver is loaded.
 *
 * A driver can include this header always. Where the guard is not configured the calls are empty
 * and succeed: nothing is checked by rules that could be missing. Where it is, the calls are
 * ordinary references to an exported symbol; modprobe loads the guard before such a driver, and
 * the guard stays loaded as long as the driver is. There is no third way in which a driver's rules
 * come and go with the guard: a rule that is there only sometimes is worse than none.
 *
 * A driver built out of tree against a guard built out of tree says so before it includes this:
 *
 *	#define USERCOPY_GUARD_EXTERNAL
 *	#include <linux/usercopy_guard.h>
 *
 * and names the guard's Module.symvers in KBUILD_EXTRA_SYMBOLS.
 */
#ifndef _LINUX_USERCOPY_GUARD_H
#define _LINUX_USERCOPY_GUARD_H

#include <linux/kconfig.h>
#include <linux/module.h>
#include <linux/types.h>

/* Directions, as a set. */
#define USERCOPY_GUARD_TO_USER		0x1
#define USERCOPY_GUARD_FROM_USER	0x2
#define USERCOPY_GUARD_BOTH		(USERCOPY_GUARD_TO_USER | USERCOPY_GUARD_FROM_USER)

#if IS_REACHABLE(CONFIG_USERCOPY_GUARD) || defined(USERCOPY_GUARD_EXTERNAL)

int __usercopy_guard_allow(struct module *owner, const char *cache_name, u32 offset, u32 len,
			   unsigned int dirs);
int __usercopy_guard_disallow(struct module *owner, const char *cache_name, u32 offset, u32 len,
			      unsigned int dirs);

#else

static inline int __usercopy_guard_allow(struct module *owner, const char *cache_name, u32 offset,
					 u32 len, unsigned int dirs)
{
	return 0;
}

static inline int __usercopy_guard_disallow(struct module *owner, const char *cache_name,
					    u32 offset, u32 len, unsigned int dirs)
{
	return 0;
}

#endif

/**
 * usercopy_guard_allow - allow usercopy of a region of a slab cache's objects
 * @cache_name: the name that the cache was or will be created with; copied
 * @offset: first byte of the region, from the start of the object
 * @len: length of the region in bytes, not 0
 * @dirs: USERCOPY_GUARD_TO_USER, USERCOPY_GUARD_FROM_USER or both
 *
 * Dropped by itself when the calling module goes. An administrator's deny rule wins over it. If
 * SLUB merged the cache with others, the region is allowed in all of them; a usercopy region of
 * its own, given when the cache is created, prevents both.
 *
 * Context: process; may sleep.
 * Return: 0, -EINVAL for an empty or overlong name, an empty region, one that ends above 2^32 or
 * a wrong @dirs, -ENOSPC when there are too many rules, or -ENOMEM.
 */
#define usercopy_guard_allow(cache_name, offset, len, dirs) \
	__usercopy_guard_allow(THIS_MODULE, cache_name, offset, len, dirs)

/**
 * usercopy_guard_disallow - take back what usercopy_guard_allow() allowed
 * @cache_name: as given there
 * @offset: as given there
 * @len: as given there
 * @dirs: as given there
 *
 * Context: process; may sleep.
 * Return: 0, -ENOENT when the calling module has no such rule, -EINVAL as above, or -ENOMEM.
 */
#define usercopy_guard_disallow(cache_name, offset, len, dirs) \
	__usercopy_guard_disallow(THIS_MODULE, cache_name, offset, len, dirs)

#endif /* _LINUX_USERCOPY_GUARD_H */
