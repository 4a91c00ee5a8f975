// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl explain: one violation, in words for somebody who has to do something about it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "active.h"
#include "command.h"
#include "exit.h"
#include "fields.h"
#include "json.h"
#include "number.h"
#include "option.h"
#include "say.h"
#include "source.h"
#include "suspect.h"
#include "when.h"

static char *field_of(const struct violation *v, bool *sure)
{
	struct ranges ranges;

	return is_beyond_rules(v) || !violation_ranges(v, &ranges) ? NULL :
	       fields_text(v, &ranges, sure);
}

static void print_what(const struct violation *v, enum violation_times times)
{
	printf("Violation %" PRIu64 ": %" PRIu64 " %s of ", v->id, v->count,
	       v->count == 1 ? "copy" : "copies");
	if (v->minsize != v->maxsize)
		printf("%" PRIu64 " to ", v->minsize);
	printf("%" PRIu64 " bytes %s user space, by ", v->maxsize, v->to_user ? "to" : "from");
	put_plain(stdout, v->caller);
	fputs(", first in process ", stdout);
	put_plain(stdout, v->comm && *v->comm ? v->comm : "?");
	printf("[%" PRIu64 "]", v->pid);
	put_dates(times, v->first, v->last);
	printf(".\n%s\n\n", v->to_user ? "User space may have read kernel memory that was not meant for it." :
	       "User space may have written kernel memory that was not meant for it.");
}

static void print_object(const struct violation *v, const struct alias_set *aliases,
			 const char *field, bool sure)
{
	const struct alias *a;
	size_t n = 0;

	if (!v->cache) {
		printf("Memory: no slab object (%s).\n", v->kind);
		return;
	}
	fputs("Memory: an object of ", stdout);
	printf("%" PRIu64 " bytes of the slab cache ", v->objsize);
	put_plain(stdout, v->cache);
	if (v->usersize)
		printf(", whose whitelist is bytes %" PRIu64 "-%" PRIu64 ".\n", v->useroffset,
		       v->useroffset + v->usersize - 1);
	else
		puts(", which has no whitelist.");
	a = aliases_of(aliases, v->cache, &n);
	if (n > 1)
		fputs("Who shares its memory, so that it may be any of theirs:", stdout);
	for (size_t i = 0; n > 1 && i < n; i++) {
		putchar(' ');
		put_plain(stdout, a[i].name);
	}
	if (n > 1)
		putchar('\n');
	if (field) {
		fputs(sure ? "Field: " : "Field, if the one structure of this size is it: ", stdout);
		put_plain(stdout, field);
		putchar('\n');
	}
}

static void print_stack(const struct violation *v)
{
	const char *s = v->stack;

	if (!s || !*s)
		return;
	puts("\nThe way there:");
	while (*s) {
		char *frame = xformat("%.*s", (int)strcspn(s, ","), s);

		fputs("  ", stdout);
		put_plain(stdout, frame);
		putchar('\n');
		s += strlen(frame);
		s += *s == ',';
		free(frame);
	}
}

static void print_policies(const struct violation *v)
{
	bool whitelist = !strcmp(v->kind, "whitelist");

	puts("\nUnder each policy:");
	puts("  warn      it goes ahead, and is reported");
	printf("  fallback  it %s\n", whitelist ? "goes ahead, and is reported" :
	       "is refused: the caller sees a bad user address (EFAULT)");
	puts("  enforce   it is refused: the caller sees a bad user address (EFAULT)");
	if (v->unrefusable)
		printf("Not refusable here: %" PRIu64 " would have been refused, and could not be.\n",
		       v->unrefusable);
}

static void print_advice(const struct violation *v, const struct alias_set *aliases,
			 const char *module)
{
	unsigned int why = suspect(v, aliases);

	puts("\nWhat to do:");
	for (size_t i = 0; i < nr_suspicions; i++)
		if (why & 1u << i)
			printf("  %s: %s.\n", suspicions[i].word, suspicions[i].reason);
	if (!why)
		puts("  It looks like a field without a whitelist. \"usercopyctl suggest\" has the rule that mends this\n"
		     "  machine, and with --driver the change that mends the driver.");
	if (is_beyond_rules(v))
		puts("  \"usercopyctl suggest\" has a policy for this one function, if it must go on until it is mended.");
	fputs("  To whom to write: ", stdout);
	if (module) {
		fputs("the author of ", stdout);
		put_plain(stdout, module);
		fputs(" (\"modinfo -F author ", stdout);
		put_plain(stdout, module);
		puts("\").");
	} else {
		puts("your distribution, or the kernel's list for hardening: no module is on the stack, and none has this structure.");
	}
}

static void print_json(const struct violation *v, const struct alias_set *aliases,
		       const char *module, const char *field, bool sure)
{
	unsigned int why = suspect(v, aliases);

	json_object_begin(NULL);
	json_number("id", v->id);
	json_string("cache", v->cache);
	json_string("kind", v->kind);
	json_string("module", module);
	json_string("field", field);
	json_flag("field_is_sure", field && sure);
	json_flag("refused_by_fallback", strcmp(v->kind, "whitelist"));
	json_flag("refused_by_enforce", true);
	json_array_begin("reasons");
	for (size_t i = 0; i < nr_suspicions; i++)
		if (why & 1u << i)
			json_string(NULL, suspicions[i].word);
	json_end();
	json_string("stack", v->stack);
	json_end();
}

static void explain(const struct violation *v, enum violation_times times, bool json)
{
	struct alias_set aliases = { 0 };
	char *module, *field = NULL;
	bool sure = false;

	/* Another machine's caches and types are none of ours. */
	if (times == TIMES_OF_SOME_BOOT) {
		module = violation_module(v);
	} else {
		module = fields_module(v);
		aliases_read(&aliases);
		field = field_of(v, &sure);
	}
	if (json) {
		print_json(v, &aliases, module, field, sure);
	} else {
		print_what(v, times);
		print_object(v, &aliases, field, sure);
		print_stack(v);
		print_policies(v);
		print_advice(v, &aliases, module);
	}
	aliases_free(&aliases);
	fields_done();
	free(module);
	free(field);
}

int cmd_explain(int argc, char **argv)
{
	bool json = false, found = false;
	struct source source = { 0 };
	const struct option_word known[] = {
		OPTION_JSON(json), SOURCE_OPTIONS(source), { .word = NULL },
	};
	int n = options_take(argc, argv, known, 2), ret;
	const char *digits = n > 0 ? argv[1] : "";
	struct violation_set set;
	uint64_t id;

	if (n < 0)
		return CTL_USAGE;
	if (!number_read(&digits, digits + strlen(digits), &id) || *digits) {
		say("explain needs the number of a violation, as \"usercopyctl violations\" shows it");
		return CTL_USAGE;
	}
	source.file = n > 1 ? argv[2] : NULL;
	ret = source_get(&source, &set);
	if (ret)
		return ret;
	for (size_t i = 0; i < set.n && !found; i++) {
		found = set.v[i].id == id;
		if (found)
			explain(&set.v[i], set.times, json);
	}
	if (!found)
		say("there is no violation %" PRIu64, id);
	ret = set.nbad ? CTL_BAD_INPUT : found ? CTL_OK : CTL_NO_FILE;
	violations_free(&set);
	return ret;
}
