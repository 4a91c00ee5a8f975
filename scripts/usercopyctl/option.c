// SPDX-License-Identifier: GPL-2.0-only
#include "option.h"

#include <stdlib.h>
#include <string.h>

#include "say.h"

/* Return: how many words it took, 0 when it is not known, -1 when its value is missing. */
static int take(char **words, const struct option_word *known)
{
	for (; known->word; known++) {
		size_t len = strlen(known->word);

		if (strncmp(words[0], known->word, len))
			continue;
		if (known->value && words[0][len] == '=') {
			*known->value = words[0] + len + 1;
			return 1;
		}
		if (words[0][len])
			continue;
		if (known->on) {
			*known->on = true;
			return 1;
		}
		*known->value = words[1];
		return words[1] ? 2 : -1;
	}
	return 0;
}

int options_take(int argc, char **argv, const struct option_word *known, int max)
{
	bool options = true;
	int n = 0;

	for (int i = 1; i < argc; i++) {
		bool is_option = options && argv[i][0] == '-' && argv[i][1];
		int took;

		if (!is_option) {
			argv[++n] = argv[i];
			continue;
		}
		if (!strcmp(argv[i], "--")) {
			options = false;
			continue;
		}
		took = take(&argv[i], known);
		if (took < 1) {
			say(took ? "%s: %s needs a value: see \"man usercopyctl\"" :
				   "%s does not know the option %s: see \"man usercopyctl\"",
			    argv[0], argv[i]);
			return -1;
		}
		i += took - 1;
	}
	if (n > max) {
		say("%s takes at most %d words, not %d: see \"man usercopyctl\"", argv[0], max, n);
		return -1;
	}
	return n;
}

bool option_number(const char *name, const char *text, double low, double high, double *value)
{
	char *end;
	double n;

	if (!text)
		return true;
	n = strtod(text, &end);
	if (end == text || *end || !(n >= low && n <= high)) {
		say("%s %s: not between %g and %g", name, text, low, high);
		return false;
	}
	*value = n;
	return true;
}
