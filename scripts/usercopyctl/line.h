/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of "key=value key=value", as the files in securityfs have them. */
#ifndef CTL_LINE_H
#define CTL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place.h"

/**
 * enum line_type - what the value of a key is, and where it goes
 */
enum line_type {
	/** @LINE_NUMBER: decimal; uint64_t */
	LINE_NUMBER,
	/** @LINE_FLAG: 0 or 1; bool */
	LINE_FLAG,
	/** @LINE_SECONDS: with up to six decimals, or "-", which is 0; uint64_t, microseconds */
	LINE_SECONDS,
	/** @LINE_TEXT: with \ooo; "-" is the empty text; char *, owned */
	LINE_TEXT,
	/** @LINE_DIRECTION: "to" or "from"; bool, true for "to" */
	LINE_DIRECTION,
	/** @LINE_RANGES: see ranges_parse(); struct ranges */
	LINE_RANGES,
};

/**
 * struct line_field - a key that is known
 * @key: the key
 * @type: what its value is
 * @needed: a line without it is malformed
 * @at: where in the structure the value goes
 */
struct line_field {
	const char *key;
	enum line_type type;
	bool needed;
	size_t at;
};

/* No table of keys is longer. */
#define LINE_FIELDS_MAX	64

/* Longer than any line of the module's, with a stack of 16 frames in it. */
#define LINE_MAX_BYTES	16384

/**
 * struct malformed - a line that cannot be read
 * @line: its number, from 1
 * @reason: what is wrong with it; owned
 */
struct malformed {
	unsigned long line;
	char *reason;
};

/**
 * line_parse() - take a line apart
 * @s: the line
 * @end: one past its end
 * @fields: the keys that are known; all others are passed over, a newer module may have more
 * @n: how many, at most LINE_FIELDS_MAX
 * @into: the structure, zeroed; texts that were read are in it whatever is returned
 *
 * Return: NULL, or what is wrong with the line, the caller's to free().
 */
char *line_parse(const char *s, const char *end, const struct line_field *fields, size_t n,
		 void *into);

/**
 * lines_each() - call a function for each line that says something
 * @b: the content of a file; empty lines and those that begin with "#" are passed over
 * @take: called with @ctx, the line's number, the line and its end; gives what is wrong with the
 *	line, or NULL
 * @ctx: for @take
 * @bad: an array that bad lines are added to; owned by the caller
 * @nbad: how many there are
 */
void lines_each(const struct blob *b, char *(*take)(void *ctx, unsigned long line, const char *s,
						    const char *end),
		void *ctx, struct malformed **bad, size_t *nbad);

#endif
