// SPDX-License-Identifier: GPL-2.0-only
#include "submit.h"

#include <errno.h>
#include <string.h>

#include "exit.h"
#include "kmsg.h"
#include "place.h"
#include "say.h"

static void say_where_to_look(int err)
{
	if (err == -EPERM)
		say("if kernel.usercopy_guard.locked is 1, nothing can be loosened before the next boot");
	else if (err == -E2BIG || err == -ENOSPC || err == -EFBIG)
		say("that is more than the kernel takes: its log (dmesg) names the limit");
	else
		say("the kernel's log (dmesg) names line and reason");
}

int submit(const struct rule_text *text, const char *refused)
{
	int log, err;

	if (!text->lines)
		return CTL_OK;
	log = kmsg_open();
	err = place_write(PLACE_WHITELIST, text->data, text->len);
	if (exit_of_write(err) == CTL_NO_FILE) {
		kmsg_say(log, text);
		say_unreadable(PLACE_WHITELIST, -err);
		return CTL_NO_FILE;
	}
	if (err)
		say("%s: the kernel refused the write: %s", refused, strerror(-err));
	if (!kmsg_say(log, text) && err)
		say_where_to_look(err);
	return exit_of_write(err);
}

int submit_line(const char *line)
{
	struct blob b = { .data = (char *)line, .len = strlen(line) };
	struct rule_text text = { 0 };
	int ret = rules_add(&text, "the rule", &b) ? CTL_BAD_INPUT : submit(&text, line);

	rules_free(&text);
	return ret;
}
