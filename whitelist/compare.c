// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare sealed sets of rules (compare.h).
 *
 * Asked is the effect for every cache that there may be, not what is written for a name: rules of
 * several names come together in a merged cache, and what is missing there may be found elsewhere.
 * Who may be asked about is finite: a cache is known by its merge id and its name, and all of which
 * neither set has heard are alike.
 */
#include "portable.h"

#include "compare.h"
#include "region.h"
#include "ruleset.h"
#include "set.h"

/*
 * What policies come to, over some copies: the strictest that was, the loosest that is, and whether
 * none of these copies is judged more loosely. A policy that is more particular than these has to
 * be no looser than all that was, since it is in the place of all of it.
 */
struct bounds {
	int most_before;
	int least_now;
	bool kept;
};

struct comparison {
	const struct ucg_ruleset *old;
	const struct ucg_ruleset *set;
	/* over the kinds that a copy from or to a slab cache can be, or another one */
	struct bounds slab_kinds;
	struct bounds other_kinds;
	/* over all caches, and what is none */
	struct bounds caches;
	bool regions_kept;
};

static const struct bounds nothing = { UCG_WARN, UCG_ENFORCE, true };

static void include(struct bounds *all, const struct bounds *more)
{
	all->most_before = max(all->most_before, more->most_before);
	all->least_now = min(all->least_now, more->least_now);
	all->kept = all->kept && more->kept;
}

/* A policy that was (-1 for none), and is, over what would be decided in more general terms. */
static struct bounds over(int before, int now, const struct bounds *general)
{
	struct bounds b = {
		.most_before = before >= 0 ? before : general->most_before,
		.least_now = now >= 0 ? now : general->least_now,
		.kept = general->kept,
	};

	if (before >= 0 || now >= 0)
		b.kept = b.least_now >= b.most_before;
	return b;
}

static int policy_for(const struct ucg_ruleset *set, enum ucg_subject subject, const char *name)
{
	const struct ucg_entry *e = ucg_ruleset_entry(set, subject, name);

	return e ? e->policy : -1;
}

static void compare_kinds(struct comparison *c, enum ucg_policy global)
{
	const struct bounds general = { global, global, true };
	int kind;

	c->slab_kinds = nothing;
	c->other_kinds = nothing;
	for (kind = UCG_FINE + 1; kind < UCG_NR_KINDS; kind++) {
		const char *word = ucg_kind_words[kind];
		struct bounds b = over(policy_for(c->old, UCG_SUBJECT_KIND, word),
				       policy_for(c->set, UCG_SUBJECT_KIND, word), &general);

		if (kind == UCG_WHITELIST || kind == UCG_OBJECT || kind == UCG_REDZONE)
			include(&c->slab_kinds, &b);
		/* A free page of a slab is of no cache. */
		if (kind != UCG_WHITELIST && kind != UCG_REDZONE)
			include(&c->other_kinds, &b);
	}
}

/* One cache, by the rules that it had and has; NULL for none. */
static void compare_cache(struct comparison *c, const struct ucg_entry *old,
			  const struct ucg_entry *new)
{
	static const struct ucg_regions empty;
	struct bounds b;
	int dir;

	if (old == new && old)
		b = over(old->policy, old->policy, &c->slab_kinds);
	else
		b = over(old ? old->policy : -1, new ? new->policy : -1, &c->slab_kinds);
	include(&c->caches, &b);
	for (dir = 0; dir < UCG_NR_DIRS && old != new; dir++)
		if (!ucg_regions_hold_all(old ? &old->passes[dir] : &empty,
					  new ? &new->passes[dir] : &empty) ||
		    !ucg_regions_hold_all(new ? &new->denied[dir] : &empty,
					  old ? &old->denied[dir] : &empty))
			c->regions_kept = false;
}

/* For one that may be merged, and of whose merge id nothing is known. */
static const struct ucg_entry *not_linked(const struct ucg_ruleset *set, const char *name)
{
	u32 slot = ucg_ruleset_find(set, UCG_SUBJECT_CACHE, name);

	return slot && !set->merge_of[slot - 1] ? set->entries[slot - 1] : NULL;
}

static const struct ucg_entry *by_merge_id(const struct ucg_ruleset *set, const char *merge_id)
{
	u32 slot = ucg_ruleset_find(set, UCG_SUBJECT_MERGED, merge_id);

	if (slot)
		return set->merged[(slot & ~UCG_SLOT_MERGED) - 1].all;
	return ucg_ruleset_entry(set, UCG_SUBJECT_CACHE, merge_id);
}

/* Caches of each name: those that are not merged, and those of which no merge id is known. */
static void compare_names(struct comparison *c, const struct ucg_ruleset *names,
			  const struct ucg_ruleset *already)
{
	u32 i;

	for (i = 0; names && i < names->nr; i++) {
		const struct ucg_entry *e = names->entries[i];

		if (e->subject != UCG_SUBJECT_CACHE ||
		    ucg_ruleset_entry(already, e->subject, e->name))
			continue;
		compare_cache(c, ucg_ruleset_entry(c->old, e->subject, e->name),
			      ucg_ruleset_entry(c->set, e->subject, e->name));
		compare_cache(c, not_linked(c->old, e->name), not_linked(c->set, e->name));
	}
}

/* Caches of one merge id. A set that knows nothing of it goes by their name, whatever that is. */
static void compare_merge_id(struct comparison *c, const char *merge_id)
{
	const struct ucg_entry *old = by_merge_id(c->old, merge_id);
	const struct ucg_entry *new = by_merge_id(c->set, merge_id);
	const struct ucg_ruleset *names = old ? c->set : c->old;
	const struct ucg_entry *e;
	u32 i;

	compare_cache(c, old, new);
	if (old && new)
		return;
	for (i = 0; names && i < names->nr; i++) {
		if (names->entries[i]->subject != UCG_SUBJECT_CACHE)
			continue;
		e = not_linked(names, names->entries[i]->name);
		if (e)
			compare_cache(c, old ?: e, new ?: e);
	}
}

static void compare_merge_ids(struct comparison *c, const struct ucg_ruleset *set)
{
	u32 i;

	for (i = 0; set && i < set->nr_merged; i++)
		compare_merge_id(c, set->merged[i].all->name);
	for (i = 0; set && i < set->nr; i++)
		if (set->entries[i]->subject == UCG_SUBJECT_CACHE &&
		    set->entries[i]->name[0] == ':')
			compare_merge_id(c, set->entries[i]->name);
}

static void compare_caches(struct comparison *c)
{
	c->caches = c->other_kinds;
	c->regions_kept = true;
	/* One of which nothing is known at all. */
	compare_cache(c, NULL, NULL);
	compare_names(c, c->set, NULL);
	compare_names(c, c->old, c->set);
	compare_merge_ids(c, c->set);
	compare_merge_ids(c, c->old);
}

static struct bounds for_module(const struct comparison *c, const char *name)
{
	return over(policy_for(c->old, UCG_SUBJECT_MODULE, name),
		    policy_for(c->set, UCG_SUBJECT_MODULE, name), &c->caches);
}

/* A function, of one module (its code copies for that one) or wherever it is. */
static struct bounds for_caller(const struct comparison *c, const char *name,
				const struct bounds *modules)
{
	const char *at = strchr(name, '@');
	int before = policy_for(c->old, UCG_SUBJECT_CALLER, name);
	int now = policy_for(c->set, UCG_SUBJECT_CALLER, name);
	char function[UCG_NAME_MAX + 1];
	struct bounds module;

	if (!at)
		return over(before, now, modules);
	memcpy(function, name, at - name);
	function[at - name] = '\0';
	if (before < 0)
		before = policy_for(c->old, UCG_SUBJECT_CALLER, function);
	if (now < 0)
		now = policy_for(c->set, UCG_SUBJECT_CALLER, function);
	module = for_module(c, at + 1);
	return over(before, now, &module);
}

static void compare_code(const struct comparison *c, enum ucg_subject subject,
			 const struct bounds *modules, struct bounds *all)
{
	const struct ucg_ruleset *sets[] = { c->old, c->set };
	u32 i, j;

	for (j = 0; j < 2; j++) {
		for (i = 0; sets[j] && i < sets[j]->nr; i++) {
			const struct ucg_entry *e = sets[j]->entries[i];
			struct bounds b;

			if (e->subject != subject)
				continue;
			b = subject == UCG_SUBJECT_MODULE ? for_module(c, e->name) :
							    for_caller(c, e->name, modules);
			include(all, &b);
		}
	}
}

/**
 * ucg_ruleset_widens - does one set allow anything that the other does not?
 * @old: the other set, sealed, or NULL
 * @set: the set, sealed
 * @global: the policy of what has none of its own
 *
 * Says no only if for every cache, whatever its name, its merge id and the kernel's region, each
 * byte that @set allows is allowed by @old; and for every copy, by whatever code, @set has no
 * looser policy.
 *
 * Context: process.
 * Return: true if so.
 */
bool ucg_ruleset_widens(const struct ucg_ruleset *old, const struct ucg_ruleset *set,
			enum ucg_policy global)
{
	struct comparison c = { .old = old, .set = set };
	struct bounds modules, all;

	compare_kinds(&c, global);
	compare_caches(&c);
	modules = c.caches;
	compare_code(&c, UCG_SUBJECT_MODULE, NULL, &modules);
	all = modules;
	compare_code(&c, UCG_SUBJECT_CALLER, &modules, &all);
	return !c.regions_kept || !all.kept;
}
