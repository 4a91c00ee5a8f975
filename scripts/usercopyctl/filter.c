// SPDX-License-Identifier: GPL-2.0-only
#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "say.h"
#include "when.h"

static const struct {
	const char *word;
	size_t at;
} outcomes[] = {
	{ "allowed", offsetof(struct violation, allowed) },
	{ "refused", offsetof(struct violation, refused) },
	{ "unrefusable", offsetof(struct violation, unrefusable) },
	{ "killed", offsetof(struct violation, killed) },
};

static bool has_outcome(const struct violation *v, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++)
		if (!strcmp(word, outcomes[i].word))
			return *(const uint64_t *)((const char *)v + outcomes[i].at) > 0;
	return false;
}

static bool is_outcome(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++)
		if (!strcmp(word, outcomes[i].word))
			return true;
	return false;
}

const char *filter_outcome(size_t i)
{
	return i < ARRAY_SIZE(outcomes) ? outcomes[i].word : NULL;
}

bool filter_check(struct filter *filter)
{
	if (filter->since && !when_parse(filter->since, &filter->since_usec)) {
		say("--since \"%s\" is no time: write YYYY-MM-DD, with HH:MM behind it or not, or 7d, 12h, 30m",
		    filter->since);
		return false;
	}
	if (filter->outcome && !is_outcome(filter->outcome)) {
		say("--outcome \"%s\" is none: there are allowed, refused, unrefusable and killed",
		    filter->outcome);
		return false;
	}
	return true;
}

static bool is_of_module(const struct violation *v, const char *module)
{
	const char *bracket = strchr(v->caller, '[');
	size_t len = strlen(module);

	if (v->module && !strcmp(v->module, module))
		return true;
	return bracket && !strncmp(bracket + 1, module, len) && bracket[1 + len] == ']';
}

bool filter_wants(const struct filter *f, const struct violation *v, enum violation_times times)
{
	return (!f->cache || (v->cache && !strcmp(f->cache, v->cache))) &&
	       (!f->kind || !strcmp(f->kind, v->kind)) &&
	       (!f->module || is_of_module(v, f->module)) &&
	       (!f->outcome || has_outcome(v, f->outcome)) &&
	       (!f->since || when_real(times, v->last) >= f->since_usec);
}

static int by_time(const void *x, const void *y)
{
	const struct violation *a = x, *b = y;

	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

void filter_apply(const struct filter *filter, struct violation_set *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (filter_wants(filter, &set->v[i], set->times))
			set->v[kept++] = set->v[i];
		else
			violation_free(&set->v[i]);
	}
	set->n = kept;
	if (kept)
		qsort(set->v, kept, sizeof(*set->v), by_time);
}
