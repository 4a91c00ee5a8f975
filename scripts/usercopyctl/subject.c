// SPDX-License-Identifier: GPL-2.0-only
#include "subject.h"

#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "exit.h"
#include "rules.h"
#include "say.h"
#include "when.h"

/* Kinds whose memory is no slab object. Such memory is copied all the time: no day is without it. */
static const char * const kinds[] = {
	"vmalloc", "page", "kmap", "stack", "text", "module-text", "wrap", "null",
};

struct subject *subject_add(struct subject_set *set, char *rule, char *cache)
{
	set->s = xgrow(set->s, set->n, sizeof(*set->s));
	set->s[set->n] = (struct subject){ .rule = rule, .cache = cache, .policy = -1, .ruled = -1,
					   .evidence.machines = 1 };
	return &set->s[set->n++];
}

bool subject_is_kind(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return false;
}

char *subject_rule(const char *cache)
{
	static const char * const words[] = { "caller:", "module:", "kind:" };
	char *name = rule_name(cache), *escaped = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(words) && !escaped; i++) {
		size_t len = strlen(words[i]);

		if (!strncmp(name, words[i], len))
			escaped = xformat("%.*s\\072%s", (int)len - 1, name, name + len);
	}
	if (!escaped)
		return name;
	free(name);
	return escaped;
}

char *subject_cache(const char *rule)
{
	char *line = xformat("policy %s warn", rule), *cache = NULL;
	struct ucg_rule parsed;

	if (!ucg_rule_parse(line, strlen(line), &parsed) && parsed.verb == UCG_VERB_POLICY &&
	    !parsed.remove && parsed.subject == UCG_SUBJECT_CACHE)
		cache = xformat("%s", parsed.name);
	free(line);
	return cache;
}

void subject_add_note(struct subject *s, char *note)
{
	char *all;

	if (!s->note) {
		s->note = note;
		return;
	}
	all = xformat("%s; %s", s->note, note);
	free(s->note);
	free(note);
	s->note = all;
}

/* Nobody has watched for longer; what a damaged history says beyond is no number to add up. */
#define DAYS_MAX	1000000

static int64_t days(int64_t n, int64_t least)
{
	return n < least ? least : n > DAYS_MAX ? DAYS_MAX : n;
}

/*
 * Of a cache that shared its memory when it was seen in use, the kernel names one of several: these
 * are no days of its own, should it be alone now.
 */
static bool read_caches(struct sql *history, const struct alias_set *aliases, struct subject_set *set)
{
	sqlite3_stmt *s = sql_prepare(history, "SELECT name, COUNT(*), MAX(CASE WHEN ruled THEN u.day ELSE -1 END),"
				      " COUNT(h.day) FROM used u JOIN cache c ON c.id = u.cache"
				      " LEFT JOIN shared h ON h.cache = u.cache AND h.day = u.day"
				      " GROUP BY c.id ORDER BY name", "");
	bool ok = s;

	while (s && sql_step(history, s, &ok)) {
		char *name = sql_text(s, 0);
		struct subject *subject = subject_add(set, subject_rule(name), name);

		subject->alone = !aliases_share(aliases, name);
		subject->evidence.used = days(sqlite3_column_int64(s, 1) -
					      (subject->alone ? sqlite3_column_int64(s, 3) : 0), 0);
		subject->ruled = days(sqlite3_column_int64(s, 2), -1);
	}
	return ok;
}

static struct subject *find(struct subject_set *set, const char *cache, const char *kind)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct subject *s = &set->s[i];

		if (*cache ? s->cache && !strcmp(s->cache, cache)
			   : !s->cache && !strcmp(s->rule + strlen("kind:"), kind))
			return &set->s[i];
	}
	return NULL;
}

/* Do rules in force let through what the site has done? */
static bool is_mended(sqlite3_stmt *s, const char *cache, const struct alias_set *aliases,
		      const struct active *rules)
{
	char *text = sql_text(s, 3), *kind = sql_text(s, 1);
	struct ranges ranges;
	bool mended = !strcmp(kind, "whitelist") &&
		      ranges_parse(text, text + strlen(text), &ranges) && ranges.n && !ranges.spread;

	if (mended) {
		active_covers(rules, aliases, cache, sqlite3_column_int(s, 2), &ranges);
		mended = !ranges.n;
	}
	free(text);
	free(kind);
	return mended;
}

static void add_site(struct subject *subject, sqlite3_stmt *s, bool mended)
{
	uint64_t copies = (uint64_t)sqlite3_column_int64(s, 7);
	int64_t last = sqlite3_column_int64(s, 5);
	char *kind = sql_text(s, 1);

	if (mended) {
		subject->mended++;
	} else {
		subject->enforce += copies;
		if (strcmp(kind, "whitelist"))
			subject->fallback += copies;
		/* Two sites on one day count twice: too many is the safe side. */
		subject->evidence.violated += days(sqlite3_column_int64(s, 4), 1);
		if (sqlite3_column_int64(s, 8) > 0)
			subject->stray = (uint64_t)sqlite3_column_int64(s, 9);
		if (last >= subject->last) {
			subject->last = last;
			free(subject->by);
			subject->by = sql_text(s, 6);
		}
	}
	free(kind);
}

static bool read_sites(struct sql *history, const struct alias_set *aliases,
		       const struct active *rules, struct subject_set *set)
{
	sqlite3_stmt *s = sql_prepare(history, "SELECT s.cache, s.kind, s.to_user, s.ranges,"
				      " COUNT(DISTINCT t.day) + SUM(t.days - 1), s.last, s.caller,"
				      " SUM(t.allowed + t.refused + t.unrefusable + t.killed),"
				      " s.merged, s.objsize"
				      " FROM tally t JOIN site s ON s.id = t.site GROUP BY s.id", "");
	bool ok = s;

	while (s && sql_step(history, s, &ok)) {
		char *cache = sql_text(s, 0), *word = sql_text(s, 1);
		/* A kind of a newer module, or whatever: it may have to be one word of a rule. */
		char *kind = rule_name(word);
		struct subject *subject = find(set, cache, kind);

		if (!subject)
			subject = subject_add(set, *cache ? subject_rule(cache) : xformat("kind:%s", kind),
					      *cache ? xformat("%s", cache) : NULL);
		add_site(subject, s, is_mended(s, cache, aliases, rules));
		free(cache);
		free(kind);
		free(word);
	}
	return ok;
}

/* How many days in use there were since the last violation. */
static bool read_quiet(struct sql *history, struct subject *subject, int64_t watched)
{
	struct evidence *e = &subject->evidence;
	int64_t last = -1;

	e->quiet = e->used;
	if (!e->violated)
		return true;
	/* What violated was in use, whatever else was seen of it. */
	if (!e->used)
		e->used = 1;
	if (e->violated > e->used)
		e->violated = e->used;
	if (!subject->cache) {
		if (!sql_number(history, &last, "SELECT MAX(day) FROM tally WHERE site IN"
				" (SELECT id FROM site WHERE kind = ?)", "t",
				subject->rule + strlen("kind:")))
			return false;
		e->quiet = days(watched - 1 - days(last, -1), 0);
		return true;
	}
	return sql_number(history, &last, "SELECT MAX(day) FROM tally WHERE site IN"
			  " (SELECT id FROM site WHERE cache = ?)", "t", subject->cache) &&
	       sql_number(history, &e->quiet, "SELECT COUNT(*) FROM used WHERE day > ?1 AND cache ="
			  " (SELECT id FROM cache WHERE name = ?2) AND NOT (?3 AND EXISTS (SELECT 1"
			  " FROM shared h WHERE h.cache = used.cache AND h.day = used.day))", "iti",
			  last, subject->cache, (int64_t)subject->alone);
}

int subjects_read(struct sql *history, const struct alias_set *aliases,
		  const struct active *rules, struct subject_set *set)
{
	int64_t watched = 0, unlisted_at = 0;
	bool ok;

	memset(set, 0, sizeof(*set));
	ok = sql_number(history, &watched, "SELECT value FROM meta WHERE key = 'watched'", "");
	ok = ok && sql_number(history, &set->unlisted, "SELECT value FROM meta WHERE key = 'unlisted'", "") &&
	     sql_number(history, &unlisted_at, "SELECT value FROM meta WHERE key = 'unlisted_at'", "");
	set->watched = days(watched / USEC_PER_DAY, 0);
	set->listed = days((watched - unlisted_at) / USEC_PER_DAY, 0);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		subject_add(set, xformat("kind:%s", kinds[i]), NULL)->evidence.used = set->watched;
	ok = ok && read_caches(history, aliases, set) && read_sites(history, aliases, rules, set);
	for (size_t i = 0; ok && i < set->n; i++) {
		ok = read_quiet(history, &set->s[i], set->watched);
		set->s[i].policy = active_policy(rules, set->s[i].rule);
		if (set->s[i].cache)
			set->s[i].rules = active_fingerprint(rules, set->s[i].cache);
	}
	return ok ? CTL_OK : history->exit;
}

void subjects_free(struct subject_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->s[i].rule);
		free(set->s[i].cache);
		free(set->s[i].by);
		free(set->s[i].note);
	}
	free(set->s);
}
