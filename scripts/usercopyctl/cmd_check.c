// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl check: would the kernel take these files? Nothing is loaded. */
#include <limits.h>
#include <stdio.h>

#include "command.h"
#include "effect.h"
#include "exit.h"
#include "option.h"
#include "rules.h"
#include "say.h"

int cmd_check(int argc, char **argv)
{
	const struct option_word known[] = { { .word = NULL } };
	int n = options_take(argc, argv, known, INT_MAX), ret;
	struct rule_text text = { 0 };
	struct effect effect = { 0 };

	if (n < 0)
		return CTL_USAGE;
	if (!n) {
		say("check needs a file or folder of rules, or - for standard input");
		return CTL_USAGE;
	}
	ret = rules_add_operands(&text, n, argv + 1);
	if (!ret)
		ret = effect_of(&text, false, &effect);
	if (!ret)
		printf("%zu %s, all good\n", text.lines, text.lines == 1 ? "rule" : "rules");
	effect_free(&effect);
	rules_free(&text);
	return ret;
}
