// SPDX-License-Identifier: GPL-2.0-only
#include "cache.h"

#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "say.h"

static const struct line_field fields[] = {
#define FIELD(key, type, needed, member) \
	{ key, LINE_##type, needed, offsetof(struct cache, member) }
	FIELD("cache", TEXT, true, name),
	FIELD("policy", TEXT, false, policy),
	FIELD("violations", NUMBER, false, violations),
	FIELD("allowed", NUMBER, false, allowed),
	FIELD("refused", NUMBER, false, refused),
	FIELD("unrefusable", NUMBER, false, unrefusable),
	FIELD("killed", NUMBER, false, killed),
	FIELD("first", SECONDS, false, first),
	FIELD("last", SECONDS, false, last),
	FIELD("used_to", SECONDS, false, used_to),
	FIELD("used_from", SECONDS, false, used_from),
	FIELD("ranges_to", RANGES, false, ranges_to),
	FIELD("ranges_from", RANGES, false, ranges_from),
	FIELD("ruled_to", NUMBER, false, ruled_to),
	FIELD("ruled_from", NUMBER, false, ruled_from),
	FIELD("ruled_last", SECONDS, false, ruled_last),
#undef FIELD
};

static char *add_line(void *ctx, unsigned long line, const char *s, const char *end)
{
	struct cache_set *set = ctx;
	struct cache c = { 0 };
	char *reason = line_parse(s, end, fields, ARRAY_SIZE(fields), &c);

	(void)line;
	if (!reason && !*c.name)
		reason = xformat("a cache without a name");
	if (reason) {
		free(c.name);
		free(c.policy);
		return reason;
	}
	set->c = xgrow(set->c, set->n, sizeof(*set->c));
	set->c[set->n++] = c;
	return NULL;
}

void caches_parse(const struct blob *b, struct cache_set *set)
{
	memset(set, 0, sizeof(*set));
	lines_each(b, add_line, set, &set->bad, &set->nbad);
}

bool caches_get(struct cache_set *set)
{
	char *real = place(PLACE_CACHES);
	struct blob b;
	int err = blob_read(real, &b);

	memset(set, 0, sizeof(*set));
	if (err) {
		say_unreadable(PLACE_CACHES, -err);
		free(real);
		return false;
	}
	caches_parse(&b, set);
	for (size_t i = 0; i < set->nbad; i++)
		say("%s:%lu: no cache: %s", real, set->bad[i].line, set->bad[i].reason);
	free(b.data);
	free(real);
	return true;
}

void caches_free(struct cache_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->c[i].name);
		free(set->c[i].policy);
	}
	for (size_t i = 0; i < set->nbad; i++)
		free(set->bad[i].reason);
	free(set->c);
	free(set->bad);
}
