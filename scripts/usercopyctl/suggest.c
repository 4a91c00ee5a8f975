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

static int by_range(const void *x, const void *y)
{
	const struct violation *a = *(const struct violation * const *)x;
	const struct violation *b = *(const struct violation * const *)y;
	int order = by_cache(a, b);

	if (!order)
		order = compare(b->to_user, a->to_user);
	if (!order)
		order = compare(a->min, b->min);
	if (!order)
		order = compare(a->max, b->max);
	return order ? order : compare(a->line, b->line);
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
	plan->out = xgrow(plan->out, plan->nout, sizeof(*plan->out));
	plan->out[plan->nout++] = (struct pointed_out){ .v = v, .why = why };
}

static void region_add(struct region *r, const struct violation *v)
{
	r->by = xgrow(r->by, r->nby, sizeof(*r->by));
	r->by[r->nby++] = v;
	if (v->to_user)
		r->to = true;
	else
		r->from = true;
	if (r->nby == 1 || v->min < r->min)
		r->min = v->min;
	if (v->max > r->max)
		r->max = v->max;
	if (r->nby == 1 || v->first < r->first)
		r->first = v->first;
	if (v->last > r->last)
		r->last = v->last;
	r->count = v->count > UINT64_MAX - r->count ? UINT64_MAX : r->count + v->count;
}

static bool region_touches(const struct region *r, const struct violation *v)
{
	return !by_cache(r->by[0], v) && r->to == v->to_user && v->min <= r->max;
}

/* Keep a region that is finished, or point out all that is in it. */
static void region_close(struct plan *plan, struct region *r)
{
	if (!r->nby)
		return;
	if (covers_whole_object(r->min, r->max, r->by[0]->objsize)) {
		for (size_t i = 0; i < r->nby; i++)
			point_out(plan, r->by[i], suspect_whole_object());
		free(r->by);
	} else {
		plan->region = xgrow(plan->region, plan->nregions, sizeof(*plan->region));
		plan->region[plan->nregions++] = *r;
	}
	memset(r, 0, sizeof(*r));
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
			for (size_t k = 0; k < r->nby; k++)
				region_add(before, r->by[k]);
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

void plan_make(const struct violation_set *set, struct plan *plan)
{
	const struct violation **good = NULL;
	struct region r = { 0 };
	size_t n = 0;

	memset(plan, 0, sizeof(*plan));
	for (size_t i = 0; i < set->n; i++) {
		unsigned int why = suspect(&set->v[i]);

		if (why) {
			point_out(plan, &set->v[i], why);
			continue;
		}
		good = xgrow(good, n, sizeof(*good));
		good[n++] = &set->v[i];
	}
	if (n)
		qsort(good, n, sizeof(*good), by_range);
	for (size_t i = 0; i < n; i++) {
		if (r.nby && !region_touches(&r, good[i]))
			region_close(plan, &r);
		region_add(&r, good[i]);
	}
	region_close(plan, &r);
	free(good);
	join_directions(plan);
	make_fixes(plan);
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
