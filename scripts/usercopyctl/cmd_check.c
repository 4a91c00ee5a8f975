// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl check: would the kernel take these files? Nothing is loaded. */
#include <limits.h>
#include <stdio.h>

#include "command.h"
#include "effect.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "rules.h"
#include "say.h"

static void print_json(const struct rule_text *text)
{
	json_object_begin(NULL);
	json_number("rules", text->lines);
	json_array_begin("malformed");
	for (size_t i = 0; i < text->nr_faults; i++) {
		json_object_begin(NULL);
		json_string("file", text->faults[i].origin.file);
		json_number("line", text->faults[i].origin.line);
		json_string("reason", text->faults[i].reason);
		json_end();
	}
	json_end();
	json_end();
}

int cmd_check(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { OPTION_JSON(json), { .word = NULL } };
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
	if (json && ret != CTL_NO_FILE)
		print_json(&text);
	else if (!ret)
		printf("%zu %s, all good\n", text.lines, text.lines == 1 ? "rule" : "rules");
	effect_free(&effect);
	rules_free(&text);
	return ret;
}
