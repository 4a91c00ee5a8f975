// SPDX-License-Identifier: GPL-2.0-only
#include "show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "colour.h"
#include "json.h"
#include "say.h"
#include "when.h"

static void print_times(const struct violation *v, enum violation_times times)
{
	if (times == TIMES_OF_DAY)
		fputs("; seen", stdout);
	else
		printf("; from %" PRIu64 ".%06" PRIu64 " s to %" PRIu64 ".%06" PRIu64
		       " s after boot", v->first / USEC, v->first % USEC, v->last / USEC,
		       v->last % USEC);
	put_dates(times, v->first, v->last);
	putchar('\n');
}

static void print_outcomes(const struct violation *v)
{
	const struct {
		const char *word;
		uint64_t n;
		enum colour colour;
	} part[] = {
		{ "allowed", v->allowed, COLOUR_GOOD },
		{ "refused", v->refused, COLOUR_CARE },
		{ "not refusable", v->unrefusable, COLOUR_BAD },
		{ "handed to the kernel", v->killed, COLOUR_BAD },
	};
	const char *before = ": ";

	for (size_t i = 0; i < ARRAY_SIZE(part); i++) {
		if (!part[i].n)
			continue;
		printf("%s%" PRIu64 " ", before, part[i].n);
		put_coloured(stdout, part[i].colour, part[i].word);
		before = ", ";
	}
}

static void print_counts(const struct violation *v)
{
	printf("  %" PRIu64 " %s of %" PRIu64, v->count, v->count == 1 ? "copy" : "copies",
	       v->minsize);
	if (v->minsize != v->maxsize)
		printf(" to %" PRIu64, v->maxsize);
	printf(" bytes");
	print_outcomes(v);
}

/* The bytes; where they lie apart, all pieces. */
static void print_ranges(const struct violation *v)
{
	struct ranges ranges;
	char *text;

	if (v->max <= v->min)
		return;
	if (!violation_ranges(v, &ranges)) {
		printf(" bytes here and there from %" PRIu64 " to %" PRIu64, v->min, v->max - 1);
		return;
	}
	text = ranges_text(&ranges);
	printf(" bytes %s", text);
	free(text);
}

static void print_by(const struct violation *v)
{
	fputs("  by ", stdout);
	put_plain(stdout, v->caller);
	if (v->module && *v->module) {
		fputs(" for ", stdout);
		put_plain(stdout, v->module);
	}
	fputs(", first by process ", stdout);
	put_plain(stdout, v->comm ? v->comm : "?");
	printf("[%" PRIu64 "]", v->pid);
	if (v->policy && *v->policy && v->by) {
		printf("; policy %s, ", v->policy);
		put_plain(stdout, v->by);
	}
	putchar('\n');
}

void show_violation(const struct violation *v, enum violation_times times)
{
	printf("#%" PRIu64 " ", v->id);
	put_coloured(stdout, COLOUR_TITLE,
		     v->to_user ? "exposure of kernel memory to user space"
				: "overwrite of kernel memory from user space");
	fputs(": ", stdout);
	put_plain(stdout, v->kind);
	if (v->cache) {
		fputs(", slab cache '", stdout);
		put_plain(stdout, v->cache);
		printf("' (object size %" PRIu64, v->objsize);
		if (v->usersize)
			printf(", whitelist %" PRIu64 "-%" PRIu64, v->useroffset,
			       v->useroffset + v->usersize - 1);
		else
			fputs(", no whitelist", stdout);
		if (v->merged)
			printf(", merged with %" PRIu64 " more", v->merged);
		putchar(')');
	}
	if (v->max > v->min)
		putchar(',');
	print_ranges(v);
	if (v->denied)
		fputs(", denied by a rule", stdout);
	putchar('\n');
	print_counts(v);
	print_times(v, times);
	print_by(v);
}

void show_growth(const struct violation *v, const struct violation *before,
		 enum violation_times times)
{
	struct violation more = {
		.allowed = v->allowed - before->allowed,
		.refused = v->refused - before->refused,
		.unrefusable = v->unrefusable - before->unrefusable,
		.killed = v->killed - before->killed,
	};
	char *now = ranges_text(&v->ranges), *then = ranges_text(&before->ranges);

	printf("#%" PRIu64 " again, %" PRIu64 " more, %" PRIu64 " in all", v->id,
	       v->count - before->count, v->count);
	print_outcomes(&more);
	if (strcmp(now, then) || v->min != before->min || v->max != before->max) {
		fputs("; now", stdout);
		print_ranges(v);
	}
	if (times == TIMES_OF_THIS_BOOT)
		fputs("; last", stdout);
	put_dates(times, v->last, v->last);
	putchar('\n');
	free(now);
	free(then);
}

static void json_outcome(const char *word, uint64_t n, uint64_t at, enum violation_times times)
{
	char *key = xformat("%s_at", word), *date = xformat("%s_date", word);

	json_number(word, n);
	if (at) {
		json_seconds(key, at);
		json_date(date, times, at);
	}
	free(key);
	free(date);
}

static void json_what(const struct violation *v)
{
	char *ranges = ranges_text(&v->ranges);

	json_number("id", v->id);
	json_string("kind", v->kind);
	json_string("direction", v->to_user ? "to" : "from");
	json_string("cache", v->cache);
	json_number("merged", v->merged);
	json_number("objsize", v->objsize);
	json_number("useroffset", v->useroffset);
	json_number("usersize", v->usersize);
	json_flag("denied", v->denied);
	json_number("min", v->min);
	json_number("max", v->max);
	json_number("minsize", v->minsize);
	json_number("maxsize", v->maxsize);
	json_number("grew", v->grew);
	json_string("ranges", ranges);
	free(ranges);
}

void show_violation_json(const struct violation *v, enum violation_times times)
{
	json_what(v);
	json_number("count", v->count);
	json_outcome("allowed", v->allowed, v->allowed_at, times);
	json_outcome("refused", v->refused, v->refused_at, times);
	json_outcome("unrefusable", v->unrefusable, v->unrefusable_at, times);
	json_outcome("killed", v->killed, v->killed_at, times);
	json_seconds("first", v->first);
	json_seconds("last", v->last);
	json_date("first_date", times, v->first);
	json_date("last_date", times, v->last);
	json_number("pid", v->pid);
	json_string("comm", v->comm);
	json_string("policy", v->policy);
	json_string("by", v->by);
	json_string("caller", v->caller);
	json_string("module", v->module);
	json_string("srcversion", v->srcversion);
	json_string("stack", v->stack);
}
