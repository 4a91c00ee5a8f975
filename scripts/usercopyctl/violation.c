// SPDX-License-Identifier: GPL-2.0-only
#include "violation.h"

#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "json.h"
#include "say.h"

enum field_type { NUMBER, SECONDS, TEXT, DIRECTION };

/*
 * The keys of a line. A key that is not in the table is passed over: a newer
 * kernel module may know more. A key that is needed to judge a violation must be
 * there: without it an attack could look like a missing whitelist.
 */
static const struct field {
	const char *key;
	enum field_type type;
	bool needed;
	size_t at;
} fields[] = {
#define FIELD(key, type, needed, member) \
	{ key, type, needed, offsetof(struct violation, member) }
	FIELD("id", NUMBER, true, id),
	FIELD("kind", TEXT, true, kind),
	FIELD("dir", DIRECTION, true, to_user),
	FIELD("cache", TEXT, true, cache),
	FIELD("merged", NUMBER, true, merged),
	FIELD("objsize", NUMBER, true, objsize),
	FIELD("useroffset", NUMBER, true, useroffset),
	FIELD("usersize", NUMBER, true, usersize),
	FIELD("min", NUMBER, true, min),
	FIELD("max", NUMBER, true, max),
	FIELD("minsize", NUMBER, true, minsize),
	FIELD("maxsize", NUMBER, true, maxsize),
	FIELD("grew", NUMBER, true, grew),
	FIELD("count", NUMBER, true, count),
	FIELD("allowed", NUMBER, false, allowed),
	FIELD("refused", NUMBER, false, refused),
	FIELD("unrefusable", NUMBER, false, unrefusable),
	FIELD("killed", NUMBER, false, killed),
	FIELD("first", SECONDS, false, first),
	FIELD("last", SECONDS, false, last),
	FIELD("pid", NUMBER, false, pid),
	FIELD("comm", TEXT, false, comm),
	FIELD("caller", TEXT, true, caller),
#undef FIELD
};

#define NFIELDS (ARRAY_SIZE(fields))

/* Decimal digits in [*s, end); moves *s behind them. */
static bool take_number(const char **s, const char *end, uint64_t *value)
{
	const char *start = *s;
	uint64_t v = 0;

	for (; *s < end && **s >= '0' && **s <= '9'; (*s)++) {
		uint64_t digit = (uint64_t)(**s - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return *s > start;
}

/* "123.456789" in microseconds; digits behind the sixth are dropped. */
static bool take_seconds(const char **s, const char *end, uint64_t *usec)
{
	uint64_t unit = 100000;

	if (!take_number(s, end, usec) || *usec > UINT64_MAX / 2000000)
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

static bool take_field(struct violation *v, const struct field *f, const char *s, const char *end)
{
	void *at = (char *)v + f->at;

	switch (f->type) {
	case NUMBER:
		return take_number(&s, end, at) && s == end;
	case SECONDS:
		return take_seconds(&s, end, at) && s == end;
	case TEXT:
		return (*(char **)at = decode(s, end)) != NULL;
	case DIRECTION:
		*(bool *)at = end - s == 2 && !memcmp(s, "to", 2);
		return *(bool *)at || (end - s == 4 && !memcmp(s, "from", 4));
	}
	return false;
}

static const struct field *find_field(const char *key, size_t len)
{
	for (size_t i = 0; i < NFIELDS; i++)
		if (strlen(fields[i].key) == len && !memcmp(fields[i].key, key, len))
			return &fields[i];
	return NULL;
}

/*
 * Numbers that cannot all be true at once. Asked only where they may become a rule: a
 * copy that wraps has no end above its start, and what is no slab object has no sizes.
 */
static char *contradiction(const struct violation *v)
{
	if (strcmp(v->kind, "whitelist"))
		return NULL;
	if (!v->cache)
		return xformat("kind=whitelist without a cache");
	if (v->min >= v->max)
		return xformat("min=%llu is not below max=%llu", (unsigned long long)v->min,
			       (unsigned long long)v->max);
	if (v->minsize > v->maxsize)
		return xformat("minsize is above maxsize");
	if (!v->objsize || v->objsize > UINT32_MAX)
		return xformat("objsize=%llu is no size of a slab object",
			       (unsigned long long)v->objsize);
	if (v->useroffset > v->objsize || v->usersize > v->objsize - v->useroffset)
		return xformat("the kernel's whitelist does not fit into objsize");
	return NULL;
}

/* Return: NULL, or what is wrong with the line. */
static char *parse_line(const char *s, const char *end, struct violation *v)
{
	bool seen[NFIELDS] = { false };

	while (s < end) {
		const char *stop = memchr(s, ' ', (size_t)(end - s));
		const char *equals;
		const struct field *f;

		if (!stop)
			stop = end;
		equals = memchr(s, '=', (size_t)(stop - s));
		if (!equals)
			return xformat("\"%.*s\" is no key=value",
				       stop - s > 40 ? 40 : (int)(stop - s), s);
		f = find_field(s, (size_t)(equals - s));
		if (f && seen[f - fields])
			return xformat("%s= is there twice", f->key);
		if (f) {
			seen[f - fields] = true;
			if (!take_field(v, f, equals + 1, stop))
				return xformat("%s= has a value that cannot be read", f->key);
		}
		s = stop < end ? stop + 1 : end;
	}
	for (size_t i = 0; i < NFIELDS; i++)
		if (fields[i].needed && !seen[i])
			return xformat("%s= is missing", fields[i].key);
	if (!*v->cache) {
		free(v->cache);
		v->cache = NULL;
	}
	return contradiction(v);
}

static void violation_free(struct violation *v)
{
	free(v->kind);
	free(v->cache);
	free(v->comm);
	free(v->caller);
}

static void add_line(struct violation_set *set, unsigned long line, const char *s, const char *end)
{
	struct violation v = { .line = line };
	char *reason;

	if (end - s > VIOLATION_LINE_MAX)
		reason = xformat("longer than %d bytes", VIOLATION_LINE_MAX);
	else if (memchr(s, '\0', (size_t)(end - s)))
		reason = xformat("has a NUL byte");
	else
		reason = parse_line(s, end, &v);
	if (reason) {
		violation_free(&v);
		set->bad = xgrow(set->bad, set->nbad, sizeof(*set->bad));
		set->bad[set->nbad++] = (struct malformed){ .line = line, .reason = reason };
		return;
	}
	set->v = xgrow(set->v, set->n, sizeof(*set->v));
	set->v[set->n++] = v;
}

void violations_parse(const struct blob *b, struct violation_set *set)
{
	const char *s = b->data, *end = b->data + b->len;
	unsigned long line = 0;

	memset(set, 0, sizeof(*set));
	while (s < end) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));

		if (!stop)
			stop = end;
		line++;
		if (stop > s && *s != '#')
			add_line(set, line, s, stop);
		s = stop + 1;
	}
}

bool violations_get(const char *file, struct violation_set *set)
{
	char *real = file ? NULL : place(PLACE_VIOLATIONS);
	const char *path = file ? file : real;
	struct blob b;
	int err = blob_read(path, &b);

	if (err) {
		if (file)
			say("%s: %s", file, strerror(-err));
		else
			say_unreadable(PLACE_VIOLATIONS, -err);
		free(real);
		return false;
	}
	violations_parse(&b, set);
	for (size_t i = 0; i < set->nbad; i++)
		say("%s:%lu: no violation: %s", path, set->bad[i].line, set->bad[i].reason);
	free(b.data);
	free(real);
	return true;
}

void violations_free(struct violation_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		violation_free(&set->v[i]);
	for (size_t i = 0; i < set->nbad; i++)
		free(set->bad[i].reason);
	free(set->v);
	free(set->bad);
}

void json_malformed(const struct violation_set *set)
{
	json_array_begin("malformed");
	for (size_t i = 0; i < set->nbad; i++) {
		json_object_begin(NULL);
		json_number("line", set->bad[i].line);
		json_string("reason", set->bad[i].reason);
		json_end();
	}
	json_end();
}
