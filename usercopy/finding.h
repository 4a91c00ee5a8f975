/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A finding: what the check hands on to all that deal with a violation.
 */
#ifndef _UCG_FINDING_H
#define _UCG_FINDING_H

#include <linux/types.h>

#include "policy.h"

struct kmem_cache;

/**
 * struct ucg_finding - what is known of a copy that is not good
 * @kind:		what is wrong
 * @cache:		the slab cache, for the slab kinds; NULL otherwise
 * @offset:		where the copy starts, in bytes from the start of the object,
 *			area, stack or text; never an address
 * @n:			length of the copy in bytes
 * @object_size:	size of that object, area or stack in bytes; 0 if unknown
 * @useroffset:		start of the cache's whitelisted region in bytes
 * @usersize:		length of that region in bytes
 * @to_user:		direction
 * @denied:		a rule narrowed what the kernel's whitelist allows
 * @ruled:		nothing is wrong, but only a rule allows it
 *
 * Lives on the stack of the one copy that it is about.
 */
struct ucg_finding {
	enum ucg_kind		kind;
	const struct kmem_cache	*cache;
	unsigned long		offset;
	unsigned long		n;
	unsigned long		object_size;
	u32			useroffset;
	u32			usersize;
	bool			to_user;
	bool			denied;
	bool			ruled;
};

#endif /* _UCG_FINDING_H */
