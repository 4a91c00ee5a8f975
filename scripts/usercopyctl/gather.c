// SPDX-License-Identifier: GPL-2.0-only
/* Where the evidence for a graduation comes from: this machine's history, or all machines. */
#include "graduate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "exit.h"
#include "history.h"
#include "place.h"
#include "say.h"
#include "source.h"
#include "when.h"

/*
 * What the clock decides is not to be decided by a wrong one: what is to be said of it, NULL if it is
 * right. By a history as it was recorded: one that is up to date has the time that the clock says.
 */
static char *doubt_of(struct sql *history)
{
	struct moment now;

	when_now(&now);
	return clock_doubt(history, &now);
}

/* Promotes nothing if there is a doubt, and frees it. */
static void heed(char *doubt, struct subject_set *set)
{
	if (!doubt)
		return;
	say("%s: nothing is promoted until it has been recorded as steady for a day", doubt);
	free(doubt);
	for (size_t i = 0; i < set->n; i++)
		set->s[i].blocked = true;
}

static int gather(struct sql *history, struct subject_set *set)
{
	struct alias_set aliases = { 0 };
	struct active rules;
	int ret;

	aliases_read(&aliases);
	active_read(&rules);
	ret = subjects_read(history, &aliases, &rules, set);
	active_free(&rules);
	aliases_free(&aliases);
	return ret;
}

int graduation_gather(struct sql *history, struct subject_set *set)
{
	int ret = gather(history, set);

	if (!ret)
		heed(doubt_of(history), set);
	return ret;
}

static int gather_here(struct subject_set *set, char *doubt)
{
	struct sql history;
	int ret, err;

	/* What the kernel has seen since it was recorded, by a timer that may be off, counts as well. */
	if (source_copy(&history, &ret)) {
		err = gather(&history, set);
		ret = err ? err : ret;
	}
	history_close(&history);
	heed(doubt, set);
	return ret;
}

int graduation_gather_here(struct subject_set *set)
{
	struct sql history;
	char *doubt = NULL;
	int ret;

	ret = history_open(&history, HISTORY_READ);
	if (!ret)
		doubt = doubt_of(&history);
	history_close(&history);
	return ret ? ret : gather_here(set, doubt);
}

static const struct subject *find(const struct subject_set *set, const char *rule)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->s[i].rule, rule))
			return &set->s[i];
	return NULL;
}

/* What this machine knows better: its policies, and what the server has not heard of yet. */
static void add_own(struct subject *s, const struct subject *own)
{
	s->policy = own->policy;
	s->blocked |= own->blocked;
	s->mended = own->mended;
	s->stray = own->stray;
	if (!own->evidence.violated || s->evidence.violated)
		return;
	s->evidence.violated = own->evidence.violated;
	if (s->evidence.used < s->evidence.violated)
		s->evidence.used = s->evidence.violated;
	free(s->note);
	s->note = xformat("this machine's own history says so");
}

/* One that violated here, and that the server has not heard of: it may share memory with one it has. */
static void add_unknown(struct subject_set *set, const struct subject *own)
{
	struct subject *s = subject_add(set, xformat("%s", own->rule),
					own->cache ? xformat("%s", own->cache) : NULL);

	s->evidence = own->evidence;
	s->policy = own->policy;
	s->stray = own->stray;
	s->blocked = true;
	s->note = xformat("this machine alone has seen it");
}

static bool has_history(void)
{
	char *path = place(PLACE_HISTORY);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* A machine whose kernel had no room to list all that violated may have seen anybody violate. */
static void heed_unlisted(struct graduation *g)
{
	for (size_t i = 0; i < g->fleet.n; i++) {
		const struct machine *m = &g->fleet.m[i];

		if (m->listed < 0 || (double)m->listed >= g->terms.days)
			continue;
		say("%s: its kernel had no room to list what violated, the last time %" PRId64 " machine-days ago: nothing is promoted before %g",
		    m->name, m->listed, g->terms.days);
		for (size_t k = 0; k < g->subjects.n; k++)
			g->subjects.s[k].blocked = true;
	}
}

int graduation_gather_fleet(struct graduation *g, const char *url)
{
	struct subject_set own = { 0 };
	struct active rules;
	int ret;

	active_read(&rules);
	ret = fleet_read(url, (unsigned int)g->terms.window, &rules, &g->fleet, &g->subjects);
	if (!ret)
		heed_unlisted(g);
	for (size_t i = 0; i < g->subjects.n; i++)
		g->subjects.s[i].policy = active_policy(&rules, g->subjects.s[i].rule);
	active_free(&rules);
	/* Without a history there is what the kernel shows. */
	if (!ret)
		ret = has_history() ? graduation_gather_here(&own) : gather_here(&own, NULL);
	for (size_t i = 0; i < g->subjects.n; i++) {
		const struct subject *s = find(&own, g->subjects.s[i].rule);

		if (s)
			add_own(&g->subjects.s[i], s);
	}
	for (size_t i = 0; i < own.n; i++)
		if (own.s[i].evidence.violated && !find(&g->subjects, own.s[i].rule))
			add_unknown(&g->subjects, &own.s[i]);
	g->subjects.unlisted = own.unlisted;
	g->subjects.listed = own.listed;
	subjects_free(&own);
	return ret;
}
