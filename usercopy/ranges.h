/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small set of bytes of an object, exact as long as it is one: kept without a lock, from any
 * context. Of more ranges than there is room for it says that they are too many.
 */
#ifndef _UCG_RANGES_H
#define _UCG_RANGES_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "whitelist/region.h"

#include "limits.h"

/**
 * struct ucg_ranges - ranges of bytes; all zero is none
 * @at:		each 0, or its first byte and, in the lower half, one past its last byte. Two may
 *		overlap or touch for a while, when several CPUs add at once
 * @spread:	there were more than fit, or one beyond 4 GiB; nothing is added any more
 */
struct ucg_ranges {
	atomic64_t at[UCG_RANGES];
	bool spread;
};

void ucg_ranges_add(struct ucg_ranges *ranges, unsigned long first, unsigned long n);
int ucg_ranges_read(const struct ucg_ranges *ranges, struct ucg_region *to);

#endif /* _UCG_RANGES_H */
