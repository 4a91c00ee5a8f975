// SPDX-License-Identifier: GPL-2.0-only
#include "graduate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "say.h"
#include "when.h"

void graduation_judge(struct graduation *g)
{
	for (size_t i = 0; i < g->subjects.n; i++) {
		struct subject *s = &g->subjects.s[i];

		s->judgement = judge(&g->terms, &s->evidence);
		if (s->blocked && s->judgement == JUDGED_PROMOTE)
			s->judgement = JUDGED_UNKNOWN;
	}
	graduation_hold(g);
}

bool graduation_promotes(const struct graduation *g, const struct subject *s)
{
	const struct exception *ended;

	return s->judgement == JUDGED_PROMOTE && s->policy < graduation_policy(g) && !s->own &&
	       !exception_of(&g->exceptions, s->rule, g->now, &ended);
}

const char *graduation_word(const struct graduation *g, const struct subject *s)
{
	const struct exception *ended;

	if (graduation_promotes(g, s))
		return "promote";
	if (exception_of(&g->exceptions, s->rule, g->now, &ended))
		return "exception";
	if (s->judgement != JUDGED_PROMOTE)
		return judgement_word(s->judgement);
	return s->own ? "own rule" : "promoted";
}

int graduation_policy(const struct graduation *g)
{
	return graduated_policy(g->word);
}

static char *plural(int64_t n, const char *word)
{
	return xformat("%" PRId64 " %s%s", n, word, n == 1 ? "" : "s");
}

/* "3 machine-days in use", with the machines when there are several. */
static char *in_use(const struct evidence *e)
{
	char *days = plural(e->used, "machine-day"), *all;

	all = e->machines > 1 ? xformat("%s in use on %" PRId64 " machines", days, e->machines)
			      : xformat("%s in use", days);
	free(days);
	return all;
}

char *graduation_why(const struct graduation *g, const struct subject *s)
{
	const struct evidence *e = &s->evidence;
	double bound = 100 * judge_bound(e->used, e->violated, g->terms.confidence);
	char *used = in_use(e), *violated = plural(e->violated, "day"), *why, *all;

	if (!e->used) {
		why = xformat("never seen in use");
	} else if (!e->violated) {
		why = xformat("none in %s: below %.2g %% a day at %g %%%s", used, bound,
			      100 * g->terms.confidence,
			      s->mended ? ", with the rules in force" : "");
	} else {
		char *last = s->by ? when_text(s->last) : NULL;

		why = xformat("violated on %s of %s: below %.2g %% a day at %g %%%s%s%s%s", violated,
			      used, bound, 100 * g->terms.confidence, last ? "; last " : "",
			      last ? last : "", last ? " by " : "", last ? s->by : "");
		free(last);
	}
	all = xformat("%s%s%s", why, s->note ? "; " : "", s->note ? s->note : "");
	free(used);
	free(violated);
	free(why);
	return all;
}

/**
 * struct promotion - what was done, and would have to be undone
 * @undo: lines for the kernel; owned, or NULL
 * @n: how many were promoted
 */
struct promotion {
	char *undo;
	size_t n;
};

static int promote(struct graduation *g, const struct subject *s, struct promotion *p)
{
	const struct graduate *before = graduated_find(&g->graduated, s->rule);
	char *why, *text, *longer;
	int err = graduated_load(s->rule, g->word);

	if (err)
		return err;
	if (before)
		longer = xformat("%spolicy %s %s\n", p->undo ? p->undo : "", s->rule, before->word);
	else
		longer = xformat("%sdelete policy %s %s\n", p->undo ? p->undo : "", s->rule, g->word);
	free(p->undo);
	p->undo = longer;
	p->n++;
	why = graduation_why(g, s);
	text = xformat("promoted: %s", why);
	graduated_set(&g->graduated, s->rule, g->word, g->now, text);
	free(why);
	free(text);
	return CTL_OK;
}

/* Nobody watches over what is not in the file. */
static int undo(const struct promotion *p)
{
	if (place_write(PLACE_WHITELIST, p->undo, strlen(p->undo)))
		say("the kernel keeps the new policies until the next boot, and \"graduate --watch\" does not know of them: delete them from %s, or mend what is in the way and try again",
		    PLACE_WHITELIST);
	else
		say("nothing is promoted: the kernel's new policies were taken back");
	return CTL_NO_FILE;
}

int graduation_apply(struct graduation *g)
{
	struct promotion p = { 0 };
	int ret = CTL_OK;

	for (size_t i = 0; i < g->subjects.n; i++) {
		int err;

		if (!graduation_promotes(g, &g->subjects.s[i]))
			continue;
		/* One that the kernel does not take keeps no other from being promoted. */
		err = promote(g, &g->subjects.s[i], &p);
		if (!ret)
			ret = err;
	}
	if (p.n && !graduated_write(&g->graduated))
		ret = undo(&p);
	free(p.undo);
	return ret;
}
