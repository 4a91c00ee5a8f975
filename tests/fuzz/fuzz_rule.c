// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz whitelist/rule.c: each line of the input is parsed. What is accepted must be within its
 * limits, and mean the same when it is written anew and parsed again.
 */
#include "kernel.h"
#include "../../whitelist/rule.h"

static void must(bool good)
{
	if (!good)
		abort();
}

static void check_again(const struct ucg_rule *rule)
{
	static const char * const dirs[] = { "", "to", "from", "both" };
	char line[UCG_LINE_MAX + 1], name[UCG_ESCAPED_MAX], word[16] = "";
	struct ucg_rule again;
	const char *remove = rule->remove ? "delete " : "";
	int n = 0;

	must(ucg_name_escape(name, rule->name) == strlen(name));
	if (rule->verb == UCG_VERB_POLICY && rule->subject != UCG_SUBJECT_CACHE)
		snprintf(word, sizeof(word), "%s:", ucg_subject_words[rule->subject]);
	switch (rule->verb) {
	case UCG_VERB_ALLOW:
		n = snprintf(line, sizeof(line), "%sallow %s %u %llu %s", remove, name,
			     rule->offset, (unsigned long long)rule->len, dirs[rule->dirs]);
		break;
	case UCG_VERB_DENY:
		n = snprintf(line, sizeof(line), "%sdeny\t%s 0x%x 0x%llX # x", remove, name,
			     rule->offset, (unsigned long long)rule->len);
		break;
	case UCG_VERB_POLICY:
		n = snprintf(line, sizeof(line), " %spolicy %s%s %s ", remove, word, name,
			     ucg_policy_words[rule->policy]);
		break;
	case UCG_VERB_FLUSH:
		n = snprintf(line, sizeof(line), "flush");
		break;
	case UCG_VERB_BLANK:
		n = snprintf(line, sizeof(line), "%s", "");
		break;
	}
	must(n < (int)sizeof(line));
	must(!ucg_rule_parse(line, n, &again));
	must(again.subject == rule->subject && again.remove == rule->remove);
	must(again.verb == rule->verb && again.dirs == rule->dirs &&
	     again.policy == rule->policy && again.offset == rule->offset &&
	     again.len == rule->len && !strcmp(again.name, rule->name));
}

static void check_limits(const struct ucg_rule *rule)
{
	bool region = rule->verb == UCG_VERB_ALLOW || rule->verb == UCG_VERB_DENY;
	bool named = region || rule->verb == UCG_VERB_POLICY;

	must(memchr(rule->name, 0, sizeof(rule->name)) && !rule->name[0] == !named);
	must(!named || rule->subject == UCG_SUBJECT_CACHE || rule->verb == UCG_VERB_POLICY);
	must(rule->subject < UCG_NR_SUBJECTS && (!rule->remove || named));
	must(rule->policy < UCG_NR_POLICIES && rule->dirs <= UCG_BOTH && !rule->dirs == !region);
	if (region)
		must(rule->len && rule->offset + rule->len <= UCG_REGION_MAX);
	else
		must(!rule->len && !rule->offset);
}

/* Every byte of the word, or escape, is a byte of the name: none ends it early. */
static void check_name(const char *line, size_t len, const struct ucg_rule *rule)
{
	size_t i = 0, n = 0;

	if (!rule->name[0])
		return;
	while (strchr(" \t", line[i]))
		i++;
	i += strcspn(line + i, " \t");
	while (strchr(" \t", line[i]))
		i++;
	if (rule->remove) {
		i += strcspn(line + i, " \t");
		while (strchr(" \t", line[i]))
			i++;
	}
	if (rule->subject != UCG_SUBJECT_CACHE)
		i += strlen(ucg_subject_words[rule->subject]) + 1;
	while (i < len && !strchr(" \t#", line[i])) {
		i += line[i] == '\\' ? 4 : 1;
		n++;
	}
	must(n == strlen(rule->name));
}

static void check_line(const char *line, size_t len)
{
	struct ucg_rule rule;
	const char *reason;
	char *exact;

	/* In a buffer of its own size, so that a byte too far is seen. */
	exact = malloc(len);
	if (!exact && len)
		return;
	memcpy(exact, line, len);
	reason = ucg_rule_parse(exact, len, &rule);
	free(exact);
	if (reason) {
		must(*reason && strlen(reason) < 100);
		return;
	}
	must(len <= UCG_LINE_MAX);
	must(!memchr(line, 0, len) && !memchr(line, '\r', len));
	check_limits(&rule);
	check_again(&rule);
	check_name(line, len, &rule);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data, *end = line + size, *newline;

	for (; line < end; line = newline + 1) {
		newline = memchr(line, '\n', end - line) ?: end;
		check_line(line, newline - line);
	}
	return 0;
}
