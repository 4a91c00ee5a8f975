// SPDX-License-Identifier: GPL-2.0-only
#include "say.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "exit.h"

_Noreturn void out_of_memory(void)
{
	fputs("usercopyctl: out of memory\n", stderr);
	exit(CTL_NO_FILE);
}

void *xalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		out_of_memory();
	return p;
}

void *xgrow(void *array, size_t n, size_t size)
{
	size_t room;

	if (n & (n - 1))	/* not a power of two: there is room left */
		return array;
	room = n ? 2 * n : 1;
	if (room > SIZE_MAX / size)
		out_of_memory();
	array = realloc(array, room * size);
	if (!array)
		out_of_memory();
	return array;
}

static __printf(1, 0) char *vformat(const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		out_of_memory();
	s = xalloc((size_t)n + 1, 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *xformat(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vformat(fmt, ap);
	va_end(ap);
	return s;
}

/* Returns what is left of the string. */
static const char *put(FILE *f, const char *s, size_t max)
{
	unsigned char before = 0;

	for (; *s && max; s++, max--) {
		unsigned char c = (unsigned char)*s;

		if (c < 32 || c > 126 || (before == '*' && c == '/'))
			fprintf(f, "\\%03o", c);
		else
			putc(c, f);
		before = c;
	}
	return s;
}

void put_plain(FILE *f, const char *s)
{
	put(f, s, SIZE_MAX);
}

/* A comment line of a rules file may have 1280 bytes: one name of 1020, or two of these. */
#define BRIEF_MAX	128

void put_brief(FILE *f, const char *s)
{
	if (*put(f, s, BRIEF_MAX))
		fputs("...", f);
}

void say(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vformat(fmt, ap);
	va_end(ap);
	put_coloured(stderr, COLOUR_TITLE, "usercopyctl:");
	putc(' ', stderr);
	put_plain(stderr, s);
	putc('\n', stderr);
	free(s);
}
