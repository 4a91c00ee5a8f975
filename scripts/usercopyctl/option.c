// SPDX-License-Identifier: GPL-2.0-only
#include "option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

/* Return: how many words it took, 0 when it is not known, -1 when its value is missing. */
static int take(char **words, const struct option_word *known)
{
	for (; known->word; known++) {
		size_t len = strlen(known->word);

		if (strncmp(words[0], known->word, len))
			continue;
		if (known->value && words[0][len] == '=') {
			*known->value = words[0] + len + 1;
			return 1;
		}
		if (words[0][len])
			continue;
		if (known->on) {
			*known->on = true;
			return 1;
		}
		*known->value = words[1];
		return words[1] ? 2 : -1;
	}
	return 0;
}

static const char *const kind_names[NR_WORD_KINDS] = {
	[WORD_TEXT] = "TEXT",
	[WORD_NUMBER] = "NUMBER",
	[WORD_TIME] = "TIME",
	[WORD_FILE] = "FILE",
	[WORD_CACHE] = "CACHE",
	[WORD_KIND] = "KIND",
	[WORD_MODULE] = "MODULE",
	[WORD_OUTCOME] = "OUTCOME",
	[WORD_POLICY] = "WORD",
	[WORD_TARGET] = "TARGET",
	[WORD_ID] = "ID",
};

static const char *intro_words = "", *intro_help = "";
static bool answered;

/* While a sub-command is only asked what it knows: options_of(). */
#define KNOWN_MAX 32
static struct option_word asked[KNOWN_MAX];
static bool asking;

void options_introduce(const char *words, const char *help)
{
	intro_words = words;
	intro_help = help;
}

bool options_answered(void)
{
	return answered;
}

static void print_help(const char *name, const struct option_word *known)
{
	printf("usage: usercopyctl %s%s%s\n%s\n\n", name, *intro_words ? " " : "", intro_words,
	       intro_help);
	for (; known->word; known++) {
		char *left = xformat("%s%s%s", known->word, known->on ? "" : " ",
				     known->on ? "" : kind_names[known->takes]);

		printf("  %-20s %s\n", left, known->help ? known->help : "");
		free(left);
	}
	printf("  %-20s %s\n  %-20s %s\n\nSee \"man usercopyctl\".\n", "-h, --help", "this text",
	       "-V, --version", "which version it is");
}

static bool answer(const char *name, const char *option, const struct option_word *known)
{
	if (!strcmp(option, "--help") || !strcmp(option, "-h"))
		print_help(name, known);
	else if (!strcmp(option, "--version") || !strcmp(option, "-V"))
		puts("usercopyctl " USERCOPYCTL_VERSION);
	else
		return false;
	answered = true;
	return true;
}

/* Return: how many words it took, or -1 when there is nothing more to do. */
static int take_option(char **argv, int i, const struct option_word *known)
{
	int took;

	if (answer(argv[0], argv[i], known))
		return -1;
	took = take(&argv[i], known);
	if (took > 0)
		return took;
	say(took ? "%s: %s needs a value: see \"man usercopyctl\"" :
		   "%s does not know the option %s: see \"man usercopyctl\"",
	    argv[0], argv[i]);
	return -1;
}

int options_take(int argc, char **argv, const struct option_word *known, int max)
{
	bool options = true;
	int n = 0;

	if (asking) {
		for (; known->word && n < KNOWN_MAX - 1; n++)
			asked[n] = *known++;
		return -1;
	}
	for (int i = 1; i < argc; i++) {
		bool is_option = options && argv[i][0] == '-' && argv[i][1];
		int took;

		if (!is_option) {
			argv[++n] = argv[i];
			continue;
		}
		if (!strcmp(argv[i], "--")) {
			options = false;
			continue;
		}
		took = take_option(argv, i, known);
		if (took < 0)
			return -1;
		i += took - 1;
	}
	if (n > max) {
		say("%s takes at most %d words, not %d: see \"man usercopyctl\"", argv[0], max, n);
		return -1;
	}
	return n;
}

const struct option_word *options_of(int (*run)(int argc, char **argv), int argc, char **argv)
{
	memset(asked, 0, sizeof(asked));
	asking = true;
	run(argc, argv);
	asking = false;
	return asked;
}

bool option_number(const char *name, const char *text, double low, double high, double *value)
{
	char *end;
	double n;

	if (!text)
		return true;
	n = strtod(text, &end);
	if (end == text || *end || !(n >= low && n <= high)) {
		say("%s %s: not between %g and %g", name, text, low, high);
		return false;
	}
	*value = n;
	return true;
}
