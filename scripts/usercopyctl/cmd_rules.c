// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl rules: the rules in force, and one more or one less. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "exit.h"
#include "json.h"
#include "kmsg.h"
#include "option.h"
#include "rules.h"
#include "say.h"

static void print_rule(const char *line, bool json)
{
	if (json) {
		json_string(NULL, line);
	} else {
		put_plain(stdout, line);
		putchar('\n');
	}
}

static int list(bool json)
{
	char *real = place(PLACE_WHITELIST), *next;
	struct blob b;
	int err = blob_read(real, &b);

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
		if (line[strspn(line, " \t")])
			print_rule(line, json);
	}
	if (json)
		json_end();
	free(b.data);
	return CTL_OK;
}

/* The words of a rule as they were typed, with blanks between them. */
static char *join(const char *before, int n, char **words)
{
	char *line = xformat("%s", before);

	for (int i = 0; i < n; i++) {
		char *more = xformat("%s%s%s", line, *line ? " " : "", words[i]);

		free(line);
		line = more;
	}
	return line;
}

static int write_rule(char *line)
{
	struct rule_text text = { 0 };
	struct blob b = { .data = line, .len = strlen(line) };
	int log, err;

	if (rules_add(&text, "the rule", &b)) {
		rules_free(&text);
		return CTL_BAD_INPUT;
	}
	log = kmsg_open();
	err = text.lines ? place_write(PLACE_WHITELIST, text.data, text.len) : 0;
	if (err == -ENOENT || err == -EACCES)
		say_unreadable(PLACE_WHITELIST, -err);
	else if (err)
		say("%s: refused by the kernel: %s", line, strerror(-err));
	kmsg_say(log, &text);
	rules_free(&text);
	return !err ? CTL_OK : err == -ENOENT || err == -EACCES ? CTL_NO_FILE : CTL_REFUSED;
}

int cmd_rules(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { { "--json", .on = &json }, { .word = NULL } };
	int n = options_take(argc, argv, known, argc), ret;
	char *line;

	if (n < 0)
		return CTL_USAGE;
	if (!n || (n == 1 && !strcmp(argv[1], "list")))
		return list(json);
	if (n < 2 || (strcmp(argv[1], "add") && strcmp(argv[1], "delete"))) {
		say("rules takes \"list\", \"add RULE\" or \"delete RULE\"");
		return CTL_USAGE;
	}
	line = join(strcmp(argv[1], "add") ? "delete" : "", n - 1, argv + 2);
	ret = write_rule(line);
	free(line);
	return ret;
}
