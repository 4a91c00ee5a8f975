/* SPDX-License-Identifier: GPL-2.0-only */
/* From violations to rules, to a driver's fix, and to what is neither. */
#ifndef CTL_SUGGEST_H
#define CTL_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alias.h"
#include "active.h"
#include "violation.h"

/**
 * struct region - a range of one cache's objects that was copied: an allow rule
 * @by: the violations behind it, by position; owned
 * @nby: how many, at least one
 * @to: copied to user space
 * @from: copied from user space
 * @min: first byte
 * @max: one past the last byte
 * @count: copies
 * @first: first copy, see enum violation_times
 * @last: last copy, likewise
 * @careful: it may be a length that somebody chooses
 *
 * Cache, object size and so on are those of @by[0]; all of @by agree on them.
 */
struct region {
	const struct violation **by;
	size_t nby;
	bool to, from, careful;
	uint64_t min, max, count, first, last;
};

/**
 * struct fix - the one region a cache would have to be created with
 * @v: a violation of the cache, for its name and sizes
 * @regions: how many regions of the plan the fix takes in
 * @min: first byte of the region
 * @max: one past its last byte
 * @gap: bytes of the region that neither the kernel's whitelist has nor anybody copied
 */
struct fix {
	const struct violation *v;
	size_t regions;
	uint64_t min, max, gap;
};

/**
 * struct pointed_out - a violation that gets no rule
 * @v: the violation
 * @why: bits of suspicions[], never 0
 */
struct pointed_out {
	const struct violation *v;
	unsigned int why;
};

/**
 * struct plan - everything that follows from a set of violations
 * @region: by cache, then by range
 * @nregions: how many
 * @fix: by cache
 * @nfixes: how many
 * @out: in the file's order
 * @nout: how many
 * @in_force: violations that nothing is to be done for: a rule in force covers them
 * @careful: regions that somebody should look at
 *
 * Points into the struct violation_set it was made from.
 */
struct plan {
	struct region *region;
	size_t nregions;
	struct fix *fix;
	size_t nfixes;
	struct pointed_out *out;
	size_t nout;
	size_t in_force, careful;
};

/**
 * plan_make() - decide what to suggest
 * @set: what was seen
 * @aliases: names that share memory; may be empty
 * @rules: the rules in force; may be empty
 * @widen: makes the bytes that a violation touched the members that they belong to; may be NULL
 * @plan: filled in
 *
 * Without @widen a region is never larger than what was copied: ranges are joined only where they overlap or touch.
 * What a rule in force lets through is left out, and what one denies is pointed out. When all
 * regions of a cache together come to cover nearly a whole object that matters, they are taken back,
 * and their violations are pointed out.
 */
void plan_make(const struct violation_set *set, const struct alias_set *aliases,
	       const struct active *rules,
	       void (*widen)(const struct violation *v, struct ranges *ranges), struct plan *plan);

/**
 * plan_free() - give back everything a plan owns
 * @plan: the plan
 */
void plan_free(struct plan *plan);

#endif
