// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of bytes (region.h). Also compiled into the fuzzer.
 */
#include "array.h"
#include "portable.h"
#include "region.h"

/* How many regions begin at or before @byte; binary search, 32 steps at the most. */
static u32 begun_by(const struct ucg_regions *set, u32 byte)
{
	u32 low = 0, high = set->nr;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (set->at[mid].first <= byte)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int make_room(struct ucg_regions *set, u32 room)
{
	struct ucg_region *at;

	if (room <= set->room)
		return 0;
	/* Twice as many each time: rules for one cache may come by the thousand. */
	if (room < 2 * set->room)
		room = 2 * set->room;
	at = ucg_array_grow(set->at, set->nr, room, sizeof(*at));
	if (!at)
		return -ENOMEM;
	set->at = at;
	set->room = room;
	return 0;
}

/* Put the @nr regions at @with in the place of those from @from up to, not with, @to. */
static void replace(struct ucg_regions *set, u32 from, u32 to,
		    const struct ucg_region *with, u32 nr)
{
	if (set->nr > to)
		memmove(set->at + from + nr, set->at + to, (set->nr - to) * sizeof(*with));
	if (nr)
		memcpy(set->at + from, with, nr * sizeof(*with));
	set->nr = set->nr - (to - from) + nr;
}

/* Add a run of bytes to a set that has room for one region more. */
static void add(struct ucg_regions *set, u32 first, u32 last)
{
	struct ucg_region region = { first, last };
	/* What begins at last + 1 touches the new region, and is merged as well. */
	u32 to = begun_by(set, last == U32_MAX ? last : last + 1);
	u32 from = begun_by(set, first);

	/* The one that begins before may reach here, or end just before. */
	if (from && (u64)set->at[from - 1].last + 1 >= first)
		from--;
	if (from < to) {
		region.first = min(first, set->at[from].first);
		region.last = max(last, set->at[to - 1].last);
	}
	replace(set, from, to, &region, 1);
}

/**
 * ucg_regions_add - add a run of bytes to a set
 * @set: the set
 * @first: first byte
 * @last: last byte, not before @first
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with the set as it was.
 */
int ucg_regions_add(struct ucg_regions *set, u32 first, u32 last)
{
	if (make_room(set, set->nr + 1))
		return -ENOMEM;
	add(set, first, last);
	return 0;
}

/**
 * ucg_regions_cut - take a run of bytes out of a set
 * @set: the set
 * @first: first byte
 * @last: last byte, not before @first
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with the set as it was.
 */
int ucg_regions_cut(struct ucg_regions *set, u32 first, u32 last)
{
	struct ucg_region rest[2];
	u32 to = begun_by(set, last);
	u32 from = begun_by(set, first);
	u32 nr = 0;

	if (from && set->at[from - 1].last >= first)
		from--;
	if (from >= to)
		return 0;
	if (make_room(set, set->nr + 1))
		return -ENOMEM;
	if (set->at[from].first < first)
		rest[nr++] = (struct ucg_region){ set->at[from].first, first - 1 };
	if (set->at[to - 1].last > last)
		rest[nr++] = (struct ucg_region){ last + 1, set->at[to - 1].last };
	replace(set, from, to, rest, nr);
	return 0;
}

/**
 * ucg_regions_add_all - add all bytes of another set
 * @set: the set to add to
 * @other: the bytes to add
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with the set as it was.
 */
int ucg_regions_add_all(struct ucg_regions *set, const struct ucg_regions *other)
{
	u32 i;

	/* Exactly as much as needed, for the usual case: a copy. */
	if (make_room(set, set->nr + other->nr))
		return -ENOMEM;
	for (i = 0; i < other->nr; i++)
		add(set, other->at[i].first, other->at[i].last);
	return 0;
}

/**
 * ucg_regions_cut_all - take all bytes of another set out
 * @set: the set to take from
 * @other: the bytes to take out
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with some of them taken out.
 */
int ucg_regions_cut_all(struct ucg_regions *set, const struct ucg_regions *other)
{
	u32 i;

	for (i = 0; i < other->nr; i++) {
		int err = ucg_regions_cut(set, other->at[i].first, other->at[i].last);

		if (err)
			return err;
	}
	return 0;
}

/**
 * ucg_regions_hold - is every byte of a run in the set?
 * @set: the set
 * @first: first byte
 * @last: last byte, not before @first
 *
 * Context: any.
 * Return: true if so.
 */
bool ucg_regions_hold(const struct ucg_regions *set, u32 first, u32 last)
{
	u32 i = begun_by(set, first);

	return i && set->at[i - 1].last >= last;
}

/**
 * ucg_regions_touch - is any byte of a run in the set?
 * @set: the set
 * @first: first byte
 * @last: last byte, not before @first
 *
 * Context: any.
 * Return: true if so.
 */
bool ucg_regions_touch(const struct ucg_regions *set, u32 first, u32 last)
{
	u32 i = begun_by(set, last);

	return i && set->at[i - 1].last >= first;
}

/**
 * ucg_regions_hold_all - is every byte of another set in the set?
 * @set: the set
 * @other: the bytes in question
 *
 * Context: any.
 * Return: true if so; so it is when @other is empty.
 */
bool ucg_regions_hold_all(const struct ucg_regions *set, const struct ucg_regions *other)
{
	u32 i;

	for (i = 0; i < other->nr; i++)
		if (!ucg_regions_hold(set, other->at[i].first, other->at[i].last))
			return false;
	return true;
}

/**
 * ucg_regions_free - empty a set and free its memory
 * @set: the set
 *
 * Context: any that kvfree() may be called from.
 */
void ucg_regions_free(struct ucg_regions *set)
{
	kvfree(set->at);
	*set = (struct ucg_regions){};
}
