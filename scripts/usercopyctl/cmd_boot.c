// SPDX-License-Identifier: GPL-2.0-only
/*
 * usercopyctl boot: rules, then policy, then lock. Whatever is wrong, the machine comes up, reports
 * and refuses nothing: a policy without the rules that belong to it would refuse good copies.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "command.h"
#include "exit.h"
#include "option.h"
#include "place.h"
#include "say.h"

/**
 * struct setting - a line of the configuration
 * @key: what it is called
 * @path: the sysctl that it is for
 * @words: the values that it may have, closed by NULL
 * @value: the value that it has; owned, or NULL
 *
 * In the order in which they come into force: what was locked cannot be set.
 */
struct setting {
	const char *key, *path;
	const char *words[4];
	char *value;
};

static struct setting settings[] = {
	{ "evidence", PLACE_EVIDENCE, { "0", "1", NULL }, NULL },
	{ "policy", PLACE_POLICY, { "warn", "fallback", "enforce", NULL }, NULL },
	{ "lock", PLACE_LOCKED, { "0", "1", NULL }, NULL },
};

/* A word without the blanks around it. */
static char *trim(char *s)
{
	char *end;

	s += strspn(s, " \t");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return s;
}

static const char *set(const char *key, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		if (strcmp(key, settings[i].key))
			continue;
		for (const char **word = settings[i].words; *word; word++) {
			if (strcmp(value, *word))
				continue;
			free(settings[i].value);
			settings[i].value = xformat("%s", value);
			return NULL;
		}
		return "no such value";
	}
	return "no such setting: there are evidence, policy and lock";
}

static const char *take_line(char *line)
{
	char *equals;

	line[strcspn(line, "#")] = '\0';
	line = trim(line);
	if (!*line)
		return NULL;
	equals = strchr(line, '=');
	if (!equals)
		return "no KEY = VALUE";
	*equals = '\0';
	return set(trim(line), trim(equals + 1));
}

static int read_config(void)
{
	char *path = place(PLACE_CONFIG), *next;
	unsigned long number = 0;
	int ret = CTL_OK;
	struct blob b;
	int err = blob_read(path, &b);

	if (err && err != -ENOENT) {
		say("%s: %s", path, strerror(-err));
		ret = CTL_NO_FILE;
	}
	for (char *line = err ? NULL : b.data; !err && line < b.data + b.len; line = next) {
		const char *reason;

		next = line + strcspn(line, "\n");
		*next++ = '\0';
		number++;
		reason = take_line(line);
		if (!reason)
			continue;
		say("%s:%lu: %s", path, number, reason);
		ret = CTL_BAD_INPUT;
	}
	if (!err)
		free(b.data);
	free(path);
	return ret;
}

static int apply(const struct setting *s, const char *value)
{
	char *line = xformat("%s\n", value), *now = place_word(s->path);
	int err = now && !strcmp(now, value) ? 0 : place_write(s->path, line, strlen(line));

	free(now);
	free(line);
	if (err)
		say("%s = %s: %s", s->key, value, strerror(-err));
	return exit_of_write(err);
}

static int apply_all(void)
{
	int ret = CTL_OK;

	for (size_t i = 0; !ret && i < ARRAY_SIZE(settings); i++)
		if (settings[i].value)
			ret = apply(&settings[i], settings[i].value);
	return ret;
}

static void fall_back_to_warn(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (!strcmp(settings[i].key, "policy") && !apply(&settings[i], "warn"))
			say("the policy is warn, and nothing is locked, until that is mended: \"systemctl reload usercopy_guard\"");
}

int cmd_boot(int argc, char **argv)
{
	bool reload = false;
	const struct option_word known[] = {
		{ "--reload", .on = &reload, .help = "the rules in force are dropped first" },
		{ .word = NULL },
	};
	char load[] = "load", quiet[] = "--quiet", replace[] = "--replace", *words[3];
	int ret;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	words[0] = load;
	words[1] = quiet;
	words[2] = replace;
	ret = read_config();
	if (!ret)
		ret = cmd_load(reload ? 3 : 2, words);
	if (!ret)
		ret = apply_all();
	if (ret)
		fall_back_to_warn();
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		free(settings[i].value);
	return ret;
}
