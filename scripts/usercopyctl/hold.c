// SPDX-License-Identifier: GPL-2.0-only
/* What keeps a subject from being promoted, whatever its own evidence is. */
#include "graduate.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "say.h"

/* SLUB merges objects whose sizes differ by less than their alignment: a cache line, mostly. */
#define LINE_BYTES	64

/**
 * struct holding - what is asked about all subjects
 * @aliases: which caches share memory
 * @files: the rules that administrators have written
 * @kernel: the rules in force
 */
struct holding {
	struct alias_set aliases;
	struct active files, kernel;
};

void graduation_own_rules(struct active *rules)
{
	char *dir = place(PLACE_RULES), *graduated = place(PLACE_GRADUATED), **files;
	size_t n;

	memset(rules, 0, sizeof(*rules));
	if (folder_rules(dir, &files, &n)) {
		for (size_t i = 0; i < n; i++) {
			if (strcmp(files[i], graduated))
				active_add(rules, files[i]);
			free(files[i]);
		}
		free(files);
	}
	free(dir);
	free(graduated);
}

/*
 * Has somebody else than graduate given this name a policy? Also one who has loosened, in the kernel
 * alone, what graduate had promoted: when copies fail nobody begins with a file.
 */
static bool is_own(const struct holding *h, const struct graduation *g, const char *rule)
{
	const struct graduate *before = graduated_find(&g->graduated, rule);
	int now = active_policy(&h->kernel, rule);

	return active_policy(&h->files, rule) >= 0 ||
	       (now >= 0 && (!before || now < graduated_policy(before->word)));
}

static void hold(struct subject *s, char *why)
{
	s->judgement = JUDGED_HOLD;
	subject_add_note(s, why);
}

static const struct subject *find(const struct graduation *g, const char *cache)
{
	for (size_t i = 0; i < g->subjects.n; i++)
		if (g->subjects.s[i].cache && !strcmp(g->subjects.s[i].cache, cache))
			return &g->subjects.s[i];
	return NULL;
}

/* The kernel names one of those that share memory: what it has recorded may be of any. */
static bool is_mended(const struct holding *h, const struct graduation *g, const char *cache)
{
	const struct subject *s = find(g, cache);
	bool mended = s && s->mended;
	const struct alias *a;
	size_t n = 0;

	a = aliases_of(&h->aliases, cache, &n);
	for (size_t i = 0; i < n && !mended; i++) {
		s = find(g, a[i].name);
		mended = s && s->mended;
	}
	return mended;
}

/* What was taken back, while nothing is known of what has been mended since. */
static bool is_taken_back(const struct holding *h, const struct graduation *g, const char *rule,
			  const char *cache)
{
	const struct graduate *before = graduated_find(&g->graduated, rule);

	return before && !strcmp(before->word, "warn") && !(cache && is_mended(h, g, cache));
}

/* What holds another name of the same memory, NULL if nothing does. */
static const char *held_by(const struct holding *h, const struct graduation *g, const char *cache,
			   const char *rule)
{
	const struct subject *s = find(g, cache);
	const struct exception *ended;
	int own = active_policy(&h->files, rule);

	if (s && s->judgement == JUDGED_HOLD)
		return "which is held";
	if (is_taken_back(h, g, rule, cache))
		return "which was taken back";
	if (exception_of(&g->exceptions, rule, g->now, &ended))
		return "which has an exception";
	/* What is written will be in force, whatever is now. */
	if (own < 0)
		own = active_policy(&h->kernel, rule);
	if (is_own(h, g, rule) && own < graduation_policy(g))
		return "whose policy is a rule of your own";
	return NULL;
}

static void hold_shared(const struct holding *h, struct graduation *g, struct subject *s,
			const struct alias *a, size_t n)
{
	for (size_t i = 0; i < n && s->judgement != JUDGED_HOLD; i++) {
		char *rule = subject_rule(a[i].name);
		const char *why = strcmp(a[i].name, s->cache) ?
				  held_by(h, g, a[i].name, rule) : NULL;

		if (why)
			hold(s, xformat("shares its memory with %s, %s", rule, why));
		free(rule);
	}
}

/* ":0000128", ":A-0000128": the bytes that one object takes. */
static uint64_t bytes_of(const char *id)
{
	size_t len = strlen(id);

	while (len && isdigit((unsigned char)id[len - 1]))
		len--;
	return strtoull(id + len, NULL, 10);
}

/*
 * One that violated while it was merged, and is not here now: its name was that of the first of
 * several caches, and says nothing about who they were. Their objects had the same size.
 */
static void hold_strays(const struct holding *h, struct graduation *g, struct subject *s,
			const char *id)
{
	uint64_t bytes = bytes_of(id);

	for (size_t i = 0; i < g->subjects.n && s->judgement != JUDGED_HOLD; i++) {
		const struct subject *t = &g->subjects.s[i];
		size_t n;

		if (t->stray && t->stray <= bytes && bytes - t->stray < LINE_BYTES &&
		    !aliases_of(&h->aliases, t->cache, &n))
			hold(s, xformat("may share its memory with %s, which violated while it was merged with others, and is not here now",
					t->rule));
	}
}

/*
 * A promotion lasts, and with it have to last the rules that its evidence was gathered under: the next
 * boot has those of the files alone.
 */
static void hold_unkept(const struct holding *h, struct graduation *g)
{
	for (size_t i = 0; i < g->subjects.n; i++) {
		struct subject *s = &g->subjects.s[i];

		if (s->judgement == JUDGED_PROMOTE && s->cache &&
		    !active_outlasts(&h->kernel, &h->files, &h->aliases, s->cache))
			hold(s, xformat("a rule that allows its copies is in no file of %s, and gone with the next boot: write it there",
					PLACE_RULES));
	}
}

/* Whoever violated without a record may have been anyone: until then nobody has evidence. */
static void heed_unlisted(struct graduation *g)
{
	if (g->subjects.unlisted <= 0 || (double)g->subjects.listed >= g->terms.days)
		return;
	say("%" PRId64 " copies violated that the kernel had no room to list, the last %" PRId64 " machine-days ago: nothing is promoted before %g; load the module with a larger max_violations",
	    g->subjects.unlisted, g->subjects.listed, g->terms.days);
	for (size_t i = 0; i < g->subjects.n; i++)
		if (g->subjects.s[i].judgement == JUDGED_PROMOTE)
			g->subjects.s[i].judgement = JUDGED_UNKNOWN;
}

void graduation_hold(struct graduation *g)
{
	struct holding h;

	heed_unlisted(g);
	/* Without SLUB's folder nothing is known to be merged. */
	aliases_read(&h.aliases);
	active_read(&h.kernel);
	graduation_own_rules(&h.files);
	for (size_t i = 0; i < g->subjects.n; i++) {
		struct subject *s = &g->subjects.s[i];

		s->own = is_own(&h, g, s->rule);
		if (s->judgement == JUDGED_PROMOTE && is_taken_back(&h, g, s->rule, s->cache))
			hold(s, xformat("it was taken back, see %s", PLACE_GRADUATED));
	}
	hold_unkept(&h, g);
	for (size_t i = 0; i < g->subjects.n; i++) {
		struct subject *s = &g->subjects.s[i];
		const struct alias *a;
		size_t n = 0;

		a = s->cache ? aliases_of(&h.aliases, s->cache, &n) : NULL;
		/* One that others may be merged with, though none is now. */
		if (!a || *a->id != ':')
			continue;
		hold_shared(&h, g, s, a, n);
		hold_strays(&h, g, s, a->id);
	}
	active_free(&h.files);
	active_free(&h.kernel);
	aliases_free(&h.aliases);
}
