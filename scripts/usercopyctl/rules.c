// SPDX-License-Identifier: GPL-2.0-only
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../whitelist/rule.h"
#include "alias.h"
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

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_graduated(const struct rule_origin *origin)
{
	return !strcmp(file_name(origin->file), file_name(PLACE_GRADUATED));
}

static bool is_policy(const char *s, size_t len, struct ucg_rule *rule)
{
	memset(rule, 0, sizeof(*rule));
	return !ucg_rule_parse(s, len, rule) && rule->verb == UCG_VERB_POLICY && !rule->remove;
}

static bool share_memory(const struct alias_set *aliases, const char *x, const char *y)
{
	size_t n;
	const struct alias *a = aliases_of(aliases, x, &n);

	return a && a == aliases_of(aliases, y, &n);
}

/* Is this own rule to decide, not graduate's? Of shared memory the strictest would. */
static bool overrules(const struct alias_set *aliases, const struct ucg_rule *own,
		      const struct ucg_rule *rule)
{
	if (own->subject != rule->subject)
		return false;
	if (!strcmp(own->name, rule->name))
		return own->policy != rule->policy;
	return rule->subject == UCG_SUBJECT_CACHE && own->policy < rule->policy &&
	       share_memory(aliases, own->name, rule->name);
}

/* Which line of an administrator's own has another policy for the same? Or -1. */
static long stronger(const struct rule_text *text, const struct alias_set *aliases,
		     const struct ucg_rule *rule)
{
	const char *s = text->data, *stop;
	struct ucg_rule other;
	long found = -1;

	for (size_t i = 0; i < text->lines; i++, s = stop + 1) {
		stop = strchr(s, '\n');
		if (!is_graduated(&text->origin[i]) && is_policy(s, (size_t)(stop - s), &other) &&
		    overrules(aliases, &other, rule))
			found = (long)i;
	}
	return found;
}

static void drop_line(struct rule_text *text, size_t line, char *s, size_t len)
{
	memmove(s, s + len, text->len - (size_t)(s + len - text->data));
	text->len -= len;
	memmove(&text->origin[line], &text->origin[line + 1],
		(text->lines - line - 1) * sizeof(*text->origin));
	text->lines--;
}

/* In one write there is one policy for each; of what graduate wrote and what somebody has, the latter. */
static void yield_to_own(struct rule_text *text)
{
	struct alias_set aliases;
	size_t at = 0;

	aliases_read(&aliases);
	for (size_t i = 0; i < text->lines; ) {
		char *s = text->data + at, *stop = memchr(s, '\n', text->len - at);
		size_t len = (size_t)(stop - s) + 1;
		struct ucg_rule rule;
		long own = -1;

		if (is_graduated(&text->origin[i]) && is_policy(s, len - 1, &rule))
			own = stronger(text, &aliases, &rule);
		if (own < 0) {
			at += len;
			i++;
			continue;
		}
		say("%s:%lu: %s:%lu is stronger, a rule of your own", text->origin[i].file,
		    text->origin[i].line, text->origin[own].file, text->origin[own].line);
		drop_line(text, i, s, len);
	}
	aliases_free(&aliases);
}

int rules_add_operands(struct rule_text *text, int n, char **paths)
{
	int ret = CTL_OK;

	if (!n)
		ret = add_folder(text, keep(text, place(PLACE_RULES)));
	for (int i = 0; i < n; i++) {
		int err = add_path(text, paths[i]);

		if (!ret)
			ret = err;
	}
	yield_to_own(text);
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
