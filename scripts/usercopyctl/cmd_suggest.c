// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl suggest: rules, or a driver's fix, from what was observed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alias.h"
#include "command.h"
#include "exit.h"
#include "fields.h"
#include "json.h"
#include "option.h"
#include "output.h"
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

static const char *times_word(uint64_t n)
{
	return n == 1 ? "time" : "times";
}

static void print_by(const struct violation *v)
{
	struct ranges ranges;
	char *text;

	violation_ranges(v, &ranges);
	text = ranges_text(&ranges);
	printf("#   %" PRIu64 " by ", v->count);
	put_brief(stdout, v->caller);
	printf(" (violation %" PRIu64 ", bytes %s, first by ", v->id, text);
	put_brief(stdout, v->comm && *v->comm ? v->comm : "?");
	printf("[%" PRIu64 "])\n", v->pid);
	free(text);
}

/* Which members a rule opens that was widened, and what makes us think so. */
static void print_fields(const struct region *r)
{
	struct ranges ranges = { 0 };
	bool sure;
	char *text;

	ranges_add(&ranges, r->min, r->max);
	text = fields_text(r->by[0], &ranges, &sure);
	fputs("# ", stdout);
	if (!text) {
		puts("Which structure it is, is not known: the bytes that were seen, and no more.");
		return;
	}
	fputs(sure ? "Whole members: " : "Whole members, if the one structure of this size is it: ", stdout);
	put_brief(stdout, text);
	putchar('\n');
	free(text);
}

static void print_rule(const struct region *r, const struct alias_set *aliases,
		       enum violation_times times, bool fields)
{
	char *rule = rule_text(r);

	printf("\n# %" PRIu64 " %s %s, ", r->count, r->count == 1 ? "copy" : "copies",
	       direction_text(r));
	print_when(r->first, r->last, times);
	putchar('\n');
	for (size_t i = 0; i < r->nby; i++)
		print_by(r->by[i]);
	if (fields)
		print_fields(r);
	if (r->careful)
		puts("# Careful: the range grew again and again. A field of varying length, or a length that\n"
		     "# nobody checks? The rule covers what was seen; other lengths will be reported.");
	print_merged(r->by[0], aliases, "# ",
		     "The rule opens all of them; booting with slab_nomerge keeps them apart.");
	puts(rule);
	free(rule);
}

/*
 * For what no allow rule can mend: the one call site under another policy. Not in force as it stands
 * there; whoever takes the "#" away has been told what it is.
 */
static char *exception(const struct violation *v)
{
	const char *plus = strchr(v->caller, '+'), *bracket = strchr(v->caller, '[');
	char *function, *module, *name, *escaped, *rule;

	if (!is_beyond_rules(v) || !plus)
		return NULL;
	function = xformat("%.*s", (int)(plus - v->caller), v->caller);
	module = bracket ? xformat("@%.*s", (int)strcspn(bracket + 1, "]"), bracket + 1)
			 : xformat("%s", "");
	name = xformat("%s%s", function, module);
	escaped = rule_name(name);
	rule = rule_can_name(name) ? xformat("policy caller:%s warn", escaped) : NULL;
	free(function);
	free(module);
	free(name);
	free(escaped);
	return rule;
}

static void print_exceptions(const struct plan *plan)
{
	bool told = false;

	for (size_t i = 0; i < plan->nout; i++) {
		char *rule = exception(plan->out[i].v);

		if (!rule)
			continue;
		if (!told)
			puts("\n# No rule mends these: a bug, or an attack. To live with a bug until it is mended, and\n"
			     "# refuse everybody else's, take away the \"#\": copies by this function are then\n"
			     "# let through and reported, whatever they touch.");
		told = true;
		printf("# violation %" PRIu64 ", %s, %" PRIu64 " %s\n#%s\n", plan->out[i].v->id,
		       plan->out[i].v->kind, plan->out[i].v->count, times_word(plan->out[i].v->count),
		       rule);
		free(rule);
	}
}

static void print_rules(const struct plan *plan, const struct alias_set *aliases,
			enum violation_times times, bool fields)
{
	if (plan->nregions) {
		printf("# usercopyctl suggest: what was observed, %s. Read it before you load it:\n",
		       fields ? "and the rest of the same members" : "no byte more");
		puts("# every rule lets user space see or change these bytes of every object of the cache.");
	} else {
		puts("# usercopyctl suggest: nothing to suggest");
	}
	if (plan->in_force)
		printf("# %zu more %s covered by rules in force already.\n", plan->in_force,
		       plan->in_force == 1 ? "violation is" : "violations are");
	for (size_t i = 0; i < plan->nregions; i++)
		print_rule(&plan->region[i], aliases, times, fields);
	print_exceptions(plan);
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
		       times_word(r[i].count));
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
	if (covers_whole_object(fix->max - fix->min, v->objsize))
		puts(" * The region is nearly the whole object: better copy through a buffer of its own.");
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
		    v->count, times_word(v->count), v->caller);
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
	json_flag("careful", r->careful);
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
	json_flag("whole_object", covers_whole_object(fix->max - fix->min, fix->v->objsize));
	json_end();
}

static void json_out(const struct pointed_out *out)
{
	const struct violation *v = out->v;
	char *rule = exception(v);

	json_object_begin(NULL);
	json_number("id", v->id);
	json_string("kind", v->kind);
	json_string("direction", v->to_user ? "to" : "from");
	json_string("cache", v->cache);
	json_number("min", v->min);
	json_number("max", v->max);
	json_number("count", v->count);
	json_string("caller", v->caller);
	if (rule)
		json_string("exception", rule);
	free(rule);
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
		       const struct plan *fixes, const struct alias_set *aliases)
{
	json_object_begin(NULL);
	json_array_begin("rules");
	for (size_t i = 0; i < plan->nregions; i++)
		json_region(&plan->region[i], aliases, set->times);
	json_end();
	json_array_begin("drivers");
	for (size_t i = 0; i < fixes->nfixes; i++)
		json_fix(&fixes->fix[i]);
	json_end();
	json_array_begin("pointed_out");
	for (size_t i = 0; i < plan->nout; i++)
		json_out(&plan->out[i]);
	json_end();
	json_number("in_force", plan->in_force);
	json_malformed(set);
	json_end();
}

static int suggest(const struct violation_set *set, bool json, bool driver, bool fields)
{
	void (*widen)(const struct violation *v, struct ranges *ranges) = NULL;
	/* A file may come from another machine, with other rules, and caches merged otherwise. */
	bool here = set->times != TIMES_OF_SOME_BOOT;
	struct alias_set aliases = { 0 };
	struct active rules = { 0 }, none = { 0 };
	struct plan plan, fixes;
	int ret;

	if (here) {
		aliases_read(&aliases);
		active_read(&rules);
		widen = fields ? fields_widen : NULL;
	}
	plan_make(set, &aliases, driver ? &none : &rules, widen, &plan);
	/* A rule on one machine is no reason for a driver not to be mended. */
	plan_make(set, &aliases, &none, widen, &fixes);
	if (json)
		print_json(set, &plan, &fixes, &aliases);
	else if (driver)
		print_fixes(&fixes, &aliases);
	else
		print_rules(&plan, &aliases, set->times, widen != NULL);
	if (!json)
		say_pointed_out(&plan);
	ret = set->nbad ? CTL_BAD_INPUT : plan.nout || plan.careful ? CTL_LOOK : CTL_OK;
	plan_free(&plan);
	plan_free(&fixes);
	fields_done();
	active_free(&rules);
	aliases_free(&aliases);
	return ret;
}

int cmd_suggest(int argc, char **argv)
{
	bool json = false, driver = false, fields = false;
	const char *file = NULL;
	struct source source = { 0 };
	const struct option_word known[] = {
		OPTION_JSON(json),
		{ "--driver", .on = &driver, .help = "what to change in the driver instead" },
		{ "--fields", .on = &fields, .help = "whole members of the structure" },
		{ "-o", .value = &file, .takes = WORD_FILE, .help = "into this file, whole or not at all" },
		SOURCE_OPTIONS(source), { .word = NULL },
	};
	int n = options_take(argc, argv, known, 1), ret;
	struct violation_set set;
	struct output output;

	if (n < 0)
		return CTL_USAGE;
	source.file = n ? argv[1] : NULL;
	ret = source_get(&source, &set);
	if (ret)
		return ret;
	if (!output_begin(&output, file)) {
		ret = CTL_NO_FILE;
	} else {
		ret = suggest(&set, json, driver, fields);
		if (!output_end(&output, true))
			ret = CTL_NO_FILE;
	}
	violations_free(&set);
	return ret;
}
