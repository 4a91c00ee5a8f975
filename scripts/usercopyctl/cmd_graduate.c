// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl graduate: which caches may go from warn to enforce? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "command.h"
#include "exit.h"
#include "graduate.h"
#include "json.h"
#include "option.h"
#include "place.h"
#include "say.h"
#include "when.h"

static void print_subject(const struct graduation *g, const struct subject *s)
{
	const struct exception *ended, *e = exception_of(&g->exceptions, s->rule, g->now, &ended);
	char *why = graduation_why(g, s);

	const char *word = graduation_word(g, s);

	put_coloured(stdout, s->judgement == JUDGED_PROMOTE ? COLOUR_GOOD :
		     s->judgement == JUDGED_HOLD ? COLOUR_BAD : COLOUR_CARE, word);
	printf("%*s %s: ", (int)(19 - strlen(word)), "", s->rule);
	put_plain(stdout, why);
	putchar('\n');
	if (e) {
		printf("%20suntil %s: ", "", e->date);
		put_plain(stdout, e->reason);
		putchar('\n');
	} else if (ended) {
		printf("%20sits exception ended on %s: ", "", ended->date);
		put_plain(stdout, ended->reason);
		putchar('\n');
	}
	free(why);
}

/* Rules that let nothing through any more, for as long as a promotion takes. */
static bool is_idle(const struct graduation *g, const struct subject *s)
{
	return s->ruled >= 0 &&
	       (double)(g->subjects.watched - s->ruled) > g->terms.days;
}

/* What an administrator should look after. */
static void print_machines(const struct fleet *fleet)
{
	static const char * const why[] = {
		[MACHINE_SILENT] = "silent for more than a day: nothing it uses is promoted",
		[MACHINE_AHEAD] = "its clock is ahead: nothing it uses is promoted",
		[MACHINE_GONE] = "gone, and it has violated",
	};

	if (fleet->n)
		printf("%zu machine%s.\n", fleet->n, fleet->n == 1 ? "" : "s");
	for (size_t i = 0; i < fleet->n; i++) {
		const struct machine *m = &fleet->m[i];

		if (m->state == MACHINE_FINE && m->evidence)
			continue;
		fputs("  ", stdout);
		put_plain(stdout, m->name);
		printf(": %s\n", m->state == MACHINE_FINE ? "its evidence is off" : why[m->state]);
	}
}

static void json_machines(const struct fleet *fleet)
{
	json_array_begin("machines");
	for (size_t i = 0; i < fleet->n; i++) {
		json_object_begin(NULL);
		json_string("name", fleet->m[i].name);
		json_string("state", machine_word(fleet->m[i].state));
		json_flag("evidence", fleet->m[i].evidence);
		json_end();
	}
	json_end();
}

static void print_all(const struct graduation *g)
{
	print_machines(&g->fleet);
	printf("%" PRId64 " machine-days watched. %g days in use%s without a violation are enough: then whatever the\n"
	       "rate is, the chance to promote and see a violation within %g days is below %g %%,\n"
	       "however often one looks before. The rates below are each for a single look.\n\n",
	       g->subjects.watched, g->terms.days, g->fleet.n ? " on each machine, on the average," : "",
	       g->terms.window, 100 * g->terms.risk);
	for (size_t i = 0; i < g->subjects.n; i++)
		print_subject(g, &g->subjects.s[i]);
	for (size_t i = 0; i < g->subjects.n; i++)
		if (is_idle(g, &g->subjects.s[i]))
			printf("idle                %s: its allow rules have let nothing through for %" PRId64 " days\n",
			       g->subjects.s[i].rule, g->subjects.watched - g->subjects.s[i].ruled);
}

static void print_preview(const struct graduation *g)
{
	uint64_t fallback = 0, enforce = 0;

	puts("Copies in the whole history that would have been refused, with the rules in force:\n");
	printf("%12s %12s\n", "fallback", "enforce");
	for (size_t i = 0; i < g->subjects.n; i++) {
		const struct subject *s = &g->subjects.s[i];

		fallback += s->fallback;
		enforce += s->enforce;
		if (s->enforce)
			printf("%12" PRIu64 " %12" PRIu64 "  %s\n", s->fallback, s->enforce, s->rule);
	}
	printf("%12" PRIu64 " %12" PRIu64 "  in all\n", fallback, enforce);
}

static void json_subject(const struct graduation *g, const struct subject *s)
{
	const struct exception *ended, *e = exception_of(&g->exceptions, s->rule, g->now, &ended);
	char *why = graduation_why(g, s);

	json_object_begin(NULL);
	json_string("name", s->rule);
	json_string("cache", s->cache);
	json_string("judgement", judgement_word(s->judgement));
	json_flag("promote", graduation_promotes(g, s));
	json_flag("own_rule", s->own);
	json_string("why", why);
	json_number("machines", (uint64_t)s->evidence.machines);
	json_number("used", (uint64_t)s->evidence.used);
	json_number("violated", (uint64_t)s->evidence.violated);
	json_number("quiet", (uint64_t)s->evidence.quiet);
	json_real("bound", judge_bound(s->evidence.used, s->evidence.violated,
				       g->terms.confidence));
	json_number("mended", s->mended);
	json_number("refused_by_fallback", s->fallback);
	json_number("refused_by_enforce", s->enforce);
	json_flag("idle", is_idle(g, s));
	if (e || ended) {
		json_object_begin("exception");
		json_string("until", e ? e->date : ended->date);
		json_string("reason", e ? e->reason : ended->reason);
		json_flag("ended", !e);
		json_end();
	}
	json_end();
	free(why);
}

static void print_json(const struct graduation *g)
{
	json_object_begin(NULL);
	json_number("watched", (uint64_t)g->subjects.watched);
	json_number("days_needed", (uint64_t)g->terms.days);
	json_number("unlisted", (uint64_t)g->subjects.unlisted);
	if (g->fleet.n)
		json_machines(&g->fleet);
	json_array_begin("subjects");
	for (size_t i = 0; i < g->subjects.n; i++)
		json_subject(g, &g->subjects.s[i]);
	json_end();
	json_end();
}

/* Good copies are seen by sampling alone, and that is off unless somebody has turned it on. */
static void say_evidence(const struct graduation *g)
{
	char *word = place_word(PLACE_EVIDENCE);

	if (!g->fleet.n && word && !strcmp(word, "0"))
		say("kernel.usercopy_guard.evidence is 0: a cache that does not violate is not seen in use, and never promoted");
	free(word);
}

/* @lock: for what is read, and will be written; taken when all that may last is done. */
static int gather(struct graduation *g, const char *url, int *lock)
{
	struct moment now;
	int ret;

	when_now(&now);
	g->now = now.real;
	if (url)
		ret = graduation_gather_fleet(g, url);
	else
		ret = graduation_gather_here(&g->subjects);
	if (!exceptions_read(&g->exceptions) && !ret)
		ret = CTL_BAD_INPUT;
	if (lock)
		*lock = graduated_lock();
	if (!graduated_read(&g->graduated) && !ret)
		ret = CTL_BAD_INPUT;
	graduation_judge(g);
	return ret;
}

static int graduate(struct graduation *g, const char *url, bool json, bool preview, bool apply)
{
	int lock = -1, ret = gather(g, url, apply ? &lock : NULL);

	if (!ret && apply)
		ret = graduation_apply(g);
	graduated_unlock(lock);
	if (!ret) {
		say_evidence(g);
		if (json)
			print_json(g);
		else if (preview)
			print_preview(g);
		else
			print_all(g);
	}
	subjects_free(&g->subjects);
	fleet_free(&g->fleet);
	exceptions_free(&g->exceptions);
	graduated_free(&g->graduated);
	return ret;
}

int cmd_graduate(int argc, char **argv)
{
	bool json = false, preview = false, apply = false, watching = false;
	const char *risk = NULL, *window = NULL, *every = NULL, *limit = NULL,
		   *url = NULL;
	struct graduation g = { .word = "enforce" };
	double seconds = 10, per_hour = 6, percent = 100 * TERMS_RISK, days = TERMS_WINDOW;
	const struct option_word known[] = {
		OPTION_JSON(json),
		{ "--preview", .on = &preview, .help = "what stricter policies would have refused" },
		{ "--apply", .on = &apply, .help = "promote what is ready" },
		{ "--watch", .on = &watching, .help = "take back what violates after that" },
		{ "--risk", .value = &risk, .takes = WORD_NUMBER, .help = "percent that may go wrong" },
		{ "--window", .value = &window, .takes = WORD_NUMBER, .help = "... within so many days" },
		{ "--to", .value = &g.word, .takes = WORD_POLICY, .help = "promote to this policy" },
		{ "--every", .value = &every, .takes = WORD_NUMBER, .help = "--watch: seconds between two looks" },
		{ "--limit", .value = &limit, .takes = WORD_NUMBER, .help = "--watch: at most so many an hour" },
		{ "--prometheus", .value = &url, .help = "by the evidence of all machines, from this server" },
		{ .word = NULL },
	};

	if (options_take(argc, argv, known, 0) < 0 ||
	    !option_number("--risk", risk, 0.01, 50, &percent) ||
	    !option_number("--window", window, 1, 3650, &days) ||
	    !option_number("--every", every, 1, 60, &seconds) ||
	    !option_number("--limit", limit, 0, 1000, &per_hour))
		return CTL_USAGE;
	if (strcmp(g.word, "enforce") && strcmp(g.word, "fallback")) {
		say("--to %s: enforce or fallback", g.word);
		return CTL_USAGE;
	}
	if (url && (preview || watching)) {
		say("--prometheus: %s is for one machine's history",
		    preview ? "--preview" : "--watch");
		return CTL_USAGE;
	}
	g.terms = terms_make(percent / 100, days);
	if (watching)
		return graduation_watch((unsigned int)seconds, (unsigned int)per_hour);
	return graduate(&g, url, json, preview, apply);
}
