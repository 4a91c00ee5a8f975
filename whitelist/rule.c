// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parse one line of the rule language (rule.h). No state, no allocation, no dependency but
 * strings: the fuzzer compiles this very file.
 */
#include "portable.h"
#include "rule.h"

/* The words of a line, in place, not NUL-terminated. */
struct word {
	const char *at;
	size_t len;
};

/*
 * delete, verb, name, offset, length, direction, and one more to notice that there is one too many
 */
#define MAX_WORDS 7

static bool is_word(const struct word *w, const char *s)
{
	return w->len == strlen(s) && !memcmp(w->at, s, w->len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Rules are printable ASCII, so that a log line, an editor and a terminal all show the same thing.
 * A comment may be in any language (UTF-8), but has no control characters either.
 */
static const char *check_bytes(const char *line, size_t len, size_t *rule_len)
{
	bool comment = false;
	size_t i;

	*rule_len = len;
	for (i = 0; i < len; i++) {
		unsigned char c = line[i];

		if (c == '#' && !comment) {
			comment = true;
			*rule_len = i;
		}
		if (c == '\0')
			return "NUL byte";
		if (c == '\r')
			return "carriage return (lines end with a newline alone)";
		if (c == 0x7f || (c < ' ' && c != '\t'))
			return "control character";
		if (c >= 0x80 && !comment)
			return "byte that is not ASCII (write it as \\ and three octal digits)";
	}
	return NULL;
}

static unsigned int split(const char *line, size_t len, struct word *words)
{
	unsigned int nr = 0;
	size_t i = 0;

	while (nr < MAX_WORDS) {
		size_t start;

		while (i < len && is_blank(line[i]))
			i++;
		if (i == len)
			break;
		start = i;
		while (i < len && !is_blank(line[i]))
			i++;
		words[nr].at = line + start;
		words[nr++].len = i - start;
	}
	return nr;
}

static int octal(const char *s)
{
	int i, value = 0;

	for (i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		value = value * 8 + s[i] - '0';
	}
	return value;
}

static const char *unescape(const struct word *w, char *name)
{
	size_t i = 0, n = 0;

	while (i < w->len) {
		int c = (unsigned char)w->at[i++];

		if (c == '\\') {
			c = w->len - i >= 3 ? octal(w->at + i) : -1;
			if (c <= 0 || c > 255)
				return "bad escape in the name (three octal digits, not 000)";
			i += 3;
		}
		if (n == UCG_NAME_MAX)
			return "name longer than 255 bytes";
		name[n++] = c;
	}
	name[n] = '\0';
	return NULL;
}

/* The kernel has "_" in the names of modules where their files may have "-". */
static void spell_module(char *name)
{
	for (; *name; name++)
		if (*name == '-')
			*name = '_';
}

/* FUNCTION or FUNCTION@MODULE: neither of the two has an "@" in it. */
static const char *check_caller(char *name)
{
	char *at = strchr(name, '@');

	if (at && (at == name || !at[1] || strchr(at + 1, '@')))
		return "bad caller (caller:FUNCTION or caller:FUNCTION@MODULE)";
	if (at)
		spell_module(at + 1);
	return NULL;
}

static const char *check_kind(const char *name)
{
	int i;

	for (i = UCG_FINE + 1; i < UCG_NR_KINDS; i++)
		if (!strcmp(name, ucg_kind_words[i]))
			return NULL;
	return "unknown kind (as in the file violations)";
}

/* The second field: whom the rule is for. */
static const char *parse_name(const struct word *w, struct ucg_rule *rule)
{
	enum ucg_subject subject = UCG_SUBJECT_CACHE;
	size_t skip = ucg_name_word(w->at, w->len, &subject);
	struct word rest = { w->at + skip, w->len - skip };
	const char *reason;

	rule->subject = subject;
	if (subject != UCG_SUBJECT_CACHE && rule->verb != UCG_VERB_POLICY)
		return "only a policy can be for a caller, a module or a kind";
	reason = unescape(&rest, rule->name);
	if (reason)
		return reason;
	if (!rule->name[0])
		return "no name behind the colon";
	if (subject == UCG_SUBJECT_CALLER)
		return check_caller(rule->name);
	if (subject == UCG_SUBJECT_KIND)
		return check_kind(rule->name);
	if (subject == UCG_SUBJECT_MODULE)
		spell_module(rule->name);
	return NULL;
}

static int digit(char c, unsigned int base)
{
	int d;

	if (c >= '0' && c <= '9')
		d = c - '0';
	else if (c >= 'a' && c <= 'f')
		d = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		d = c - 'A' + 10;
	else
		return -1;
	return d < base ? d : -1;
}

static const char *parse_number(const struct word *w, u64 *value)
{
	unsigned int base = 10;
	size_t i = 0;

	if (w->at[0] == '-')
		return "negative number";
	if (w->len > 2 && w->at[0] == '0' && (w->at[1] == 'x' || w->at[1] == 'X')) {
		base = 16;
		i = 2;
	} else if (w->len > 1 && w->at[0] == '0') {
		return "number with a leading zero (decimal or 0x hexadecimal)";
	}

	*value = 0;
	for (; i < w->len; i++) {
		int d = digit(w->at[i], base);

		if (d < 0)
			return "not a number (decimal or 0x hexadecimal)";
		*value = *value * base + d;
		if (*value > UCG_REGION_MAX)
			return "number above 2^32";
	}
	return NULL;
}

static const char *parse_region(const struct word *w, struct ucg_rule *rule)
{
	const char *reason;
	u64 offset, len;

	reason = parse_number(&w[0], &offset);
	if (!reason)
		reason = parse_number(&w[1], &len);
	if (reason)
		return reason;
	if (!len)
		return "length 0";
	if (offset + len > UCG_REGION_MAX)
		return "offset + length above 2^32";
	rule->offset = offset;
	rule->len = len;
	return NULL;
}

static const char *parse_allow(const struct word *w, unsigned int nr, struct ucg_rule *rule)
{
	if (nr < 4)
		return "missing field (allow CACHE OFFSET LENGTH [to|from|both])";
	if (nr > 5)
		return "extra field (allow CACHE OFFSET LENGTH [to|from|both])";
	if (nr == 4 || is_word(&w[4], "both"))
		rule->dirs = UCG_BOTH;
	else if (is_word(&w[4], "to"))
		rule->dirs = UCG_TO_USER;
	else if (is_word(&w[4], "from"))
		rule->dirs = UCG_FROM_USER;
	else
		return "unknown direction (to, from or both)";
	return parse_region(&w[2], rule);
}

static const char *parse_deny(const struct word *w, unsigned int nr, struct ucg_rule *rule)
{
	if (nr < 2 || nr == 3)
		return "missing field (deny CACHE [OFFSET LENGTH])";
	if (nr > 4)
		return "extra field (deny CACHE [OFFSET LENGTH])";
	rule->dirs = UCG_BOTH;
	if (nr == 4)
		return parse_region(&w[2], rule);
	rule->offset = 0;
	rule->len = UCG_REGION_MAX;
	return NULL;
}

static const char *parse_policy(const struct word *w, unsigned int nr, struct ucg_rule *rule)
{
	unsigned int i;

	if (nr < 3)
		return "missing field (policy NAME warn|fallback|enforce)";
	if (nr > 3)
		return "extra field (policy NAME warn|fallback|enforce)";
	for (i = 0; i < UCG_NR_POLICIES; i++) {
		if (is_word(&w[2], ucg_policy_words[i])) {
			rule->policy = i;
			return NULL;
		}
	}
	return "unknown policy (warn, fallback or enforce)";
}

/* All that may stand behind "delete", too. */
static const char *parse_verb(const struct word *w, unsigned int nr, struct ucg_rule *rule)
{
	const char *reason;

	if (nr && is_word(&w[0], "allow")) {
		rule->verb = UCG_VERB_ALLOW;
		reason = parse_allow(w, nr, rule);
	} else if (nr && is_word(&w[0], "deny")) {
		rule->verb = UCG_VERB_DENY;
		reason = parse_deny(w, nr, rule);
	} else if (nr && is_word(&w[0], "policy")) {
		rule->verb = UCG_VERB_POLICY;
		reason = parse_policy(w, nr, rule);
	} else if (rule->remove) {
		return "delete what? (an allow, deny or policy rule, as it was written)";
	} else {
		return "unknown verb (allow, deny, policy, delete or flush)";
	}
	return reason ?: parse_name(&w[1], rule);
}

/**
 * ucg_rule_parse - parse one line
 * @line: the line, without its newline; need not be NUL-terminated
 * @len: its length in bytes
 * @rule: where to put the result; unspecified when there is an error
 *
 * Context: any.
 * Return: NULL, or a short sentence for the log that says what is wrong with the line.
 */
const char *ucg_rule_parse(const char *line, size_t len, struct ucg_rule *rule)
{
	struct word w[MAX_WORDS];
	const char *reason;
	unsigned int nr;
	size_t rule_len;

	if (len > UCG_LINE_MAX)
		return "line longer than 1280 bytes";
	reason = check_bytes(line, len, &rule_len);
	if (reason)
		return reason;

	nr = split(line, rule_len, w);
	memset(rule, 0, sizeof(*rule));
	if (!nr) {
		rule->verb = UCG_VERB_BLANK;
		return NULL;
	}

	if (is_word(&w[0], "flush")) {
		rule->verb = UCG_VERB_FLUSH;
		return nr == 1 ? NULL : "extra field (flush stands alone)";
	}
	rule->remove = is_word(&w[0], "delete");
	return rule->remove ? parse_verb(w + 1, nr - 1, rule) : parse_verb(w, nr, rule);
}
