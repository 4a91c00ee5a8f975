// SPDX-License-Identifier: GPL-2.0-only
#include "active.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "line.h"
#include "say.h"

/* Comments, and what a newer module may know, say nothing about these bytes. */
static char *take(void *ctx, unsigned long line, const char *s, const char *end)
{
	struct active *rules = ctx;
	struct ucg_rule rule;

	/* active_policy() compares all of it. */
	memset(&rule, 0, sizeof(rule));
	(void)line;
	if (!ucg_rule_parse(s, (size_t)(end - s), &rule) && rule.verb != UCG_VERB_BLANK) {
		rules->rule = xgrow(rules->rule, rules->n, sizeof(*rules->rule));
		rules->rule[rules->n++] = rule;
	}
	return NULL;
}

int active_add(struct active *rules, const char *path)
{
	struct malformed *bad = NULL;
	struct blob b;
	size_t nbad = 0;
	int err = blob_read(path, &b);

	if (!err) {
		lines_each(&b, take, rules, &bad, &nbad);
		free(b.data);
	}
	for (size_t i = 0; i < nbad; i++)
		free(bad[i].reason);
	free(bad);
	return err;
}

int active_read(struct active *rules)
{
	char *real = place(PLACE_WHITELIST);
	int err;

	memset(rules, 0, sizeof(*rules));
	err = active_add(rules, real);
	free(real);
	return err;
}

void active_free(struct active *rules)
{
	free(rules->rule);
}

static bool is_for(const struct ucg_rule *rule, const struct alias_set *aliases, const char *cache)
{
	const struct alias *a;
	size_t n = 0;

	if (!strcmp(rule->name, cache))
		return true;
	a = aliases_of(aliases, cache, &n);
	for (size_t i = 0; a && i < n; i++)
		if (!strcmp(rule->name, a[i].name))
			return true;
	return false;
}

void active_covers(const struct active *rules, const struct alias_set *aliases,
		    const char *cache, bool to_user, struct ranges *ranges)
{
	for (size_t i = 0; i < rules->n; i++) {
		const struct ucg_rule *rule = &rules->rule[i];

		if (rule->verb == UCG_VERB_ALLOW &&
		    rule->dirs & (to_user ? UCG_TO_USER : UCG_FROM_USER) &&
		    is_for(rule, aliases, cache))
			ranges_remove(ranges, rule->offset, rule->offset + rule->len);
	}
}

bool active_outlasts(const struct active *rules, const struct active *kept,
		     const struct alias_set *aliases, const char *cache)
{
	static const unsigned int dirs[] = { UCG_TO_USER, UCG_FROM_USER };

	for (size_t i = 0; i < rules->n; i++) {
		const struct ucg_rule *rule = &rules->rule[i];

		if (rule->verb != UCG_VERB_ALLOW || !is_for(rule, aliases, cache))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(dirs); k++) {
			struct ranges left = { 0 };

			if (!(rule->dirs & dirs[k]))
				continue;
			ranges_add(&left, rule->offset, rule->offset + rule->len);
			active_covers(kept, aliases, cache, dirs[k] == UCG_TO_USER, &left);
			if (left.n)
				return false;
		}
	}
	return true;
}

bool active_denies(const struct active *rules, const struct alias_set *aliases,
		    const char *cache, const struct ranges *ranges)
{
	for (size_t i = 0; i < rules->n; i++) {
		const struct ucg_rule *rule = &rules->rule[i];

		if (rule->verb == UCG_VERB_DENY && is_for(rule, aliases, cache) &&
		    ranges_touch(ranges, rule->offset, rule->offset + rule->len))
			return true;
	}
	return false;
}

/* FNV-1a (Fowler, Noll, Vo). */
#define FNV_BASIS	2166136261u
#define FNV_PRIME	16777619u

uint32_t active_fingerprint(const struct active *rules, const char *cache)
{
	uint32_t hash = FNV_BASIS;
	bool any = false;

	for (size_t i = 0; i < rules->n; i++) {
		const struct ucg_rule *rule = &rules->rule[i];
		char *text;

		if (rule->verb != UCG_VERB_ALLOW || strcmp(rule->name, cache))
			continue;
		any = true;
		text = xformat("%" PRIu32 " %" PRIu64 " %u\n", rule->offset, rule->len, rule->dirs);
		for (const char *c = text; *c; c++)
			hash = (hash ^ (unsigned char)*c) * FNV_PRIME;
		free(text);
	}
	return any ? hash | 1 : 0;
}

int active_policy(const struct active *rules, const char *name)
{
	char *line = xformat("policy %s warn", name);
	struct ucg_rule asked;
	int policy = -1;

	memset(&asked, 0, sizeof(asked));
	if (!ucg_rule_parse(line, strlen(line), &asked)) {
		for (size_t i = 0; i < rules->n; i++) {
			asked.policy = rules->rule[i].policy;
			if (!memcmp(&asked, &rules->rule[i], sizeof(asked)))
				policy = asked.policy;
		}
	}
	free(line);
	return policy;
}

/* The strictest of the policies for one name, or for the names that share its memory. */
static const struct ucg_rule *strictest(const struct active *rules, const struct alias_set *aliases,
					unsigned int subject, const char *name)
{
	const struct ucg_rule *found = NULL;

	for (size_t i = 0; i < rules->n; i++) {
		const struct ucg_rule *rule = &rules->rule[i];

		if (rule->verb != UCG_VERB_POLICY || rule->subject != subject ||
		    (found && found->policy >= rule->policy))
			continue;
		if (subject == UCG_SUBJECT_CACHE ? is_for(rule, aliases, name) :
						   !strcmp(rule->name, name))
			found = rule;
	}
	return found;
}

int active_decides(const struct active *rules, const struct alias_set *aliases,
		   const struct ucg_rule *asked, char **by)
{
	const struct ucg_rule *rule = strictest(rules, aliases, asked->subject, asked->name);
	char name[UCG_ESCAPED_MAX];

	*by = NULL;
	if (!rule && asked->subject == UCG_SUBJECT_CALLER) {
		char *function = xformat("%.*s", (int)strcspn(asked->name, "@"), asked->name);

		rule = strictest(rules, aliases, UCG_SUBJECT_CALLER, function);
		free(function);
	}
	if (!rule)
		return -1;
	ucg_name_escape(name, rule->name);
	*by = xformat("%s:%s", ucg_subject_words[rule->subject], name);
	return rule->policy;
}
