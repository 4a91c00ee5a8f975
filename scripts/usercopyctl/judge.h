/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When is it safe to refuse? One question, one place where it is answered.
 *
 * The unit is the machine-day on which a cache was in use: on it the cache violated, or did not. A
 * million copies by one loop are one observation.
 */
#ifndef CTL_JUDGE_H
#define CTL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct terms - what "safe" means
 * @risk: whatever a cache's rate of violations may be, the chance that it is promoted and then
 *	violates within the window shall not be above this
 * @window: that window, days in use on each machine
 * @confidence: of the bounds that are shown
 * @days: so many days in use without a violation are enough, on each machine
 */
struct terms {
	double risk, window, confidence, days;
};

/* Five in a hundred, within a month. */
#define TERMS_RISK		0.05
#define TERMS_WINDOW		30
#define TERMS_CONFIDENCE	0.95

/**
 * struct evidence - what is known of a cache, or of a kind that is no slab's
 * @used: machine-days on which it was in use
 * @violated: those of them on which it violated, and nothing has mended that since
 * @quiet: machine-days in use since it violated last; @used when it never did; for people
 * @machines: how many machines it is the evidence of, at least 1
 */
struct evidence {
	int64_t used, violated, quiet, machines;
};

/**
 * enum judgement - what follows
 */
enum judgement {
	/** @JUDGED_PROMOTE: refuse from now on */
	JUDGED_PROMOTE,
	/** @JUDGED_HOLD: it violates, and nothing has mended that */
	JUDGED_HOLD,
	/** @JUDGED_UNKNOWN: not enough was seen; no data is never clean */
	JUDGED_UNKNOWN,
};

/**
 * judge_bound() - how often may it violate, at the most?
 * @used: machine-days on which it was in use
 * @violated: those on which it violated
 * @confidence: such as 0.95
 *
 * The upper bound of Clopper and Pearson, one-sided. With none in N days that is 1 - 0.05^(1/N), a
 * little below 3/N.
 *
 * Return: a rate per machine-day, between 0 and 1; 1 when nothing was seen.
 */
double judge_bound(int64_t used, int64_t violated, double confidence);

/**
 * terms_make() - how many days without a violation are enough?
 * @risk: see struct terms
 * @window: likewise
 *
 * A cache that violates on a day with probability p is clean for n days, and then not for w, with
 * probability (1-p)^n (1 - (1-p)^w), which has its maximum, over all p, near (r/(r+1))^r / (r+1) for
 * r = n/w. So one that is promoted after n clean days keeps to the risk whatever its p is.
 *
 * Return: the terms.
 */
struct terms terms_make(double risk, double window);

/**
 * judge() - the answer
 * @terms: what "safe" means
 * @e: what is known
 *
 * With one violation that nothing has mended it is "hold", for good. A second try after more clean days
 * would be one more chance to be wrong: the simulation in the tests then finds rates for which one
 * in seventeen is promoted and violates, not one in twenty. Whoever knows better writes a rule.
 *
 * Return: what follows.
 */
enum judgement judge(const struct terms *terms, const struct evidence *e);

/* "promote", "hold", "not enough evidence" */
const char *judgement_word(enum judgement judgement);

#endif
