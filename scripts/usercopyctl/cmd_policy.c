// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl policy: show or set the global policy. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "exit.h"
#include "option.h"
#include "place.h"
#include "say.h"

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

static int show(void)
{
	char *word = place_word(PLACE_POLICY);

	if (!word) {
		say_unreadable(PLACE_POLICY, errno);
		return CTL_NO_FILE;
	}
	put_plain(stdout, word);
	putchar('\n');
	free(word);
	return CTL_OK;
}

static bool is_locked(void)
{
	char *word = place_word(PLACE_LOCKED);
	bool locked = word && !strcmp(word, "1");

	free(word);
	return locked;
}

static int set(const char *word)
{
	char *list = place_word(PLACE_POLICIES);
	char *line;
	int err, ret = CTL_OK;

	if (!list) {
		say_unreadable(PLACE_POLICIES, errno);
		return CTL_NO_FILE;
	}
	if (!is_available(list, word)) {
		say("no policy \"%s\": this kernel knows: %s", word, list);
		free(list);
		return CTL_USAGE;
	}
	free(list);
	line = xformat("%s\n", word);
	err = place_write(PLACE_POLICY, line, strlen(line));
	free(line);
	if (err && is_locked()) {
		say("policy %s refused: kernel.usercopy_guard.locked is 1, so nothing can be loosened before the next boot",
		    word);
		ret = CTL_REFUSED;
	} else if (err == -EINVAL) {
		say("policy %s refused by the kernel: see the log (dmesg)", word);
		ret = CTL_REFUSED;
	} else if (err) {
		say_unreadable(PLACE_POLICY, -err);
		ret = CTL_NO_FILE;
	}
	return ret;
}

int cmd_policy(int argc, char **argv)
{
	const struct option_word known[] = { { .word = NULL } };
	int n = options_take(argc, argv, known, 1);

	if (n < 0)
		return CTL_USAGE;
	return n ? set(argv[1]) : show();
}
