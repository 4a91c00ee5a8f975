// SPDX-License-Identifier: GPL-2.0-only
#include "fleet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "export.h"
#include "fetch.h"
#include "say.h"
#include "when.h"

#define DAY		86400

/* So long a machine may be silent; and so far clocks may be apart, in seconds. */
#define SILENT_MAX	DAY
#define APART_MAX	3600

/* Nobody has watched for longer: a sum of such numbers is one, too. */
#define DAYS_MAX	1000000

/* More machines than that are not named one by one. */
#define NAMES_MAX	8

/**
 * struct claim - what one machine says of one subject
 * @s: the series that says so
 * @used: machine-days in use, or -1
 * @violated: those on which it violated, or -1
 * @mended: stands for the rules that let through there what it did; 0: it did nothing, or none do
 * @machine: which one of the fleet's
 */
struct claim {
	const struct series *s;
	int64_t used, violated, mended;
	size_t machine;
};

/**
 * struct names - some machines, in words
 * @text: owned, or NULL
 * @n: how many
 */
struct names {
	char *text;
	size_t n;
};

static void names_add(struct names *names, const char *name, const char *more)
{
	char *longer;

	if (names->n++ >= NAMES_MAX)
		return;
	longer = xformat("%s%s%s%s", names->text ? names->text : "", names->text ? ", " : "", name,
			 more);
	free(names->text);
	names->text = longer;
}

static char *names_end(struct names *names)
{
	char *all = names->n > NAMES_MAX ? xformat("%s and %zu more", names->text, names->n - NAMES_MAX)
					 : xformat("%s", names->text ? names->text : "");

	free(names->text);
	return all;
}

static struct machine *machine_add(struct fleet *fleet, const struct series *s,
				   enum machine_state state)
{
	fleet->m = xgrow(fleet->m, fleet->n, sizeof(*fleet->m));
	fleet->m[fleet->n] = (struct machine){ .key = xformat("%s", s->machine),
					       .name = xformat("%s", s->instance), .state = state,
					       .listed = -1 };
	return &fleet->m[fleet->n++];
}

/* Series are in order of machines: it is the last one, or a new one. */
static struct machine *machine_next(struct fleet *fleet, const struct series *s,
				    enum machine_state state)
{
	if (fleet->n && !strcmp(fleet->m[fleet->n - 1].key, s->machine))
		return &fleet->m[fleet->n - 1];
	return machine_add(fleet, s, state);
}

static void read_machine(const struct series *s, struct machine *m)
{
	if (!strcmp(s->name, EXPORT_EVIDENCE))
		m->evidence = s->value;
	if (!strcmp(s->name, EXPORT_LISTED))
		m->listed = s->value;
	if (strcmp(s->name, EXPORT_WRITTEN))
		return;
	m->written = s->value;
	if (s->value > s->at / 1000 + APART_MAX)
		m->state = MACHINE_AHEAD;
	else if (s->value > s->at / 1000 - SILENT_MAX)
		m->state = MACHINE_FINE;
}

/* The subject's name as in a rule, when it is one that can be promoted and is written as we write it. */
static char *rule_of(const struct series *s, char **cache)
{
	char *again;

	*cache = NULL;
	if (!*s->cache)
		return subject_is_kind(s->kind) ? xformat("kind:%s", s->kind) : NULL;
	if (*s->kind || strlen(s->cache) >= UCG_ESCAPED_MAX)
		return NULL;
	*cache = subject_cache(s->cache);
	if (!*cache)
		return NULL;
	again = subject_rule(*cache);
	if (!strcmp(again, s->cache))
		return again;
	free(again);
	free(*cache);
	*cache = NULL;
	return NULL;
}

static int by_subject(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;
	int order = strcmp(a->s->kind, b->s->kind);

	if (!order)
		order = strcmp(a->s->cache, b->s->cache);
	return order ? order : strcmp(a->s->machine, b->s->machine);
}

/* In the order that series have. */
static int by_machine(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;
	int order = strcmp(a->s->machine, b->s->machine);

	if (!order)
		order = strcmp(a->s->cache, b->s->cache);
	return order ? order : strcmp(a->s->kind, b->s->kind);
}

static void take_claim(struct claim **claims, size_t *n, const struct series *s, size_t machine)
{
	struct claim c = { s, -1, -1, 0, machine };
	bool used = !strcmp(s->name, EXPORT_USED), mended = !strcmp(s->name, EXPORT_MENDED);

	if (!used && !mended && strcmp(s->name, EXPORT_VIOLATED))
		return;
	if (!*n || by_machine(&(*claims)[*n - 1], &c)) {
		*claims = xgrow(*claims, *n, sizeof(**claims));
		(*claims)[(*n)++] = c;
	}
	*(used ? &(*claims)[*n - 1].used : mended ? &(*claims)[*n - 1].mended :
	  &(*claims)[*n - 1].violated) = s->value;
}

/* What a machine says of a subject comes in two series, which stand together. */
static char *read_now(const struct series_set *now, struct fleet *fleet, struct claim **claims,
		      size_t *n)
{
	for (size_t i = 0; i < now->n; i++) {
		read_machine(&now->s[i], machine_next(fleet, &now->s[i], MACHINE_SILENT));
		take_claim(claims, n, &now->s[i], fleet->n - 1);
	}
	for (size_t i = 0; i < *n; i++) {
		const struct claim *c = &(*claims)[i];

		if (c->used < 0 || c->violated < 0 || c->violated > c->used || c->used > DAYS_MAX)
			return xformat("what it has of %s, %s%s, does not fit together", c->s->instance,
				       *c->s->cache ? "cache " : "kind ",
				       *c->s->cache ? c->s->cache : c->s->kind);
	}
	return NULL;
}

static int by_name(const void *x, const void *y)
{
	const struct machine *a = x, *b = y;

	return strcmp(a->key, b->key);
}

/* Violations of machines that are not there any more, or have forgotten them, are still violations. */
static void read_gone(const struct series_set *gone, struct fleet *fleet, struct claim **claims,
		      size_t *n)
{
	size_t there = *n, machines = fleet->n;

	for (size_t i = 0; i < gone->n; i++) {
		const struct series *s = &gone->s[i];
		int64_t days = s->value < DAYS_MAX ? s->value : DAYS_MAX;
		struct claim c = { s, days, days, 0, 0 };
		struct machine key = { .key = s->machine }, *m;

		if (!s->value || (there && bsearch(&c, *claims, there, sizeof(c), by_machine)))
			continue;
		m = bsearch(&key, fleet->m, machines, sizeof(key), by_name);
		if (!m && fleet->n > machines && !by_name(&key, &fleet->m[fleet->n - 1]))
			m = &fleet->m[fleet->n - 1];
		if (!m)
			m = machine_add(fleet, s, MACHINE_GONE);
		c.machine = (size_t)(m - fleet->m);
		*claims = xgrow(*claims, *n, sizeof(**claims));
		(*claims)[(*n)++] = c;
	}
}

static char *note_of(struct names *bad, struct names *unheard, size_t clean)
{
	char *worse = names_end(bad), *silent = names_end(unheard), *note = NULL;

	if (bad->n && clean)
		note = xformat("machines disagree: it violated on %s, and not on %zu other%s", worse,
			       clean, clean == 1 ? "" : "s");
	else if (bad->n)
		note = xformat("on %s", worse);
	else if (unheard->n)
		note = xformat("waits for %s", silent);
	free(worse);
	free(silent);
	return note;
}

static void name_bad(struct names *bad, const struct machine *m, int64_t days)
{
	char *more = xformat(" (%s%" PRId64 " day%s)", m->state == MACHINE_GONE ? "gone, " : "", days,
			     days == 1 ? "" : "s");

	names_add(bad, m->name, more);
	free(more);
}

static void sum_up(struct subject *subject, const struct claim *claims, size_t n,
		   const struct fleet *fleet)
{
	struct names bad = { 0 }, unheard = { 0 };
	struct evidence *e = &subject->evidence;

	e->machines = 0;
	for (size_t i = 0; i < n; i++) {
		const struct claim *c = &claims[i];
		const struct machine *m = &fleet->m[c->machine];

		if (!c->used)
			continue;
		e->used += c->used;
		e->violated += c->violated;
		e->machines++;
		if (c->violated)
			name_bad(&bad, m, c->violated);
		if (c->mended && c->mended != subject->rules)
			names_add(&unheard, m->name, ", whose allow rules for it this machine has not");
		if (m->state == MACHINE_SILENT)
			names_add(&unheard, m->name, ", which is silent");
		if (m->state == MACHINE_AHEAD)
			names_add(&unheard, m->name, ", whose clock is ahead");
	}
	subject->blocked = unheard.n;
	subject->note = note_of(&bad, &unheard, (size_t)e->machines - bad.n);
}

static char *read_subjects(struct claim *claims, size_t n, const struct active *rules,
			   const struct fleet *fleet, struct subject_set *set)
{
	struct subject *subject;
	size_t end;

	if (n)
		qsort(claims, n, sizeof(*claims), by_subject);
	for (size_t i = 0; i < n; i = end) {
		char *cache, *rule = rule_of(claims[i].s, &cache);

		for (end = i; end < n && !strcmp(claims[end].s->cache, claims[i].s->cache) &&
		     !strcmp(claims[end].s->kind, claims[i].s->kind); end++)
			;
		if (!rule)
			return xformat("it has numbers for cache \"%.80s\", kind \"%.80s\" of %s, which is neither",
				       claims[i].s->cache, claims[i].s->kind, claims[i].s->instance);
		subject = subject_add(set, rule, cache);
		if (cache)
			subject->rules = active_fingerprint(rules, cache);
		sum_up(subject, &claims[i], end - i, fleet);
	}
	return NULL;
}

static char *check_clock(const struct series_set *now, int64_t real)
{
	for (size_t i = 0; i < now->n; i++) {
		int64_t apart = (now->s[i].at - real) / 1000;

		if (apart > APART_MAX || apart < -APART_MAX)
			return xformat("its clock and the one of this machine are %" PRId64
				       " seconds apart: set the one that is wrong", apart < 0 ? -apart : apart);
	}
	return NULL;
}

char *fleet_judge(const struct series_set *now, const struct series_set *gone, int64_t real,
		  const struct active *rules, struct fleet *fleet, struct subject_set *set)
{
	struct claim *claims = NULL;
	size_t n = 0;
	char *reason;

	memset(fleet, 0, sizeof(*fleet));
	memset(set, 0, sizeof(*set));
	if (!now->n)
		return xformat("it knows of no machine with usercopy_guard: see Documentation/fleet.rst, \"On each machine\"");
	reason = check_clock(now, real);
	if (!reason)
		reason = read_now(now, fleet, &claims, &n);
	if (!reason) {
		read_gone(gone, fleet, &claims, &n);
		reason = read_subjects(claims, n, rules, fleet, set);
	}
	for (size_t i = 0; i < now->n; i++)
		if (!strcmp(now->s[i].name, EXPORT_WATCHED))
			set->watched += now->s[i].value / DAY;
	free(claims);
	return reason;
}

/* Return: an enum ctl_exit. */
static int ask(const char *url, const char *query, const char *unnamed, struct series_set *set)
{
	struct blob b;
	int ret = fetch_query(url, query, &b);
	char *reason;

	memset(set, 0, sizeof(*set));
	if (ret)
		return ret;
	reason = series_parse(&b, unnamed, set);
	free(b.data);
	if (!reason)
		return CTL_OK;
	say("%s: %s: nothing is promoted", url, reason);
	free(reason);
	return CTL_BAD_INPUT;
}

int fleet_read(const char *url, unsigned int days, const struct active *rules, struct fleet *fleet,
	       struct subject_set *set)
{
	char *query = xformat("max_over_time(" EXPORT_VIOLATED "[%ud]) > 0", days);
	struct series_set now, gone = { 0 };
	struct moment moment;
	char *reason = NULL;
	int ret;

	memset(fleet, 0, sizeof(*fleet));
	memset(set, 0, sizeof(*set));
	ret = ask(url, "{__name__=~\"" EXPORT_USED "|" EXPORT_VIOLATED "|" EXPORT_WRITTEN "|"
		  EXPORT_WATCHED "|" EXPORT_EVIDENCE "|" EXPORT_LISTED "|" EXPORT_MENDED "\"}", NULL, &now);
	if (!ret)
		ret = ask(url, query, EXPORT_VIOLATED, &gone);
	when_now(&moment);
	if (!ret)
		reason = fleet_judge(&now, &gone, moment.real / 1000, rules, fleet, set);
	if (reason) {
		say("%s: %s: nothing is promoted", url, reason);
		ret = CTL_BAD_INPUT;
	}
	free(reason);
	free(query);
	series_free(&now);
	series_free(&gone);
	return ret;
}

const char *machine_word(enum machine_state state)
{
	static const char * const words[] = {
		[MACHINE_FINE] = "fine",
		[MACHINE_SILENT] = "silent",
		[MACHINE_AHEAD] = "ahead",
		[MACHINE_GONE] = "gone",
	};

	return words[state];
}

void fleet_free(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->n; i++) {
		free(fleet->m[i].key);
		free(fleet->m[i].name);
	}
	free(fleet->m);
}
