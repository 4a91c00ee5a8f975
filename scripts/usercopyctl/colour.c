// SPDX-License-Identifier: GPL-2.0-only
#include "colour.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const codes[] = {
	[COLOUR_TITLE] = "1",
	[COLOUR_GOOD] = "32",
	[COLOUR_CARE] = "33",
	[COLOUR_BAD] = "31",
};

/* Asked each time: standard output may have become a file, see output_begin(). */
static bool has_colours(FILE *f)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(fileno(f)) && !(no && *no) && terminal && strcmp(terminal, "dumb");
}

void put_coloured(FILE *f, enum colour colour, const char *s)
{
	if (has_colours(f))
		fprintf(f, "\033[%sm%s\033[0m", codes[colour], s);
	else
		fputs(s, f);
}
