// SPDX-License-Identifier: GPL-2.0-only
#include "judge.h"

#include <math.h>

/* Halvings after which a bound has all the digits that a double has. */
#define HALVINGS	100

/* Above so many it is not rare, whatever the bound; and the sum below has so many terms. */
#define VIOLATED_MAX	1000

/* P(X <= k) of n trials with probability p. */
static double binomial(int64_t n, int64_t k, double p)
{
	double sum = 0, logs = log(p), rest = log1p(-p);

	for (int64_t i = 0; i <= k; i++)
		sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) -
			   lgamma((double)(n - i) + 1) + (double)i * logs + (double)(n - i) * rest);
	return sum;
}

double judge_bound(int64_t used, int64_t violated, double confidence)
{
	double low = 0, high = 1;

	if (used <= 0 || violated >= used || violated > VIOLATED_MAX)
		return 1;
	if (violated <= 0)
		return -expm1(log1p(-confidence) / (double)used);
	for (int i = 0; i < HALVINGS; i++) {
		double p = (low + high) / 2;

		if (binomial(used, violated, p) > 1 - confidence)
			low = p;
		else
			high = p;
	}
	return high;
}

struct terms terms_make(double risk, double window)
{
	double low = 0, high = 1 / risk;

	for (int i = 0; i < HALVINGS; i++) {
		double r = (low + high) / 2;

		if (exp(r * log(r / (r + 1))) / (r + 1) > risk)
			low = r;
		else
			high = r;
	}
	return (struct terms){ .risk = risk, .window = window, .confidence = TERMS_CONFIDENCE,
			       .days = ceil(high * window) };
}

enum judgement judge(const struct terms *terms, const struct evidence *e)
{
	double machines = e->machines > 1 ? (double)e->machines : 1;

	if (e->violated)
		return JUDGED_HOLD;
	return (double)e->used < terms->days * machines ? JUDGED_UNKNOWN : JUDGED_PROMOTE;
}

const char *judgement_word(enum judgement judgement)
{
	static const char * const words[] = {
		[JUDGED_PROMOTE] = "promote",
		[JUDGED_HOLD] = "hold",
		[JUDGED_UNKNOWN] = "not enough evidence",
	};

	return words[judgement];
}
