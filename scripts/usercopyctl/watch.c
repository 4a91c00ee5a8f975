// SPDX-License-Identifier: GPL-2.0-only
/* After the promotion: what violates goes back to warn, and not too much at once. */
#include "graduate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "history.h"
#include "place.h"
#include "say.h"
#include "source.h"
#include "stop.h"
#include "violation.h"
#include "when.h"

#define HOUR	(3600LL * USEC)

/**
 * struct taken - something that was taken back
 * @name: as in a policy rule; owned
 * @at: when, by the clock that nobody sets
 * @written: the file says so
 */
struct taken {
	char *name;
	int64_t at;
	bool written;
};

/**
 * struct watch - what is remembered from one look to the next
 * @taken: what was taken back; owned
 * @n: how many
 * @per_hour: how many there may be in an hour
 * @held_back: it has been said that there are more
 * @before: the violations of the look before
 * @looked: there was one
 * @gone: the module is not there, and this has been said
 * @unlisted: copies that the kernel had no room to list, as far as that has been said
 */
struct watch {
	struct taken *taken;
	size_t n;
	unsigned int per_hour;
	bool held_back, looked, gone;
	struct violation_set before;
	uint64_t unlisted;
};

/**
 * struct look - one look
 * @set: the kernel's violations
 * @all: what is in the file; changed as things are taken back
 * @own: what administrators have written, which stays
 * @aliases: which caches share memory
 * @now: when it is
 * @waits: something violates, and may not be taken back yet
 * @changed: the file has to be written
 */
struct look {
	struct violation_set set;
	struct graduated all;
	struct active own;
	struct alias_set aliases;
	struct moment now;
	bool waits, changed;
};

static bool may_take(const struct watch *w, int64_t now)
{
	size_t recent = 0;

	for (size_t i = 0; i < w->n; i++)
		recent += now - w->taken[i].at < HOUR;
	return recent < w->per_hour;
}

/* Taken back before, but the file could not be written: that is tried again, and no news. */
static bool was_taken(const struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->taken[i].written && !strcmp(w->taken[i].name, name))
			return true;
	return false;
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

/* Is it of this cache, or of one that shares its memory? The kernel names the first of those. */
static bool concerns(const struct look *l, const struct violation *v, const struct graduate *g)
{
	char *cache = subject_cache(g->name);
	const struct alias *a;
	bool same = false;
	size_t n = 0;

	if (!cache)
		return !v->cache && !strncmp(g->name, "kind:", 5) && !strcmp(g->name + 5, v->kind);
	if (v->cache) {
		same = !strcmp(v->cache, cache);
		a = aliases_of(&l->aliases, cache, &n);
		for (size_t i = 0; i < n && !same; i++)
			same = !strcmp(v->cache, a[i].name);
	}
	free(cache);
	return same;
}

static bool share_memory(const struct look *l, const struct graduate *x, const struct graduate *y)
{
	char *one = subject_cache(x->name), *other = subject_cache(y->name);
	const struct alias *a = NULL, *b = NULL;
	size_t n;

	if (one && other) {
		a = aliases_of(&l->aliases, one, &n);
		b = aliases_of(&l->aliases, other, &n);
	}
	free(one);
	free(other);
	return x == y || (a && a == b);
}

/* Strict, and not because somebody has it so by a rule of their own: that one is stronger. */
static bool is_strict(const struct look *l, const struct graduate *g)
{
	return strcmp(g->word, "warn") && active_policy(&l->own, g->name) <= UCG_WARN;
}

static void remember(struct watch *w, const char *name, int64_t now)
{
	w->taken = xgrow(w->taken, w->n, sizeof(*w->taken));
	w->taken[w->n++] = (struct taken){ .name = xformat("%s", name), .at = now };
}

/*
 * The kernel first. When it takes nothing back because all is locked, or for another reason, the file
 * still keeps it from being promoted by the next boot.
 */
static int tell_kernel(const char *lines, const char *names, const struct violation *v, bool quiet)
{
	int err = place_write(PLACE_WHITELIST, lines, strlen(lines));

	if (exit_of_write(err) == CTL_NO_FILE) {
		say_unreadable(PLACE_WHITELIST, -err);
		return CTL_NO_FILE;
	}
	if (quiet)
		return CTL_OK;
	if (err)
		say("%s goes back to warn with the next boot, the kernel refuses it now (%s%s): violation %" PRIu64 " (%s), by %s",
		    names, strerror(-err), err == -EPERM ? ": locked" : ", see its log", v->id, v->kind,
		    v->caller);
	else
		say("%s is back to warn: violation %" PRIu64 " (%s), by %s", names, v->id, v->kind,
		    v->caller);
	return CTL_OK;
}

static char *append(char *text, const char *before, const char *name, const char *behind)
{
	char *longer = xformat("%s%s%s%s", text ? text : "", before, name, behind);

	free(text);
	return longer;
}

/* With all that was promoted of its memory: of their policies the strictest is in force. */
static int take_back(struct watch *w, struct look *l, struct graduate *g, const struct violation *v)
{
	char *why = xformat("taken back: violation %" PRIu64 " (%s), by %s", v->id, v->kind,
			    v->caller);
	char *lines = NULL, *names = NULL;
	bool quiet = was_taken(w, g->name);
	int ret;

	for (size_t i = 0; i < l->all.n; i++) {
		const struct graduate *other = &l->all.g[i];

		if (!is_strict(l, other) || !share_memory(l, g, other))
			continue;
		lines = append(lines, "policy ", other->name, " warn\n");
		names = append(names, names ? ", " : "", other->name, "");
	}
	ret = tell_kernel(lines, names, v, quiet);
	if (!ret && !quiet)
		remember(w, g->name, l->now.boot);
	for (size_t i = 0; !ret && i < l->all.n; i++) {
		struct graduate *other = &l->all.g[i];

		if (other != g && is_strict(l, other) && share_memory(l, g, other))
			graduated_set(&l->all, other->name, "warn", l->now.real, why);
	}
	if (!ret) {
		graduated_set(&l->all, g->name, "warn", l->now.real, why);
		l->changed = true;
	}
	free(lines);
	free(names);
	free(why);
	return ret;
}

static const struct violation *offender(const struct watch *w, const struct look *l,
					const struct graduate *g)
{
	for (size_t i = 0; i < l->set.n; i++)
		if (is_news(w, &l->set.v[i], g, l->now.real) && concerns(l, &l->set.v[i], g))
			return &l->set.v[i];
	return NULL;
}

/* What goes wrong with one keeps no other from being taken back. */
static int judge_all(struct watch *w, struct look *l)
{
	int ret = CTL_OK, err;

	for (size_t i = 0; i < l->all.n; i++) {
		struct graduate *g = &l->all.g[i];
		const struct violation *v = is_strict(l, g) ? offender(w, l, g) : NULL;

		if (!v)
			continue;
		if (was_taken(w, g->name) || may_take(w, l->now.boot)) {
			err = take_back(w, l, g, v);
			ret = ret ? ret : err;
			continue;
		}
		l->waits = true;
		if (!w->held_back)
			say("%u were taken back within an hour: %s, and what else violates, stays as it is until it is over: is it the machine?",
			    w->per_hour, g->name);
		w->held_back = true;
	}
	return ret;
}

/* So that the next "graduate" knows it, even if the machine goes down now. */
static void record(void)
{
	char *path = place(PLACE_HISTORY);
	struct sql history;

	if (!access(path, F_OK)) {
		if (!history_open(&history, HISTORY_WRITE))
			source_record(&history);
		history_close(&history);
	}
	free(path);
}

/* What has no record has no name, and cannot be taken back. */
static void look_at_unlisted(struct watch *w)
{
	uint64_t unlisted = source_unlisted();

	if (unlisted > w->unlisted)
		say("%" PRIu64 " copies have violated that the kernel had no room to list: whose they were, and what may have to be taken back, is not known; load the module with a larger max_violations",
		    unlisted);
	w->unlisted = unlisted;
}

static void begin_anew(struct watch *w)
{
	violations_free(&w->before);
	memset(&w->before, 0, sizeof(w->before));
	w->looked = false;
	w->unlisted = 0;
}

/* Whether there is something to look at; else @ret is set. */
static bool read_kernel(struct watch *w, struct look *l, int *ret)
{
	int err = violations_read(&l->set);

	*ret = CTL_OK;
	if (!err) {
		w->gone = false;
		if (l->set.nbad > w->before.nbad)
			violations_say_bad(&l->set, NULL);
		return true;
	}
	if (err == -ENOENT) {
		if (!w->gone)
			say("usercopy_guard is not loaded: waiting for it");
		w->gone = true;
		begin_anew(w);
		return false;
	}
	say_unreadable(PLACE_VIOLATIONS, -err);
	*ret = CTL_NO_FILE;
	return false;
}

static bool judge_file(struct watch *w, struct look *l, int *ret)
{
	int lock = graduated_lock();
	bool ok = graduated_read(&l->all);

	if (ok) {
		aliases_read(&l->aliases);
		graduation_own_rules(&l->own);
		*ret = judge_all(w, l);
		if (l->changed && !graduated_write(&l->all))
			*ret = CTL_NO_FILE;
		for (size_t i = 0; !*ret && i < w->n; i++)
			w->taken[i].written = true;
		active_free(&l->own);
		aliases_free(&l->aliases);
	}
	graduated_unlock(lock);
	graduated_free(&l->all);
	return ok;
}

/* Whether to go on; else @ret is set. */
static bool look(struct watch *w, int *ret)
{
	struct look l = { .waits = false };

	when_now(&l.now);
	if (!read_kernel(w, &l, ret))
		return !*ret;
	if (!judge_file(w, &l, ret)) {
		violations_free(&l.set);
		*ret = CTL_BAD_INPUT;
		return false;
	}
	look_at_unlisted(w);
	if (l.changed)
		record();
	w->held_back &= l.waits;
	/* What has to wait, or went wrong, is news at the next look, too. */
	if (l.waits || *ret) {
		violations_free(&l.set);
		return true;
	}
	violations_free(&w->before);
	w->before = l.set;
	w->looked = true;
	return true;
}

int graduation_watch(unsigned int seconds, unsigned int per_hour)
{
	struct watch w = { .per_hour = per_hour };
	int ret;

	stop_begin();
	while (look(&w, &ret) && !stop_wait(seconds))
		;
	violations_free(&w.before);
	for (size_t i = 0; i < w.n; i++)
		free(w.taken[i].name);
	free(w.taken);
	return ret;
}
