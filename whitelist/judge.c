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
 * @subject: enum ucg_subject, or UCG_SUBJECT_MERGED
 * @name: its name, or merge id
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: what the slot holds, 0 if there is none.
 */
u32 ucg_ruleset_find(const struct ucg_ruleset *set, unsigned int subject, const char *name)
{
	const struct ucg_entry *e;
	u32 hash, slot, i;

	if (!set)
		return 0;
	hash = ucg_subject_hash(subject, ucg_name_hash(name));
	for (i = hash & set->mask; (slot = set->slots[i]); i = (i + 1) & set->mask) {
		e = in_slot(set, slot);
		if (e->hash == hash && e->subject == subject && !strcmp(e->name, name))
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
		slot = ucg_ruleset_find(set, UCG_SUBJECT_MERGED, id->merge_id) ?:
		       ucg_ruleset_find(set, UCG_SUBJECT_CACHE, id->merge_id);
		if (slot)
			return in_slot(set, slot);
	}
	slot = id->name ? ucg_ruleset_find(set, UCG_SUBJECT_CACHE, id->name) : 0;
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

static int named(const struct ucg_ruleset *set, enum ucg_subject subject, const char *name)
{
	u32 slot = set->nr_of[subject] && name ? ucg_ruleset_find(set, subject, name) : 0;

	return slot ? in_slot(set, slot)->policy : -1;
}

static int policy_of(const struct ucg_ruleset *set, struct ucg_policy_query *query,
		     enum ucg_subject subject)
{
	const struct ucg_entry *e;
	int policy;

	switch (subject) {
	case UCG_SUBJECT_CALLER:
		/* The function of just this module comes first. */
		policy = named(set, subject, query->caller);
		query->in_module = policy >= 0;
		return policy >= 0 ? policy : named(set, subject, query->function);
	case UCG_SUBJECT_MODULE:
		return named(set, subject, query->module);
	case UCG_SUBJECT_CACHE:
		e = query->cache && set->nr_of[subject] ? rules_for(set, query->cache) : NULL;
		return e ? e->policy : -1;
	default: /* UCG_SUBJECT_KIND */
		return named(set, UCG_SUBJECT_KIND, ucg_kind_words[query->kind]);
	}
}

/**
 * ucg_ruleset_policy - the policy that rules have for a copy
 * @set: the set, sealed, or NULL for no rules
 * @query: the copy
 * @by: whose policy it is, the most particular one that there is; UCG_SUBJECT_ALL if there is none
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: enum ucg_policy, or -1 if no rule has one.
 */
int ucg_ruleset_policy(const struct ucg_ruleset *set, struct ucg_policy_query *query,
		       enum ucg_subject *by)
{
	int subject, policy;

	for (subject = UCG_SUBJECT_CALLER; set && subject > UCG_SUBJECT_ALL; subject--) {
		policy = policy_of(set, query, subject);
		if (policy >= 0) {
			*by = subject;
			return policy;
		}
	}
	*by = UCG_SUBJECT_ALL;
	return -1;
}

/**
 * ucg_ruleset_asks_for_modules - is any policy for what a module copies, or has copied?
 * @set: the set, sealed, or NULL for no rules
 *
 * Context: any, NMI too.
 * Return: true if so: of each violation the module has to be known.
 */
bool ucg_ruleset_asks_for_modules(const struct ucg_ruleset *set)
{
	return set && set->nr_of[UCG_SUBJECT_MODULE];
}

/**
 * ucg_ruleset_asks_for_code - is any policy for the code that copies?
 * @set: the set, sealed, or NULL for no rules
 *
 * Context: any, NMI too.
 * Return: true if so, for a function or a module.
 */
bool ucg_ruleset_asks_for_code(const struct ucg_ruleset *set)
{
	return set && (set->nr_of[UCG_SUBJECT_CALLER] || set->nr_of[UCG_SUBJECT_MODULE]);
}

/**
 * ucg_ruleset_may_miss - may a rule be about this cache without the set knowing it?
 * @set: the set, sealed, or NULL for no rules
 * @id: the cache
 *
 * So it is with any merged cache: its names are not known by its own count of users, since SLUB keeps
 * those of caches that were destroyed. A cache that was created since names were last followed may
 * have taken the place of another.
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: true if so.
 */
bool ucg_ruleset_may_miss(const struct ucg_ruleset *set, const struct ucg_cache_id *id)
{
	return set && set->nr_of[UCG_SUBJECT_CACHE] && id->merge_id;
}
