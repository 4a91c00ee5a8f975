// SPDX-License-Identifier: GPL-2.0-only
#include "export.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "exit.h"
#include "place.h"
#include "say.h"
#include "subject.h"
#include "when.h"

static void head(const char *name, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Names come as rules have them, in ASCII; what is left to be escaped is the backslash. */
static void put_label(const char *label, const char *value)
{
	printf("%s=\"", label);
	for (; value && *value; value++) {
		if (*value == '\\' || *value == '"')
			putchar('\\');
		if (*value == '\n')
			fputs("\\n", stdout);
		else if ((unsigned char)*value < 128)
			putchar(*value);
	}
	putchar('"');
}

static void put_word(const char *label, const char *path)
{
	char *word = place_word(path);

	put_label(label, word);
	free(word);
}

/* -1: unknown. */
static int policy_number(const char *word)
{
	for (int i = 0; word && i < UCG_NR_POLICIES; i++)
		if (!strcmp(word, ucg_policy_words[i]))
			return i;
	return -1;
}

static void put_info(void)
{
	static const char name[] = EXPORT_PREFIX "info";

	head(name, "gauge", "The guard and the kernel: version of the module, release, global policy.");
	printf("%s{", name);
	put_word("version", PLACE_VERSION);
	putchar(',');
	put_word("release", PLACE_RELEASE);
	putchar(',');
	put_word("policy", PLACE_POLICY);
	puts("} 1");
}

static void put_switches(bool loaded)
{
	static const struct {
		const char *name, *path, *help;
	} switches[] = {
		{ EXPORT_EVIDENCE, PLACE_EVIDENCE,
		  "Are good copies sampled? Without it no cache is seen in use." },
		{ EXPORT_PREFIX "kill_enabled", PLACE_KILL,
		  "Is what would be refused handed to the kernel, which kills?" },
		{ EXPORT_PREFIX "locked", PLACE_LOCKED,
		  "Is nothing loosened any more before the next boot?" },
	};

	head(EXPORT_PREFIX "loaded", "gauge", "Is the guard there?");
	printf(EXPORT_PREFIX "loaded %d\n", loaded);
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		char *word = place_word(switches[i].path);

		head(switches[i].name, "gauge", switches[i].help);
		printf("%s %d\n", switches[i].name, word && !strcmp(word, "1"));
		free(word);
	}
}

static void put_watched(int64_t watched)
{
	struct moment now;

	when_now(&now);
	head(EXPORT_WRITTEN, "gauge", "When this was written, by the machine's own clock.");
	printf(EXPORT_WRITTEN " %" PRId64 "\n", now.real / USEC);
	head(EXPORT_WATCHED, "counter",
	     "Time for which the guard has watched this machine, in all boots.");
	printf(EXPORT_WATCHED " %" PRId64 "\n", watched / USEC);
}

static int64_t used_of(const struct subject *s)
{
	return s->evidence.used;
}

static int64_t violated_of(const struct subject *s)
{
	return s->evidence.violated;
}

static int64_t mended_of(const struct subject *s)
{
	/* By rules for another name of its memory: these are nobody else's. */
	return s->mended ? (int64_t)(s->rules ? s->rules : 1) : -1;
}

static int64_t last_of(const struct subject *s)
{
	return s->last ? s->last / USEC : -1;
}

static int64_t policy_of(const struct subject *s)
{
	return s->policy;
}

static void put_unlisted(const struct subject_set *set)
{
	head(EXPORT_PREFIX "unlisted_total", "counter",
	     "Copies that violated, and that the kernel had no room to list.");
	printf(EXPORT_PREFIX "unlisted_total %" PRId64 "\n", set->unlisted);
	if (set->unlisted <= 0)
		return;
	head(EXPORT_LISTED, "gauge", "Machine-days watched since the last of them; absent if there was none.");
	printf(EXPORT_LISTED " %" PRId64 "\n", set->listed);
}

/* What is known of each cache, and of each kind that is no slab's; a value below 0 is left out. */
static void put_subjects(const struct subject_set *set)
{
	static const struct {
		const char *name, *type, *help;
		int64_t (*value)(const struct subject *s);
	} families[] = {
		{ EXPORT_USED, "counter",
		  "Machine-days on which it was seen in use; a kind that is no slab's is so on each.",
		  used_of },
		{ EXPORT_VIOLATED, "gauge",
		  "Those of them on which it violated, and no rule in force has mended that.",
		  violated_of },
		{ EXPORT_MENDED, "gauge",
		  "It violated, and allow rules in force cover that: a number that is the same for the same rules.",
		  mended_of },
		{ EXPORT_PREFIX "last_violation_timestamp_seconds", "gauge",
		  "The last violation that no rule in force has mended.", last_of },
		{ EXPORT_PREFIX "own_policy", "gauge",
		  "The policy of its own that it has: 0 warn, 1 fallback, 2 enforce.", policy_of },
	};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		head(families[i].name, families[i].type, families[i].help);
		for (size_t k = 0; k < set->n; k++) {
			const struct subject *s = &set->s[k];
			int64_t value = families[i].value(s);

			if (value < 0)
				continue;
			printf("%s{", families[i].name);
			put_label("cache", s->cache ? s->rule : "");
			putchar(',');
			put_label("kind", s->cache ? "" : s->rule + strlen("kind:"));
			printf("} %" PRId64 "\n", value);
		}
	}
}

static void put_policy(void)
{
	char *word = place_word(PLACE_POLICY);
	int number = policy_number(word);

	head(EXPORT_PREFIX "policy", "gauge", "The global policy: 0 warn, 1 fallback, 2 enforce.");
	if (number >= 0)
		printf(EXPORT_PREFIX "policy %d\n", number);
	free(word);
}

static void put_outcomes(sqlite3_stmt *s)
{
	static const char * const words[] = { "allowed", "refused", "unrefusable", "killed" };
	char *cache = sql_text(s, 0), *kind = sql_text(s, 1);
	char *name = *cache ? subject_rule(cache) : xformat("%s", "");

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		printf(EXPORT_PREFIX "copies_total{");
		put_label("cache", name);
		putchar(',');
		put_label("kind", kind);
		putchar(',');
		put_label("outcome", words[i]);
		printf("} %" PRId64 "\n", (int64_t)sqlite3_column_int64(s, (int)i + 2));
	}
	free(name);
	free(cache);
	free(kind);
}

static bool put_copies(struct sql *history)
{
	sqlite3_stmt *s = sql_prepare(history, "SELECT s.cache, s.kind, SUM(t.allowed), SUM(t.refused),"
				      " SUM(t.unrefusable), SUM(t.killed) FROM tally t"
				      " JOIN site s ON s.id = t.site GROUP BY s.cache, s.kind", "");
	bool ok = s;

	head(EXPORT_PREFIX "copies_total", "counter",
	     "Copies that violated, in all boots, and what became of them.");
	while (s && sql_step(history, s, &ok))
		put_outcomes(s);
	return ok;
}

int export_prometheus(struct sql *history, bool loaded)
{
	struct alias_set aliases = { 0 };
	struct subject_set subjects;
	struct active rules;
	int64_t watched = 0;
	int ret;

	aliases_read(&aliases);
	active_read(&rules);
	ret = subjects_read(history, &aliases, &rules, &subjects);
	if (!ret && !sql_number(history, &watched, "SELECT value FROM meta WHERE key = 'watched'", ""))
		ret = history->exit;
	if (!ret) {
		put_info();
		put_switches(loaded);
		put_policy();
		put_watched(watched);
		put_unlisted(&subjects);
		put_subjects(&subjects);
		if (!put_copies(history))
			ret = history->exit;
	}
	subjects_free(&subjects);
	active_free(&rules);
	aliases_free(&aliases);
	return ret;
}
