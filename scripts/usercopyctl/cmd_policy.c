// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl policy: show or set the global policy, or that of one cache, caller, module or kind. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "active.h"
#include "command.h"
#include "exit.h"
#include "graduated.h"
#include "json.h"
#include "option.h"
#include "place.h"
#include "rules.h"
#include "say.h"
#include "submit.h"

/* The word without the brackets that mark the current one. */
static bool same_word(const char *listed, size_t len, const char *word)
{
	if (len >= 2 && listed[0] == '[' && listed[len - 1] == ']') {
		listed++;
		len -= 2;
	}
	return strlen(word) == len && !memcmp(listed, word, len);
}

static bool is_available(const char *list, const char *word)
{
	while (*list) {
		size_t len = strcspn(list, " \t");

		if (len && same_word(list, len, word))
			return true;
		list += len;
		list += strspn(list, " \t");
	}
	return false;
}

/* Without a @target the policy alone, as it ever was. */
static void print(const char *target, const char *word, const char *by, bool json)
{
	if (json) {
		json_object_begin(NULL);
		json_string("target", target);
		json_string("policy", word);
		json_string("by", by);
		json_end();
		return;
	}
	put_plain(stdout, word);
	if (target) {
		fputs(" (", stdout);
		put_plain(stdout, by);
		putchar(')');
	}
	putchar('\n');
}

static int show_global(const char *target, bool json)
{
	char *word = place_word(PLACE_POLICY);

	if (!word) {
		say_unreadable(PLACE_POLICY, errno);
		return CTL_NO_FILE;
	}
	print(target, word, "global", json);
	free(word);
	return CTL_OK;
}

/* A word alone that is neither a policy nor anything's name: somebody has mistyped one of the two. */
static bool is_known(const struct ucg_rule *asked)
{
	struct alias_set aliases;
	bool known = true;
	size_t n;

	if (asked->subject == UCG_SUBJECT_CACHE && !aliases_read(&aliases)) {
		known = aliases_of(&aliases, asked->name, &n);
		aliases_free(&aliases);
	}
	return known;
}

static int parse_target(const char *target, struct ucg_rule *asked)
{
	char *line = xformat("policy %s warn", target);
	const char *reason = ucg_rule_parse(line, strlen(line), asked);

	free(line);
	if (!reason)
		return CTL_OK;
	say("%s: %s", target, reason);
	return CTL_BAD_INPUT;
}

static int show(const char *target, const char *list, bool json)
{
	struct ucg_rule asked;
	struct alias_set aliases;
	struct active rules;
	int policy, ret = parse_target(target, &asked), err;
	char *by;

	if (ret)
		return ret;
	err = active_read(&rules);
	if (err) {
		say_unreadable(PLACE_WHITELIST, -err);
		return CTL_NO_FILE;
	}
	aliases_read(&aliases);
	policy = active_decides(&rules, &aliases, &asked, &by);
	if (policy >= 0) {
		print(target, ucg_policy_words[policy], by, json);
	} else if (is_known(&asked)) {
		ret = show_global(target, json);
	} else {
		say("no policy \"%s\": this kernel knows: %s; nor is there a slab cache of that name",
		    target, list);
		ret = CTL_USAGE;
	}
	free(by);
	active_free(&rules);
	aliases_free(&aliases);
	return ret;
}

static bool is_locked(void)
{
	char *word = place_word(PLACE_LOCKED);
	bool locked = word && !strcmp(word, "1");

	free(word);
	return locked;
}

/* Whoever loosens in a hurry has to know for what he has not: a policy of its own comes first. */
static void say_stricter(const char *word)
{
	struct active rules;
	char *names = NULL;

	active_read(&rules);
	for (size_t i = 0; i < rules.n; i++) {
		const struct ucg_rule *rule = &rules.rule[i];
		char name[UCG_ESCAPED_MAX], *longer;

		if (rule->verb != UCG_VERB_POLICY || rule->policy <= graduated_policy(word))
			continue;
		ucg_name_escape(name, rule->name);
		longer = xformat("%s%s%s:%s (%s)", names ? names : "", names ? ", " : "",
				 ucg_subject_words[rule->subject], name,
				 ucg_policy_words[rule->policy]);
		free(names);
		names = longer;
	}
	if (names)
		say("policy %s, but for what has a stricter one of its own: %s; \"usercopyctl policy CACHE %s\", or caller:, module:, kind:, loosens one",
		    word, names, word);
	free(names);
	active_free(&rules);
}

static int set_global(const char *word)
{
	char *line = xformat("%s\n", word);
	int err = place_write(PLACE_POLICY, line, strlen(line));

	free(line);
	if (exit_of_write(err) == CTL_NO_FILE)
		say_unreadable(PLACE_POLICY, -err);
	else if (err && is_locked())
		say("policy %s refused: kernel.usercopy_guard.locked is 1, so nothing can be loosened before the next boot",
		    word);
	else if (err)
		say("policy %s refused by the kernel: %s: see the log (dmesg)", word,
		    strerror(-err));
	else
		say_stricter(word);
	return exit_of_write(err);
}

static int set(const char *target, const char *word, const char *list)
{
	char *line;
	int ret;

	if (!is_available(list, word)) {
		say("no policy \"%s\": this kernel knows: %s", word, list);
		return CTL_USAGE;
	}
	line = xformat("policy %s %s", target, word);
	ret = submit_line(line);
	free(line);
	return ret;
}

int cmd_policy(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { OPTION_JSON(json), { .word = NULL } };
	int n = options_take(argc, argv, known, 2), ret;
	char *list;

	if (n < 0)
		return CTL_USAGE;
	if (!n)
		return show_global(NULL, json);
	list = place_word(PLACE_POLICIES);
	if (!list) {
		say_unreadable(PLACE_POLICIES, errno);
		return CTL_NO_FILE;
	}
	if (n == 2)
		ret = set(argv[1], argv[2], list);
	else if (is_available(list, argv[1]))
		ret = set_global(argv[1]);
	else
		ret = show(argv[1], list, json);
	free(list);
	return ret;
}
