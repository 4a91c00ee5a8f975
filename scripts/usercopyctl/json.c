// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <assert.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "say.h"

/* Nothing printed here is nested deeper than four. */
#define DEPTH_MAX 8

static json_object *level[DEPTH_MAX];
static int depth;
static bool in_lines;

/* Length of the valid UTF-8 sequence at @s, 0 when there is none. */
static int utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char first, last, min2, max2;
		int len;
	} row[] = {
		{ 0x01, 0x7f, 0x00, 0xff, 1 },
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

/* json-c takes any bytes for UTF-8: what is none of it goes before. */
static json_object *string_object(const char *string)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const unsigned char *s = (const unsigned char *)string;
	char *valid = xalloc(3 * strlen(string) + 1, 1), *out = valid;
	json_object *object;

	while (*s) {
		int n = utf8_length(s);

		memcpy(out, n ? (const char *)s : replacement, n ? (size_t)n : 3);
		out += n ? n : 3;
		s += n ? n : 1;
	}
	object = json_object_new_string_len(valid, (int)(out - valid));
	free(valid);
	return object;
}

static void add(const char *key, json_object *value, bool is_null)
{
	if (!value && !is_null)
		out_of_memory();
	if (!depth)
		return;
	if ((key ? json_object_object_add(level[depth - 1], key, value)
		 : json_object_array_add(level[depth - 1], value)) < 0)
		out_of_memory();
}

static void open_level(const char *key, json_object *object)
{
	add(key, object, false);
	assert(depth < DEPTH_MAX);
	level[depth++] = object;
}

void json_lines(void)
{
	in_lines = true;
}

void json_object_begin(const char *key)
{
	open_level(key, json_object_new_object());
}

void json_array_begin(const char *key)
{
	open_level(key, json_object_new_array());
}

void json_end(void)
{
	assert(depth > 0);
	if (--depth)
		return;
	puts(json_object_to_json_string_ext(level[0], (in_lines ? 0 : JSON_C_TO_STRING_PRETTY) |
					    JSON_C_TO_STRING_SPACED |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(level[0]);
}

void json_number(const char *key, uint64_t value)
{
	add(key, json_object_new_uint64(value), false);
}

void json_real(const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	add(key, json_object_new_double_s(value, text), false);
}

void json_flag(const char *key, bool value)
{
	add(key, json_object_new_boolean(value), false);
}

void json_seconds(const char *key, uint64_t usec)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%06" PRIu64, usec / 1000000, usec % 1000000);
	add(key, json_object_new_double_s((double)usec / 1e6, text), false);
}

void json_string(const char *key, const char *s)
{
	add(key, s ? string_object(s) : NULL, !s);
}
