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
		struct ucg_entry *e = ucg_entry_new(set, old->subject, old->name);

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

/* Regions that a rule is about: one for deny, one or two for allow. */
static struct ucg_regions *next_regions(struct ucg_entry *e, const struct ucg_rule *rule, int *i)
{
	if (rule->verb == UCG_VERB_DENY)
		return (*i)++ ? NULL : &e->deny;
	while (*i < UCG_NR_DIRS) {
		int dir = (*i)++;

		if (rule->dirs & (dir == UCG_DIR_TO ? UCG_TO_USER : UCG_FROM_USER))
			return &e->allow[dir];
	}
	return NULL;
}

/* Is all of a rule there? Of a range every byte, in each of its directions. */
static bool has_rule(struct ucg_entry *e, const struct ucg_rule *rule)
{
	u32 last = rule->offset + (u32)(rule->len - 1);
	struct ucg_regions *regions;
	int i = 0;

	if (!e)
		return false;
	if (rule->verb == UCG_VERB_POLICY)
		return e->policy == rule->policy;
	while ((regions = next_regions(e, rule, &i)))
		if (!ucg_regions_hold(regions, rule->offset, last))
			return false;
	return true;
}

static int add_policy(struct ucg_ruleset *set, struct ucg_entry *e, const struct ucg_rule *rule)
{
	if (rule->remove) {
		e->policy = -1;
		e->said = 0;
		return 0;
	}
	/* Twice in one write, and not the same: one of the two is a mistake. */
	if (e->said == set->serial && e->policy != rule->policy)
		return -EEXIST;
	e->policy = rule->policy;
	e->said = set->serial;
	return 0;
}

static int add_regions(struct ucg_entry *e, const struct ucg_rule *rule)
{
	u32 last = rule->offset + (u32)(rule->len - 1);
	struct ucg_regions *regions;
	int i = 0, err = 0;

	while (!err && (regions = next_regions(e, rule, &i)))
		err = rule->remove ? ucg_regions_cut(regions, rule->offset, last) :
				     ucg_regions_add(regions, rule->offset, last);
	return err;
}

/**
 * ucg_ruleset_add - apply one rule
 * @set: the set, not yet sealed
 * @rule: the rule; a blank one has no effect, a flush drops all before it
 *
 * Rules for one cache whose ranges overlap or touch are one; what takes a rule back takes its bytes
 * out, all of which must be there.
 *
 * Context: process.
 * Return: 0, -ENOENT when a rule that is to be taken back is not there, -EEXIST when another
 * policy for the same name was added to this set, -ENOSPC when there are more rules than there may
 * be already, or -ENOMEM; after an error the set can only be abandoned.
 */
int ucg_ruleset_add(struct ucg_ruleset *set, const struct ucg_rule *rule)
{
	struct ucg_entry *e;
	int err;

	if (rule->verb == UCG_VERB_BLANK)
		return 0;
	if (rule->verb == UCG_VERB_FLUSH)
		return flush(set);
	if (rule->remove && !has_rule(ucg_ruleset_entry(set, rule->subject, rule->name), rule))
		return -ENOENT;

	e = ucg_ruleset_own_entry(set, rule->subject, rule->name);
	if (!e)
		return -ENOMEM;
	err = rule->verb == UCG_VERB_POLICY ? add_policy(set, e, rule) : add_regions(e, rule);
	if (!err && too_many(set, e))
		err = -ENOSPC;
	return err;
}

/* Rules of drivers, one of them or all. */
static u32 count_driver(const struct ucg_ruleset *set, const struct module *owner, bool all)
{
	u32 nr = 0, i, j;

	for (i = 0; i < set->nr; i++)
		for (j = 0; j < set->entries[i]->nr_driver; j++)
			nr += all || set->entries[i]->driver[j].owner == owner;
	return nr;
}

/**
 * ucg_ruleset_add_driver - apply a rule that a driver made for its own cache
 * @set: the set, not yet sealed
 * @name: the cache's name
 * @rule: the rule
 *
 * Context: process.
 * Return: 0, -ENOSPC when this driver, or all of them, have as many rules as they may, or -ENOMEM;
 * after an error the set can only be abandoned.
 */
int ucg_ruleset_add_driver(struct ucg_ruleset *set, const char *name,
			   const struct ucg_driver_rule *rule)
{
	struct ucg_entry *e;

	if (count_driver(set, rule->owner, false) >= UCG_DRIVER_RULES_EACH ||
	    count_driver(set, NULL, true) >= UCG_DRIVER_RULES_MAX)
		return -ENOSPC;
	e = ucg_ruleset_own_entry(set, UCG_SUBJECT_CACHE, name);
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
	struct ucg_entry *e = ucg_ruleset_entry(set, UCG_SUBJECT_CACHE, name);
	u32 i;

	for (i = 0; e && i < e->nr_driver; i++) {
		const struct ucg_driver_rule *r = &e->driver[i];

		if (r->owner != rule->owner || r->dirs != rule->dirs ||
		    r->region.first != rule->region.first || r->region.last != rule->region.last)
			continue;
		e = ucg_ruleset_own_entry(set, UCG_SUBJECT_CACHE, name);
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
		e = ucg_ruleset_own_entry(set, e->subject, e->name);
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
	u32 slot = ucg_ruleset_find(set, UCG_SUBJECT_CACHE, name);
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
	u32 slot = ucg_ruleset_find(set, UCG_SUBJECT_MERGED, merge_id);
	size_t size = strlen(names) + 1;
	char *copy;

	if (!slot)
		return 0;
	copy = kvzalloc(size, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, names, size);
	slot &= ~UCG_SLOT_MERGED;
	kvfree(set->merged[slot - 1].names);
	set->merged[slot - 1].names = copy;
	return 0;
}
