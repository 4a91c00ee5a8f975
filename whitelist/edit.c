// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change sets of rules that are not yet sealed (edit.h).
 */
#include "edit.h"
#include "portable.h"
#include "region.h"
#include "rule.h"
#include "ruleset.h"
#include "set.h"

/* Drop all rules of administrators; those of drivers stay. */
static int flush(struct ucg_ruleset *set)
{
	u32 i;

	for (i = 0; i < set->nr; i++) {
		struct ucg_entry *old = set->entries[i];
		struct ucg_entry *e = ucg_entry_new(set, old->name);

		if (!e || ucg_entry_append_driver(e, old->driver, old->nr_driver)) {
			ucg_entry_free(e);
			return -ENOMEM;
		}
		set->entries[i] = e;
		if (old->serial == set->serial)
			ucg_entry_free(old);
	}
	/* A write may have a line "flush" many thousand times: the next one finds little to do. */
	ucg_ruleset_drop_empty(set);
	return ucg_ruleset_rebuild_table(set, set->nr + 1);
}

/* What cannot be sealed need not grow any further: a write may have a hundred thousand lines. */
static bool too_many(const struct ucg_ruleset *set, const struct ucg_entry *e)
{
	return set->nr > UCG_RULES_MAX || e->deny.nr > UCG_RULES_MAX ||
	       e->allow[UCG_DIR_TO].nr > UCG_RULES_MAX || e->allow[UCG_DIR_FROM].nr > UCG_RULES_MAX;
}

/**
 * ucg_ruleset_add - apply one rule
 * @set: the set, not yet sealed
 * @rule: the rule; a blank one has no effect, a flush drops all before it
 *
 * Context: process.
 * Return: 0, -ENOSPC when there are more rules than there may be already, or -ENOMEM; after an
 * error the set can only be abandoned.
 */
int ucg_ruleset_add(struct ucg_ruleset *set, const struct ucg_rule *rule)
{
	u32 last = rule->offset + (u32)(rule->len - 1);
	struct ucg_entry *e;
	int err = 0;

	if (rule->verb == UCG_VERB_BLANK)
		return 0;
	if (rule->verb == UCG_VERB_FLUSH)
		return flush(set);

	e = ucg_ruleset_own_entry(set, rule->name);
	if (!e)
		return -ENOMEM;
	if (rule->verb == UCG_VERB_POLICY) {
		e->policy = rule->policy;
	} else if (rule->verb == UCG_VERB_DENY) {
		err = ucg_regions_add(&e->deny, rule->offset, last);
	} else {
		if (rule->dirs & UCG_TO_USER)
			err = ucg_regions_add(&e->allow[UCG_DIR_TO], rule->offset, last);
		if (!err && (rule->dirs & UCG_FROM_USER))
			err = ucg_regions_add(&e->allow[UCG_DIR_FROM], rule->offset, last);
	}
	if (!err && too_many(set, e))
		err = -ENOSPC;
	return err;
}

/**
 * ucg_ruleset_add_driver - apply a rule that a driver made for its own cache
 * @set: the set, not yet sealed
 * @name: the cache's name
 * @rule: the rule
 *
 * Context: process.
 * Return: 0 or -ENOMEM; after an error the set can only be abandoned.
 */
int ucg_ruleset_add_driver(struct ucg_ruleset *set, const char *name,
			   const struct ucg_driver_rule *rule)
{
	struct ucg_entry *e = ucg_ruleset_own_entry(set, name);

	return e ? ucg_entry_append_driver(e, rule, 1) : -ENOMEM;
}

static void remove_driver(struct ucg_entry *e, u32 i)
{
	e->nr_driver--;
	memmove(e->driver + i, e->driver + i + 1, (e->nr_driver - i) * sizeof(*e->driver));
}

/**
 * ucg_ruleset_drop_driver - take back what ucg_ruleset_add_driver() applied
 * @set: the set, not yet sealed
 * @name: the cache's name
 * @rule: the rule, equal to that one
 *
 * Context: process.
 * Return: 0, -ENOENT if there is no such rule, or -ENOMEM; after an error the set can only be
 * abandoned.
 */
int ucg_ruleset_drop_driver(struct ucg_ruleset *set, const char *name,
			    const struct ucg_driver_rule *rule)
{
	struct ucg_entry *e = ucg_ruleset_entry(set, name);
	u32 i;

	for (i = 0; e && i < e->nr_driver; i++) {
		const struct ucg_driver_rule *r = &e->driver[i];

		if (r->owner != rule->owner || r->dirs != rule->dirs ||
		    r->region.first != rule->region.first || r->region.last != rule->region.last)
			continue;
		e = ucg_ruleset_own_entry(set, name);
		if (!e)
			return -ENOMEM;
		remove_driver(e, i);
		return 0;
	}
	return -ENOENT;
}

static bool entry_has_owner(const struct ucg_entry *e, const struct module *owner)
{
	u32 i;

	for (i = 0; i < e->nr_driver; i++)
		if (e->driver[i].owner == owner)
			return true;
	return false;
}

/**
 * ucg_ruleset_has_owner - did this module make any rule of the set?
 * @set: the set, or NULL
 * @owner: the module
 *
 * Context: any.
 * Return: true if so.
 */
bool ucg_ruleset_has_owner(const struct ucg_ruleset *set, const struct module *owner)
{
	u32 i;

	for (i = 0; set && i < set->nr; i++)
		if (entry_has_owner(set->entries[i], owner))
			return true;
	return false;
}

/**
 * ucg_ruleset_drop_owner - drop all rules that a module made
 * @set: the set, not yet sealed
 * @owner: the module
 *
 * Context: process.
 * Return: 0 or -ENOMEM; after an error the set can only be abandoned.
 */
int ucg_ruleset_drop_owner(struct ucg_ruleset *set, const struct module *owner)
{
	u32 i, j;

	for (i = 0; i < set->nr; i++) {
		struct ucg_entry *e = set->entries[i];

		if (!entry_has_owner(e, owner))
			continue;
		e = ucg_ruleset_own_entry(set, e->name);
		if (!e)
			return -ENOMEM;
		for (j = e->nr_driver; j--; )
			if (e->driver[j].owner == owner)
				remove_driver(e, j);
	}
	return 0;
}

/**
 * ucg_ruleset_link - say that a name leads to a merged cache
 * @set: the set, not yet sealed
 * @name: the name; nothing happens when no rule is about it
 * @merge_id: the merged cache's name in sysfs, at most UCG_MERGE_ID_MAX bytes
 * @shared: how many names lead there in all
 *
 * Context: process.
 * Return: 0, -EINVAL for a merge id that cannot be one, or -ENOMEM.
 */
int ucg_ruleset_link(struct ucg_ruleset *set, const char *name, const char *merge_id, u32 shared)
{
	u32 slot = ucg_ruleset_find(set, name, 0);
	u32 merged;

	if (!merge_id[0] || strlen(merge_id) > UCG_MERGE_ID_MAX)
		return -EINVAL;
	if (!slot || ucg_entry_is_empty(set->entries[slot - 1]))
		return 0;
	merged = ucg_ruleset_own_merged(set, merge_id, shared);
	if (!merged)
		return -ENOMEM;
	set->merge_of[slot - 1] = merged;
	return 0;
}

/**
 * ucg_ruleset_name_merged - say which names lead to a merged cache
 * @set: the set, linked but not yet sealed
 * @merge_id: the merged cache; nothing happens when no rule is about any name that leads there
 * @names: the names, for those who read; printable
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ucg_ruleset_name_merged(struct ucg_ruleset *set, const char *merge_id, const char *names)
{
	u32 slot = ucg_ruleset_find(set, merge_id, UCG_SLOT_MERGED);
	char *copy;

	if (!slot)
		return 0;
	copy = kvzalloc(strlen(names) + 1, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	strcpy(copy, names);
	slot &= ~UCG_SLOT_MERGED;
	kvfree(set->merged[slot - 1].names);
	set->merged[slot - 1].names = copy;
	return 0;
}
