// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl violations: what was seen, for people or as JSON, once or as it comes. */
#include <stdio.h>

#include "command.h"
#include "exit.h"
#include "follow.h"
#include "json.h"
#include "option.h"
#include "say.h"
#include "show.h"
#include "source.h"

#define EVERY_SECONDS	2

static int print_all(const struct violation_set *set, bool json)
{
	if (json) {
		json_object_begin(NULL);
		json_array_begin("violations");
	}
	for (size_t i = 0; i < set->n; i++) {
		if (json) {
			json_object_begin(NULL);
			show_violation_json(&set->v[i], set->times);
			json_end();
		} else {
			show_violation(&set->v[i], set->times);
		}
	}
	if (json) {
		json_end();
		json_malformed(set);
		json_end();
	} else if (!set->n && !set->nbad) {
		puts("no violations");
	}
	return set->nbad ? CTL_BAD_INPUT : CTL_OK;
}

static int print_new(const struct source *source, bool json, double seconds)
{
	struct filter filter = source->filter;

	if (source->file || source->history || source->both || filter.boot || filter.kernel ||
	    filter.since) {
		say("--follow is for what the running kernel sees from now on: no file, no history, no --since");
		return CTL_USAGE;
	}
	if (!filter_check(&filter))
		return CTL_USAGE;
	return follow(&filter, json, seconds);
}

int cmd_violations(int argc, char **argv)
{
	bool json = false, following = false;
	const char *every = NULL;
	double seconds = EVERY_SECONDS;
	struct source source = { 0 };
	const struct option_word known[] = {
		OPTION_JSON(json),
		{ "--follow", .on = &following, .help = "what is new, as it comes" },
		{ "-f", .on = &following, .help = "the same" },
		{ "--every", .value = &every, .takes = WORD_NUMBER, .help = "seconds between two looks" },
		SOURCE_OPTIONS(source), { .word = NULL },
	};
	int n = options_take(argc, argv, known, 1), ret;
	struct violation_set set;

	if (n < 0 || !option_number("--every", every, 0.1, 3600, &seconds))
		return CTL_USAGE;
	source.file = n ? argv[1] : NULL;
	if (following)
		return print_new(&source, json, seconds);
	ret = source_get(&source, &set);
	if (ret)
		return ret;
	ret = print_all(&set, json);
	violations_free(&set);
	return ret;
}
