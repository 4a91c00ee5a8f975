// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of bytes (ranges.h).
 *
 * Why no byte is lost, and none added: a place only ever changes from what it holds to something
 * that holds all of it and touches it, or to nothing when a place before it holds all of it. Places
 * are emptied in favour of earlier ones alone, so that no two can be emptied for each other.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>

#include "ranges.h"

static u64 range(u32 first, u32 end)
{
	return (u64)first << 32 | end;
}

static u32 first_of(u64 range)
{
	return range >> 32;
}

static u32 end_of(u64 range)
{
	return (u32)range;
}

static bool holds(u64 outer, u64 inner)
{
	return first_of(outer) <= first_of(inner) && end_of(inner) <= end_of(outer);
}

/* Overlap, or nothing between them. */
static bool touch(u64 a, u64 b)
{
	return first_of(a) <= end_of(b) && first_of(b) <= end_of(a);
}

static u64 both(u64 a, u64 b)
{
	return range(min(first_of(a), first_of(b)), max(end_of(a), end_of(b)));
}

/* Have place @i, which holds something, take in what later places hold and touches it. */
static void take_in_later(struct ucg_ranges *ranges, unsigned int i)
{
	unsigned int j = i + 1;

	while (j < UCG_RANGES) {
		s64 mine = atomic64_read(&ranges->at[i]);
		s64 other = atomic64_read(&ranges->at[j]);

		/* Emptied for an earlier one, by another CPU: that one takes over. */
		if (!mine)
			return;
		if (!other || !touch(mine, other)) {
			j++;
		} else if (holds(mine, other)) {
			if (atomic64_try_cmpxchg(&ranges->at[j], &other, 0))
				j++;
		} else if (atomic64_try_cmpxchg(&ranges->at[i], &mine, both(mine, other))) {
			/* It reaches further now. */
			j = i + 1;
		}
	}
}

static void tidy(struct ucg_ranges *ranges)
{
	unsigned int i;

	for (i = 0; i < UCG_RANGES; i++)
		if (atomic64_read(&ranges->at[i]))
			take_in_later(ranges, i);
}

/* Widen a range that touches the new one. */
static bool widen(struct ucg_ranges *ranges, u64 new)
{
	unsigned int i = 0;

	while (i < UCG_RANGES) {
		s64 old = atomic64_read(&ranges->at[i]);

		if (!old || !touch(old, new)) {
			i++;
		} else if (atomic64_try_cmpxchg(&ranges->at[i], &old, both(old, new))) {
			tidy(ranges);
			return true;
		}
	}
	return false;
}

static bool put(struct ucg_ranges *ranges, u64 new)
{
	unsigned int i;

	for (i = 0; i < UCG_RANGES; i++) {
		s64 old = 0;

		if (!atomic64_read(&ranges->at[i]) &&
		    atomic64_try_cmpxchg(&ranges->at[i], &old, new))
			return true;
	}
	return false;
}

/**
 * ucg_ranges_add - add bytes
 * @ranges:	the set
 * @first:	the first one
 * @n:		how many, not 0
 *
 * Context: any, NMI too; no lock. A few instructions when they are there already.
 */
void ucg_ranges_add(struct ucg_ranges *ranges, unsigned long first, unsigned long n)
{
	unsigned int i;
	u64 new;

	if (READ_ONCE(ranges->spread))
		return;
	if (first >= U32_MAX || n > U32_MAX - first) {
		WRITE_ONCE(ranges->spread, true);
		return;
	}
	new = range(first, first + n);
	for (i = 0; i < UCG_RANGES; i++)
		if (holds(atomic64_read(&ranges->at[i]), new))
			return;
	if (widen(ranges, new) || put(ranges, new))
		return;
	/* Some may be left over from several CPUs that added at once. */
	tidy(ranges);
	if (!widen(ranges, new) && !put(ranges, new))
		WRITE_ONCE(ranges->spread, true);
}

/**
 * ucg_ranges_read - what is in a set
 * @ranges:	the set
 * @to:		room for UCG_RANGES regions; filled with as few as say it, lowest first
 *
 * Context: any.
 * Return: how many; -1 if they were too many to be kept.
 */
int ucg_ranges_read(const struct ucg_ranges *ranges, struct ucg_region *to)
{
	int nr = 0, i, j;

	for (i = 0; i < UCG_RANGES; i++) {
		u64 new = atomic64_read(&ranges->at[i]);

		if (!new)
			continue;
		/* Take out what it touches; then put it into its place. */
		for (j = 0; j < nr; ) {
			u64 old = range(to[j].first, to[j].last + 1);

			if (!touch(old, new)) {
				j++;
				continue;
			}
			new = both(old, new);
			memmove(to + j, to + j + 1, (--nr - j) * sizeof(*to));
			j = 0;
		}
		for (j = nr++; j && to[j - 1].first > first_of(new); j--)
			to[j] = to[j - 1];
		to[j] = (struct ucg_region){ first_of(new), end_of(new) - 1 };
	}
	return READ_ONCE(ranges->spread) ? -1 : nr;
}
