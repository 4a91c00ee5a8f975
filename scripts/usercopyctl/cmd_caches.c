// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl caches: what is known of each slab cache. */
#include <inttypes.h>
#include <stdlib.h>

#include "cache.h"
#include "command.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "say.h"
#include "when.h"

static void print_time(const char *what, uint64_t usec)
{
	char *text;

	if (!usec)
		return;
	text = when_text(when_real(TIMES_OF_THIS_BOOT, usec));
	printf("; %s %s", what, text);
	free(text);
}

static void print_one(const struct cache *c)
{
	put_plain(stdout, c->name);
	if (c->policy && *c->policy)
		printf(" (policy %s)", c->policy);
	printf(": %" PRIu64 " %s, %" PRIu64 " allowed, %" PRIu64 " refused, %" PRIu64
	       " not refusable, %" PRIu64 " handed to the kernel", c->violations,
	       c->violations == 1 ? "violation" : "violations", c->allowed, c->refused,
	       c->unrefusable, c->killed);
	print_time("last", c->last);
	print_time("good copy to user space", c->used_to);
	print_time("good copy from user space", c->used_from);
	if (c->ruled_to || c->ruled_from)
		printf("; %" PRIu64 " to and %" PRIu64 " from user space by rules", c->ruled_to,
		       c->ruled_from);
	print_time("last by a rule", c->ruled_last);
	putchar('\n');
}

static void json_time(const char *key, uint64_t usec)
{
	if (usec)
		json_date(key, TIMES_OF_THIS_BOOT, usec);
	else
		json_string(key, NULL);
}

static void json_one(const struct cache *c)
{
	char *to = ranges_text(&c->ranges_to), *from = ranges_text(&c->ranges_from);

	json_object_begin(NULL);
	json_string("cache", c->name);
	json_string("policy", c->policy && *c->policy ? c->policy : NULL);
	json_number("violations", c->violations);
	json_number("allowed", c->allowed);
	json_number("refused", c->refused);
	json_number("unrefusable", c->unrefusable);
	json_number("killed", c->killed);
	json_time("first", c->first);
	json_time("last", c->last);
	json_time("used_to", c->used_to);
	json_time("used_from", c->used_from);
	json_string("ranges_to", to);
	json_string("ranges_from", from);
	json_number("ruled_to", c->ruled_to);
	json_number("ruled_from", c->ruled_from);
	json_time("ruled_last", c->ruled_last);
	json_end();
	free(to);
	free(from);
}

int cmd_caches(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { OPTION_JSON(json), { .word = NULL } };
	struct cache_set set;
	int ret;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	if (!caches_get(&set))
		return CTL_NO_FILE;
	if (json)
		json_array_begin(NULL);
	for (size_t i = 0; i < set.n; i++)
		(json ? json_one : print_one)(&set.c[i]);
	if (json)
		json_end();
	ret = set.nbad ? CTL_BAD_INPUT : CTL_OK;
	caches_free(&set);
	return ret;
}
