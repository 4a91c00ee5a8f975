// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl violations: what was seen, for people or as JSON. */
#include <inttypes.h>

#include "array.h"
#include "command.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "say.h"
#include "when.h"
#include "violation.h"

static void print_seconds(const char *before, uint64_t usec)
{
	printf("%s%" PRIu64 ".%06" PRIu64, before, usec / 1000000, usec % 1000000);
}

static void print_counts(const struct violation *v, bool live)
{
	const struct {
		const char *word;
		uint64_t n;
	} part[] = {
		{ "allowed", v->allowed },
		{ "refused", v->refused },
		{ "not refusable", v->unrefusable },
		{ "handed to the kernel", v->killed },
	};
	const char *before = ": ";

	printf("  %" PRIu64 " %s of %" PRIu64, v->count, v->count == 1 ? "copy" : "copies",
	       v->minsize);
	if (v->minsize != v->maxsize)
		printf(" to %" PRIu64, v->maxsize);
	printf(" bytes");
	for (size_t i = 0; i < ARRAY_SIZE(part); i++) {
		if (!part[i].n)
			continue;
		printf("%s%" PRIu64 " %s", before, part[i].n, part[i].word);
		before = ", ";
	}
	print_seconds("; from ", v->first);
	print_seconds(" s to ", v->last);
	fputs(" s after boot", stdout);
	if (live)
		put_dates(v->first, v->last);
	putchar('\n');
}

static void print_one(const struct violation *v, bool live)
{
	printf("#%" PRIu64 " %s: ", v->id,
	       v->to_user ? "exposure of kernel memory to user space"
			  : "overwrite of kernel memory from user space");
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
		printf(", bytes %" PRIu64 "-%" PRIu64, v->min, v->max - 1);
	putchar('\n');
	print_counts(v, live);
	fputs("  by ", stdout);
	put_plain(stdout, v->caller);
	fputs(", first by process ", stdout);
	put_plain(stdout, v->comm ? v->comm : "?");
	printf("[%" PRIu64 "]\n", v->pid);
}

static void print_one_json(const struct violation *v, bool live)
{
	json_object_begin(NULL);
	json_number("id", v->id);
	json_string("kind", v->kind);
	json_string("direction", v->to_user ? "to" : "from");
	json_string("cache", v->cache);
	json_number("merged", v->merged);
	json_number("objsize", v->objsize);
	json_number("useroffset", v->useroffset);
	json_number("usersize", v->usersize);
	json_number("min", v->min);
	json_number("max", v->max);
	json_number("minsize", v->minsize);
	json_number("maxsize", v->maxsize);
	json_number("grew", v->grew);
	json_number("count", v->count);
	json_number("allowed", v->allowed);
	json_number("refused", v->refused);
	json_number("unrefusable", v->unrefusable);
	json_number("killed", v->killed);
	json_seconds("first", v->first);
	json_seconds("last", v->last);
	if (live) {
		json_date("first_date", v->first);
		json_date("last_date", v->last);
	}
	json_number("pid", v->pid);
	json_string("comm", v->comm);
	json_string("caller", v->caller);
	json_end();
}

int cmd_violations(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { { "--json", &json }, { NULL, NULL } };
	int n = options_take(argc, argv, known, 1), ret;
	struct violation_set set;

	if (n < 0)
		return CTL_USAGE;
	if (!violations_get(n ? argv[1] : NULL, &set))
		return CTL_NO_FILE;
	if (json) {
		json_object_begin(NULL);
		json_array_begin("violations");
	}
	for (size_t i = 0; i < set.n; i++)
		(json ? print_one_json : print_one)(&set.v[i], !n);
	if (json) {
		json_end();
		json_malformed(&set);
		json_end();
	} else if (!set.n && !set.nbad) {
		puts("no violations");
	}
	ret = set.nbad ? CTL_BAD_INPUT : CTL_OK;
	violations_free(&set);
	return ret;
}
