// SPDX-License-Identifier: GPL-2.0-only
/* usercopyctl status: what the guard is doing now. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "command.h"
#include "exit.h"
#include "json.h"
#include "option.h"
#include "place.h"
#include "say.h"

/* For programs; the status file has them in words. */
static const struct {
	const char *name, *path;
} words[] = {
	{ "policy", PLACE_POLICY },
	{ "available_policies", PLACE_POLICIES },
	{ "kill", PLACE_KILL },
	{ "locked", PLACE_LOCKED },
};

static void print_words(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		char *word = place_word(words[i].path);

		json_string(words[i].name, word);
		free(word);
	}
}

/* The kernel's status file, line by line as it is. */
static void print_lines(const struct blob *b, bool json)
{
	char *s = b->data, *end = b->data + b->len;

	if (json)
		json_array_begin("status");
	while (s < end) {
		char *stop = memchr(s, '\n', (size_t)(end - s));

		if (!stop)
			stop = end;
		*stop = '\0';
		if (json) {
			json_string(NULL, s);
		} else {
			put_plain(stdout, s);
			putchar('\n');
		}
		s = stop + 1;
	}
	if (json)
		json_end();
}

int cmd_status(int argc, char **argv)
{
	bool json = false;
	const struct option_word known[] = { OPTION_JSON(json), { .word = NULL } };
	struct blob b;
	char *real;
	int err;

	if (options_take(argc, argv, known, 0) < 0)
		return CTL_USAGE;
	real = place(PLACE_STATUS);
	err = blob_read(real, &b);
	free(real);
	if (err) {
		say_unreadable(PLACE_STATUS, -err);
		return CTL_NO_FILE;
	}
	if (json) {
		json_object_begin(NULL);
		print_words();
	}
	print_lines(&b, json);
	if (json)
		json_end();
	free(b.data);
	return CTL_OK;
}
