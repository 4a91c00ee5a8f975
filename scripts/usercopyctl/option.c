// SPDX-License-Identifier: GPL-2.0-only
#include "option.h"

#include <string.h>

#include "say.h"

static bool take(const char *word, const struct option_word *known)
{
	for (; known->word; known++) {
		if (strcmp(word, known->word))
			continue;
		*known->on = true;
		return true;
	}
	return false;
}

int options_take(int argc, char **argv, const struct option_word *known, int max)
{
	bool options = true;
	int n = 0;

	for (int i = 1; i < argc; i++) {
		bool is_option = options && argv[i][0] == '-' && argv[i][1];

		if (!is_option) {
			argv[++n] = argv[i];
		} else if (!strcmp(argv[i], "--")) {
			options = false;
		} else if (!take(argv[i], known)) {
			say("%s does not know the option %s: see \"man usercopyctl\"",
			    argv[0], argv[i]);
			return -1;
		}
	}
	if (n > max) {
		say("%s takes at most %d words, not %d: see \"man usercopyctl\"", argv[0], max, n);
		return -1;
	}
	return n;
}
