/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What shall not be promoted, why, and until when. A comment in a file of rules:
 *
 *   # exception NAME until YYYY-MM-DD: REASON
 *
 * NAME is written as in a policy rule. On that day and later it is none any more.
 */
#ifndef CTL_EXCEPTION_H
#define CTL_EXCEPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place.h"

/**
 * struct exception - one of them
 * @name: what shall not be promoted; owned
 * @reason: why; owned
 * @end: when it ends, microseconds since 1970
 * @date: the same as it was written; owned
 */
struct exception {
	char *name, *reason, *date;
	int64_t end;
};

/**
 * struct exception_set - all exceptions
 * @e: them
 * @n: how many
 */
struct exception_set {
	struct exception *e;
	size_t n;
};

/**
 * exceptions_read() - read those in the rules files of /etc/usercopy_guard
 * @set: filled in
 *
 * Says file and line of what looks like an exception and is none.
 *
 * Return: false when there was such a line: then nothing must be promoted.
 */
bool exceptions_read(struct exception_set *set);

/**
 * exceptions_parse() - take those out of one file
 * @set: they are added to it
 * @path: its name, for messages
 * @b: its content; is changed
 *
 * Return: false when a line looks like one and is none; it has been said.
 */
bool exceptions_parse(struct exception_set *set, const char *path, struct blob *b);

/**
 * exception_of() - is there an exception?
 * @set: from exceptions_read()
 * @name: as in a policy rule
 * @now: microseconds since 1970
 * @ended: set when there is one that has ended, and none that has not
 *
 * This alone decides whether an exception holds.
 *
 * Return: the exception that holds, or NULL.
 */
const struct exception *exception_of(const struct exception_set *set, const char *name,
				     int64_t now, const struct exception **ended);

/**
 * exceptions_free() - give back what a set owns
 * @set: the set
 */
void exceptions_free(struct exception_set *set);

#endif
