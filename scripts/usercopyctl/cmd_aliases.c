// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl aliases: which slab caches share memory. */
#include <string.h>

#include "alias.h"
#include "command.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "place.h"
#include "say.h"

static void print_group(const struct alias *a, size_t n)
{
	put_plain(stdout, a->id);
	for (size_t i = 0; i < n; i++) {
		putchar(' ');
		put_plain(stdout, a[i].name);
	}
	putchar('\n');
}

static void print_group_json(const struct alias *a, size_t n)
{
	json_object_begin(NULL);
	json_string("id", a->id);
	json_array_begin("names");
	for (size_t i = 0; i < n; i++)
		json_string(NULL, a[i].name);
	json_end();
	json_end();
}

static void print_all(const struct alias_set *set, bool json)
{
	size_t n;

	for (size_t i = 0; i < set->n; i += n) {
		for (n = 1; i + n < set->n && !strcmp(set->a[i].id, set->a[i + n].id); )
			n++;
		if (n < 2)
			continue;
		(json ? print_group_json : print_group)(&set->a[i], n);
	}
}

static int print_one(const struct alias_set *set, const char *cache, bool json)
{
	const struct alias *a;
	size_t n;

	a = aliases_of(set, cache, &n);
	if (!a) {
		say("%s: no such cache in %s", cache, PLACE_SLAB);
		return CTL_NO_FILE;
	}
	(json ? print_group_json : print_group)(a, n);
	return CTL_OK;
}

int cmd_aliases(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { OPTION_JSON(json), { .word = NULL } };
	int n = options_take(argc, argv, known, 1), ret = CTL_OK, err;
	struct alias_set set;

	if (n < 0)
		return CTL_USAGE;
	err = aliases_read(&set);
	if (err) {
		say("%s: %s: without it nothing is known about merged caches",
		    PLACE_SLAB, strerror(-err));
		return CTL_NO_FILE;
	}
	if (json)
		json_array_begin(NULL);
	if (n)
		ret = print_one(&set, argv[1], json);
	else
		print_all(&set, json);
	if (json)
		json_end();
	aliases_free(&set);
	return ret;
}
