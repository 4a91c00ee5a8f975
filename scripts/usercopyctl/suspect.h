/* SPDX-License-Identifier: GPL-2.0-only */
/* Which violations look like something other than a missing whitelist. */
#ifndef CTL_SUSPECT_H
#define CTL_SUSPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "alias.h"
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
 * @aliases: names that share memory: what is sensitive by one of them, is by all
 *
 * Return: a bit for each entry of suspicions[] that fits, 0 when the violation looks
 * like a missing whitelist.
 */
unsigned int suspect(const struct violation *v, const struct alias_set *aliases);

/**
 * covers_whole_object() - would this open nearly a whole object that matters?
 * @bytes: how many of its bytes
 * @objsize: bytes of the object
 *
 * Return: true when a rule for so much would leave next to nothing of the object protected.
 */
bool covers_whole_object(uint64_t bytes, uint64_t objsize);

/* The bit of the entry that covers_whole_object() decides, and of that for what a rule denies. */
unsigned int suspect_whole_object(void);
unsigned int suspect_denied(void);

/**
 * is_beyond_rules() - can no allow rule mend it?
 * @v: the violation
 *
 * Return: true when the memory is no slab object, or the copy leaves it.
 */
bool is_beyond_rules(const struct violation *v);

/**
 * is_careful() - may it be a length that somebody chooses?
 * @v: a violation whose bytes are known
 *
 * Return: true when its range grew again and again.
 */
bool is_careful(const struct violation *v);

#endif
