// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: what usercopyctl reads and did not write itself, or may find changed.
 *
 * UCG_FUZZ says which: the file of violations or of caches, rules, what a Prometheus server answers,
 * exceptions, promotions, or the rows of a history. The sanitizers look for what must not happen at all;
 * besides, nothing may come out of it that would be promoted without evidence.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "cache.h"
#include "exception.h"
#include "export.h"
#include "fleet.h"
#include "graduated.h"
#include "history.h"
#include "rules.h"
#include "say.h"
#include "source.h"
#include "subject.h"

#define NOW_MS	1800000000000LL

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static struct blob copy_of(const uint8_t *data, size_t size)
{
	struct blob b = { .data = xalloc(size + 1, 1), .len = size };

	if (size)
		memcpy(b.data, data, size);
	return b;
}

/* What "graduate" believes: clean, for long enough, and a name that is one line of a rule. */
static void judge_all(const struct subject_set *set)
{
	struct terms terms = terms_make(TERMS_RISK, TERMS_WINDOW);

	for (size_t i = 0; i < set->n; i++) {
		const struct subject *s = &set->s[i];
		double bound = judge_bound(s->evidence.used, s->evidence.violated, terms.confidence);

		demand(bound >= 0 && bound <= 1);
		demand(s->evidence.used >= 0 && s->evidence.violated >= 0);
		if (judge(&terms, &s->evidence) == JUDGED_PROMOTE)
			demand(!s->evidence.violated && s->evidence.used >= 206);
		for (const char *c = s->rule; *c; c++)
			demand(*c > ' ' && *c < 127);
	}
}

static void fuzz_violations(const uint8_t *data, size_t size)
{
	struct blob b = copy_of(data, size);
	struct violation_set set;

	violations_parse(&b, &set);
	for (size_t i = 0; i < set.n; i++) {
		struct ranges ranges;
		char *text;

		demand(set.v[i].kind && set.v[i].caller);
		violation_ranges(&set.v[i], &ranges);
		text = ranges_text(&set.v[i].ranges);
		demand(ranges_parse(text, text + strlen(text), &ranges) &&
		       ranges.n == set.v[i].ranges.n);
		free(text);
	}
	violations_free(&set);
	free(b.data);
}

static void fuzz_caches(const uint8_t *data, size_t size)
{
	struct blob b = copy_of(data, size);
	struct cache_set set;

	caches_parse(&b, &set);
	for (size_t i = 0; i < set.n; i++)
		demand(*set.c[i].name);
	caches_free(&set);
	free(b.data);
}

static void fuzz_rules(const uint8_t *data, size_t size)
{
	struct blob b = copy_of(data, size);
	struct rule_text text = { 0 };
	size_t bad = rules_add(&text, "f", &b);

	/* What is kept of good lines is good. */
	if (!bad && text.len) {
		struct blob again = { .data = text.data, .len = text.len };
		struct rule_text second = { 0 };

		demand(!rules_add(&second, "f", &again) && second.lines == text.lines);
		rules_free(&second);
	}
	rules_free(&text);
	free(b.data);
}

/* Two answers, with a NUL between them: what there is, and what is gone. */
static void fuzz_prometheus(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	size_t first = nul ? (size_t)(nul - data) : size;
	struct blob a = copy_of(data, first), b = copy_of(nul ? nul + 1 : data, nul ? size - first - 1 : 0);
	static const struct active rules;
	struct series_set now, gone;
	struct subject_set subjects = { 0 };
	struct fleet fleet = { 0 };
	char *reason = series_parse(&a, NULL, &now), *second = series_parse(&b, "gone", &gone);

	if (!reason) {
		reason = fleet_judge(&now, &gone, NOW_MS, &rules, &fleet, &subjects);
		if (!reason)
			judge_all(&subjects);
	}
	free(reason);
	free(second);
	subjects_free(&subjects);
	fleet_free(&fleet);
	series_free(&now);
	series_free(&gone);
	free(a.data);
	free(b.data);
}

static void fuzz_exceptions(const uint8_t *data, size_t size)
{
	struct blob b = copy_of(data, size);
	const struct exception *ended;
	struct exception_set set = { 0 };

	exceptions_parse(&set, "f", &b);
	for (size_t i = 0; i < set.n; i++)
		demand(exception_of(&set, set.e[i].name, INT64_MIN, &ended) && !ended);
	exceptions_free(&set);
	free(b.data);
}

static void fuzz_graduated(const uint8_t *data, size_t size)
{
	struct blob b = copy_of(data, size);
	struct graduated all = { 0 };

	graduated_parse(&all, "f", &b);
	for (size_t i = 0; i < all.n; i++)
		demand(graduated_find(&all, all.g[i].name));
	graduated_free(&all);
	free(b.data);
}

/* What a column may hold is anything, whatever type it was declared with. */
static void bind(sqlite3_stmt *s, int column, const uint8_t **data, const uint8_t *end)
{
	static const int64_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN, 86400000000, 300, 206 };
	size_t left = (size_t)(end - *data), len;
	uint8_t kind = left ? *(*data)++ : 0;

	left = (size_t)(end - *data);
	len = left < (kind >> 3 & 15) ? left : kind >> 3 & 15;
	switch (kind & 7) {
	case 0:
	case 1:
		sqlite3_bind_int64(s, column, numbers[kind >> 3 & 7]);
		return;
	case 2:
		sqlite3_bind_int(s, column, kind >> 3);
		return;
	case 3:
		sqlite3_bind_null(s, column);
		return;
	case 4:
		sqlite3_bind_double(s, column, kind & 8 ? 1e300 : (double)NAN);
		return;
	case 5:
		sqlite3_bind_blob(s, column, *data, (int)len, SQLITE_TRANSIENT);
		break;
	default:
		sqlite3_bind_text(s, column, (const char *)*data, (int)len, SQLITE_TRANSIENT);
	}
	*data += len;
}

#define ANY_12	"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
static const char * const inserts[] = {
	"INSERT OR REPLACE INTO site VALUES(1, 'whitelist', 1, 'a', 'f', 'm', " ANY_12 ", " ANY_12 ")",
	"INSERT OR REPLACE INTO site(id, kind, to_user, cache, call, module, srcversion) VALUES(2, ?, ?, ?, ?, ?, ?)",
	"INSERT OR REPLACE INTO tally VALUES(?, 1, ?, ?, ?, ?, ?, ?, ?)",
	"INSERT OR REPLACE INTO tally VALUES(?, 2, ?, ?, ?, ?, ?, ?, ?)",
	"INSERT OR REPLACE INTO cache VALUES(1, ?)",
	"INSERT OR REPLACE INTO used VALUES(1, ?, ?, ?, ?)",
	"INSERT OR REPLACE INTO meta VALUES('watched', ?)",
};

static struct sql history;
static sqlite3_stmt *insert[ARRAY_SIZE(inserts)];

static void fuzz_history(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct filter filter = { 0 };
	struct alias_set aliases = { 0 };
	struct active rules = { 0 };
	struct violation_set violations;
	struct subject_set subjects;

	sqlite3_exec(history.db, "BEGIN", NULL, NULL, NULL);
	while (data < end) {
		sqlite3_stmt *s = insert[*data++ % ARRAY_SIZE(inserts)];

		for (int i = 1; i <= sqlite3_bind_parameter_count(s); i++)
			bind(s, i, &data, end);
		sqlite3_step(s);
		sqlite3_reset(s);
	}
	if (!subjects_read(&history, &aliases, &rules, &subjects))
		judge_all(&subjects);
	subjects_free(&subjects);
	if (!source_history(&history, &filter, &violations))
		violations_free(&violations);
	sqlite3_exec(history.db, "ROLLBACK", NULL, NULL, NULL);
}

static const struct {
	const char *name;
	void (*fuzz)(const uint8_t *data, size_t size);
} parsers[] = {
	{ "violations", fuzz_violations }, { "caches", fuzz_caches }, { "rules", fuzz_rules },
	{ "prometheus", fuzz_prometheus }, { "exceptions", fuzz_exceptions },
	{ "graduated", fuzz_graduated }, { "history", fuzz_history },
};

static void (*fuzz)(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("UCG_FUZZ");

	(void)argc;
	(void)argv;
	for (size_t i = 0; name && i < ARRAY_SIZE(parsers); i++)
		if (!strcmp(parsers[i].name, name))
			fuzz = parsers[i].fuzz;
	demand(fuzz);
	place_set_root("/nonexistent");
	demand(!history_open(&history, HISTORY_COPY));
	for (size_t i = 0; i < ARRAY_SIZE(inserts); i++)
		demand(sqlite3_prepare_v2(history.db, inserts[i], -1, &insert[i], NULL) == SQLITE_OK);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz(data, size);
	return 0;
}
