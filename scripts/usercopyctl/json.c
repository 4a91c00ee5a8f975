// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "array.h"

/* Nothing printed here is nested deeper than four. */
#define DEPTH_MAX 8

static struct {
	char close;
	bool filled;
} level[DEPTH_MAX];
static int depth;

static void indent(void)
{
	putchar('\n');
	for (int i = 0; i < depth; i++)
		fputs("  ", stdout);
}

/* Length of the valid UTF-8 sequence at @s, 0 when there is none. */
static int utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char first, last, min2, max2;
		int len;
	} row[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },	/* no surrogates */
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(row); i++) {
		if (s[0] < row[i].first || s[0] > row[i].last)
			continue;
		if (s[1] < row[i].min2 || s[1] > row[i].max2)
			return 0;
		for (int k = 2; k < row[i].len; k++)
			if (s[k] < 0x80 || s[k] > 0xbf)
				return 0;
		return row[i].len;
	}
	return 0;
}

static void quoted(const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	putchar('"');
	while (*s) {
		int n = *s < 0x80 ? 1 : utf8_length(s);

		if (!n) {
			fputs("\\ufffd", stdout);
			n = 1;
		} else if (*s < 0x20 || *s == 0x7f) {
			printf("\\u%04x", *s);
		} else if (*s == '"' || *s == '\\') {
			printf("\\%c", *s);
		} else {
			fwrite(s, 1, (size_t)n, stdout);
		}
		s += n;
	}
	putchar('"');
}

static void begin(const char *key)
{
	if (depth) {
		if (level[depth - 1].filled)
			putchar(',');
		level[depth - 1].filled = true;
		indent();
	}
	if (key) {
		quoted(key);
		fputs(": ", stdout);
	}
}

static void open_level(const char *key, char open, char close)
{
	begin(key);
	putchar(open);
	assert(depth < DEPTH_MAX);
	level[depth].close = close;
	level[depth].filled = false;
	depth++;
}

void json_object(const char *key)
{
	open_level(key, '{', '}');
}

void json_array(const char *key)
{
	open_level(key, '[', ']');
}

void json_end(void)
{
	assert(depth > 0);
	depth--;
	if (level[depth].filled)
		indent();
	putchar(level[depth].close);
	if (!depth)
		putchar('\n');
}

void json_number(const char *key, uint64_t value)
{
	begin(key);
	printf("%" PRIu64, value);
}

void json_bool(const char *key, bool value)
{
	begin(key);
	fputs(value ? "true" : "false", stdout);
}

void json_seconds(const char *key, uint64_t usec)
{
	begin(key);
	printf("%" PRIu64 ".%06" PRIu64, usec / 1000000, usec % 1000000);
}

void json_string(const char *key, const char *s)
{
	begin(key);
	if (s)
		quoted(s);
	else
		fputs("null", stdout);
}
