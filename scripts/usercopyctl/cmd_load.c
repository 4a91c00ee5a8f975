// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl load: all files of rules in one write, or none. */
#include <limits.h>
#include <stdio.h>

#include "command.h"
#include "effect.h"
#include "exit.h"
#include "option.h"
#include "rules.h"
#include "say.h"
#include "submit.h"

static const char nothing_loaded[] = "nothing loaded, the earlier rules are in force";

int cmd_load(int argc, char **argv)
{
	bool replace = false, quiet = false;
	const struct option_word known[] = {
		{ "--replace", .on = &replace, .help = "drop the rules in force, in the same write" },
		{ "--quiet", .on = &quiet, .help = "say nothing when all is well" },
		{ .word = NULL },
	};
	int n = options_take(argc, argv, known, INT_MAX), ret;
	struct rule_text text = { 0 };
	struct effect effect = { 0 };

	if (n < 0)
		return CTL_USAGE;
	if (replace)
		rules_append(&text, "flush", 5, (struct rule_origin){ "--replace", 1 });
	ret = rules_add_operands(&text, n, argv + 1);
	/* The kernel would say so as well, without the name of the file. */
	if (!ret && text.lines)
		ret = effect_of(&text, false, &effect);
	effect_free(&effect);
	if (ret)
		say("%s", nothing_loaded);
	else
		ret = submit(&text, nothing_loaded);
	if (!ret && !quiet)
		printf("%zu %s loaded\n", text.lines - replace,
		       text.lines - replace == 1 ? "rule" : "rules");
	rules_free(&text);
	return ret;
}
