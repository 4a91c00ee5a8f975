/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of bytes of an object, kept as sorted regions that neither overlap nor touch.
 */
#ifndef _UCG_REGION_H
#define _UCG_REGION_H

#include "portable.h"

/**
 * struct ucg_region - a run of bytes
 * @first: the first byte, counted from the start of the object
 * @last: the last byte, which belongs to it; so that the whole 2^32 bytes fit
 */
struct ucg_region {
	u32 first;
	u32 last;
};

/**
 * struct ucg_regions - a set of bytes; all zero is the empty set
 * @nr: how many regions
 * @room: how many fit into @at
 * @at: the regions, sorted, with at least one byte between each two
 */
struct ucg_regions {
	u32 nr;
	u32 room;
	struct ucg_region *at;
};

int ucg_regions_add(struct ucg_regions *set, u32 first, u32 last);
int ucg_regions_cut(struct ucg_regions *set, u32 first, u32 last);
int ucg_regions_add_all(struct ucg_regions *set, const struct ucg_regions *other);
int ucg_regions_cut_all(struct ucg_regions *set, const struct ucg_regions *other);
bool ucg_regions_hold(const struct ucg_regions *set, u32 first, u32 last);
bool ucg_regions_touch(const struct ucg_regions *set, u32 first, u32 last);
bool ucg_regions_hold_all(const struct ucg_regions *set, const struct ucg_regions *other);
void ucg_regions_free(struct ucg_regions *set);

#endif /* _UCG_REGION_H */
