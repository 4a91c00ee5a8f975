// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whitelist: what writes to the file and calls of drivers make of it, what they are told when they
 * are wrong, and what happens when all of them come at once.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/usercopy_guard.h>

#include "fixture.h"
#include "rules_fixture.h"
#include "whitelist/compare.h"
#include "whitelist/edit.h"
#include "whitelist/file.h"
#include "whitelist/rule.h"
#include "whitelist/ruleset.h"
#include "whitelist/seal.h"
#include "whitelist/whitelist.h"

/* Regions that overlap or touch are one; those with a byte between them are two. */
static const struct merge {
	const char *text;
	const char *rules;
	const char *file;
} merges[] = {
	{ "adjacent regions are one",
	  "allow c 0 8\nallow c 8 8\n",			"allow c 0 16 both\n" },
	{ "adjacent regions are one, written backwards",
	  "allow c 8 8\nallow c 0 8\n",			"allow c 0 16 both\n" },
	{ "overlapping regions are one",
	  "allow c 0 8\nallow c 4 12\n",		"allow c 0 16 both\n" },
	{ "a region inside another is nothing new",
	  "allow c 0 16\nallow c 4 4\n",		"allow c 0 16 both\n" },
	{ "a region around another takes its place",
	  "allow c 4 4\nallow c 0 16\n",		"allow c 0 16 both\n" },
	{ "a byte in between keeps two apart",
	  "allow c 0 8\nallow c 9 7\n",			"allow c 0 8 both\nallow c 9 7 both\n" },
	{ "a region between two joins them",
	  "allow c 0 8\nallow c 12 4\nallow c 8 4\n",	"allow c 0 16 both\n" },
	{ "a region over many takes them all",
	  "allow c 1 1\nallow c 3 1\nallow c 5 1\nallow c 7 1\nallow c 0 9\n",
							"allow c 0 9 both\n" },
	{ "the same rule twice is one",
	  "allow c 0 8\nallow c 0 8\n",			"allow c 0 8 both\n" },
	{ "one direction and the other are both",
	  "allow c 0 8 to\nallow c 0 8 from\n",		"allow c 0 8 both\n" },
	{ "directions that overlap in part stay two rules",
	  "allow c 0 8 to\nallow c 4 8 from\n",
	  "allow c 0 8 to\nallow c 4 8 from\n" },
	{ "the last byte there is",
	  "allow c 4294967295 1\nallow c 0 4294967295\n", "allow c 0 4294967296 both\n" },
	{ "deny rules merge as well",
	  "deny c 0 8\ndeny c 8 8\n",			"deny c 0 16\n" },
	{ "a deny of everything takes all other denials",
	  "deny c 0 8\ndeny c\ndeny c 100 8\n",		"deny c\n" },
	{ "the same policy twice is one",
	  "policy c enforce\npolicy c enforce\n",	"policy c enforce\n" },
	{ "a policy may be said anew after a flush",
	  "policy c enforce\nflush\npolicy c fallback\n", "policy c fallback\n" },
	{ "policies for callers, modules and kinds",
	  "policy caller:f@a-b warn\npolicy caller:f warn\npolicy module:m fallback\n"
	  "policy kind:null warn\npolicy f enforce\n",
	  "policy caller:f@a_b warn\npolicy caller:f warn\npolicy module:m fallback\n"
	  "policy kind:null warn\npolicy f enforce\n" },
	{ "a cache whose name begins as one of these",
	  "policy kind\\072c warn\nallow caller\\072 0 1\n",
	  "policy kind\\072c warn\nallow caller\\072 0 1 both\n" },
	{ "delete takes back what was written",
	  "allow c 0 8\nallow c 8 8 to\ndeny d\npolicy c warn\npolicy kind:null warn\n"
	  "delete allow c 8 8 to\ndelete deny d\ndelete policy kind:null warn\n",
	  "allow c 0 8 both\npolicy c warn\n" },
	{ "delete takes bytes and directions out of what has become one rule",
	  "allow c 0 32\ndelete allow c 8 8\ndelete allow c 24 8 to\n",
	  "allow c 0 8 both\nallow c 16 8 to\nallow c 16 16 from\n" },
	{ "what was deleted may be said anew",
	  "policy c warn\ndelete policy c warn\npolicy c enforce\n", "policy c enforce\n" },
	{ "comments and blank lines say nothing",
	  "# one\n\n \t\nallow c 0x10 0x10 # two\n",	"allow c 16 16 both\n" },
	{ "names are escaped",
	  "allow a\\040b 0 1\n",			"allow a\\040b 0 1 both\n" },
	{ "caches do not touch each other",
	  "allow c 0 8\nallow d 8 8\n",			"allow c 0 8 both\nallow d 8 8 both\n" },
	{ "a flush drops what was before it",
	  "allow c 0 8\ndeny c\nflush\nallow c 8 8\n",	"allow c 8 8 both\n" },
};

static void merge_text(const struct merge *m, char *text)
{
	strscpy(text, m->text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(merge, merges, merge_text);

static void rules_merge(struct kunit *test)
{
	const struct merge *m = test->param_value;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load(m->rules));
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test), m->file);
	/* What was read restores what was there. */
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("flush\n"));
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test), "");
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load(m->file));
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test), m->file);
}

static const char * const bad_lines[] = {
	"permit c 0 8", "allow", "allow c", "allow c 0", "allow c 0 0", "allow c 0 8 up",
	"allow c 0 8 to from", "allow c -1 8", "allow c 0 8x", "allow c 08 8", "allow c 0x 8",
	"allow c 4294967296 1", "allow c 1 4294967296", "allow c 18446744073709551615 2",
	"deny", "deny c 0", "deny c 0 0", "deny c 0 8 to", "policy c", "policy c kill",
	"policy c warn warn", "flush c", "allow c\\400 0 8", "allow c\\04 0 8", "allow c\\000 0 8",
	"allow c 0 8\001", "policy c warn\npolicy c enforce", "delete", "delete flush",
	"delete delete deny c", "delete allow c 0 8", "delete deny " NAME,
	"delete policy " NAME " warn", "delete policy module:m warn", "delete allow " NAME " 0 9",
	"policy caller: warn", "policy caller:@m warn", "policy caller:f@ warn",
	"policy caller:f@m@m warn", "policy caller:f\\100@m warn", "policy module: warn",
	"policy kind: warn", "policy kind:fine warn", "policy kind:nul warn",
	"allow caller:f 0 8", "deny module:m", "deny kind:null",
};

static void line_text(const char * const *line, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "\"%*pE\"", (int)strlen(*line), *line);
}

KUNIT_ARRAY_PARAM(bad_line, bad_lines, line_text);

static void a_bad_line_rejects_the_whole_write(struct kunit *test)
{
	const char * const *line = test->param_value;
	char *object = ucg_test_make_cache(test);
	char text[256];

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 8\npolicy " NAME " enforce\n"));
	snprintf(text, sizeof(text), "flush\nallow " NAME " 128 8\ndeny " NAME " 0 8\n%s\n"
		 "allow " NAME " 200 8\n", *line);
	KUNIT_EXPECT_EQ(test, -EINVAL, ucg_test_load(text));
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test),
			   "allow " NAME " 0 8 both\npolicy " NAME " enforce\n");
	EXPECT_GO(test, object, 8);
	EXPECT_REFUSED(test, object + 128, 8);
	EXPECT_REFUSED(test, object + 200, 8);
}

/* Rules in all, each of a cache of its own. */
static char *many_rules(struct kunit *test, unsigned int nr)
{
	size_t size = nr * 24 + 1, len = 0;
	char *text = kvmalloc(size, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < nr; i++)
		len += scnprintf(text + len, size - len, "allow ucg_%u 0 8\n", i);
	return text;
}

static void there_is_a_limit_to_rules(struct kunit *test)
{
	struct ucg_whitelist_stats stats;
	char *object = ucg_test_make_cache(test), *text;

	text = many_rules(test, UCG_RULES_MAX - 1);
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load(text));
	kvfree(text);
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("allow " NAME " 0 8\n"));
	EXPECT_GO(test, object, 8);
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.rules, (unsigned int)UCG_RULES_MAX);

	/* One too many. */
	KUNIT_EXPECT_EQ(test, -ENOSPC, ucg_test_load("allow " NAME " 16 8\n"));
	EXPECT_REFUSED(test, object + 16, 8);
	/* A driver's does not count among these. */
	KUNIT_EXPECT_EQ(test, 0, usercopy_guard_allow(NAME, 16, 8, BOTH));
	EXPECT_GO(test, object + 16, 8);
	KUNIT_EXPECT_EQ(test, 0, usercopy_guard_disallow(NAME, 16, 8, BOTH));
	EXPECT_GO(test, object, 8);
	/* What merges with a rule that is there needs no room. */
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("allow " NAME " 8 8\n"));
	EXPECT_GO(test, object, 16);
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("flush\nallow " NAME " 16 8\n"));
	EXPECT_GO(test, object + 16, 8);
	EXPECT_REFUSED(test, object, 16);
}

static void there_is_a_limit_to_what_one_driver_says(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < UCG_DRIVER_RULES_EACH; i++)
		KUNIT_ASSERT_EQ(test, 0, usercopy_guard_allow(NAME, 128, 16,
							      USERCOPY_GUARD_TO_USER));
	KUNIT_EXPECT_EQ(test, -ENOSPC, usercopy_guard_allow(NAME, 0, 1, BOTH));
	KUNIT_EXPECT_EQ(test, -ENOSPC, usercopy_guard_allow("other", 0, 1, BOTH));
	/* The administrator's are another matter. */
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load("allow " NAME " 0 8\n"));
	KUNIT_EXPECT_EQ(test, 0, usercopy_guard_disallow(NAME, 128, 16, USERCOPY_GUARD_TO_USER));
	KUNIT_EXPECT_EQ(test, 0, usercopy_guard_allow(NAME, 128, 16, USERCOPY_GUARD_TO_USER));
}

static void a_write_that_was_cut_is_none(struct kunit *test)
{
	static const char text[] = "flush\nallow c 0 8\nallow c 16 160\n";
	size_t len;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("deny " NAME "\n"));
	for (len = sizeof(text) - 2; len; len--) {
		if (text[len - 1] == '\n')
			continue;
		KUNIT_EXPECT_EQ(test, -EINVAL, ucg_whitelist_write(text, len));
		KUNIT_EXPECT_STREQ(test, ucg_test_file(test), "deny " NAME "\n");
	}
	KUNIT_EXPECT_EQ(test, 0, ucg_whitelist_write(text, 0));
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load(text));
}

static void there_is_a_limit_to_names_and_lines(struct kunit *test)
{
	static char text[UCG_LINE_MAX + 64];
	static const char end[] = " 0 8\n";

	snprintf(text, sizeof(text), "allow %0*d%s", UCG_NAME_MAX, 0, end);
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load(text));
	snprintf(text, sizeof(text), "allow %0*d%s", UCG_NAME_MAX + 1, 0, end);
	KUNIT_EXPECT_EQ(test, -EINVAL, ucg_test_load(text));
	snprintf(text, sizeof(text), "allow c 0 8%*s\n", UCG_LINE_MAX - 11, "#");
	KUNIT_EXPECT_EQ(test, 0, ucg_test_load(text));
	snprintf(text, sizeof(text), "allow c 8 8%*s\n", UCG_LINE_MAX - 10, "#");
	KUNIT_EXPECT_EQ(test, -EINVAL, ucg_test_load(text));
}

static void a_flush_leaves_no_rule(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);
	struct ucg_whitelist_stats stats;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 8\ndeny " NAME " 64 8\n"
				      "policy " NAME " enforce\n"));
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_WARN));
	EXPECT_REFUSED(test, object + 64, 8);
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("flush\n"));
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	EXPECT_REFUSED(test, object, 8);
	EXPECT_GO(test, object + 64, 64);
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test), "");
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.rules, 0U);
}

static void drivers_widen_and_administrators_narrow(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);
	struct ucg_whitelist_stats stats;

	KUNIT_ASSERT_EQ(test, 0, usercopy_guard_allow(NAME, 128, 16, USERCOPY_GUARD_TO_USER));
	ucg_test_expect(test, object + 128, 16, BOTH, UCG_TO_USER, __LINE__);
	EXPECT_REFUSED(test, object + 128, 17);
	/* Together with the cache's own region. */
	ucg_test_expect(test, object + 64, 80, BOTH, UCG_TO_USER, __LINE__);

	/* Shown, but as no line that would be written back. */
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test),
			   "# allow " NAME " 128 16 to (by driver kernel)\n");
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.driver_rules, 1U);

	/* deny beats it, allow beats that, and a flush leaves what the driver said. */
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("deny " NAME " 128 8\n"));
	EXPECT_REFUSED(test, object + 128, 16);
	ucg_test_expect(test, object + 136, 8, BOTH, UCG_TO_USER, __LINE__);
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 128 8\n"));
	ucg_test_expect(test, object + 128, 16, BOTH, UCG_TO_USER, __LINE__);
	ucg_test_expect(test, object + 128, 8, BOTH, BOTH, __LINE__);
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("flush\n"));
	ucg_test_expect(test, object + 128, 16, BOTH, UCG_TO_USER, __LINE__);

	KUNIT_EXPECT_EQ(test, -ENOENT, usercopy_guard_disallow(NAME, 128, 8,
							       USERCOPY_GUARD_TO_USER));
	KUNIT_EXPECT_EQ(test, -ENOENT, usercopy_guard_disallow(NAME, 128, 16,
							       USERCOPY_GUARD_BOTH));
	KUNIT_EXPECT_EQ(test, 0, usercopy_guard_disallow(NAME, 128, 16, USERCOPY_GUARD_TO_USER));
	EXPECT_REFUSED(test, object + 128, 16);
	KUNIT_EXPECT_EQ(test, -ENOENT, usercopy_guard_disallow(NAME, 128, 16,
							       USERCOPY_GUARD_TO_USER));
}

static void drivers_are_told_of_wrong_arguments(struct kunit *test)
{
	static char name[UCG_NAME_MAX + 2];

	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow(NULL, 0, 8, BOTH));
	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow("", 0, 8, BOTH));
	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow(NAME, 0, 0, BOTH));
	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow(NAME, U32_MAX, 2, BOTH));
	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow(NAME, 0, 8, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow(NAME, 0, 8, 4));
	memset(name, 'n', UCG_NAME_MAX + 1);
	KUNIT_EXPECT_EQ(test, -EINVAL, usercopy_guard_allow(name, 0, 8, BOTH));
	KUNIT_EXPECT_STREQ(test, ucg_test_file(test), "");
}

/* Who looses nothing may write, once all is locked. */
static const struct loosening {
	const char *text;
	const char *before, *write;
	bool loosens;
} loosenings[] = {
	{ "allow loosens",		"",			"allow c 0 8\n",	true },
	{ "deny does not",		"",			"deny c 0 8\n",		false },
	{ "the same again does not",	"allow c 0 8\n",	"allow c 0 8\n",	false },
	{ "a part of it does not",	"allow c 0 8\n",	"allow c 2 2\n",	false },
	{ "more of it does",		"allow c 0 8\n",	"allow c 8 1\n",	true },
	{ "another direction does",	"allow c 0 8 to\n",	"allow c 0 8 from\n",	true },
	{ "allow against deny does",	"deny c 0 8\n",		"allow c 4 1\n",	true },
	{ "flush of allow does not",	"allow c 0 8\n",	"flush\n",		false },
	{ "flush of deny does",		"deny c 0 8\n",		"flush\n",		true },
	{ "a stricter policy does not",	"policy c fallback\n",	"policy c enforce\n",	false },
	{ "a looser policy does",	"policy c fallback\n",	"policy c warn\n",	true },
	{ "a policy looser than the global one does", "",	"policy c warn\n",	true },
	{ "for a module, too",		"",			"policy module:m warn\n", true },
	{ "for a function, too",	"",			"policy caller:f warn\n", true },
	{ "for a kind, too",		"",			"policy kind:null warn\n", true },
	{ "a policy that is there anyway does not", "",
	  "policy kind:null fallback\n", false },
	{ "a function's that is stricter than all does not", "",
	  "policy caller:f enforce\n", false },
	{ "over a stricter one of a module it does", "policy module:m enforce\n",
	  "policy caller:f fallback\n", true },
	{ "over a looser one of a kind it does not", "policy kind:null warn\n",
	  "policy caller:f fallback\n", false },
	{ "deletion of a strict policy does", "policy module:m enforce\n",
	  "delete policy module:m enforce\n", true },
	{ "deletion of a loose one does not", "policy module:m warn\n",
	  "delete policy module:m warn\n", false },
};

static void loosening_text(const struct loosening *l, char *text)
{
	strscpy(text, l->text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(loosening, loosenings, loosening_text);

static struct ucg_ruleset *make_set(struct kunit *test, const struct ucg_ruleset *old,
				    const char *text)
{
	struct ucg_ruleset *set = ucg_ruleset_fork(old);
	const char *end = strchr(text, '\n');
	struct ucg_rule rule;

	KUNIT_ASSERT_NOT_NULL(test, set);
	if (end) {
		KUNIT_ASSERT_PTR_EQ(test, ucg_rule_parse(text, end - text, &rule), NULL);
		KUNIT_ASSERT_EQ(test, 0, ucg_ruleset_add(set, &rule));
	}
	KUNIT_ASSERT_EQ(test, 0, ucg_ruleset_seal(set));
	return set;
}

/* The lock holds until the next boot, so it is asked here what it would say. */
static void a_lock_would_know_what_loosens(struct kunit *test)
{
	const struct loosening *l = test->param_value;
	struct ucg_ruleset *old = make_set(test, NULL, l->before);
	struct ucg_ruleset *new = make_set(test, old, l->write);

	KUNIT_EXPECT_EQ(test, ucg_ruleset_widens(old, new, UCG_FALLBACK), l->loosens);
	ucg_ruleset_retire(old, new);
	ucg_ruleset_free(old);
	ucg_ruleset_retire(new, NULL);
	ucg_ruleset_free(new);
}

/**
 * struct crowd - readers and writers at once
 * @object:	of cache NAME
 * @rounds:	how many each of them made, together
 * @torn:	what one of two rule sets allows as one region and the other as two was refused
 * @leaked:	what neither of them allows went ahead
 * @policy:	a cache was without the policy that both of them give it
 * @failed:	a write failed
 */
struct crowd {
	char *object;
	atomic_t rounds;
	atomic_t torn;
	atomic_t leaked;
	atomic_t policy;
	atomic_t failed;
};

/* Both say the same in other words; each write takes the place of all rules. */
static const char * const sides[] = {
	"flush\npolicy " NAME " enforce\nallow " NAME " 128 64\ndeny " NAME " 64 8\n"
	"allow ucg_rules_brief 0 8\n",
	"flush\nallow " NAME " 128 32\nallow ucg_rules_brief 0 8\ndeny " NAME " 64 8\n"
	"allow " NAME " 160 32\npolicy " NAME " enforce\n",
};

static int read_rules(void *arg)
{
	const struct ucg_cache_id id = { .name = NAME, .useroffset = USEROFFSET,
					 .usersize = USERSIZE };
	struct ucg_policy_query query = { .cache = &id, .kind = UCG_WHITELIST };
	enum ucg_subject by;
	struct crowd *c = arg;
	bool to_user = false;

	while (!kthread_should_stop()) {
		to_user = !to_user;
		if (!ucg_test_goes(c->object + 128, 64, to_user))
			atomic_inc(&c->torn);
		if (ucg_test_goes(c->object + 192, 8, to_user) ||
		    ucg_test_goes(c->object + 64, 8, to_user))
			atomic_inc(&c->leaked);
		if (ucg_whitelist_policy(&query, &by) != UCG_ENFORCE || by != UCG_SUBJECT_CACHE)
			atomic_inc(&c->policy);
		atomic_inc(&c->rounds);
		cond_resched();
	}
	return 0;
}

static int write_rules(void *arg)
{
	struct crowd *c = arg;
	int side = 0;

	while (!kthread_should_stop()) {
		side = !side;
		if (ucg_test_load(sides[side]))
			atomic_inc(&c->failed);
		atomic_inc(&c->rounds);
		cond_resched();
	}
	return 0;
}

static int allow_and_disallow(void *arg)
{
	struct crowd *c = arg;

	while (!kthread_should_stop()) {
		if (usercopy_guard_allow(NAME, 0, 8, BOTH))
			atomic_inc(&c->failed);
		/* A flush by somebody else leaves it. */
		if (!ucg_test_goes(c->object, 8, true))
			atomic_inc(&c->torn);
		if (usercopy_guard_disallow(NAME, 0, 8, BOTH))
			atomic_inc(&c->failed);
		if (ucg_test_goes(c->object, 8, true))
			atomic_inc(&c->leaked);
		atomic_inc(&c->rounds);
		cond_resched();
	}
	return 0;
}

static int create_and_destroy(void *arg)
{
	struct crowd *c = arg;

	while (!kthread_should_stop()) {
		struct kmem_cache *s = kmem_cache_create_usercopy("ucg_rules_brief", SIZE, 0, 0,
								  USEROFFSET, USERSIZE, NULL);
		char *object = s ? kmem_cache_alloc(s, GFP_KERNEL) : NULL;

		if (!object || !ucg_test_goes(object, 8, true))
			atomic_inc(&c->torn);
		if (object && ucg_test_goes(object + 8, 8, true))
			atomic_inc(&c->leaked);
		if (object)
			kmem_cache_free(s, object);
		kmem_cache_destroy(s);
		atomic_inc(&c->rounds);
		cond_resched();
	}
	return 0;
}

static void readers_and_writers_do_not_disturb_each_other(struct kunit *test)
{
	static int (*const parts[])(void *) = {
		read_rules, read_rules, read_rules, write_rules, write_rules,
		allow_and_disallow, create_and_destroy,
	};
	struct task_struct *tasks[ARRAY_SIZE(parts)];
	struct crowd c = { .object = ucg_test_make_cache(test) };
	int i;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load(sides[0]));
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		tasks[i] = kthread_run(parts[i], &c, "ucg_rules/%d", i);
	/* A machine that has other things to do may need longer. */
	for (i = 0; i < 600 && (i < 10 || atomic_read(&c.rounds) <= 100); i++)
		msleep(100);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		KUNIT_EXPECT_FALSE(test, IS_ERR(tasks[i]));
		if (!IS_ERR(tasks[i]))
			kthread_stop(tasks[i]);
	}
	KUNIT_EXPECT_GT(test, atomic_read(&c.rounds), 100);
	KUNIT_EXPECT_EQ_MSG(test, atomic_read(&c.torn), 0, "allowed by all sets, and refused");
	KUNIT_EXPECT_EQ_MSG(test, atomic_read(&c.leaked), 0, "allowed by no set, and let through");
	KUNIT_EXPECT_EQ_MSG(test, atomic_read(&c.policy), 0, "a policy was not there");
	KUNIT_EXPECT_EQ_MSG(test, atomic_read(&c.failed), 0, "a write failed");
}

static struct kunit_case whitelist_cases[] = {
	KUNIT_CASE_PARAM(rules_merge, merge_gen_params),
	KUNIT_CASE_PARAM(a_bad_line_rejects_the_whole_write, bad_line_gen_params),
	KUNIT_CASE(there_is_a_limit_to_rules),
	KUNIT_CASE(there_is_a_limit_to_what_one_driver_says),
	KUNIT_CASE(a_write_that_was_cut_is_none),
	KUNIT_CASE(there_is_a_limit_to_names_and_lines),
	KUNIT_CASE(a_flush_leaves_no_rule),
	KUNIT_CASE(drivers_widen_and_administrators_narrow),
	KUNIT_CASE(drivers_are_told_of_wrong_arguments),
	KUNIT_CASE_PARAM(a_lock_would_know_what_loosens, loosening_gen_params),
	KUNIT_CASE(readers_and_writers_do_not_disturb_each_other),
	{}
};

static struct kunit_suite whitelist_suite = {
	.name = "usercopy_guard_whitelist",
	.init = ucg_test_rules_init,
	.exit = ucg_test_rules_exit,
	.test_cases = whitelist_cases,
};

kunit_test_suite(whitelist_suite);
