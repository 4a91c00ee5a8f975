// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl load: all files of rules in one write, or none. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "exit.h"
#include "folder.h"
#include "kmsg.h"
#include "option.h"
#include "place.h"
#include "rules.h"
#include "say.h"

/* The names are kept until the end: messages need them. */
static char **names;
static size_t nr_names;

static const char *keep(char *name)
{
	names = xgrow(names, nr_names, sizeof(*names));
	names[nr_names++] = name;
	return name;
}

static int add_folder(struct rule_text *text, const char *dir)
{
	int ret = CTL_OK;
	char **files;
	size_t n;

	if (!folder_rules(dir, &files, &n)) {
		say("%s: %s", dir, strerror(errno));
		return CTL_NO_FILE;
	}
	if (!n)
		say("%s: no *.rules in it", dir);
	for (size_t i = 0; i < n; i++) {
		int err = rules_add_file(text, keep(files[i]));

		if (!ret)
			ret = err;
	}
	free(files);
	return ret;
}

static int add(struct rule_text *text, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		return add_folder(text, path);
	return rules_add_file(text, path);
}

static int say_refused(int err, int log, const struct rule_text *text)
{
	int said;

	if (err == -ENOENT || err == -EACCES) {
		kmsg_say(log, text);
		say_unreadable(PLACE_WHITELIST, -err);
		return CTL_NO_FILE;
	}
	say("nothing loaded, the earlier rules are in force: the kernel refused the write: %s",
	    strerror(-err));
	said = kmsg_say(log, text);
	if (said)
		return CTL_REFUSED;
	if (err == -EPERM)
		say("if kernel.usercopy_guard.locked is 1, nothing can be loosened before the next boot");
	else if (err == -E2BIG || err == -ENOSPC || err == -EFBIG)
		say("that is more than the kernel takes: its log (dmesg) names the limit");
	else
		say("the kernel's log (dmesg) names line and reason");
	return CTL_REFUSED;
}

static int write_rules(const struct rule_text *text)
{
	int log = kmsg_open();
	int err = place_write(PLACE_WHITELIST, text->data, text->len);

	if (err)
		return say_refused(err, log, text);
	kmsg_say(log, text);
	return CTL_OK;
}

int cmd_load(int argc, char **argv)
{
	bool replace = false, quiet = false;
	const struct option_word known[] = {
		{ "--replace", .on = &replace }, { "--quiet", .on = &quiet }, { .word = NULL },
	};
	int n = options_take(argc, argv, known, INT_MAX), ret = CTL_OK;
	struct rule_text text = { 0 };

	if (n < 0)
		return CTL_USAGE;
	if (replace)
		rules_append(&text, "flush", 5, (struct rule_origin){ "--replace", 1 });
	if (!n)
		ret = add_folder(&text, keep(place(PLACE_RULES)));
	for (int i = 1; i <= n; i++) {
		int err = add(&text, argv[i]);

		if (!ret)
			ret = err;
	}
	if (ret)
		say("nothing loaded, the earlier rules are in force");
	else if (text.lines)
		ret = write_rules(&text);
	if (!ret && !quiet)
		printf("%zu %s loaded\n", text.lines - replace,
		       text.lines - replace == 1 ? "rule" : "rules");
	rules_free(&text);
	for (size_t i = 0; i < nr_names; i++)
		free(names[i]);
	free(names);
	names = NULL;
	nr_names = 0;
	return ret;
}
