// SPDX-License-Identifier: GPL-2.0-only
#include "pieces.h"

#include <inttypes.h>
#include <stdlib.h>

#include "say.h"

/* Members that are named; who touches more has a longer list than anybody reads. */
#define NAMES_MAX	8

void pieces_add(struct pieces *pieces, const struct piece *piece)
{
	pieces->p = xgrow(pieces->p, pieces->n, sizeof(*pieces->p));
	pieces->p[pieces->n++] = *piece;
}

char *pieces_name(const char *before, const char *name)
{
	return xformat("%s%s%s", before, *before && name && *name ? "." : "", name ? name : "");
}

static char *piece_text(const struct piece *p, uint64_t min, uint64_t max)
{
	if (!p->element)
		return xformat("%s", p->name);
	if (min < p->min)
		min = p->min;
	if (max > p->max)
		max = p->max;
	return xformat("%s[%" PRIu64 "..%" PRIu64 "] of %" PRIu64, p->name,
		       (min - p->min) / p->element, (max - 1 - p->min) / p->element,
		       (p->max - p->min) / p->element);
}

char *pieces_text(const struct pieces *pieces, uint64_t min, uint64_t max)
{
	char *text = xformat("%s", "");

	for (size_t i = 0; i < pieces->n && i < NAMES_MAX; i++) {
		char *one = piece_text(&pieces->p[i], min, max);
		char *more = xformat("%s%s%s", text, i ? ", " : "", one);

		free(one);
		free(text);
		text = more;
	}
	if (pieces->n > NAMES_MAX || !pieces->n) {
		char *more = xformat("%s%s", text, pieces->n ? ", ..." : "padding");

		free(text);
		text = more;
	}
	return text;
}

void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->n; i++)
		free(pieces->p[i].name);
	free(pieces->p);
}
