// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of rules (ruleset.h): their entries, their table, their memory. How a set is published and
 * when it is freed is whitelist.c's business.
 */
#include "array.h"
#include "name.h"
#include "portable.h"
#include "rule.h"
#include "ruleset.h"
#include "set.h"

/**
 * ucg_entry_free - free an entry and what it owns
 * @e: the entry, may be NULL; no reader is left in it
 *
 * Context: process.
 */
void ucg_entry_free(struct ucg_entry *e)
{
	int dir;

	if (!e)
		return;
	for (dir = 0; dir < UCG_NR_DIRS; dir++) {
		ucg_regions_free(&e->allow[dir]);
		ucg_regions_free(&e->passes[dir]);
		ucg_regions_free(&e->denied[dir]);
		ucg_regions_free(&e->wide[dir]);
	}
	ucg_regions_free(&e->deny);
	kvfree(e->driver);
	kvfree(e);
}

/**
 * ucg_entry_new - make an entry without rules
 * @set: the set that alone may change it
 * @subject: enum ucg_subject, or UCG_SUBJECT_MERGED
 * @name: its name, or merge id; copied
 *
 * Context: process; allocates.
 * Return: the entry, or NULL when memory is short.
 */
struct ucg_entry *ucg_entry_new(const struct ucg_ruleset *set, unsigned int subject,
				const char *name)
{
	size_t size = strlen(name) + 1;
	struct ucg_entry *e = kvzalloc(sizeof(*e) + size, GFP_KERNEL);

	if (!e)
		return NULL;
	memcpy(e->name, name, size);
	e->hash = ucg_subject_hash(subject, ucg_name_hash(name));
	e->subject = subject;
	e->serial = set->serial;
	e->policy = -1;
	return e;
}

/**
 * ucg_entry_append_driver - add rules of drivers
 * @e: the entry, the set's own
 * @rules: the rules; copied
 * @nr: how many, may be 0
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with the entry as it was.
 */
int ucg_entry_append_driver(struct ucg_entry *e, const struct ucg_driver_rule *rules, u32 nr)
{
	struct ucg_driver_rule *driver;

	if (!nr)
		return 0;
	driver = ucg_array_grow(e->driver, e->nr_driver, e->nr_driver + nr, sizeof(*driver));
	if (!driver)
		return -ENOMEM;
	memcpy(driver + e->nr_driver, rules, nr * sizeof(*driver));
	e->driver = driver;
	e->nr_driver += nr;
	return 0;
}

/**
 * ucg_entry_merge - add all rules of another entry
 * @e: the entry, the set's own
 * @from: the other entry; of two policies the stricter one stays
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with some of them added.
 */
int ucg_entry_merge(struct ucg_entry *e, const struct ucg_entry *from)
{
	int err;

	err = ucg_regions_add_all(&e->allow[UCG_DIR_TO], &from->allow[UCG_DIR_TO]);
	if (!err)
		err = ucg_regions_add_all(&e->allow[UCG_DIR_FROM], &from->allow[UCG_DIR_FROM]);
	if (!err)
		err = ucg_regions_add_all(&e->deny, &from->deny);
	if (!err)
		err = ucg_entry_append_driver(e, from->driver, from->nr_driver);
	e->policy = max(e->policy, from->policy);
	return err;
}

/**
 * ucg_entry_is_empty - has an entry no rule?
 * @e: the entry
 *
 * Context: any.
 * Return: true if so.
 */
bool ucg_entry_is_empty(const struct ucg_entry *e)
{
	return e->policy < 0 && !e->nr_driver && !e->deny.nr &&
	       !e->allow[UCG_DIR_TO].nr && !e->allow[UCG_DIR_FROM].nr;
}

static const struct ucg_region *allow_at(const struct ucg_entry *e, enum ucg_dir dir, u32 i)
{
	return i < e->allow[dir].nr ? &e->allow[dir].at[i] : NULL;
}

/**
 * ucg_entry_next_allow - go through the allow rules of an entry, as the file shows them
 * @e: the entry
 * @to: how many regions of copies to user space have been seen; 0 at first
 * @from: how many of copies from user space; 0 at first
 * @region: where to put the next rule's bytes
 * @dirs: where to put its directions; equal regions of both directions are one rule
 *
 * Context: any, as long as the entry stays.
 * Return: true, or false when all have been seen.
 */
bool ucg_entry_next_allow(const struct ucg_entry *e, u32 *to, u32 *from,
			  struct ucg_region *region, u8 *dirs)
{
	const struct ucg_region *t = allow_at(e, UCG_DIR_TO, *to);
	const struct ucg_region *f = allow_at(e, UCG_DIR_FROM, *from);

	if (!t && !f)
		return false;
	if (t && f && t->first == f->first && t->last == f->last)
		*dirs = UCG_BOTH;
	else if (t && (!f || t->first <= f->first))
		*dirs = UCG_TO_USER;
	else
		*dirs = UCG_FROM_USER;

	*region = *dirs & UCG_TO_USER ? *t : *f;
	*to += !!(*dirs & UCG_TO_USER);
	*from += !!(*dirs & UCG_FROM_USER);
	return true;
}

/**
 * ucg_ruleset_entry - the rules for a name
 * @set: the set, or NULL
 * @subject: enum ucg_subject
 * @name: its name
 *
 * Context: any, as long as the set stays.
 * Return: the entry, or NULL if there is none.
 */
struct ucg_entry *ucg_ruleset_entry(const struct ucg_ruleset *set, unsigned int subject,
				    const char *name)
{
	u32 slot = ucg_ruleset_find(set, subject, name);

	return slot ? set->entries[slot - 1] : NULL;
}

static void fill_slot(struct ucg_ruleset *set, u32 hash, u32 slot)
{
	u32 i = hash & set->mask;

	while (set->slots[i])
		i = (i + 1) & set->mask;
	set->slots[i] = slot;
}

/* Into a table that is empty. */
static void fill_table(struct ucg_ruleset *set)
{
	u32 i;

	for (i = 0; i < set->nr; i++)
		fill_slot(set, set->entries[i]->hash, i + 1);
	for (i = 0; i < set->nr_merged; i++)
		fill_slot(set, set->merged[i].all->hash, UCG_SLOT_MERGED | (i + 1));
}

/**
 * ucg_ruleset_rebuild_table - make the table anew
 * @set: the set
 * @keys: how many keys it is to have room for, at least as many as there are
 *
 * Context: process; allocates.
 * Return: 0, or -ENOMEM with the table as it was.
 */
int ucg_ruleset_rebuild_table(struct ucg_ruleset *set, u32 keys)
{
	u32 nr = UCG_SLOTS_FEWEST;
	u32 *slots;

	while (nr < 2 * keys)
		nr *= 2;
	slots = kvcalloc(nr, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	kvfree(set->slots);
	set->slots = slots;
	set->mask = nr - 1;
	fill_table(set);
	return 0;
}

/* Make the table fit for one more key. */
static int room_in_table(struct ucg_ruleset *set)
{
	u32 keys = set->nr + set->nr_merged + 1;

	if (2 * keys <= set->mask + 1)
		return 0;
	return ucg_ruleset_rebuild_table(set, 2 * keys);
}

static int room_for_entries(struct ucg_ruleset *set, u32 room)
{
	struct ucg_entry **entries;
	u32 *merge_of;

	if (room <= set->room)
		return 0;
	room = max(room, 2 * set->room);
	entries = ucg_array_grow(set->entries, set->nr, room, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	set->entries = entries;
	merge_of = ucg_array_grow(set->merge_of, set->nr, room, sizeof(*merge_of));
	if (!merge_of)
		return -ENOMEM;
	set->merge_of = merge_of;
	set->room = room;
	return 0;
}

/**
 * ucg_ruleset_own_entry - make the entry for a name ready to be changed
 * @set: the set, not yet sealed
 * @subject: enum ucg_subject
 * @name: its name
 *
 * Context: process; allocates.
 * Return: the entry: a new one, or a copy of the one that the set shares with those before it. NULL
 * when memory is short.
 */
struct ucg_entry *ucg_ruleset_own_entry(struct ucg_ruleset *set, unsigned int subject,
					const char *name)
{
	u32 slot = ucg_ruleset_find(set, subject, name);
	struct ucg_entry *e;

	if (slot && set->entries[slot - 1]->serial == set->serial)
		return set->entries[slot - 1];
	if (!slot && (room_for_entries(set, set->nr + 1) || room_in_table(set)))
		return NULL;

	e = ucg_entry_new(set, subject, name);
	if (!e)
		return NULL;
	if (slot) {
		if (ucg_entry_merge(e, set->entries[slot - 1])) {
			ucg_entry_free(e);
			return NULL;
		}
		set->entries[slot - 1] = e;
	} else {
		set->entries[set->nr++] = e;
		fill_slot(set, e->hash, set->nr);
	}
	return e;
}

/**
 * ucg_ruleset_own_merged - have a place for a merged cache
 * @set: the set, not yet sealed
 * @merge_id: the merged cache's name in sysfs
 * @shared: how many names lead there, if it has no place yet
 *
 * Context: process; allocates.
 * Return: 1 + the place in merged[], 0 when memory is short.
 */
u32 ucg_ruleset_own_merged(struct ucg_ruleset *set, const char *merge_id, u32 shared)
{
	u32 slot = ucg_ruleset_find(set, UCG_SUBJECT_MERGED, merge_id);
	struct ucg_merged *merged;
	struct ucg_entry *all;

	if (slot)
		return slot & ~UCG_SLOT_MERGED;
	if (set->nr_merged == set->merged_room) {
		u32 room = max(UCG_MERGED_FEWEST, 2 * set->merged_room);

		merged = ucg_array_grow(set->merged, set->nr_merged, room, sizeof(*merged));
		if (!merged)
			return 0;
		set->merged = merged;
		set->merged_room = room;
	}
	if (room_in_table(set))
		return 0;
	all = ucg_entry_new(set, UCG_SUBJECT_MERGED, merge_id);
	if (!all)
		return 0;
	set->merged[set->nr_merged++] = (struct ucg_merged){ .all = all, .shared = shared };
	fill_slot(set, all->hash, UCG_SLOT_MERGED | set->nr_merged);
	return set->nr_merged;
}

/**
 * ucg_ruleset_drop_empty - free the entries that lost their last rule
 * @set: the set, not yet sealed; the places of its entries change
 *
 * Context: process.
 */
void ucg_ruleset_drop_empty(struct ucg_ruleset *set)
{
	u32 i, nr = 0;

	for (i = 0; i < set->nr; i++) {
		struct ucg_entry *e = set->entries[i];

		if (ucg_entry_is_empty(e)) {
			/* Always the set's own: shared entries have rules. */
			ucg_entry_free(e);
			continue;
		}
		set->merge_of[nr] = set->merge_of[i];
		set->entries[nr++] = e;
	}
	if (nr == set->nr)
		return;
	set->nr = nr;
	/* Refill in place, the table is large enough for fewer keys. */
	memset(set->slots, 0, (set->mask + 1) * sizeof(*set->slots));
	fill_table(set);
}

/**
 * ucg_ruleset_merged - the merged cache that a name leads to
 * @set: the set, or NULL
 * @e: an entry for the name, of this set or of another
 *
 * Context: any, as long as the set stays.
 * Return: the merged cache, or NULL if there is no rule for the name, or it leads to none.
 */
const struct ucg_merged *ucg_ruleset_merged(const struct ucg_ruleset *set,
					    const struct ucg_entry *e)
{
	u32 slot = ucg_ruleset_find(set, e->subject, e->name);

	return slot && set->merge_of[slot - 1] ? &set->merged[set->merge_of[slot - 1] - 1] : NULL;
}

/**
 * ucg_ruleset_fork - begin a set with the rules of another
 * @old: the other set, or NULL to begin with none; it must stay until the new set is retired,
 *	abandoned, or @old itself retired for it
 *
 * What ucg_ruleset_link() told @old is not taken over.
 *
 * Context: process.
 * Return: the set, or NULL when memory is short.
 */
struct ucg_ruleset *ucg_ruleset_fork(const struct ucg_ruleset *old)
{
	struct ucg_ruleset *set = kvzalloc(sizeof(*set), GFP_KERNEL);

	if (!set)
		return NULL;
	set->serial = old ? old->serial + 1 : 1;
	if (old && old->nr) {
		if (room_for_entries(set, old->nr + 1))
			goto fail;
		memcpy(set->entries, old->entries, old->nr * sizeof(*set->entries));
		set->nr = old->nr;
	}
	if (ucg_ruleset_rebuild_table(set, set->nr + 1))
		goto fail;
	return set;
fail:
	ucg_ruleset_abandon(set);
	return NULL;
}

/* What belongs to the set alone, whatever becomes of its entries. */
static void free_frame(struct ucg_ruleset *set)
{
	u32 i;

	for (i = 0; i < set->nr_merged; i++) {
		ucg_entry_free(set->merged[i].all);
		kvfree(set->merged[i].names);
	}
	kvfree(set->merged);
	kvfree(set->slots);
	kvfree(set->merge_of);
	kvfree(set->entries);
	kvfree(set);
}

/**
 * ucg_ruleset_abandon - free a set that was never published
 * @set: the set, may be NULL
 *
 * Context: process.
 */
void ucg_ruleset_abandon(struct ucg_ruleset *set)
{
	u32 i;

	if (!set)
		return;
	for (i = 0; i < set->nr; i++)
		if (set->entries[i]->serial == set->serial)
			ucg_entry_free(set->entries[i]);
	free_frame(set);
}

/**
 * ucg_ruleset_retire - note which entries go with a set that has been replaced
 * @old: the set; readers may still be in it and see no change
 * @successor: the sealed set that was forked from it, or NULL if there is none
 *
 * Context: process.
 */
void ucg_ruleset_retire(struct ucg_ruleset *old, const struct ucg_ruleset *successor)
{
	u32 i;

	for (i = 0; i < old->nr; i++) {
		struct ucg_entry *e = old->entries[i];

		if (ucg_ruleset_entry(successor, e->subject, e->name) == e)
			continue;
		e->next = old->retired;
		old->retired = e;
	}
}

/**
 * ucg_ruleset_free - free a retired set
 * @set: the set; no reader is left in it
 *
 * Context: process.
 */
void ucg_ruleset_free(struct ucg_ruleset *set)
{
	while (set->retired) {
		struct ucg_entry *e = set->retired;

		set->retired = e->next;
		ucg_entry_free(e);
	}
	free_frame(set);
}
