/* SPDX-License-Identifier: GPL-2.0-only */
/* Which violations are wanted. */
#ifndef CTL_FILTER_H
#define CTL_FILTER_H

#include "violation.h"

/**
 * struct filter - what somebody asked for; NULL: whatever
 * @since: as it was typed, see when_parse()
 * @boot: 0 for the last boot, -1 for the one before it, or a boot's id
 * @kernel: a kernel's release
 * @cache: a slab cache
 * @kind: a kind of violation
 * @module: the module whose code copies, or that is the nearest on the stack
 * @outcome: "allowed", "refused", "unrefusable" or "killed"
 * @since_usec: @since in microseconds since 1970, from filter_check()
 */
struct filter {
	const char *since, *boot, *kernel, *cache, *kind, *module, *outcome;
	int64_t since_usec;
};

/**
 * filter_check() - is it a filter?
 * @filter: what was typed
 *
 * Says what is wrong.
 *
 * Return: false when one of its words is none.
 */
bool filter_check(struct filter *filter);

/**
 * filter_wants() - is this one of those that are wanted?
 * @filter: checked
 * @v: the violation
 * @times: what its times count from
 *
 * Return: true if so.
 */
bool filter_wants(const struct filter *filter, const struct violation *v,
		  enum violation_times times);

/**
 * filter_outcome() - the words that there are for an outcome
 * @i: which one
 *
 * Return: the word; NULL behind the last.
 */
const char *filter_outcome(size_t i);

/**
 * filter_apply() - drop what is not wanted, and put the rest in order of time
 * @filter: from filter_check(); @boot and @kernel are the source's to look after
 * @set: the violations
 */
void filter_apply(const struct filter *filter, struct violation_set *set);

#endif
