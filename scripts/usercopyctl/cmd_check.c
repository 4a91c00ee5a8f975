// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl check: are these files good rules? Nothing is loaded. */
#include <limits.h>
#include <stdio.h>

#include "command.h"
#include "exit.h"
#include "option.h"
#include "rules.h"
#include "say.h"

int cmd_check(int argc, char **argv)
{
	const struct option_word known[] = { { .word = NULL } };
	int n = options_take(argc, argv, known, INT_MAX), ret = CTL_OK;
	struct rule_text text = { 0 };

	if (n < 0)
		return CTL_USAGE;
	if (!n) {
		say("check needs a file of rules, or - for standard input");
		return CTL_USAGE;
	}
	for (int i = 1; i <= n; i++) {
		int err = rules_add_file(&text, argv[i]);

		/* The first thing that went wrong is the answer; all of them are said. */
		if (!ret)
			ret = err;
	}
	if (!ret)
		printf("%zu %s, all good\n", text.lines, text.lines == 1 ? "rule" : "rules");
	rules_free(&text);
	return ret;
}
