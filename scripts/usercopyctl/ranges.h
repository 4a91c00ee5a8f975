/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of an object that copies have touched: a few ranges, or too many to tell. */
#ifndef CTL_RANGES_H
#define CTL_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * More than the module keeps for one violation, so that what several boots have seen can be
 * added up; what is in more pieces than this is no fixed field of anything.
 */
#define RANGES_MAX	32

/**
 * struct range - bytes that lie together
 * @min: the first, from the start of the object
 * @max: one past the last
 */
struct range {
	uint64_t min, max;
};

/**
 * struct ranges - what was touched
 * @r: in ascending order; none of them overlap or touch
 * @n: how many
 * @spread: there were more than could be kept: @r is not all, and nothing follows from it
 */
struct ranges {
	struct range r[RANGES_MAX];
	size_t n;
	bool spread;
};

/**
 * ranges_add() - take in some bytes
 * @to: the ranges; joined where they overlap or touch, spread where they become too many
 * @min: the first byte
 * @max: one past the last, above @min
 */
void ranges_add(struct ranges *to, uint64_t min, uint64_t max);

/**
 * ranges_join() - take in what another set has
 * @to: the ranges
 * @from: what to take in; when it is spread, so is the result
 */
void ranges_join(struct ranges *to, const struct ranges *from);

/**
 * ranges_remove() - take some bytes out
 * @from: the ranges
 * @min: the first byte
 * @max: one past the last
 */
void ranges_remove(struct ranges *from, uint64_t min, uint64_t max);

/**
 * ranges_touch() - is any of these bytes among them?
 * @ranges: the ranges
 * @min: the first byte
 * @max: one past the last
 *
 * Return: true when one is.
 */
bool ranges_touch(const struct ranges *ranges, uint64_t min, uint64_t max);

/**
 * ranges_bytes() - how many bytes they are in all
 * @ranges: the ranges
 *
 * Return: bytes.
 */
uint64_t ranges_bytes(const struct ranges *ranges);

/**
 * ranges_parse() - read "0-7,100-107", "spread" or "-"
 * @s: the text
 * @end: one past its end
 * @ranges: filled in
 *
 * Return: false when it is none of these.
 */
bool ranges_parse(const char *s, const char *end, struct ranges *ranges);

/**
 * ranges_text() - the inverse of ranges_parse()
 * @ranges: the ranges
 *
 * Return: the text, the caller's to free().
 */
char *ranges_text(const struct ranges *ranges);

#endif
