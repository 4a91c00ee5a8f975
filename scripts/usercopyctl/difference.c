// SPDX-License-Identifier: GPL-2.0-only
#include "difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "effect.h"
#include "exit.h"
#include "json.h"
#include "say.h"

/* A rule of one side alone; both are in the order of their bytes. */
typedef void (*one_side)(const char *sign, const char *rule);

static void print(const char *sign, const char *rule)
{
	put_coloured(stdout, *sign == '+' ? COLOUR_GOOD : COLOUR_BAD, sign);
	putchar(' ');
	put_plain(stdout, rule);
	putchar('\n');
}

static void print_json(const char *sign, const char *rule)
{
	(void)sign;
	json_string(NULL, rule);
}

/* What only @a has. */
static size_t only_in(const struct effect *a, const struct effect *b, const char *sign,
		      one_side show)
{
	size_t j = 0, n = 0;

	for (size_t i = 0; i < a->n; i++) {
		int order = -1;

		while (j < b->n && (order = strcmp(a->rule[i], b->rule[j])) > 0)
			j++;
		if (j < b->n && !order)
			continue;
		show(sign, a->rule[i]);
		n++;
	}
	return n;
}

static int show(const struct effect *kernel, const struct effect *files, bool json)
{
	one_side one = json ? print_json : print;
	size_t n;

	if (json) {
		json_object_begin(NULL);
		json_array_begin("only_in_force");
	}
	n = only_in(kernel, files, "-", one);
	if (json) {
		json_end();
		json_array_begin("only_in_files");
	}
	n += only_in(files, kernel, "+", one);
	if (json) {
		json_end();
		json_end();
	}
	return n ? CTL_LOOK : CTL_OK;
}

static int read_kernel(struct effect *effect)
{
	char *real = place(PLACE_WHITELIST);
	struct rule_text text = { 0 };
	struct blob b;
	int err = blob_read(real, &b), ret;

	if (err) {
		say_unreadable(PLACE_WHITELIST, -err);
		free(real);
		return CTL_NO_FILE;
	}
	ret = rules_add(&text, real, &b) ? CTL_BAD_INPUT : effect_of(&text, true, effect);
	rules_free(&text);
	free(b.data);
	free(real);
	return ret;
}

int difference_print(int n, char **paths, bool json)
{
	struct effect kernel = { 0 }, files = { 0 };
	struct rule_text text = { 0 };
	int ret = rules_add_operands(&text, n, paths);

	if (!ret)
		ret = effect_of(&text, true, &files);
	if (!ret)
		ret = read_kernel(&kernel);
	if (!ret)
		ret = show(&kernel, &files, json);
	rules_free(&text);
	effect_free(&files);
	effect_free(&kernel);
	return ret;
}
