// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl suggest: rules, or a driver's fix, from what was observed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alias.h"
#include "command.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "rules.h"
#include "say.h"
#include "source.h"
#include "suggest.h"
#include "suspect.h"
#include "when.h"

static const char *direction(const struct region *r)
{
	return r->to && r->from ? "both" : r->to ? "to" : "from";
}

static const char *direction_text(const struct region *r)
{
	return r->to && r->from ? "to and from user space" :
	       r->to ? "to user space" : "from user space";
}

static char *rule_text(const struct region *r)
{
	char *name = rule_name(r->by[0]->cache);
	char *rule = xformat("allow %s %" PRIu64 " %" PRIu64 " %s", name, r->min,
			     r->max - r->min, direction(r));

	free(name);
	return rule;
}

static void print_when(uint64_t first, uint64_t last, enum violation_times times)
{
	if (times == TIMES_OF_DAY) {
		fputs("seen", stdout);
	} else {
		printf("%" PRIu64 ".%06" PRIu64, first / USEC, first % USEC);
		if (last != first)
			printf(" to %" PRIu64 ".%06" PRIu64, last / USEC, last % USEC);
		fputs(" s after boot", stdout);
	}
	put_dates(times, first, last);
}

/*
 * Caches that share memory go by the name of the first of them, which need not be the
 * one whose driver is at fault.
 */
static void print_merged(const struct violation *v, const struct alias_set *aliases,
			 const char *before, const char *advice)
{
	const struct alias *a;
	size_t n = 0;

	a = aliases_of(aliases, v->cache, &n);
	if (!v->merged && n < 2)
		return;
	printf("%sCareful: %" PRIu64 " more %s this one's memory.\n", before,
	       v->merged ? v->merged : (uint64_t)n - 1,
	       v->merged == 1 || (!v->merged && n == 2) ? "cache shares" : "caches share");
	printf("%s%s\n%sThe others, if they are still there:\n", before, advice, before);
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(a[i].name, v->cache))
			continue;
		printf("%s  ", before);
		put_brief(stdout, a[i].name);
		putchar('\n');
	}
	if (n < 2)
		printf("%s  (see \"usercopyctl aliases\" on the machine where this was seen)\n", before);
}

static const char *times(uint64_t n)
{
	return n == 1 ? "time" : "times";
}

static void print_rule(const struct region *r, const struct alias_set *aliases, enum violation_times times)
{
	char *rule = rule_text(r);

	printf("\n# %" PRIu64 " %s %s, ", r->count, r->count == 1 ? "copy" : "copies",
	       direction_text(r));
	print_when(r->first, r->last, times);
	putchar('\n');
	for (size_t i = 0; i < r->nby; i++) {
		const struct violation *v = r->by[i];

		printf("#   %" PRIu64 " by ", v->count);
		put_brief(stdout, v->caller);
		printf(" (violation %" PRIu64 ", bytes %" PRIu64 "-%" PRIu64 ", first by ",
		       v->id, v->min, v->max - 1);
		put_brief(stdout, v->comm && *v->comm ? v->comm : "?");
		printf("[%" PRIu64 "])\n", v->pid);
	}
	print_merged(r->by[0], aliases, "# ",
		     "The rule opens all of them; booting with slab_nomerge keeps them apart.");
	puts(rule);
	free(rule);
}

static void print_rules(const struct plan *plan, const struct alias_set *aliases, enum violation_times times)
{
	if (!plan->nregions) {
		puts("# usercopyctl suggest: nothing to suggest");
		return;
	}
	puts("# usercopyctl suggest: what was observed, no byte more. Read it before you load it:");
	puts("# every rule lets user space see or change these bytes of every object of the cache.");
	for (size_t i = 0; i < plan->nregions; i++)
		print_rule(&plan->region[i], aliases, times);
}

static void print_c_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 32 || c > 126 || c == '"' || c == '\\')
			printf("\\%03o", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_bytes(const char *before, uint64_t min, uint64_t max)
{
	printf("%sbytes %" PRIu64 "-%" PRIu64, before, min, max - 1);
}

static void print_fix(const struct region *r, const struct fix *fix,
		      const struct alias_set *aliases)
{
	const struct violation *v = fix->v;

	fputs("\n/*\n * ", stdout);
	put_plain(stdout, v->cache);
	printf(": objects of %" PRIu64 " bytes; whitelisted today: ", v->objsize);
	if (v->usersize)
		print_bytes("", v->useroffset, v->useroffset + v->usersize);
	else
		fputs("nothing", stdout);
	puts(".");
	for (size_t i = 0; i < fix->regions; i++) {
		print_bytes(" * Copied ", r[i].min, r[i].max);
		printf(" %s, %" PRIu64 " %s, by\n", direction_text(&r[i]), r[i].count,
		       times(r[i].count));
		for (size_t k = 0; k < r[i].nby; k++) {
			fputs(" *   ", stdout);
			put_plain(stdout, r[i].by[k]->caller);
			putchar('\n');
		}
	}
	if (fix->gap)
		printf(" * A cache has one region: this one takes in %" PRIu64
		       " bytes that nobody copied.\n * Moving the copied members together avoids that.\n",
		       fix->gap);
	if (covers_whole_object(fix->min, fix->max, v->objsize))
		puts(" * The region is the whole object: better copy through a buffer of its own.");
	print_merged(v, aliases, " * ",
		     "The call to change is that of the cache which the caller's objects come from;\n"
		     " * a cache with a region of its own is not merged any more.");
	puts(" * Write offsetof() and sizeof_field() of the members instead of the numbers;");
	puts(" * align, flags and ctor are those of the present call.\n */");
	fputs("cache = kmem_cache_create_usercopy(", stdout);
	print_c_string(v->cache);
	printf(", %" PRIu64 ", align, flags,\n\t\t\t\t   %" PRIu64 ", %" PRIu64 ", ctor);\n",
	       v->objsize, fix->min, fix->max - fix->min);
	puts("\n/* The same for Linux 6.12 and later. */");
	printf("struct kmem_cache_args args = {\n\t.align\t\t= align,\n\t.ctor\t\t= ctor,\n"
	       "\t.useroffset\t= %" PRIu64 ",\n\t.usersize\t= %" PRIu64 ",\n};\n",
	       fix->min, fix->max - fix->min);
	fputs("cache = kmem_cache_create(", stdout);
	print_c_string(v->cache);
	printf(", %" PRIu64 ", &args, flags);\n", v->objsize);
}

static void print_fixes(const struct plan *plan, const struct alias_set *aliases)
{
	const struct region *r = plan->region;

	if (!plan->nfixes)
		puts("/* usercopyctl suggest: nothing to suggest */");
	for (size_t i = 0; i < plan->nfixes; i++) {
		print_fix(r, &plan->fix[i], aliases);
		r += plan->fix[i].regions;
	}
}

static void say_pointed_out(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nout; i++) {
		const struct violation *v = plan->out[i].v;

		say("violation %" PRIu64 " gets no rule: %s, cache %s, bytes %" PRIu64 " up to %" PRIu64
		    " %s user space, %" PRIu64 " %s, by %s:", v->id, v->kind,
		    v->cache ? v->cache : "-", v->min, v->max, v->to_user ? "to" : "from",
		    v->count, times(v->count), v->caller);
		for (size_t k = 0; k < nr_suspicions; k++)
			if (plan->out[i].why & 1u << k)
				say("  %s: %s", suspicions[k].word, suspicions[k].reason);
	}
}

static void json_aliases(const struct alias_set *aliases, const char *cache)
{
	const struct alias *a;
	size_t n = 0;

	a = aliases_of(aliases, cache, &n);
	json_array_begin("aliases");
	for (size_t i = 0; a && i < n; i++)
		if (strcmp(a[i].name, cache))
			json_string(NULL, a[i].name);
	json_end();
}

static void json_region(const struct region *r, const struct alias_set *aliases, enum violation_times times)
{
	char *rule = rule_text(r);

	json_object_begin(NULL);
	json_string("rule", rule);
	json_string("cache", r->by[0]->cache);
	json_number("offset", r->min);
	json_number("length", r->max - r->min);
	json_string("direction", direction(r));
	json_number("count", r->count);
	json_seconds("first", r->first);
	json_seconds("last", r->last);
	json_date("first_date", times, r->first);
	json_date("last_date", times, r->last);
	json_number("merged", r->by[0]->merged);
	json_aliases(aliases, r->by[0]->cache);
	json_array_begin("violations");
	for (size_t i = 0; i < r->nby; i++) {
		json_object_begin(NULL);
		json_number("id", r->by[i]->id);
		json_number("count", r->by[i]->count);
		json_string("caller", r->by[i]->caller);
		json_string("comm", r->by[i]->comm);
		json_end();
	}
	json_end();
	json_end();
	free(rule);
}

static void json_fix(const struct fix *fix)
{
	json_object_begin(NULL);
	json_string("cache", fix->v->cache);
	json_number("objsize", fix->v->objsize);
	json_number("useroffset", fix->min);
	json_number("usersize", fix->max - fix->min);
	json_number("old_useroffset", fix->v->useroffset);
	json_number("old_usersize", fix->v->usersize);
	json_number("gap", fix->gap);
	json_flag("whole_object", covers_whole_object(fix->min, fix->max, fix->v->objsize));
	json_end();
}

static void json_out(const struct pointed_out *out)
{
	const struct violation *v = out->v;

	json_object_begin(NULL);
	json_number("id", v->id);
	json_string("kind", v->kind);
	json_string("direction", v->to_user ? "to" : "from");
	json_string("cache", v->cache);
	json_number("min", v->min);
	json_number("max", v->max);
	json_number("count", v->count);
	json_string("caller", v->caller);
	json_array_begin("reasons");
	for (size_t k = 0; k < nr_suspicions; k++) {
		if (!(out->why & 1u << k))
			continue;
		json_object_begin(NULL);
		json_string("word", suspicions[k].word);
		json_string("text", suspicions[k].reason);
		json_end();
	}
	json_end();
	json_end();
}

static void print_json(const struct violation_set *set, const struct plan *plan,
		       const struct alias_set *aliases, enum violation_times times)
{
	json_object_begin(NULL);
	json_array_begin("rules");
	for (size_t i = 0; i < plan->nregions; i++)
		json_region(&plan->region[i], aliases, times);
	json_end();
	json_array_begin("drivers");
	for (size_t i = 0; i < plan->nfixes; i++)
		json_fix(&plan->fix[i]);
	json_end();
	json_array_begin("pointed_out");
	for (size_t i = 0; i < plan->nout; i++)
		json_out(&plan->out[i]);
	json_end();
	json_malformed(set);
	json_end();
}

int cmd_suggest(int argc, char **argv)
{
	bool json = false, driver = false;
	struct source source = { 0 };
	const struct option_word known[] = {
		{ "--json", .on = &json }, { "--driver", .on = &driver }, SOURCE_OPTIONS(source), { .word = NULL },
	};
	int n = options_take(argc, argv, known, 1), ret;
	struct alias_set aliases = { 0 };
	struct violation_set set;
	struct plan plan;

	if (n < 0)
		return CTL_USAGE;
	source.file = n ? argv[1] : NULL;
	ret = source_get(&source, &set);
	if (ret)
		return ret;
	/* A file may come from another machine: its caches are merged in another way. */
	if (!n)
		aliases_read(&aliases);
	plan_make(&set, &plan);
	if (json)
		print_json(&set, &plan, &aliases, set.times);
	else if (driver)
		print_fixes(&plan, &aliases);
	else
		print_rules(&plan, &aliases, set.times);
	if (!json)
		say_pointed_out(&plan);
	ret = set.nbad ? CTL_BAD_INPUT : plan.nout ? CTL_LOOK : CTL_OK;
	plan_free(&plan);
	aliases_free(&aliases);
	violations_free(&set);
	return ret;
}
