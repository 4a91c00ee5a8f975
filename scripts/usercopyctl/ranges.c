// SPDX-License-Identifier: GPL-2.0-only
#include "ranges.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "say.h"

void ranges_add(struct ranges *to, uint64_t min, uint64_t max)
{
	struct range all[RANGES_MAX + 1];
	size_t n = 0, i = 0;

	for (; i < to->n && to->r[i].max < min; i++)
		all[n++] = to->r[i];
	for (; i < to->n && to->r[i].min <= max; i++) {
		if (to->r[i].min < min)
			min = to->r[i].min;
		if (to->r[i].max > max)
			max = to->r[i].max;
	}
	all[n++] = (struct range){ min, max };
	for (; i < to->n; i++)
		all[n++] = to->r[i];
	if (n > RANGES_MAX) {
		to->spread = true;
		return;
	}
	memcpy(to->r, all, n * sizeof(*all));
	to->n = n;
}

void ranges_join(struct ranges *to, const struct ranges *from)
{
	for (size_t i = 0; i < from->n; i++)
		ranges_add(to, from->r[i].min, from->r[i].max);
	to->spread |= from->spread;
}

void ranges_remove(struct ranges *from, uint64_t min, uint64_t max)
{
	struct ranges left = { .spread = from->spread };

	for (size_t i = 0; i < from->n; i++) {
		const struct range *r = &from->r[i];

		if (r->min < min)
			ranges_add(&left, r->min, r->max < min ? r->max : min);
		if (r->max > max)
			ranges_add(&left, r->min > max ? r->min : max, r->max);
	}
	*from = left;
}

bool ranges_touch(const struct ranges *ranges, uint64_t min, uint64_t max)
{
	for (size_t i = 0; i < ranges->n; i++)
		if (ranges->r[i].min < max && min < ranges->r[i].max)
			return true;
	return false;
}

uint64_t ranges_bytes(const struct ranges *ranges)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < ranges->n; i++)
		bytes += ranges->r[i].max - ranges->r[i].min;
	return bytes;
}

bool ranges_parse(const char *s, const char *end, struct ranges *ranges)
{
	memset(ranges, 0, sizeof(*ranges));
	if (end - s == 1 && *s == '-')
		return true;
	if (end - s == 6 && !memcmp(s, "spread", 6)) {
		ranges->spread = true;
		return true;
	}
	while (s < end) {
		uint64_t first, last;

		if (!number_read(&s, end, &first) || s == end || *s++ != '-' ||
		    !number_read(&s, end, &last) || last < first || last == UINT64_MAX)
			return false;
		ranges_add(ranges, first, last + 1);
		if (s == end)
			return true;
		if (*s++ != ',')
			return false;
	}
	return false;
}

char *ranges_text(const struct ranges *ranges)
{
	char *text = xalloc(RANGES_MAX, 2 * 21), *at = text;

	if (ranges->spread)
		return strcpy(text, "spread");
	if (!ranges->n)
		return strcpy(text, "-");
	for (size_t i = 0; i < ranges->n; i++)
		at += sprintf(at, "%s%" PRIu64 "-%" PRIu64, i ? "," : "", ranges->r[i].min,
			      ranges->r[i].max - 1);
	return text;
}
