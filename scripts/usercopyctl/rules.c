// SPDX-License-Identifier: GPL-2.0-only
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../whitelist/rule.h"
#include "exit.h"
#include "folder.h"
#include "say.h"

void rules_append(struct rule_text *text, const char *s, size_t len, struct rule_origin origin)
{
	for (size_t i = 0; i <= len; i++) {
		text->data = xgrow(text->data, text->len, 1);
		text->data[text->len++] = i < len ? s[i] : '\n';
	}
	text->origin = xgrow(text->origin, text->lines, sizeof(*text->origin));
	text->origin[text->lines++] = origin;
}

void rules_fault(struct rule_text *text, struct rule_origin origin, const char *reason)
{
	say("%s:%lu: %s", origin.file, origin.line, reason);
	text->faults = xgrow(text->faults, text->nr_faults, sizeof(*text->faults));
	text->faults[text->nr_faults++] = (struct rule_fault){ origin, reason };
}

size_t rules_add(struct rule_text *text, const char *file, const struct blob *b)
{
	const char *s = b->data, *end = b->data + b->len;
	unsigned long line = 0;
	size_t bad = 0;

	while (s < end) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		const char *reason;
		struct ucg_rule rule;

		if (!stop)
			stop = end;
		line++;
		reason = ucg_rule_parse(s, (size_t)(stop - s), &rule);
		if (reason) {
			rules_fault(text, (struct rule_origin){ file, line }, reason);
			bad++;
		} else if (rule.verb != UCG_VERB_BLANK) {
			/* Comments stay here: the kernel takes only so much in one write. */
			const char *comment = memchr(s, '#', (size_t)(stop - s));

			rules_append(text, s, (size_t)((comment ? comment : stop) - s),
				     (struct rule_origin){ file, line });
		}
		s = stop + 1;
	}
	return bad;
}

static int add_file(struct rule_text *text, const char *file)
{
	struct blob b;
	int err = blob_read(file, &b);
	size_t bad;

	if (err) {
		say("%s: %s", file, strerror(-err));
		return CTL_NO_FILE;
	}
	bad = rules_add(text, file, &b);
	free(b.data);
	return bad ? CTL_BAD_INPUT : CTL_OK;
}

/* Names are kept until the end: messages need them. */
static const char *keep(struct rule_text *text, char *name)
{
	text->names = xgrow(text->names, text->nr_names, sizeof(*text->names));
	text->names[text->nr_names++] = name;
	return name;
}

static int add_folder(struct rule_text *text, const char *dir)
{
	int ret = CTL_OK;
	char **files;
	size_t n;

	if (!folder_rules(dir, &files, &n)) {
		say("%s: %s", dir, strerror(errno));
		return CTL_NO_FILE;
	}
	if (!n)
		say("%s: no *.rules in it", dir);
	for (size_t i = 0; i < n; i++) {
		int err = add_file(text, keep(text, files[i]));

		if (!ret)
			ret = err;
	}
	free(files);
	return ret;
}

static int add_path(struct rule_text *text, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		return add_folder(text, path);
	return add_file(text, path);
}

int rules_add_operands(struct rule_text *text, int n, char **paths)
{
	int ret = CTL_OK;

	if (!n)
		return add_folder(text, keep(text, place(PLACE_RULES)));
	for (int i = 0; i < n; i++) {
		int err = add_path(text, paths[i]);

		if (!ret)
			ret = err;
	}
	return ret;
}

void rules_free(struct rule_text *text)
{
	for (size_t i = 0; i < text->nr_names; i++)
		free(text->names[i]);
	free(text->names);
	free(text->faults);
	free(text->data);
	free(text->origin);
}

bool rule_can_name(const char *name)
{
	return *name && strlen(name) <= UCG_NAME_MAX;
}

char *rule_name(const char *name)
{
	char *to = xalloc(UCG_ESCAPED_MAX, 1);

	ucg_name_escape(to, name);
	return to;
}
