// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl rules: the rules in force, and what becomes of them. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "command.h"
#include "difference.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "output.h"
#include "rules.h"
#include "say.h"
#include "submit.h"

static int list_rules(int n, char **words, bool json)
{
	char *real = place(PLACE_WHITELIST), *next;
	struct blob b;
	int err = blob_read(real, &b);

	(void)n;
	(void)words;
	free(real);
	if (err) {
		say_unreadable(PLACE_WHITELIST, -err);
		return CTL_NO_FILE;
	}
	if (json)
		json_array_begin(NULL);
	for (char *line = b.data; line < b.data + b.len; line = next) {
		next = line + strcspn(line, "\n");
		*next++ = '\0';
		line[strcspn(line, "#")] = '\0';
		if (!line[strspn(line, " \t")])
			continue;
		if (json)
			json_string(NULL, line);
		else
			put_plain(stdout, line);
		if (!json)
			putchar('\n');
	}
	if (json)
		json_end();
	free(b.data);
	return CTL_OK;
}

/* The words of a rule as they were typed, with blanks between them. */
static int submit_words(const char *before, int n, char **words)
{
	char *line = xformat("%s", before);
	int ret;

	for (int i = 0; i < n; i++) {
		char *more = xformat("%s%s%s", line, *line ? " " : "", words[i]);

		free(line);
		line = more;
	}
	ret = submit_line(line);
	free(line);
	return ret;
}

static int add_rule(int n, char **words, bool json)
{
	(void)json;
	return submit_words("", n, words);
}

static int delete_rule(int n, char **words, bool json)
{
	(void)json;
	return submit_words("delete", n, words);
}

static int diff_rules(int n, char **words, bool json)
{
	return difference_print(n, words, json);
}

/* What cannot be read back is not saved: a file of half of the rules is worse than none. */
static int save_file(int n, char **words, bool json)
{
	const char *path = strcmp(words[0], "-") ? words[0] : NULL;
	char *real = place(PLACE_WHITELIST);
	struct rule_text text = { 0 };
	struct output output;
	struct blob b;
	int err = blob_read(real, &b), ret;

	(void)n;
	(void)json;
	if (err) {
		say_unreadable(PLACE_WHITELIST, -err);
		free(real);
		return CTL_NO_FILE;
	}
	ret = rules_add(&text, real, &b) ? CTL_BAD_INPUT : CTL_OK;
	if (ret) {
		say("nothing saved: the module is newer than this command");
	} else if (!output_begin(&output, path)) {
		ret = CTL_NO_FILE;
	} else {
		puts("# Saved by \"usercopyctl rules save\". \"usercopyctl rules load --replace\" with this file");
		puts("# brings back these rules and no others.");
		fwrite(b.data, 1, b.len, stdout);
		ret = output_end(&output, true) ? CTL_OK : CTL_NO_FILE;
	}
	rules_free(&text);
	free(b.data);
	free(real);
	return ret;
}

/* Those with options of their own are commands, too: @whole. */
static const struct {
	const char *word, *words, *help;
	int (*run)(int n, char **words, bool json);
	int (*whole)(int argc, char **argv);
	int least, most;
	bool json;
} parts[] = {
	{ .word = "list", .help = "the rules in force", .run = list_rules, .json = true },
	{ .word = "add", .help = "one more", .run = add_rule, .least = 1, .most = INT_MAX },
	{ .word = "delete", .help = "one less", .run = delete_rule, .least = 1, .most = INT_MAX },
	{ .word = "diff", .help = "what is in force against what files say", .run = diff_rules,
	  .most = INT_MAX, .json = true },
	{ .word = "check", .whole = cmd_check, .words = "[--json] FILE|DIR...",
	  .help = "are these good rules?" },
	{ .word = "load", .whole = cmd_load, .words = "[--replace] [--quiet] [FILE|DIR...]",
	  .help = "load rules, all or nothing" },
	{ .word = "save", .help = "those in force into a file", .run = save_file, .least = 1, .most = 1 },
};

const char *rules_part(size_t i, const char **help)
{
	if (i >= ARRAY_SIZE(parts))
		return NULL;
	*help = parts[i].help;
	return parts[i].word;
}

static int say_usage(void)
{
	say("rules takes \"list\", \"add RULE\", \"delete RULE\", \"diff [FILE|DIR...]\", \"check FILE|DIR...\", \"load [FILE|DIR...]\" or \"save FILE\"");
	return CTL_USAGE;
}

int cmd_rules(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { OPTION_JSON(json), { .word = NULL } };
	int n;

	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(parts); i++) {
		if (!parts[i].whole || strcmp(argv[1], parts[i].word))
			continue;
		options_introduce(parts[i].words, parts[i].help);
		return parts[i].whole(argc - 1, argv + 1);
	}
	n = options_take(argc, argv, known, INT_MAX);
	if (n < 0)
		return CTL_USAGE;
	if (!n)
		return list_rules(0, NULL, json);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!parts[i].run || strcmp(argv[1], parts[i].word))
			continue;
		if (n - 1 < parts[i].least || n - 1 > parts[i].most || (json && !parts[i].json))
			return say_usage();
		return parts[i].run(n - 1, argv + 2, json);
	}
	return say_usage();
}
