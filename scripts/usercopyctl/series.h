/* SPDX-License-Identifier: GPL-2.0-only */
/* What a Prometheus server answers. It may be wrong, or somebody else: nothing of it is believed unseen. */
#ifndef CTL_SERIES_H
#define CTL_SERIES_H

#include <stdint.h>

#include "place.h"

/**
 * struct series - one number of one machine
 * @name: the metric
 * @machine: all labels but cache and kind, as text: what tells machines apart
 * @instance: the label of that name, for people; or all of @machine
 * @cache: the label of that name, or empty
 * @kind: likewise
 * @value: a whole number, not negative, exact in a double
 * @at: when the server asked itself, milliseconds since 1970
 *
 * Strings are owned by the struct series_set.
 */
struct series {
	char *name, *machine, *instance, *cache, *kind;
	int64_t value, at;
};

/**
 * struct series_set - an answer
 * @s: in order of machine, cache, kind and name
 * @n: how many
 */
struct series_set {
	struct series *s;
	size_t n;
};

/**
 * series_parse() - take an answer apart
 * @b: JSON, as of /api/v1/query
 * @unnamed: the name of series that have none, as what a function of PromQL makes of them; NULL: each has
 * @set: filled in; to be freed whatever is returned
 *
 * All or nothing: an answer with one number that is none, or that comes twice, is no answer.
 *
 * Return: NULL, or what is wrong with it, the caller's to free().
 */
char *series_parse(const struct blob *b, const char *unnamed, struct series_set *set);

/**
 * series_free() - give back what a set owns
 * @set: the set
 */
void series_free(struct series_set *set);

#endif
