// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ask a set of rules (judge.h). All that is in this file may run in any context, NMI included: it
 * takes no lock, allocates nothing and changes nothing. Of other files it needs the structures of a
 * set (ruleset.h) and two functions of region.c that only search.
 */
#include "judge.h"
#include "name.h"
#include "portable.h"
#include "ruleset.h"
#include "set.h"

static const struct ucg_entry *in_slot(const struct ucg_ruleset *set, u32 slot)
{
	if (slot & UCG_SLOT_MERGED)
		return set->merged[(slot & ~UCG_SLOT_MERGED) - 1].all;
	return set->entries[slot - 1];
}

/**
 * ucg_ruleset_find - look a name up in the table
 * @set: the set, or NULL for none
 * @name: name of a cache, or merge id
 * @kind: 0 for what a rule is about, UCG_SLOT_MERGED for merged caches
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: what the slot holds, 0 if there is none.
 */
u32 ucg_ruleset_find(const struct ucg_ruleset *set, const char *name, u32 kind)
{
	const struct ucg_entry *e;
	u32 hash, slot, i;

	if (!set || !set->slots)
		return 0;
	hash = ucg_name_hash(name);
	for (i = hash & set->mask; (slot = set->slots[i]); i = (i + 1) & set->mask) {
		if ((slot & UCG_SLOT_MERGED) != kind)
			continue;
		e = in_slot(set, slot);
		if (e->hash == hash && !strcmp(e->name, name))
			return slot;
	}
	return 0;
}

/*
 * The rules for a cache. A merged cache is known by its merge id. Its first name comes second,
 * and only when that name is not known to lead to another cache by now: a cache that was merged
 * keeps the name of its first user, long after that user has gone and has come back with another
 * size.
 */
static const struct ucg_entry *rules_for(const struct ucg_ruleset *set,
					 const struct ucg_cache_id *id)
{
	u32 slot = 0;

	if (id->merge_id) {
		slot = ucg_ruleset_find(set, id->merge_id, UCG_SLOT_MERGED) ?:
		       ucg_ruleset_find(set, id->merge_id, 0);
		if (slot)
			return in_slot(set, slot);
	}
	slot = id->name ? ucg_ruleset_find(set, id->name, 0) : 0;
	if (!slot || (id->merge_id && set->merge_of[slot - 1]))
		return NULL;
	return in_slot(set, slot);
}

/* Three binary searches at the most: before, inside and behind the kernel's own region. */
static bool covered(const struct ucg_cache_id *id, const struct ucg_regions *passes,
		    const struct ucg_regions *denied, u32 first, u32 last)
{
	u64 end = (u64)id->useroffset + id->usersize;
	u32 own_first = id->useroffset;
	u32 own_last = end > UCG_REGION_MAX ? U32_MAX : (u32)(end - 1);

	/* All of it outside. */
	if (!id->usersize || last < own_first || first > own_last)
		return ucg_regions_hold(passes, first, last);
	if (first < own_first) {
		if (!ucg_regions_hold(passes, first, own_first - 1))
			return false;
		first = own_first;
	}
	if (last > own_last) {
		if (!ucg_regions_hold(passes, own_last + 1, last))
			return false;
		last = own_last;
	}
	return !ucg_regions_touch(denied, first, last);
}

/**
 * ucg_ruleset_judge - is a copy from or to an object of a slab cache allowed?
 * @set: the set, sealed, or NULL for no rules
 * @id: the cache
 * @offset: where the copy starts, in bytes from the start of the object
 * @len: how many bytes it copies
 * @to_user: its direction
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: enum ucg_rule_verdict.
 */
enum ucg_rule_verdict ucg_ruleset_judge(const struct ucg_ruleset *set,
					const struct ucg_cache_id *id, u32 offset, u32 len,
					bool to_user)
{
	static const struct ucg_regions nothing;
	const struct ucg_entry *e;
	int dir = to_user ? UCG_DIR_TO : UCG_DIR_FROM;
	u32 last = offset + (len - 1);

	if (!len)
		return UCG_RULE_VERDICT_ALLOW;
	if (last < offset)
		return UCG_RULE_VERDICT_NONE;

	e = rules_for(set, id);
	if (!e)
		return covered(id, &nothing, &nothing, offset, last) ?
			UCG_RULE_VERDICT_ALLOW : UCG_RULE_VERDICT_NONE;
	if (covered(id, &e->passes[dir], &e->denied[dir], offset, last))
		return UCG_RULE_VERDICT_ALLOW;
	if (e->deny.nr && covered(id, &e->wide[dir], &nothing, offset, last))
		return UCG_RULE_VERDICT_DENY;
	return UCG_RULE_VERDICT_NONE;
}

/**
 * ucg_ruleset_policy - the policy that a cache has of its own
 * @set: the set, sealed, or NULL for no rules
 * @id: the cache
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: enum ucg_policy, or -1 if it has none.
 */
int ucg_ruleset_policy(const struct ucg_ruleset *set, const struct ucg_cache_id *id)
{
	const struct ucg_entry *e = rules_for(set, id);

	return e ? e->policy : -1;
}

/**
 * ucg_ruleset_may_miss - may a rule be about this cache without the set knowing it?
 * @set: the set, sealed, or NULL for no rules
 * @id: the cache
 *
 * So it is with a merged cache that no known name leads to: it may have been created, or a cache
 * merged into it, after names were last followed.
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: true if so.
 */
bool ucg_ruleset_may_miss(const struct ucg_ruleset *set, const struct ucg_cache_id *id)
{
	return set && set->nr && id->merge_id &&
	       !ucg_ruleset_find(set, id->merge_id, UCG_SLOT_MERGED);
}
