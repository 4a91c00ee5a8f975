// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a fuzzer does not come by in rules and sets of rules: the limits, names whose hashes are
 * equal, memory that is short at each allocation in turn, and questions that nobody should ask.
 *
 * Prints a line "ok - ..." or "not ok - ..." for each; the exit status is 1 if any was not ok.
 */
#include "kernel.h"
#include "../../whitelist/compare.h"
#include "../../whitelist/edit.h"
#include "../../whitelist/judge.h"
#include "../../whitelist/print.h"
#include "../../whitelist/rule.h"
#include "../../whitelist/ruleset.h"
#include "../../whitelist/seal.h"
#include "../../whitelist/set.h"

#include <unistd.h>

#define NAMES	400000	/* some twenty pairs of these have equal hashes */

static bool failed;
/* Allocations until one fails; 0 for never. */
static unsigned int until_failure;

bool fuzz_alloc_fails(void)
{
	return until_failure && !--until_failure;
}

static void ok(bool good, const char *what)
{
	printf("%s - %s\n", good ? "ok" : "not ok", what);
	failed |= !good;
}

static int add(struct ucg_ruleset *set, const char *line)
{
	struct ucg_rule rule;
	const char *reason = ucg_rule_parse(line, strlen(line), &rule);

	if (reason) {
		printf("# '%s': %s\n", line, reason);
		exit(2);
	}
	return ucg_ruleset_add(set, &rule);
}

/* add() of a printf format with one number. */
static int add_nth(struct ucg_ruleset *set, const char *format, unsigned int n)
{
	char line[UCG_LINE_MAX];

	snprintf(line, sizeof(line), format, n);
	return add(set, line);
}

static struct ucg_ruleset *begin(const struct ucg_ruleset *old)
{
	struct ucg_ruleset *set = ucg_ruleset_fork(old);

	if (!set)
		exit(2);
	return set;
}

/* A sealed set with these lines, up to a NULL. */
static struct ucg_ruleset *sealed(const char * const *lines)
{
	struct ucg_ruleset *set = begin(NULL);

	for (; *lines; lines++)
		if (add(set, *lines))
			exit(2);
	if (ucg_ruleset_seal(set))
		exit(2);
	return set;
}

#define SEALED(...) sealed((const char * const []){ __VA_ARGS__, NULL })

static void done_with(struct ucg_ruleset *set)
{
	ucg_ruleset_retire(set, NULL);
	ucg_ruleset_free(set);
}

/* What add_nth() says of the first @most, all good, and of one more. */
static bool limit_is(const char *format, unsigned int most, int behind)
{
	struct ucg_ruleset *set = begin(NULL);
	unsigned int i;
	int err = 0;

	for (i = 0; i < most && !err; i++)
		err = add_nth(set, format, 2 * i);
	err = err ? -EIO : add_nth(set, format, 2 * most);
	ucg_ruleset_abandon(set);
	return err == behind;
}

/* May that many rules, half of them for one name and half for another, be sealed? */
static int seal_both(unsigned int half)
{
	struct ucg_ruleset *set = begin(NULL);
	unsigned int i;
	int err = 0;

	for (i = 0; i < half && !err; i++)
		err = add_nth(set, "deny a %u 1", 2 * i) ?: add_nth(set, "allow b %u 1 to", 2 * i);
	err = err ? -EIO : ucg_ruleset_seal(set);
	ucg_ruleset_abandon(set);
	return err;
}

static void limits(void)
{
	struct ucg_ruleset *set = begin(NULL);
	struct ucg_driver_rule rule = { .owner_name = "d", .dirs = UCG_BOTH };
	unsigned int i;
	int err = 0;

	ok(limit_is("policy c%u warn", UCG_RULES_MAX, -ENOSPC), "as many names as rules, not one more");
	ok(limit_is("deny c %u 1", UCG_RULES_MAX, -ENOSPC), "as many deny rules for a name");
	ok(limit_is("allow c %u 1 to", UCG_RULES_MAX, -ENOSPC), "as many allow rules, to user space");
	ok(limit_is("allow c %u 1 from", UCG_RULES_MAX, -ENOSPC), "... from user space");
	ok(seal_both(UCG_RULES_MAX / 2) == 0 && seal_both(UCG_RULES_MAX / 2 + 1) == -ENOSPC,
	   "as many for two names together");

	for (i = 0; i < UCG_DRIVER_RULES_EACH && !err; i++)
		err = ucg_ruleset_add_driver(set, "c", &rule);
	ok(!err && ucg_ruleset_add_driver(set, "c", &rule) == -ENOSPC, "a driver has as many rules as it may");
	for (i = UCG_DRIVER_RULES_EACH; i < UCG_DRIVER_RULES_MAX && !err; i++) {
		rule.owner = (void *)(uintptr_t)(i / UCG_DRIVER_RULES_EACH);
		err = ucg_ruleset_add_driver(set, "c", &rule);
	}
	rule.owner = (void *)(uintptr_t)i;
	ok(!err && ucg_ruleset_add_driver(set, "c", &rule) == -ENOSPC, "all drivers have as many as they may");
	ucg_ruleset_abandon(set);

	set = begin(NULL);
	ok(ucg_ruleset_link(set, "c", "", 2) == -EINVAL &&
	   ucg_ruleset_link(set, "c", ":0000000000000000000000000000128", 2) == -EINVAL &&
	   ucg_ruleset_link(set, "c", ":000000000000000000000000000128", 2) == 0,
	   "a merge id has 1 to 31 bytes");
	ucg_ruleset_abandon(set);
}

static void drivers(void)
{
	const struct module *one = (void *)1, *two = (void *)2;
	struct ucg_driver_rule rule = { one, "one", { 8, 15 }, UCG_TO_USER }, other;
	struct ucg_ruleset *set = begin(NULL);
	bool kept = !ucg_ruleset_add_driver(set, "c", &rule);

	other = rule;
	other.owner = two;
	kept &= ucg_ruleset_drop_driver(set, "c", &other) == -ENOENT;
	other = rule;
	other.dirs = UCG_BOTH;
	kept &= ucg_ruleset_drop_driver(set, "c", &other) == -ENOENT;
	other = rule;
	other.region.first = 9;
	kept &= ucg_ruleset_drop_driver(set, "c", &other) == -ENOENT;
	other = rule;
	other.region.last = 16;
	kept &= ucg_ruleset_drop_driver(set, "c", &other) == -ENOENT;
	kept &= ucg_ruleset_drop_driver(set, "d", &rule) == -ENOENT;
	ok(kept, "a driver's rule is not taken back by one that differs");
	ok(ucg_ruleset_has_owner(set, one) && !ucg_ruleset_has_owner(set, two) &&
	   !ucg_ruleset_has_owner(NULL, one), "whose rules there are");
	ok(!ucg_ruleset_drop_driver(set, "c", &rule) && !ucg_ruleset_has_owner(set, one),
	   "... and by one that does not differ it is");
	ucg_ruleset_abandon(set);
}

static void questions(void)
{
	struct ucg_ruleset *set = SEALED("allow c 0 8", "deny d", "policy c enforce", "policy caller:f warn");
	struct ucg_ruleset *modules = SEALED("policy module:m warn"), *kinds = SEALED("policy kind:stack warn");
	struct ucg_cache_id c = { .name = "c" }, nobody = {}, d = { .name = "d", .usersize = 16 };
	struct ucg_cache_id large = { .name = "x", .useroffset = 0xfffffff0, .usersize = 0x20 };
	struct ucg_cache_id merged = { .name = "c", .merge_id = ":0000064" };
	struct ucg_policy_query query = { .cache = &c, .kind = UCG_WHITELIST };
	enum ucg_subject by;

	ok(ucg_ruleset_judge(set, &c, 64, 0, true) == UCG_RULE_VERDICT_ALLOW, "nothing may be copied from anywhere");
	ok(ucg_ruleset_judge(set, &c, 0xffffffff, 2, true) == UCG_RULE_VERDICT_NONE,
	   "what goes around the end of all offsets is not allowed");
	ok(ucg_ruleset_judge(set, &nobody, 0, 8, true) == UCG_RULE_VERDICT_NONE, "a cache without a name has no rules");
	ok(ucg_ruleset_judge(set, &d, 0, 8, true) == UCG_RULE_VERDICT_DENY, "a deny without a range is about all bytes");
	ok(ucg_ruleset_judge(set, &large, 0xfffffff8, 8, true) == UCG_RULE_VERDICT_ALLOW &&
	   ucg_ruleset_judge(set, &large, 0, 8, true) == UCG_RULE_VERDICT_NONE,
	   "a region of the kernel's that goes on behind the last offset ends there");
	ok(ucg_ruleset_policy(set, &query, &by) == UCG_ENFORCE && by == UCG_SUBJECT_CACHE, "a cache's policy");
	query.cache = NULL;
	ok(ucg_ruleset_policy(set, &query, &by) == -1 && by == UCG_SUBJECT_ALL, "... which what is no slab has not");
	query.kind = UCG_STACK;
	ok(ucg_ruleset_policy(kinds, &query, &by) == UCG_WARN && by == UCG_SUBJECT_KIND, "a kind's policy");

	ok(!ucg_ruleset_asks_for_modules(NULL) && !ucg_ruleset_asks_for_modules(set) &&
	   ucg_ruleset_asks_for_modules(modules), "is any policy for a module");
	ok(!ucg_ruleset_asks_for_code(NULL) && ucg_ruleset_asks_for_code(set) && ucg_ruleset_asks_for_code(modules) &&
	   !ucg_ruleset_asks_for_code(kinds), "... or for any code");
	ok(!ucg_ruleset_may_miss(NULL, &merged) && !ucg_ruleset_may_miss(kinds, &merged) &&
	   !ucg_ruleset_may_miss(set, &c) && ucg_ruleset_may_miss(set, &merged), "may names have to be followed");
	done_with(set);
	done_with(modules);
	done_with(kinds);
}

static char printed[4096];

static void put(void *unused, const char *line)
{
	strcat(printed, line);
	strcat(printed, "\n");
}

static const char *print(const struct ucg_ruleset *set)
{
	printed[0] = '\0';
	return ucg_ruleset_print(set, put, NULL) ? "no memory" : printed;
}

static void merged_caches(void)
{
	struct ucg_cache_id id = { .name = "first", .merge_id = ":0000064" };
	struct ucg_ruleset *set = begin(NULL);
	struct ucg_entry *c, *alone;
	char name[16], to[16];
	unsigned int i;
	bool linked;

	if (add(set, "allow c 0 8") || add(set, "policy alone warn") || add(set, "deny e\\043"))
		exit(2);
	/* Three names that lead somewhere, one of them alone; what leads there is told of one, and again. */
	linked = !ucg_ruleset_link(set, "c", ":0000064", 2) && !ucg_ruleset_link(set, "alone", ":0000128", 1) &&
		 !ucg_ruleset_link(set, "e#", ":0000192", 3) && !ucg_ruleset_link(set, "nobody", ":0000256", 2) &&
		 !ucg_ruleset_name_merged(set, ":0000064", "c, x") && !ucg_ruleset_name_merged(set, ":0000064", "c, y") &&
		 !ucg_ruleset_name_merged(set, ":0000256", "z") && !ucg_ruleset_seal(set);
	ok(linked && ucg_ruleset_judge(set, &id, 0, 8, true) == UCG_RULE_VERDICT_ALLOW &&
	   ucg_ruleset_may_miss(set, &id),
	   "a merged cache has the rules of a name that leads there, and may have others");
	ok(!strcmp(print(set), "# c is merged into :0000064, which 2 names share:\n#   c, y\nallow c 0 8 both\n"
			       "policy alone warn\n# e\\043 is merged into :0000192, which 3 names share\ndeny e\\043\n"),
	   "the file says so, of those that are shared");
	ok(!*print(NULL), "no rules, no lines");
	c = ucg_ruleset_entry(set, UCG_SUBJECT_CACHE, "c");
	alone = ucg_ruleset_entry(set, UCG_SUBJECT_CACHE, "alone");
	ok(!strcmp(ucg_ruleset_merged(set, c)->all->name, ":0000064") && ucg_ruleset_merged(set, alone)->shared == 1 &&
	   !ucg_ruleset_merged(NULL, c), "where a name leads");
	done_with(set);

	/* Twice as many keys as a table of 256 places may have. */
	set = begin(NULL);
	linked = true;
	for (i = 0; i < 128; i++)
		linked &= !add_nth(set, "allow c%u 0 8", i);
	for (i = 0; i < 128; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		snprintf(to, sizeof(to), ":%07u", i);
		linked &= !ucg_ruleset_link(set, name, to, 2);
	}
	ok(linked && !ucg_ruleset_seal(set) && ucg_ruleset_find(set, UCG_SUBJECT_MERGED, to) &&
	   !ucg_ruleset_find(set, UCG_SUBJECT_MERGED, ":none"), "each name leads to a cache of its own");
	done_with(set);

	set = SEALED("allow c 0 8");
	ok(!ucg_ruleset_merged(set, ucg_ruleset_entry(set, UCG_SUBJECT_CACHE, "c")), "... when it leads nowhere");
	done_with(set);
}

/* Names that are found in the table by hashes that are equal. */

struct hashed {
	u32 hash, n;
};

static int by_hash(const void *x, const void *y)
{
	const struct hashed *a = x, *b = y;

	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static struct hashed *hash_names(unsigned int subject)
{
	struct hashed *h = calloc(NAMES, sizeof(*h));
	char name[16];
	u32 i;

	for (i = 0; h && i < NAMES; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		h[i] = (struct hashed){ ucg_subject_hash(subject, ucg_name_hash(name)), i };
	}
	if (!h)
		exit(2);
	qsort(h, NAMES, sizeof(*h), by_hash);
	return h;
}

/* The policies of names @a and @b, of whatever they are, in a set that has both. */
static bool told_apart(const char *one, u32 a, const char *two, u32 b)
{
	struct ucg_ruleset *set = begin(NULL);
	struct ucg_entry *x, *y;
	char name[2][16];
	bool good;

	snprintf(name[0], sizeof(name[0]), "n%u", a);
	snprintf(name[1], sizeof(name[1]), "n%u", b);
	if (add_nth(set, one, a) || add_nth(set, two, b) || ucg_ruleset_seal(set))
		exit(2);
	x = ucg_ruleset_entry(set, UCG_SUBJECT_CACHE, name[0]);
	y = ucg_ruleset_entry(set, strchr(two, ':') ? UCG_SUBJECT_MODULE : UCG_SUBJECT_CACHE, name[1]);
	good = x && y && x->hash == y->hash && x->policy == UCG_WARN && y->policy == UCG_ENFORCE;
	/* Whoever is alone is not taken for the other. */
	done_with(set);
	set = begin(NULL);
	if (add_nth(set, one, a))
		exit(2);
	good &= !ucg_ruleset_find(set, strchr(two, ':') ? UCG_SUBJECT_MODULE : UCG_SUBJECT_CACHE, name[1]);
	ucg_ruleset_abandon(set);
	return good;
}

static void equal_hashes(void)
{
	struct hashed *caches = hash_names(UCG_SUBJECT_CACHE), *modules = hash_names(UCG_SUBJECT_MODULE);
	unsigned int i, j, same = 0, across = 0;
	bool good = true;

	for (i = 1; i < NAMES; i++) {
		if (caches[i].hash == caches[i - 1].hash) {
			same++;
			good &= told_apart("policy n%u warn", caches[i - 1].n, "policy n%u enforce", caches[i].n);
		}
	}
	printf("# %u pairs of caches\n", same);
	ok(same && good, "two names with one hash are told apart");
	for (i = j = 0, good = true; i < NAMES && j < NAMES; ) {
		if (caches[i].hash == modules[j].hash) {
			across++;
			good &= told_apart("policy n%u warn", caches[i].n, "policy module:n%u enforce", modules[j].n);
		}
		if (caches[i].hash <= modules[j].hash)
			i++;
		else
			j++;
	}
	printf("# %u pairs of a cache and a module\n", across);
	ok(across && good, "... and a cache and a module");
	free(caches);
	free(modules);
}

static void longest_name(void)
{
	struct ucg_ruleset *set = begin(NULL);
	char name[UCG_NAME_MAX + 2];

	snprintf(name, sizeof(name), "%0*u", UCG_NAME_MAX, 1);
	ok(!add_nth(set, "policy %0255u enforce", 1) && ucg_ruleset_find(set, UCG_SUBJECT_CACHE, name),
	   "the longest name is found");
	snprintf(name, sizeof(name), "%0*u", UCG_NAME_MAX + 1, 1);
	ok(!ucg_ruleset_find(set, UCG_SUBJECT_CACHE, name), "... and no longer one");
	ucg_ruleset_abandon(set);
}

/* Memory is short at the first allocation of a write, at the second, and so on. */

static const struct ucg_driver_rule three = { (void *)3, "three", { 64, 71 }, UCG_BOTH };

static int write_once(struct ucg_ruleset *old, struct ucg_ruleset **new)
{
	static const char * const lines[] = {
		"allow a 0 8", "allow a 16 8", "allow a 32 8 to", "deny a 2 2", "deny a 34 1", "policy b enforce",
		"delete allow a 18 2", "policy module:m warn", "deny c", "allow c 4 4", "flush", "allow d 0 8",
	};
	struct ucg_driver_rule rule = { NULL, "d", { 0, 31 }, UCG_BOTH };
	unsigned int i;
	int err = 0;

	*new = ucg_ruleset_fork(old);
	if (!*new)
		return -ENOMEM;
	/* Out of entries that are the old set's, too. */
	err = ucg_ruleset_drop_driver(*new, "old1", &three) ?: ucg_ruleset_drop_owner(*new, three.owner);
	for (i = 0; i < sizeof(lines) / sizeof(*lines) && !err; i++)
		err = add(*new, lines[i]) ?: add_nth(*new, "allow more%u 0 8", i);
	err = err ?: ucg_ruleset_add_driver(*new, "a", &rule) ?: ucg_ruleset_add_driver(*new, "d", &rule) ?:
	      ucg_ruleset_drop_driver(*new, "a", &rule);
	/* So many that the table has to grow for them, too. */
	for (i = 0; i < 12 && !err; i++) {
		char name[16], id[16];

		snprintf(name, sizeof(name), "old%u", i);
		snprintf(id, sizeof(id), ":%07u", i);
		err = add_nth(*new, "deny old%u 0 8", i) ?: ucg_ruleset_link(*new, name, id, 2) ?:
		      ucg_ruleset_name_merged(*new, id, "names");
	}
	return err ?: ucg_ruleset_seal(*new);
}

static struct ucg_ruleset *old_set(void)
{
	struct ucg_ruleset *set = begin(NULL);
	unsigned int i;

	for (i = 0; i < 12; i++)
		if (add_nth(set, "allow old%u 0 8", i) || add_nth(set, "deny old%u 4 2", i))
			exit(2);
	if (ucg_ruleset_add_driver(set, "old1", &three) || ucg_ruleset_add_driver(set, "old2", &three) ||
	    ucg_ruleset_seal(set))
		exit(2);
	return set;
}

/* As many names as a table has room for, and then as many merged caches that they lead to. */
static int link_many(struct ucg_ruleset *old, struct ucg_ruleset **new)
{
	char name[16], id[16];
	unsigned int i;
	int err = 0;

	*new = ucg_ruleset_fork(old);
	if (!*new)
		return -ENOMEM;
	for (i = 0; i < 120 && !err; i++)
		err = add_nth(*new, "allow c%u 0 8", i);
	for (i = 0; i < 120 && !err; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		snprintf(id, sizeof(id), ":%07u", i);
		err = ucg_ruleset_link(*new, name, id, 2);
	}
	return err ?: ucg_ruleset_seal(*new);
}

/* With each allocation failing once: is all as before? The set that is made when none does. */
static struct ucg_ruleset *each_fails(int (*write)(struct ucg_ruleset *old, struct ucg_ruleset **new),
				      struct ucg_ruleset *old, const char *what)
{
	char before[sizeof(printed)];
	struct ucg_ruleset *new;
	bool as_before = true;
	unsigned int n;
	int err;

	strcpy(before, print(old));
	for (n = 1; ; n++) {
		until_failure = n;
		err = write(old, &new);
		/* All allocations have been made, and none was the one to fail. */
		if (until_failure)
			break;
		as_before &= err == -ENOMEM;
		ucg_ruleset_abandon(new);
		as_before &= !strcmp(print(old), before);
	}
	until_failure = 0;
	printf("# %u allocations\n", n - 1);
	ok(!err && as_before && n > 100, what);
	return new;
}

static void short_memory(void)
{
	struct ucg_ruleset *old = old_set(), *new;

	done_with(each_fails(link_many, NULL, "names that lead somewhere: short memory at any place fails"));
	new = each_fails(write_once, old, "a write whose memory is short at any place fails, and changes nothing");
	ok(!strstr(print(new), "three"), "... and with memory it does not");
	ucg_ruleset_retire(old, new);
	ucg_ruleset_free(old);
	until_failure = 1;
	ok(!strcmp(print(new), "no memory"), "no memory to print it");
	until_failure = 0;
	done_with(new);
}

/* Each byte that a name can have, alone and behind the word of another subject. */
static bool all_bytes_are_spelled(void)
{
	static const char * const before[] = { "", "c", "caller", "kind:" };
	char name[16], spelled[UCG_ESCAPED_MAX], line[UCG_LINE_MAX];
	struct ucg_rule rule;
	unsigned int i, c;
	bool good = true;

	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		for (c = 1; c < 256; c++) {
			snprintf(name, sizeof(name), "%s%cx", before[i], c);
			ucg_name_escape(spelled, name);
			snprintf(line, sizeof(line), "allow %s 0 8", spelled);
			good &= !ucg_rule_parse(line, strlen(line), &rule) && !strcmp(rule.name, name);
		}
	}
	return good;
}

static void lines(void)
{
	static const struct {
		const char *line, *reason;
	} bad[] = {
		{ "policy caller: warn", "no name behind the colon" },
		{ "policy module: warn", "no name behind the colon" },
		{ "policy kind: warn", "no name behind the colon" },
		{ "policy caller:@m warn", "bad caller (caller:FUNCTION or caller:FUNCTION@MODULE)" },
		{ "policy caller:f@ warn", "bad caller (caller:FUNCTION or caller:FUNCTION@MODULE)" },
		{ "policy caller:f@m@n warn", "bad caller (caller:FUNCTION or caller:FUNCTION@MODULE)" },
		{ "policy kind:no-such warn", "unknown kind (as in the file violations)" },
		{ "allow c 0 0xfg", "not a number (decimal or 0x hexadecimal)" },
		{ "allow c 0 1F", "not a number (decimal or 0x hexadecimal)" },
	};
	struct ucg_rule rule;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *reason = ucg_rule_parse(bad[i].line, strlen(bad[i].line), &rule);

		ok(reason && !strcmp(reason, bad[i].reason), bad[i].line);
	}
	ok(!ucg_rule_parse("allow c 0xA 0Xf", 15, &rule) && rule.offset == 10 && rule.len == 15,
	   "hexadecimal digits in both cases");
	ok(all_bytes_are_spelled(), "a name of any bytes is read as it was written");
}

int main(void)
{
	/* A search in a full table has no end. */
	alarm(120);
	limits();
	drivers();
	questions();
	merged_caches();
	equal_hashes();
	longest_name();
	short_memory();
	lines();
	return failed;
}
