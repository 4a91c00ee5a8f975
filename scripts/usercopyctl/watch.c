// SPDX-License-Identifier: GPL-2.0-only
/* After the promotion: what violates goes back to warn, and not too much at once. */
#include "graduate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "say.h"
#include "stop.h"
#include "violation.h"
#include "when.h"

#define HOUR	(3600LL * USEC)

/**
 * struct watch - what is remembered from one look to the next
 * @taken: when something was taken back, by the clock that nobody sets; owned
 * @n: how many
 * @per_hour: how many there may be in an hour
 * @held_back: it has been said that there are more
 * @before: the violations of the look before
 * @looked: there was one
 */
struct watch {
	int64_t *taken;
	size_t n;
	unsigned int per_hour;
	bool held_back, looked;
	struct violation_set before;
};

static bool may_take(struct watch *w, int64_t now)
{
	size_t recent = 0;

	for (size_t i = 0; i < w->n; i++)
		recent += now - w->taken[i] < HOUR;
	return recent < w->per_hour;
}

static uint64_t count_before(const struct watch *w, const struct violation *v)
{
	for (size_t i = 0; i < w->before.n; i++)
		if (w->before.v[i].id == v->id && w->before.v[i].first == v->first)
			return w->before.v[i].count;
	return 0;
}

/* A violation that is news: since the look before; at the first look, since the promotion. */
static bool is_news(const struct watch *w, const struct violation *v, const struct graduate *g,
		    int64_t now)
{
	if (w->looked)
		return v->count > count_before(w, v);
	/* Promoted in the future, by a clock that was set since: what was refused came after it. */
	if (g->since > now)
		return v->refused || v->unrefusable || v->killed;
	return when_real(TIMES_OF_THIS_BOOT, v->last) > g->since;
}

static bool concerns(const struct violation *v, const struct graduate *g)
{
	char *name = v->cache ? subject_rule(v->cache) : xformat("kind:%s", v->kind);
	bool same = !strcmp(name, g->name);

	free(name);
	return same;
}

static int take_back(struct watch *w, struct graduated *all, struct graduate *g,
		     const struct violation *v, const struct moment *now)
{
	char *why = xformat("taken back: violation %" PRIu64 " (%s), by %s", v->id, v->kind,
			    v->caller);
	int ret = graduated_load(g->name, "warn");

	if (!ret) {
		say("%s is back to warn: violation %" PRIu64 " (%s), by %s", g->name, v->id, v->kind,
		    v->caller);
		w->taken = xgrow(w->taken, w->n, sizeof(*w->taken));
		w->taken[w->n++] = now->boot;
		graduated_set(all, g->name, "warn", now->real, why);
		if (!graduated_write(all))
			ret = CTL_NO_FILE;
	}
	free(why);
	return ret;
}

static const struct violation *offender(const struct watch *w, const struct violation_set *set,
					const struct graduate *g, int64_t now)
{
	for (size_t i = 0; i < set->n; i++)
		if (concerns(&set->v[i], g) && is_news(w, &set->v[i], g, now))
			return &set->v[i];
	return NULL;
}

static int judge_all(struct watch *w, struct graduated *all, const struct violation_set *set,
		     bool *waits)
{
	struct moment now;
	int ret = CTL_OK;

	when_now(&now);
	for (size_t i = 0; i < all->n && !ret; i++) {
		struct graduate *g = &all->g[i];
		const struct violation *v = strcmp(g->word, "warn") ? offender(w, set, g, now.real) :
					    NULL;

		if (!v)
			continue;
		if (may_take(w, now.boot)) {
			ret = take_back(w, all, g, v, &now);
			continue;
		}
		*waits = true;
		if (!w->held_back)
			say("%u were taken back within an hour: %s, and what else violates, stays as it is until it is over: is it the machine?",
			    w->per_hour, g->name);
		w->held_back = true;
	}
	return ret;
}

static int look(struct watch *w)
{
	struct violation_set set;
	struct graduated all;
	bool waits = false;
	int ret;

	if (!violations_get(NULL, &set))
		return CTL_NO_FILE;
	if (!graduated_read(&all)) {
		graduated_free(&all);
		violations_free(&set);
		return CTL_BAD_INPUT;
	}
	ret = judge_all(w, &all, &set, &waits);
	graduated_free(&all);
	w->held_back &= waits;
	/* What has to wait is news at the next look, too. */
	if (waits || ret) {
		violations_free(&set);
		return ret;
	}
	violations_free(&w->before);
	w->before = set;
	w->looked = true;
	return CTL_OK;
}

int graduation_watch(unsigned int seconds, unsigned int per_hour)
{
	struct watch w = { .per_hour = per_hour };
	int ret;

	stop_begin();
	do
		ret = look(&w);
	while (!ret && !stop_wait(seconds));
	violations_free(&w.before);
	free(w.taken);
	return ret;
}
