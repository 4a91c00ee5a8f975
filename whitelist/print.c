// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of rules as text (print.h).
 */
#include "name.h"
#include "portable.h"
#include "print.h"
#include "rule.h"
#include "ruleset.h"
#include "set.h"

struct printer {
	void (*put)(void *ctx, const char *line);
	void *ctx;
	char line[UCG_LINE_MAX];
};

static void print(struct printer *p, const char *before, const char *name, const char *after)
{
	size_t n = snprintf(p->line, sizeof(p->line), "%s", before);

	n += ucg_name_escape(p->line + n, name);
	snprintf(p->line + n, sizeof(p->line) - n, "%s", after);
	p->put(p->ctx, p->line);
}

static const char *dirs_word(u8 dirs)
{
	return dirs == UCG_BOTH ? "both" : dirs == UCG_TO_USER ? "to" : "from";
}

static u64 length(const struct ucg_region *region)
{
	return (u64)region->last - region->first + 1;
}

static void print_entry(struct printer *p, const struct ucg_entry *e)
{
	struct ucg_region region;
	u32 to = 0, from = 0, i;
	char before[24], after[128];
	u8 dirs;

	while (ucg_entry_next_allow(e, &to, &from, &region, &dirs)) {
		snprintf(after, sizeof(after), " %u %llu %s", region.first,
			 (unsigned long long)length(&region), dirs_word(dirs));
		print(p, "allow ", e->name, after);
	}
	for (i = 0; i < e->deny.nr; i++) {
		snprintf(after, sizeof(after), " %u %llu", e->deny.at[i].first,
			 (unsigned long long)length(&e->deny.at[i]));
		print(p, "deny ", e->name,
		      length(&e->deny.at[i]) == UCG_REGION_MAX ? "" : after);
	}
	if (e->policy >= 0) {
		snprintf(before, sizeof(before), "policy %s%s",
			 e->subject == UCG_SUBJECT_CACHE ? "" : ucg_subject_words[e->subject],
			 e->subject == UCG_SUBJECT_CACHE ? "" : ":");
		snprintf(after, sizeof(after), " %s", ucg_policy_words[e->policy]);
		print(p, before, e->name, after);
	}
	for (i = 0; i < e->nr_driver; i++) {
		const struct ucg_driver_rule *rule = &e->driver[i];

		snprintf(after, sizeof(after), " %u %llu %s (by driver %s)", rule->region.first,
			 (unsigned long long)length(&rule->region), dirs_word(rule->dirs),
			 rule->owner_name);
		print(p, "# allow ", e->name, after);
	}
}

/*
 * On two lines: one may have no more bytes than a rule, or reading would not give what can be
 * written.
 */
static void print_merged(struct printer *p, const struct ucg_entry *e,
			 const struct ucg_merged *merged)
{
	char after[128];

	snprintf(after, sizeof(after), " is merged into %s, which %u names share%s",
		 merged->all->name, merged->shared, merged->names ? ":" : "");
	print(p, "# ", e->name, after);
	if (!merged->names)
		return;
	snprintf(p->line, sizeof(p->line), "#   %s", merged->names);
	p->put(p->ctx, p->line);
}

/**
 * ucg_ruleset_print - the set as lines of the rule language
 * @set: the set, sealed, or NULL for no rules
 * @put: called for each line, which has no newline
 * @ctx: handed to @put
 *
 * What only informs is in comments: rules of drivers, and names that lead to a merged cache that
 * other names lead to as well.
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ucg_ruleset_print(const struct ucg_ruleset *set, void (*put)(void *ctx, const char *line),
		      void *ctx)
{
	struct printer *p = kvzalloc(sizeof(*p), GFP_KERNEL);
	const struct ucg_merged *merged;
	u32 i;

	if (!p)
		return -ENOMEM;
	p->put = put;
	p->ctx = ctx;
	for (i = 0; set && i < set->nr; i++) {
		merged = set->merge_of[i] ? &set->merged[set->merge_of[i] - 1] : NULL;
		if (merged && merged->shared > 1)
			print_merged(p, set->entries[i], merged);
		print_entry(p, set->entries[i]);
	}
	kvfree(p);
	return 0;
}
