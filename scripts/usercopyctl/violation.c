// SPDX-License-Identifier: GPL-2.0-only
#include "violation.h"

#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "json.h"
#include "say.h"

/*
 * The keys of a line. A key that is needed to judge a violation must be there: without it an
 * attack could look like a missing whitelist. The others an older module may not know.
 */
static const struct line_field fields[] = {
#define FIELD(key, type, needed, member) \
	{ key, LINE_##type, needed, offsetof(struct violation, member) }
	FIELD("id", NUMBER, true, id),
	FIELD("kind", TEXT, true, kind),
	FIELD("dir", DIRECTION, true, to_user),
	FIELD("cache", TEXT, true, cache),
	FIELD("merged", NUMBER, true, merged),
	FIELD("objsize", NUMBER, true, objsize),
	FIELD("useroffset", NUMBER, true, useroffset),
	FIELD("usersize", NUMBER, true, usersize),
	FIELD("denied", FLAG, false, denied),
	FIELD("min", NUMBER, true, min),
	FIELD("max", NUMBER, true, max),
	FIELD("minsize", NUMBER, true, minsize),
	FIELD("maxsize", NUMBER, true, maxsize),
	FIELD("grew", NUMBER, true, grew),
	FIELD("ranges", RANGES, false, ranges),
	FIELD("count", NUMBER, true, count),
	FIELD("allowed", NUMBER, false, allowed),
	FIELD("refused", NUMBER, false, refused),
	FIELD("unrefusable", NUMBER, false, unrefusable),
	FIELD("killed", NUMBER, false, killed),
	FIELD("first", SECONDS, false, first),
	FIELD("last", SECONDS, false, last),
	FIELD("allowed_at", SECONDS, false, allowed_at),
	FIELD("refused_at", SECONDS, false, refused_at),
	FIELD("unrefusable_at", SECONDS, false, unrefusable_at),
	FIELD("killed_at", SECONDS, false, killed_at),
	FIELD("pid", NUMBER, false, pid),
	FIELD("comm", TEXT, false, comm),
	FIELD("policy", TEXT, false, policy),
	FIELD("by", TEXT, false, by),
	FIELD("caller", TEXT, true, caller),
	FIELD("module", TEXT, false, module),
	FIELD("srcversion", TEXT, false, srcversion),
	FIELD("stack", TEXT, false, stack),
#undef FIELD
};

/*
 * Numbers that cannot all be true at once. Asked only where they may become a rule: a
 * copy that wraps has no end above its start, and what is no slab object has no sizes.
 */
static char *contradiction(const struct violation *v)
{
	if (strcmp(v->kind, "whitelist"))
		return NULL;
	if (!v->cache)
		return xformat("kind=whitelist without a cache");
	if (v->min >= v->max)
		return xformat("min=%llu is not below max=%llu", (unsigned long long)v->min,
			       (unsigned long long)v->max);
	if (v->minsize > v->maxsize)
		return xformat("minsize is above maxsize");
	if (!v->objsize || v->objsize > UINT32_MAX)
		return xformat("objsize=%llu is no size of a slab object",
			       (unsigned long long)v->objsize);
	if (v->useroffset > v->objsize || v->usersize > v->objsize - v->useroffset)
		return xformat("the kernel's whitelist does not fit into objsize");
	return NULL;
}

void violation_free(struct violation *v)
{
	free(v->kind);
	free(v->cache);
	free(v->comm);
	free(v->policy);
	free(v->by);
	free(v->caller);
	free(v->module);
	free(v->srcversion);
	free(v->stack);
}

static char *add_line(void *ctx, unsigned long line, const char *s, const char *end)
{
	struct violation_set *set = ctx;
	struct violation v = { .line = line };
	char *reason = line_parse(s, end, fields, ARRAY_SIZE(fields), &v);

	if (!reason && !*v.cache) {
		free(v.cache);
		v.cache = NULL;
	}
	if (!reason)
		reason = contradiction(&v);
	if (reason)
		violation_free(&v);
	else
		violation_add(set, &v);
	return reason;
}

void violation_add(struct violation_set *set, const struct violation *v)
{
	set->v = xgrow(set->v, set->n, sizeof(*set->v));
	set->v[set->n++] = *v;
}

void violations_parse(const struct blob *b, struct violation_set *set)
{
	memset(set, 0, sizeof(*set));
	lines_each(b, add_line, set, &set->bad, &set->nbad);
}

bool violation_ranges(const struct violation *v, struct ranges *ranges)
{
	*ranges = v->ranges;
	if (!ranges->n && !ranges->spread && v->min < v->max)
		ranges_add(ranges, v->min, v->max);
	return !ranges->spread;
}

static int read_file(const char *path, struct violation_set *set)
{
	struct blob b;
	int err = blob_read(path, &b);

	if (err)
		return err;
	violations_parse(&b, set);
	free(b.data);
	return 0;
}

int violations_read(struct violation_set *set)
{
	char *real = place(PLACE_VIOLATIONS);
	int err = read_file(real, set);

	free(real);
	if (!err)
		set->times = TIMES_OF_THIS_BOOT;
	return err;
}

void violations_say_bad(const struct violation_set *set, const char *file)
{
	char *real = place(PLACE_VIOLATIONS);

	for (size_t i = 0; i < set->nbad; i++)
		say("%s:%lu: no violation: %s", file ? file : real, set->bad[i].line,
		    set->bad[i].reason);
	free(real);
}

bool violations_get(const char *file, struct violation_set *set)
{
	int err = file ? read_file(file, set) : violations_read(set);

	if (err && file)
		say("%s: %s", file, strerror(-err));
	else if (err)
		say_unreadable(PLACE_VIOLATIONS, -err);
	if (err)
		return false;
	if (file)
		set->times = TIMES_OF_SOME_BOOT;
	violations_say_bad(set, file);
	return true;
}

void violations_free(struct violation_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		violation_free(&set->v[i]);
	for (size_t i = 0; i < set->nbad; i++)
		free(set->bad[i].reason);
	free(set->v);
	free(set->bad);
}

void json_malformed(const struct violation_set *set)
{
	json_array_begin("malformed");
	for (size_t i = 0; i < set->nbad; i++) {
		json_object_begin(NULL);
		json_number("line", set->bad[i].line);
		json_string("reason", set->bad[i].reason);
		json_end();
	}
	json_end();
}
