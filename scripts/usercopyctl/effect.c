// SPDX-License-Identifier: GPL-2.0-only
#include "effect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../whitelist/edit.h"
#include "../../whitelist/print.h"
#include "../../whitelist/rule.h"
#include "../../whitelist/ruleset.h"
#include "../../whitelist/seal.h"
#include "exit.h"
#include "say.h"

static int fault(struct rule_text *text, size_t line, int err)
{
	if (err == -ENOMEM)
		out_of_memory();
	rules_fault(text, text->origin[line],
		    err == -ENOENT ? "there is no such rule to delete" :
		    err == -EEXIST ? "another policy for the same name, in one write" :
		    "more rules than the kernel takes");
	return CTL_BAD_INPUT;
}

static int apply(struct ucg_ruleset *set, struct rule_text *text, bool alone)
{
	const char *s = text->data, *stop;
	struct ucg_rule rule;

	for (size_t i = 0; i < text->lines; i++, s = stop + 1) {
		int err;

		stop = memchr(s, '\n', (size_t)(text->data + text->len - s));
		/* It was good when it was appended. */
		if (ucg_rule_parse(s, (size_t)(stop - s), &rule))
			abort();
		err = ucg_ruleset_add(set, &rule);
		/* Then nothing was done. */
		if (err == -ENOENT && !alone)
			err = 0;
		if (err)
			return fault(text, i, err);
	}
	return CTL_OK;
}

static void keep(void *ctx, const char *line)
{
	struct effect *effect = ctx;

	if (*line == '#')
		return;
	effect->rule = xgrow(effect->rule, effect->n, sizeof(*effect->rule));
	effect->rule[effect->n++] = xformat("%s", line);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int effect_of(struct rule_text *text, bool alone, struct effect *effect)
{
	struct ucg_ruleset *set = ucg_ruleset_fork(NULL);
	int ret, err;

	memset(effect, 0, sizeof(*effect));
	if (!set)
		out_of_memory();
	/* As too many rules are no write, too many bytes are none. */
	ret = text->len > UCG_WRITE_MAX ? fault(text, text->lines - 1, -ENOSPC) :
					  apply(set, text, alone);
	err = ret ? 0 : ucg_ruleset_seal(set);
	if (err == -ENOSPC)
		ret = fault(text, text->lines - 1, err);
	else if (err)
		out_of_memory();
	if (!ret && ucg_ruleset_print(set, keep, effect))
		out_of_memory();
	ucg_ruleset_abandon(set);
	if (effect->n)
		qsort(effect->rule, effect->n, sizeof(*effect->rule), by_bytes);
	return ret;
}

void effect_free(struct effect *effect)
{
	for (size_t i = 0; i < effect->n; i++)
		free(effect->rule[i]);
	free(effect->rule);
}
