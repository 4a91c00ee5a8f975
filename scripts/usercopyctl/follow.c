// SPDX-License-Identifier: GPL-2.0-only
#include "follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "json.h"
#include "place.h"
#include "say.h"
#include "show.h"
#include "stop.h"
#include "violation.h"

/**
 * struct follower - what is remembered from one look to the next
 * @filter: what is shown
 * @json: as JSON
 * @gone: the module is not there, and this has been said
 * @before: all that there was, by id
 */
struct follower {
	const struct filter *filter;
	bool json, gone;
	struct violation_set before;
};

static int by_id(const void *x, const void *y)
{
	const struct violation *a = x, *b = y;

	return a->id < b->id ? -1 : a->id > b->id;
}

static const struct violation *find(const struct violation_set *set, const struct violation *v)
{
	return set->n ? bsearch(v, set->v, set->n, sizeof(*v), by_id) : NULL;
}

/* Records never go while the module is there, and their first copy stays the first. */
static bool is_loaded_anew(const struct violation_set *before, const struct violation_set *set)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct violation *v = find(set, &before->v[i]);

		if (!v || v->first != before->v[i].first)
			return true;
	}
	return false;
}

static void show(const struct follower *f, const struct violation *v,
		 const struct violation *before, enum violation_times times)
{
	if (!f->json) {
		if (before)
			show_growth(v, before, times);
		else
			show_violation(v, times);
		return;
	}
	json_object_begin(NULL);
	json_flag("new", !before);
	json_number("more", v->count - (before ? before->count : 0));
	show_violation_json(v, times);
	json_end();
}

static void compare(struct follower *f, const struct violation_set *set)
{
	bool anew = f->gone || is_loaded_anew(&f->before, set);

	if (anew) {
		say("usercopy_guard was loaded anew: what it sees is numbered from 1 again");
		violations_free(&f->before);
		memset(&f->before, 0, sizeof(f->before));
		f->gone = false;
	}
	for (size_t i = 0; i < set->n; i++) {
		const struct violation *v = &set->v[i], *before = find(&f->before, v);

		if (filter_wants(f->filter, v, set->times) && (!before || v->count > before->count))
			show(f, v, before, set->times);
	}
	/* Others are malformed than before, or more of them. */
	if (set->nbad > f->before.nbad)
		violations_say_bad(set, NULL);
}

static int look(struct follower *f, bool first)
{
	struct violation_set set;
	int err = violations_read(&set);

	if (err == -ENOENT && !first) {
		if (!f->gone)
			say("usercopy_guard is not loaded any more: waiting for it");
		f->gone = true;
		return CTL_OK;
	}
	if (err) {
		say_unreadable(PLACE_VIOLATIONS, -err);
		return CTL_NO_FILE;
	}
	if (set.n)
		qsort(set.v, set.n, sizeof(*set.v), by_id);
	if (!first)
		compare(f, &set);
	violations_free(&f->before);
	f->before = set;
	return CTL_OK;
}

int follow(const struct filter *filter, bool json, double seconds)
{
	struct follower f = { .filter = filter, .json = json };
	int ret = look(&f, true);

	stop_begin();
	if (!ret)
		say("%zu distinct violations so far; looking for more every %g s", f.before.n,
		    seconds);
	json_lines();
	while (!ret && !fflush(stdout) && !ferror(stdout) && !stop_wait(seconds))
		ret = look(&f, false);
	violations_free(&f.before);
	return ret;
}
