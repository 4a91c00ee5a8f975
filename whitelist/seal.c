// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seal sets of rules (seal.h).
 */
#include "portable.h"
#include "region.h"
#include "rule.h"
#include "ruleset.h"
#include "set.h"
#include "seal.h"

/* What deny rules take from the drivers' rules in passes, and from the kernel's region. */
static int seal_deny(struct ucg_entry *e, int dir)
{
	int err;

	err = ucg_regions_add_all(&e->wide[dir], &e->passes[dir]);
	if (!err)
		err = ucg_regions_add_all(&e->wide[dir], &e->allow[dir]);
	if (!err)
		err = ucg_regions_cut_all(&e->passes[dir], &e->deny);
	if (!err)
		err = ucg_regions_add_all(&e->denied[dir], &e->deny);
	if (!err)
		err = ucg_regions_cut_all(&e->denied[dir], &e->allow[dir]);
	return err;
}

/* passes, denied and wide, from the rules. */
static int seal_entry(struct ucg_entry *e)
{
	int err = 0, dir;
	u32 i;

	for (dir = 0; dir < UCG_NR_DIRS && !err; dir++) {
		/* Sealed before, as part of a set that was forked from. */
		ucg_regions_free(&e->passes[dir]);
		ucg_regions_free(&e->denied[dir]);
		ucg_regions_free(&e->wide[dir]);

		for (i = 0; i < e->nr_driver && !err; i++)
			if (e->driver[i].dirs & (dir == UCG_DIR_TO ? UCG_TO_USER : UCG_FROM_USER))
				err = ucg_regions_add(&e->passes[dir], e->driver[i].region.first,
						      e->driver[i].region.last);
		if (!err && e->deny.nr)
			err = seal_deny(e, dir);
		if (!err)
			err = ucg_regions_add_all(&e->passes[dir], &e->allow[dir]);
	}
	return err;
}

static size_t entry_bytes(const struct ucg_entry *e)
{
	size_t regions = e->deny.room;
	int dir;

	for (dir = 0; dir < UCG_NR_DIRS; dir++)
		regions += e->allow[dir].room + e->passes[dir].room + e->denied[dir].room +
			   e->wide[dir].room;
	return sizeof(*e) + strlen(e->name) + 1 + regions * sizeof(struct ucg_region) +
	       e->nr_driver * sizeof(*e->driver);
}

static void count_entry(struct ucg_ruleset *set, const struct ucg_entry *e)
{
	struct ucg_region region;
	u32 to = 0, from = 0;
	u8 dirs;

	while (ucg_entry_next_allow(e, &to, &from, &region, &dirs))
		set->nr_rules++;
	set->nr_rules += e->deny.nr + (e->policy >= 0) + e->nr_driver;
	set->nr_denies += e->deny.nr;
	set->nr_driver += e->nr_driver;
	set->nr_of[e->subject]++;
	set->bytes += entry_bytes(e);
}

/**
 * ucg_ruleset_seal - make a set ready to be asked; nothing can be added from then on
 * @set: the set
 *
 * Context: process.
 * Return: 0, -ENOSPC when it has more than UCG_RULES_MAX rules of administrators, or -ENOMEM; after
 * an error the set can only be abandoned.
 */
int ucg_ruleset_seal(struct ucg_ruleset *set)
{
	int err = 0;
	u32 i;

	ucg_ruleset_drop_empty(set);
	for (i = 0; i < set->nr && !err; i++) {
		struct ucg_entry *e = set->entries[i];

		/* The others were sealed in the set that they come from. */
		if (e->serial == set->serial)
			err = seal_entry(e);
		if (!err && set->merge_of[i])
			err = ucg_entry_merge(set->merged[set->merge_of[i] - 1].all, e);
	}
	for (i = 0; i < set->nr_merged && !err; i++)
		err = seal_entry(set->merged[i].all);
	if (err)
		return err;

	set->nr_rules = 0;
	set->nr_denies = 0;
	set->nr_driver = 0;
	memset(set->nr_of, 0, sizeof(set->nr_of));
	set->bytes = sizeof(*set) + set->room * (sizeof(*set->entries) + sizeof(*set->merge_of)) +
		     set->merged_room * sizeof(*set->merged) +
		     (set->mask + 1) * sizeof(*set->slots);
	for (i = 0; i < set->nr; i++)
		count_entry(set, set->entries[i]);
	for (i = 0; i < set->nr_merged; i++) {
		set->bytes += entry_bytes(set->merged[i].all);
		if (set->merged[i].names)
			set->bytes += strlen(set->merged[i].names) + 1;
	}
	return set->nr_rules - set->nr_driver > UCG_RULES_MAX ? -ENOSPC : 0;
}
