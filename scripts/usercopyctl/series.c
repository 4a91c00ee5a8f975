// SPDX-License-Identifier: GPL-2.0-only
#include "series.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

/* An answer has six levels. */
#define DEPTH_MAX	12

/* More labels than that nobody gives a machine. */
#define LABELS_MAX	64

/* Above it a double leaves out whole numbers. */
#define WHOLE_MAX	9007199254740992.0

/* The year 9999, in seconds: what is later is no time. */
#define SECONDS_MAX	253402300800.0

/* A string without a NUL in it, or NULL. */
static const char *string_of(json_object *o)
{
	const char *s;

	if (!json_object_is_type(o, json_type_string))
		return NULL;
	s = json_object_get_string(o);
	return strlen(s) == (size_t)json_object_get_string_len(o) ? s : NULL;
}

static const char *string_in(json_object *o, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(o, key, &value) ? string_of(value) : NULL;
}

/* "12", and nothing else that strtod() knows. */
static bool whole_number(const char *text, int64_t *value)
{
	char *end;
	double d;

	if (!text || strlen(text) > 32 || text[strspn(text, "0123456789.e+")])
		return false;
	d = strtod(text, &end);
	if (end == text || *end || !(d >= 0 && d <= WHOLE_MAX) || floor(d) != d)
		return false;
	*value = (int64_t)d;
	return true;
}

static bool take_value(json_object *pair, struct series *s)
{
	json_object *at;
	double seconds;

	if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2)
		return false;
	at = json_object_array_get_idx(pair, 0);
	if (!json_object_is_type(at, json_type_double) && !json_object_is_type(at, json_type_int))
		return false;
	seconds = json_object_get_double(at);
	if (!(seconds >= 0 && seconds < SECONDS_MAX))
		return false;
	s->at = (int64_t)(seconds * 1000);
	return whole_number(string_of(json_object_array_get_idx(pair, 1)), &s->value);
}

static int by_key(const void *x, const void *y)
{
	return strcmp(*(char * const *)x, *(char * const *)y);
}

/* The other labels, in order, so that two machines have one text only if they are one. */
static bool take_machine(json_object *metric, struct series *s)
{
	char **label = NULL, *text = xformat("%s", "");
	bool ok = json_object_object_length(metric) <= LABELS_MAX;
	size_t n = 0;

	json_object_object_foreach(metric, key, value) {
		if (!strcmp(key, "__name__") || !strcmp(key, "cache") || !strcmp(key, "kind"))
			continue;
		ok = ok && string_of(value);
		if (!ok)
			break;
		label = xgrow(label, n, sizeof(*label));
		label[n++] = xformat("%s=\"%s\"", key, string_of(value));
	}
	if (n)
		qsort(label, n, sizeof(*label), by_key);
	for (size_t i = 0; i < n; i++) {
		char *longer = xformat("%s%s%s", text, i ? "," : "", label[i]);

		free(text);
		free(label[i]);
		text = longer;
	}
	free(label);
	s->machine = text;
	return ok;
}

static bool take_labels(json_object *metric, const char *unnamed, struct series *s)
{
	static const char * const empty = "";
	json_object *o;
	const char *name = string_in(metric, "__name__"), *cache = empty, *kind = empty, *instance;

	if (json_object_object_get_ex(metric, "cache", &o))
		cache = string_of(o);
	if (json_object_object_get_ex(metric, "kind", &o))
		kind = string_of(o);
	if (!name && !json_object_object_get_ex(metric, "__name__", &o))
		name = unnamed;
	if (!name || !cache || !kind || !take_machine(metric, s))
		return false;
	instance = string_in(metric, "instance");
	s->name = xformat("%s", name);
	s->cache = xformat("%s", cache);
	s->kind = xformat("%s", kind);
	s->instance = xformat("%s", instance ? instance : s->machine);
	return true;
}

static bool take_series(json_object *o, const char *unnamed, struct series_set *set)
{
	struct series *s;
	json_object *metric, *value;

	if (!json_object_object_get_ex(o, "metric", &metric) ||
	    !json_object_is_type(metric, json_type_object) ||
	    !json_object_object_get_ex(o, "value", &value))
		return false;
	set->s = xgrow(set->s, set->n, sizeof(*set->s));
	s = &set->s[set->n++];
	*s = (struct series){ .name = NULL };
	return take_labels(metric, unnamed, s) && take_value(value, s);
}

static int by_place(const void *x, const void *y)
{
	const struct series *a = x, *b = y;
	int order = strcmp(a->machine, b->machine);

	if (!order)
		order = strcmp(a->cache, b->cache);
	if (!order)
		order = strcmp(a->kind, b->kind);
	return order ? order : strcmp(a->name, b->name);
}

static char *take_result(json_object *result, const char *unnamed, struct series_set *set)
{
	size_t n = json_object_array_length(result);

	for (size_t i = 0; i < n; i++)
		if (!take_series(json_object_array_get_idx(result, i), unnamed, set))
			return xformat("series %zu of its answer is not a whole number above or at 0, with labels: %.200s",
				       i + 1, json_object_to_json_string(json_object_array_get_idx(result, i)));
	if (set->n)
		qsort(set->s, set->n, sizeof(*set->s), by_place);
	for (size_t i = 1; i < set->n; i++)
		if (!by_place(&set->s[i - 1], &set->s[i]))
			return xformat("%s of %s is there twice", set->s[i].name, set->s[i].machine);
	return NULL;
}

static char *take_answer(json_object *answer, const char *unnamed, struct series_set *set)
{
	const char *status = string_in(answer, "status"), *error = string_in(answer, "error"), *type;
	json_object *warnings, *data, *result;

	if (!status || strcmp(status, "success"))
		return xformat("it says: %.200s", error ? error : "nothing that a Prometheus server says");
	if (json_object_object_get_ex(answer, "warnings", &warnings))
		return xformat("its answer may not be complete: %.200s",
			       json_object_to_json_string(warnings));
	if (!json_object_object_get_ex(answer, "data", &data))
		return xformat("there is no data in its answer");
	type = string_in(data, "resultType");
	if (!type || strcmp(type, "vector") || !json_object_object_get_ex(data, "result", &result) ||
	    !json_object_is_type(result, json_type_array))
		return xformat("its answer is no vector");
	return take_result(result, unnamed, set);
}

char *series_parse(const struct blob *b, const char *unnamed, struct series_set *set)
{
	json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	json_object *answer = NULL;
	size_t len = b->len;
	char *reason;

	memset(set, 0, sizeof(*set));
	if (!tokener)
		out_of_memory();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	while (len && strchr(" \t\r\n", b->data[len - 1]))
		len--;
	if (len <= INT32_MAX)
		answer = json_tokener_parse_ex(tokener, b->data, (int)len);
	if (answer && json_tokener_get_parse_end(tokener) == len)
		reason = take_answer(answer, unnamed, set);
	else
		reason = xformat("that is no Prometheus server: its answer is no JSON");
	json_object_put(answer);
	json_tokener_free(tokener);
	return reason;
}

void series_free(struct series_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->s[i].name);
		free(set->s[i].machine);
		free(set->s[i].instance);
		free(set->s[i].cache);
		free(set->s[i].kind);
	}
	free(set->s);
}
