// SPDX-License-Identifier: GPL-2.0-only
#include "suggest.h"

#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "suspect.h"

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Violations of the same cache in the same shape stand together. */
static int by_cache(const struct violation *a, const struct violation *b)
{
	int order = strcmp(a->cache, b->cache);

	if (!order)
		order = compare(a->objsize, b->objsize);
	if (!order)
		order = compare(a->useroffset, b->useroffset);
	if (!order)
		order = compare(a->usersize, b->usersize);
	return order;
}

/* Some bytes that one violation touched. */
struct piece {
	const struct violation *v;
	uint64_t min, max;
};

static int by_range(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;
	int order = by_cache(a->v, b->v);

	if (!order)
		order = compare(b->v->to_user, a->v->to_user);
	if (!order)
		order = compare(a->min, b->min);
	if (!order)
		order = compare(a->max, b->max);
	return order ? order : compare(a->v->line, b->v->line);
}

static int regions_by_range(const void *x, const void *y)
{
	const struct region *a = x, *b = y;
	int order = by_cache(a->by[0], b->by[0]);

	if (!order)
		order = compare(a->min, b->min);
	if (!order)
		order = compare(a->max, b->max);
	return order ? order : compare(b->to, a->to);
}

static int out_by_line(const void *x, const void *y)
{
	const struct pointed_out *a = x, *b = y;

	return compare(a->v->line, b->v->line);
}

static void point_out(struct plan *plan, const struct violation *v, unsigned int why)
{
	for (size_t i = 0; i < plan->nout; i++)
		if (plan->out[i].v == v)
			return;
	plan->out = xgrow(plan->out, plan->nout, sizeof(*plan->out));
	plan->out[plan->nout++] = (struct pointed_out){ .v = v, .why = why };
}

/* One that has bytes of its own on both sides of others' is there once. */
static bool region_has(const struct region *r, const struct violation *v)
{
	for (size_t i = 0; i < r->nby; i++)
		if (r->by[i] == v)
			return true;
	return false;
}

static void region_add(struct region *r, const struct piece *p)
{
	const struct violation *v = p->v;

	if (!r->nby || p->min < r->min)
		r->min = p->min;
	if (p->max > r->max)
		r->max = p->max;
	if (!r->nby || v->first < r->first)
		r->first = v->first;
	if (v->last > r->last)
		r->last = v->last;
	if (v->to_user)
		r->to = true;
	else
		r->from = true;
	r->careful |= is_careful(v);
	if (region_has(r, v))
		return;
	r->by = xgrow(r->by, r->nby, sizeof(*r->by));
	r->by[r->nby++] = v;
	r->count = v->count > UINT64_MAX - r->count ? UINT64_MAX : r->count + v->count;
}

static bool region_touches(const struct region *r, const struct piece *p)
{
	return !by_cache(r->by[0], p->v) && r->to == p->v->to_user && p->min <= r->max;
}

static void region_close(struct plan *plan, struct region *r)
{
	if (!r->nby)
		return;
	plan->region = xgrow(plan->region, plan->nregions, sizeof(*plan->region));
	plan->region[plan->nregions++] = *r;
	memset(r, 0, sizeof(*r));
}

/* Take back the regions of a cache, in one direction, that are nearly its whole object. */
static void drop_whole_objects(struct plan *plan)
{
	size_t kept = 0, n;

	for (size_t i = 0; i < plan->nregions; i += n) {
		struct region *r = &plan->region[i];
		uint64_t bytes = 0;
		bool whole;

		for (n = 0; i + n < plan->nregions && !by_cache(r->by[0], r[n].by[0]) &&
		     r[n].to == r->to; n++)
			bytes += r[n].max - r[n].min;
		whole = covers_whole_object(bytes, r->by[0]->objsize);
		for (size_t k = 0; k < n; k++) {
			if (!whole) {
				plan->region[kept++] = r[k];
				continue;
			}
			for (size_t b = 0; b < r[k].nby; b++)
				point_out(plan, r[k].by[b], suspect_whole_object());
			free(r[k].by);
		}
	}
	plan->nregions = kept;
}

/* The same range in both directions is one rule. */
static void join_directions(struct plan *plan)
{
	size_t kept = 0;

	if (plan->nregions)
		qsort(plan->region, plan->nregions, sizeof(*plan->region), regions_by_range);
	for (size_t i = 0; i < plan->nregions; i++) {
		struct region *r = &plan->region[i];
		struct region *before = kept ? &plan->region[kept - 1] : NULL;

		if (before && !by_cache(before->by[0], r->by[0]) &&
		    before->min == r->min && before->max == r->max) {
			for (size_t k = 0; k < r->nby; k++) {
				struct piece p = { r->by[k], r->min, r->max };

				region_add(before, &p);
			}
			free(r->by);
		} else {
			plan->region[kept++] = *r;
		}
	}
	plan->nregions = kept;
}

/*
 * One fix for the @n regions from @r on, which all belong to one cache. They are
 * sorted by their first byte; the kernel's own region is taken in where it belongs.
 */
static struct fix fix_make(const struct region *r, size_t n)
{
	const struct violation *v = r->by[0];
	struct fix fix = { .v = v, .regions = n, .min = r->min, .max = r->max };
	uint64_t from = v->useroffset, to = v->useroffset + v->usersize;
	bool kernel_done = !v->usersize;

	if (!kernel_done && from < fix.min) {
		fix.min = from;
		fix.max = to;
		kernel_done = true;
	}
	for (size_t i = 0; i < n || !kernel_done; ) {
		uint64_t min, max;

		if (!kernel_done && (i == n || from < r[i].min)) {
			min = from;
			max = to;
			kernel_done = true;
		} else {
			min = r[i].min;
			max = r[i].max;
			i++;
		}
		if (min > fix.max)
			fix.gap += min - fix.max;
		if (max > fix.max)
			fix.max = max;
	}
	return fix;
}

static void make_fixes(struct plan *plan)
{
	size_t n;

	for (size_t i = 0; i < plan->nregions; i += n) {
		const struct region *r = &plan->region[i];

		for (n = 1; i + n < plan->nregions && !by_cache(r->by[0], r[n].by[0]); )
			n++;
		plan->fix = xgrow(plan->fix, plan->nfixes, sizeof(*plan->fix));
		plan->fix[plan->nfixes++] = fix_make(r, n);
	}
}

/* What of a violation is left to do, as pieces. */
static struct piece *pieces_of(struct plan *plan, const struct violation *v,
			       const struct alias_set *aliases, const struct active *rules,
			       void (*widen)(const struct violation *v, struct ranges *ranges),
			       struct piece *pieces, size_t *n)
{
	unsigned int why = suspect(v, aliases);
	struct ranges ranges;

	if (!why && violation_ranges(v, &ranges)) {
		if (widen)
			widen(v, &ranges);
		active_covers(rules, aliases, v->cache, v->to_user, &ranges);
		if (!ranges.n) {
			plan->in_force++;
			return pieces;
		}
		if (active_denies(rules, aliases, v->cache, &ranges))
			why = suspect_denied();
	}
	if (why) {
		point_out(plan, v, why);
		return pieces;
	}
	for (size_t i = 0; i < ranges.n; i++) {
		pieces = xgrow(pieces, *n, sizeof(*pieces));
		pieces[(*n)++] = (struct piece){ v, ranges.r[i].min, ranges.r[i].max };
	}
	return pieces;
}

void plan_make(const struct violation_set *set, const struct alias_set *aliases,
	       const struct active *rules,
	       void (*widen)(const struct violation *v, struct ranges *ranges), struct plan *plan)
{
	struct piece *pieces = NULL;
	struct region r = { 0 };
	size_t n = 0;

	memset(plan, 0, sizeof(*plan));
	for (size_t i = 0; i < set->n; i++)
		pieces = pieces_of(plan, &set->v[i], aliases, rules, widen, pieces, &n);
	if (n)
		qsort(pieces, n, sizeof(*pieces), by_range);
	for (size_t i = 0; i < n; i++) {
		if (r.nby && !region_touches(&r, &pieces[i]))
			region_close(plan, &r);
		region_add(&r, &pieces[i]);
	}
	region_close(plan, &r);
	free(pieces);
	drop_whole_objects(plan);
	join_directions(plan);
	make_fixes(plan);
	for (size_t i = 0; i < plan->nregions; i++)
		plan->careful += plan->region[i].careful;
	if (plan->nout)
		qsort(plan->out, plan->nout, sizeof(*plan->out), out_by_line);
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->nregions; i++)
		free(plan->region[i].by);
	free(plan->region);
	free(plan->fix);
	free(plan->out);
}
