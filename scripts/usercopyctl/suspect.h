/* SPDX-License-Identifier: GPL-2.0-only */
/* Which violations look like something other than a missing whitelist. */
#ifndef CTL_SUSPECT_H
#define CTL_SUSPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "violation.h"

/**
 * struct suspicion - one way of not looking like a missing whitelist
 * @word: its name, for programs
 * @fits: does it apply to this violation?
 * @reason: why a rule would be the wrong answer, for people
 */
struct suspicion {
	const char *word;
	bool (*fits)(const struct violation *v);
	const char *reason;
};

/* The whole table; suspicion bit N of suspect() is entry N. */
extern const struct suspicion suspicions[];
extern const size_t nr_suspicions;

/**
 * suspect() - look one violation over
 * @v: the violation
 *
 * Return: a bit for each entry of suspicions[] that fits, 0 when the violation looks
 * like a missing whitelist.
 */
unsigned int suspect(const struct violation *v);

/**
 * covers_whole_object() - would this range open a whole object that matters?
 * @min: first byte
 * @max: one past the last byte
 * @objsize: bytes of the object
 *
 * Return: true when a rule for the range would leave nothing of the object protected.
 */
bool covers_whole_object(uint64_t min, uint64_t max, uint64_t objsize);

/* The bit of the entry that covers_whole_object() decides. */
unsigned int suspect_whole_object(void);

#endif
