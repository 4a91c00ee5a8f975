// SPDX-License-Identifier: GPL-2.0-only
#include "exception.h"

#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "say.h"
#include "when.h"

/* NAME until DATE: REASON. False when it is not that. */
static bool take(struct exception_set *set, char *text)
{
	char *until = strstr(text, " until "), *colon = until ? strchr(until, ':') : NULL;
	struct exception e;
	char *reason;

	if (!colon || until == text)
		return false;
	*until = '\0';
	*colon = '\0';
	until += strlen(" until ");
	reason = colon + 1 + strspn(colon + 1, " \t");
	if (strpbrk(text, " \t") || !*reason || strlen(until) != strlen("2026-11-24") ||
	    !when_parse(until, &e.end))
		return false;
	e.name = xformat("%s", text);
	e.date = xformat("%s", until);
	e.reason = xformat("%s", reason);
	set->e = xgrow(set->e, set->n, sizeof(*set->e));
	set->e[set->n++] = e;
	return true;
}

static bool take_line(struct exception_set *set, char *line)
{
	static const char word[] = "exception ";

	line += strspn(line, " \t");
	if (*line++ != '#')
		return true;
	line += strspn(line, " \t");
	if (strncmp(line, word, strlen(word)))
		return true;
	return take(set, line + strlen(word));
}

bool exceptions_parse(struct exception_set *set, const char *path, struct blob *b)
{
	unsigned long number = 0;
	bool ok = true;
	char *next;

	for (char *line = b->data; line < b->data + b->len; line = next) {
		next = line + strcspn(line, "\n");
		*next++ = '\0';
		number++;
		if (take_line(set, line))
			continue;
		say("%s:%lu: an exception is written \"# exception NAME until YYYY-MM-DD: REASON\"",
		    path, number);
		ok = false;
	}
	return ok;
}

static bool read_file(struct exception_set *set, const char *path)
{
	struct blob b;
	int err = blob_read(path, &b);
	bool ok;

	if (err) {
		say("%s: %s", path, strerror(-err));
		return false;
	}
	ok = exceptions_parse(set, path, &b);
	free(b.data);
	return ok;
}

bool exceptions_read(struct exception_set *set)
{
	char *dir = place(PLACE_RULES), **files;
	size_t n;
	bool ok = true;

	memset(set, 0, sizeof(*set));
	if (folder_rules(dir, &files, &n) && n) {
		for (size_t i = 0; i < n; i++) {
			if (!read_file(set, files[i]))
				ok = false;
			free(files[i]);
		}
		free(files);
	}
	free(dir);
	return ok;
}

const struct exception *exception_of(const struct exception_set *set, const char *name,
				     int64_t now, const struct exception **ended)
{
	const struct exception *holds = NULL;

	*ended = NULL;
	for (size_t i = 0; i < set->n; i++) {
		const struct exception *e = &set->e[i];

		if (strcmp(e->name, name))
			continue;
		if (now < e->end)
			holds = e;
		else
			*ended = e;
	}
	if (holds)
		*ended = NULL;
	return holds;
}

void exceptions_free(struct exception_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->e[i].name);
		free(set->e[i].reason);
		free(set->e[i].date);
	}
	free(set->e);
}
