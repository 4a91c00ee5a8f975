// SPDX-License-Identifier: GPL-2.0-only
#include "line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "ranges.h"
#include "say.h"

/* "123.456789" in microseconds; digits behind the sixth are dropped. */
static bool take_seconds(const char **s, const char *end, uint64_t *usec)
{
	uint64_t unit = 100000;

	if (end - *s == 1 && **s == '-') {
		(*s)++;
		*usec = 0;
		return true;
	}
	if (!number_read(s, end, usec) || *usec > UINT64_MAX / 2000000)
		return false;
	*usec *= 1000000;
	if (*s == end || **s != '.')
		return true;
	for ((*s)++; *s < end && **s >= '0' && **s <= '9'; (*s)++) {
		*usec += unit * (uint64_t)(**s - '0');
		unit /= 10;
	}
	return true;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Undo the kernel's \ooo; "-" is the empty value. NULL when an escape is broken or is NUL. */
static char *decode(const char *s, const char *end)
{
	char *text = xalloc((size_t)(end - s) + 1, 1), *out = text;

	if (end - s == 1 && *s == '-')
		return text;
	while (s < end) {
		int c = (unsigned char)*s++;

		if (c == '\\') {
			if (end - s < 3 || s[0] > '3' ||
			    !is_octal(s[0]) || !is_octal(s[1]) || !is_octal(s[2]))
				goto broken;
			c = (s[0] - '0') << 6 | (s[1] - '0') << 3 | (s[2] - '0');
			s += 3;
			if (!c)
				goto broken;
		}
		*out++ = (char)c;
	}
	*out = '\0';
	return text;
broken:
	free(text);
	return NULL;
}

static bool take_value(void *at, enum line_type type, const char *s, const char *end)
{
	switch (type) {
	case LINE_NUMBER:
		return number_read(&s, end, at) && s == end;
	case LINE_FLAG:
		*(bool *)at = end - s == 1 && *s == '1';
		return end - s == 1 && (*s == '0' || *s == '1');
	case LINE_SECONDS:
		return take_seconds(&s, end, at) && s == end;
	case LINE_TEXT:
		return (*(char **)at = decode(s, end)) != NULL;
	case LINE_DIRECTION:
		*(bool *)at = end - s == 2 && !memcmp(s, "to", 2);
		return *(bool *)at || (end - s == 4 && !memcmp(s, "from", 4));
	case LINE_RANGES:
		return ranges_parse(s, end, at);
	}
	return false;
}

static const struct line_field *find_field(const struct line_field *fields, size_t n,
					   const char *key, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(fields[i].key) == len && !memcmp(fields[i].key, key, len))
			return &fields[i];
	return NULL;
}

char *line_parse(const char *s, const char *end, const struct line_field *fields, size_t n,
		 void *into)
{
	bool seen[LINE_FIELDS_MAX] = { false };

	assert(n <= LINE_FIELDS_MAX);
	while (s < end) {
		const char *stop = memchr(s, ' ', (size_t)(end - s));
		const struct line_field *f;
		const char *equals;

		if (!stop)
			stop = end;
		equals = memchr(s, '=', (size_t)(stop - s));
		if (!equals)
			return xformat("\"%.*s\" is no key=value",
				       stop - s > 40 ? 40 : (int)(stop - s), s);
		f = find_field(fields, n, s, (size_t)(equals - s));
		if (f && seen[f - fields])
			return xformat("%s= is there twice", f->key);
		if (f) {
			seen[f - fields] = true;
			if (!take_value((char *)into + f->at, f->type, equals + 1, stop))
				return xformat("%s= has a value that cannot be read", f->key);
		}
		s = stop < end ? stop + 1 : end;
	}
	for (size_t i = 0; i < n; i++)
		if (fields[i].needed && !seen[i])
			return xformat("%s= is missing", fields[i].key);
	return NULL;
}

void lines_each(const struct blob *b, char *(*take)(void *ctx, unsigned long line, const char *s,
						    const char *end),
		void *ctx, struct malformed **bad, size_t *nbad)
{
	const char *s = b->data, *end = b->data + b->len;
	unsigned long line = 0;

	while (s < end) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		char *reason = NULL;

		if (!stop)
			stop = end;
		line++;
		if (stop - s > LINE_MAX_BYTES)
			reason = xformat("longer than %d bytes", LINE_MAX_BYTES);
		else if (memchr(s, '\0', (size_t)(stop - s)))
			reason = xformat("has a NUL byte");
		else if (stop > s && *s != '#')
			reason = take(ctx, line, s, stop);
		if (reason) {
			*bad = xgrow(*bad, *nbad, sizeof(**bad));
			(*bad)[(*nbad)++] = (struct malformed){ .line = line, .reason = reason };
		}
		s = stop + 1;
	}
}
