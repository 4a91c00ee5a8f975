// SPDX-License-Identifier: GPL-2.0-only
#include "complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../usercopy/policy.h"
#include "alias.h"
#include "array.h"
#include "command.h"
#include "exit.h"
#include "filter.h"
#include "option.h"
#include "rules.h"
#include "say.h"
#include "violation.h"

/* A word that has been begun; @nbefore bytes at @before, such as "--cache=", are decided on. */
struct begun {
	const char *word, *before;
	size_t nbefore;
};

static void offer(const struct begun *begun, const char *word, const char *help)
{
	if (strncmp(word, begun->word, strlen(begun->word)))
		return;
	fwrite(begun->before, 1, begun->nbefore, stdout);
	put_plain(stdout, word);
	putchar('\t');
	put_plain(stdout, help);
	putchar('\n');
}

static void offer_caches(const struct begun *begun, bool escaped)
{
	struct alias_set aliases;

	if (aliases_read(&aliases))
		return;
	for (size_t i = 0; i < aliases.n; i++) {
		char *name = rule_name(aliases.a[i].name);

		/* A rule's spelling is none for others. */
		if (escaped || !strcmp(name, aliases.a[i].name))
			offer(begun, name, "slab cache");
		free(name);
	}
	aliases_free(&aliases);
}

static void offer_modules(const struct begun *begun, const char *before)
{
	char *path = place(PLACE_MODULES);
	struct blob b;
	int err = blob_read(path, &b);

	free(path);
	if (err)
		return;
	for (char *line = strtok(b.data, "\n"); line; line = strtok(NULL, "\n")) {
		char *word = xformat("%s%.*s", before, (int)strcspn(line, " "), line);

		offer(begun, word, "module");
		free(word);
	}
	free(b.data);
}

static void offer_kinds(const struct begun *begun, const char *before)
{
	for (int i = UCG_FINE + 1; i < UCG_NR_KINDS; i++) {
		char *word = xformat("%s%s", before, ucg_kind_words[i]);

		offer(begun, word, "kind of violation");
		free(word);
	}
}

static void offer_policies(const struct begun *begun)
{
	for (int i = 0; i < UCG_NR_POLICIES; i++)
		offer(begun, ucg_policy_words[i], "policy");
}

/* As a rule has it: function+0x1/0x2[module] is caller:function@module. */
static char *caller_of(const struct violation *v)
{
	const char *bracket = strchr(v->caller, '[');
	int function = (int)strcspn(v->caller, "+");

	return bracket ? xformat("caller:%.*s@%.*s", function, v->caller,
				 (int)strcspn(bracket + 1, "]"), bracket + 1) :
			 xformat("caller:%.*s", function, v->caller);
}

static void offer_violations(const struct begun *begun, bool callers)
{
	struct violation_set set;

	if (violations_read(&set))
		return;
	for (size_t i = 0; i < set.n; i++) {
		char *word = callers ? caller_of(&set.v[i]) :
			     xformat("%llu", (unsigned long long)set.v[i].id);

		offer(begun, word, callers ? "it violated" : set.v[i].caller);
		free(word);
	}
	violations_free(&set);
}

static void offer_targets(const struct begun *begun)
{
	offer_caches(begun, true);
	offer_kinds(begun, "kind:");
	offer_modules(begun, "module:");
	offer_violations(begun, true);
}

static void offer_kind_of_word(const struct begun *begun, enum word_kind kind)
{
	switch (kind) {
	case WORD_FILE:
		puts(":files");
		break;
	case WORD_CACHE:
		offer_caches(begun, false);
		break;
	case WORD_KIND:
		offer_kinds(begun, "");
		break;
	case WORD_MODULE:
		offer_modules(begun, "");
		break;
	case WORD_OUTCOME:
		for (size_t i = 0; filter_outcome(i); i++)
			offer(begun, filter_outcome(i), "at least once");
		break;
	case WORD_POLICY:
		offer_policies(begun);
		break;
	case WORD_TARGET:
		offer_targets(begun);
		break;
	case WORD_ID:
		offer_violations(begun, false);
		break;
	default:
		break;
	}
}

/* A rule, word by word. */
static void offer_rule(const struct begun *begun, int n, char **words)
{
	static const char *const verbs[] = { "allow", "deny", "policy" };
	static const char *const directions[] = { "to", "from", "both" };
	bool policy = n && !strcmp(words[0], "policy");

	for (size_t i = 0; !n && i < ARRAY_SIZE(verbs); i++)
		offer(begun, verbs[i], "rule");
	for (size_t i = 0; n == 4 && !strcmp(words[0], "allow") && i < ARRAY_SIZE(directions); i++)
		offer(begun, directions[i], "user space");
	if (n == 1)
		policy ? offer_targets(begun) : offer_caches(begun, true);
	if (n == 2 && policy)
		offer_policies(begun);
}

static void offer_part_of_rules(const struct begun *begun, int n, char **words)
{
	const char *help;

	for (size_t i = 0; !n && rules_part(i, &help); i++)
		offer(begun, rules_part(i, &help), help);
	if (n && (!strcmp(words[0], "add") || !strcmp(words[0], "delete")))
		offer_rule(begun, n - 1, words + 1);
	else if (n && strcmp(words[0], "list"))
		puts(":files");
}

/* What stands at a place; the last one is for all that follow. */
static const struct {
	const char *command;
	enum word_kind at[2];
} operands[] = {
	{ "violations", { WORD_FILE } },
	{ "explain", { WORD_ID, WORD_FILE } },
	{ "suggest", { WORD_FILE } },
	{ "check", { WORD_FILE, WORD_FILE } },
	{ "load", { WORD_FILE, WORD_FILE } },
	{ "policy", { WORD_TARGET, WORD_POLICY } },
	{ "aliases", { WORD_CACHE } },
};

static void offer_operand(const struct begun *begun, const char *command, int n, char **words)
{
	if (!strcmp(command, "rules"))
		offer_part_of_rules(begun, n, words);
	if (!strcmp(command, "policy") && !n)
		offer_policies(begun);
	for (size_t i = 0; i < ARRAY_SIZE(operands); i++)
		if (!strcmp(command, operands[i].command))
			offer_kind_of_word(begun, operands[i].at[n > 1 ? 1 : n]);
}

static void offer_options(const struct begun *begun, const struct option_word *known)
{
	for (; known->word; known++)
		offer(begun, known->word, known->help ? known->help : "");
	offer(begun, "--help", "what the options are");
	offer(begun, "--version", "which version it is");
}

static const struct option_word *find(const struct option_word *known, const char *word, size_t len)
{
	for (; known->word; known++)
		if (known->value && strlen(known->word) == len && !strncmp(known->word, word, len))
			return known;
	return NULL;
}

/* Behind a command: @words[0] is its name. */
static void offer_word(const struct command *command, int n, char **words)
{
	const struct option_word *known = options_of(command->run, n - 1, words), *option;
	struct begun begun = { words[n - 1], words[n - 1], 0 };
	size_t len = strcspn(begun.word, "=");
	int operand = 0;

	option = n > 2 ? find(known, words[n - 2], strlen(words[n - 2])) : NULL;
	if (!option && begun.word[len] && *begun.word == '-') {
		option = find(known, begun.word, len);
		begun.nbefore = len + 1;
		begun.word += len + 1;
	}
	if (option) {
		offer_kind_of_word(&begun, option->takes);
		return;
	}
	if (*begun.word == '-') {
		offer_options(&begun, known);
		return;
	}
	for (int i = 1; i < n - 1; i++) {
		if (words[i][0] != '-')
			words[operand++] = words[i];
		else if (find(known, words[i], strlen(words[i])))
			i++;
	}
	offer_operand(&begun, command->name, operand, words);
}

int complete(const struct command *commands, size_t nr_commands, int n, char **words)
{
	struct begun begun = { words[n - 1], words[n - 1], 0 };

	if (n == 2 && !strcmp(words[0], "--root")) {
		puts(":folders");
	} else if (n > 2 && !strcmp(words[0], "--root")) {
		place_set_root(words[1]);
		return complete(commands, nr_commands, n - 2, words + 2);
	} else if (n == 1) {
		for (size_t i = 0; i < nr_commands; i++)
			offer(&begun, commands[i].name, commands[i].help);
		offer(&begun, "--root", "look for everything below a folder");
		offer(&begun, "--help", "what the commands are");
		offer(&begun, "--version", "which version it is");
	}
	for (size_t i = 0; n > 1 && i < nr_commands; i++)
		if (!strcmp(words[0], commands[i].name))
			offer_word(&commands[i], n, words);
	return CTL_OK;
}
