// SPDX-License-Identifier: GPL-2.0-only
#include "graduate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "say.h"
#include "when.h"

static int strictness(const char *word)
{
	return !strcmp(word, "enforce") ? UCG_ENFORCE : UCG_FALLBACK;
}

void graduation_judge(struct graduation *g)
{
	for (size_t i = 0; i < g->subjects.n; i++) {
		struct subject *s = &g->subjects.s[i];

		s->judgement = judge(&g->terms, &s->evidence);
		if (s->blocked && s->judgement == JUDGED_PROMOTE)
			s->judgement = JUDGED_UNKNOWN;
	}
}

bool graduation_promotes(const struct graduation *g, const struct subject *s)
{
	const struct exception *ended;

	return s->judgement == JUDGED_PROMOTE && s->policy < strictness(g->word) &&
	       !exception_of(&g->exceptions, s->rule, g->now, &ended);
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

int graduation_apply(struct graduation *g)
{
	size_t promoted = 0;
	int ret = CTL_OK;

	for (size_t i = 0; i < g->subjects.n; i++) {
		const struct subject *s = &g->subjects.s[i];
		char *why, *text;
		int err;

		if (!graduation_promotes(g, s))
			continue;
		/* One that the kernel does not take keeps no other from being promoted. */
		err = graduated_load(s->rule, g->word);
		if (!ret)
			ret = err;
		if (err)
			continue;
		why = graduation_why(g, s);
		text = xformat("promoted: %s", why);
		graduated_set(&g->graduated, s->rule, g->word, g->now, text);
		free(why);
		free(text);
		promoted++;
	}
	if (promoted && !graduated_write(&g->graduated)) {
		say("the kernel has the new policies; they are gone with the next boot");
		return CTL_NO_FILE;
	}
	return ret;
}
