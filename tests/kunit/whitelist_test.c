// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whitelist: what rules do to copies of objects of real caches. Rules are written
 * as the securityfs file would, and asked about by check_object_size(), under
 * "enforce": a copy goes ahead or is refused.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/init_syscalls.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/uaccess.h>
#include <linux/usercopy_guard.h>

#include "fixture.h"
#include "usercopy/check.h"
#include "usercopy/layout.h"
#include "whitelist/edit.h"
#include "whitelist/file.h"
#include "whitelist/rule.h"
#include "whitelist/ruleset.h"
#include "whitelist/seal.h"
#include "whitelist/whitelist.h"

/* The cache that most rules here are about: 64 of its 256 bytes are whitelisted. */
#define NAME		"ucg_rules"
#define SIZE		256
#define USEROFFSET	64
#define USERSIZE	64

#define BOTH		(UCG_TO_USER | UCG_FROM_USER)

/* Room for what the whitelist file says in these tests. */
#define FILE_SIZE	1024

/**
 * struct whitelist_test - what each test has
 * @c:		cache NAME, empty if the test makes its own
 * @object:	an object of it
 * @before:	global policy before the test
 * @file:	what reading the whitelist file gave
 */
struct whitelist_test {
	struct ucg_test_cache c;
	char *object;
	enum ucg_policy before;
	char file[FILE_SIZE];
};

static int load(const char *text)
{
	return ucg_whitelist_write(text, strlen(text));
}

static void put_line(void *to, const char *line)
{
	strlcat(to, line, FILE_SIZE);
	strlcat(to, "\n", FILE_SIZE);
}

static const char *file(struct kunit *test)
{
	struct whitelist_test *w = test->priv;

	w->file[0] = '\0';
	KUNIT_EXPECT_EQ(test, 0, ucg_whitelist_print(put_line, w->file));
	return w->file;
}

static bool goes(const char *ptr, unsigned long n, bool to_user)
{
	return check_object_size(ptr, ucg_test_hide(n), to_user);
}

#define EXPECT_GO(test, ptr, n) expect(test, ptr, n, BOTH, BOTH, __LINE__)
#define EXPECT_REFUSED(test, ptr, n) expect(test, ptr, n, BOTH, 0, __LINE__)

/* In each of @dirs: does the copy go ahead in those of @good, and only in those? */
static void expect(struct kunit *test, const char *ptr, unsigned long n, unsigned int dirs,
		   unsigned int good, int line)
{
	if (dirs & UCG_TO_USER)
		KUNIT_EXPECT_EQ_MSG(test, goes(ptr, n, true), !!(good & UCG_TO_USER),
				    "line %d: %lu bytes to user space", line, n);
	if (dirs & UCG_FROM_USER)
		KUNIT_EXPECT_EQ_MSG(test, goes(ptr, n, false), !!(good & UCG_FROM_USER),
				    "line %d: %lu bytes from user space", line, n);
}

static char *make_cache(struct kunit *test)
{
	struct whitelist_test *w = test->priv;

	ucg_test_cache_create(test, &w->c, NAME, SIZE, 0, USEROFFSET, USERSIZE);
	w->object = w->c.objects[UCG_TEST_OBJECTS / 2];
	return w->object;
}

static void a_rule_widens_the_region(struct kunit *test)
{
	char *object = make_cache(test);

	EXPECT_GO(test, object + 64, 64);
	EXPECT_REFUSED(test, object + 128, 1);
	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 128 32\n"));
	EXPECT_GO(test, object + 128, 32);
	EXPECT_GO(test, object + 159, 1);
	EXPECT_REFUSED(test, object + 160, 1);
	EXPECT_REFUSED(test, object + 128, 33);
	/* The cache's region and the rule's are next to each other. */
	EXPECT_GO(test, object + 64, 96);
	EXPECT_REFUSED(test, object + 63, 97);
}

/* The bytes themselves, as a system call would copy them. */
static void what_a_rule_allows_is_copied(struct kunit *test)
{
	char __user *user = ucg_test_user_memory(test);
	char *object = make_cache(test), bytes[32];
	unsigned long n = ucg_test_hide(sizeof(bytes));

	memset(object, 'k', SIZE);
	KUNIT_EXPECT_EQ(test, n, copy_to_user(user, object + 128, n));
	KUNIT_EXPECT_EQ(test, n, copy_from_user(object + 128, user, n));
	KUNIT_EXPECT_EQ(test, object[128], 'k');

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 128 32\n"));
	KUNIT_EXPECT_EQ(test, 0, copy_to_user(user, object + 128, n));
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(bytes, user, sizeof(bytes)));
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(bytes, 'k', sizeof(bytes)), NULL);
	KUNIT_ASSERT_EQ(test, 0, clear_user(user, sizeof(bytes)));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(object + 128, user, n));
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(object + 128, 0, sizeof(bytes)), NULL);
	KUNIT_EXPECT_EQ(test, object[160], 'k');
}

static void a_rule_for_one_direction_leaves_the_other(struct kunit *test)
{
	char *object = make_cache(test);

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 16 to\n"
				      "allow " NAME " 16 16 from\n"
				      "allow " NAME " 32 16 both\n"));
	expect(test, object, 16, BOTH, UCG_TO_USER, __LINE__);
	expect(test, object + 16, 16, BOTH, UCG_FROM_USER, __LINE__);
	expect(test, object + 32, 16, BOTH, BOTH, __LINE__);
	expect(test, object + 8, 16, BOTH, 0, __LINE__);
	expect(test, object + 16, 32, BOTH, UCG_FROM_USER, __LINE__);
}

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
	{ "the last policy counts",
	  "policy c enforce\npolicy c fallback\n",	"policy c fallback\n" },
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

	KUNIT_ASSERT_EQ(test, 0, load(m->rules));
	KUNIT_EXPECT_STREQ(test, file(test), m->file);
	/* What was read restores what was there. */
	KUNIT_ASSERT_EQ(test, 0, load("flush\n"));
	KUNIT_EXPECT_STREQ(test, file(test), "");
	KUNIT_ASSERT_EQ(test, 0, load(m->file));
	KUNIT_EXPECT_STREQ(test, file(test), m->file);
}

static void a_copy_may_span_regions_without_a_gap(struct kunit *test)
{
	char *object = make_cache(test);

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 32\nallow " NAME " 32 32\n"
				      "allow " NAME " 128 64\n"));
	/* Two rules, the cache's own region, one more rule. */
	EXPECT_GO(test, object, 192);
	EXPECT_GO(test, object + 31, 2);
	EXPECT_GO(test, object + 63, 66);
	EXPECT_REFUSED(test, object, 193);

	KUNIT_ASSERT_EQ(test, 0, load("flush\nallow " NAME " 0 31\nallow " NAME " 32 32\n"));
	EXPECT_GO(test, object, 31);
	EXPECT_GO(test, object + 32, 96);
	EXPECT_REFUSED(test, object + 30, 2);
	EXPECT_REFUSED(test, object + 31, 1);
	EXPECT_REFUSED(test, object, 128);
}

/* allowed = (the cache's own region, minus deny) plus allow, byte by byte. */
static const struct order {
	const char *text;
	const char *rules[2];
	unsigned int offset, n;
	bool good;
} orders[] = {
	{ "no rule: the cache's own region", { "", "" }, 64, 64, true },
	{ "deny beats the cache's own region",
	  { "deny " NAME " 64 64\n", "" }, 64, 64, false },
	{ "deny of one byte spoils a copy over it",
	  { "deny " NAME " 100 1\n", "" }, 64, 64, false },
	{ "deny of one byte leaves those in front",
	  { "deny " NAME " 100 1\n", "" }, 64, 36, true },
	{ "deny of one byte leaves those behind",
	  { "deny " NAME " 100 1\n", "" }, 101, 27, true },
	{ "deny of everything",
	  { "deny " NAME "\n", "" }, 64, 1, false },
	{ "deny beside the region leaves it",
	  { "deny " NAME " 0 64\n", "deny " NAME " 128 128\n" }, 64, 64, true },
	{ "allow beats deny of the same bytes",
	  { "deny " NAME " 64 64\n", "allow " NAME " 64 64\n" }, 64, 64, true },
	{ "allow beats deny of everything",
	  { "deny " NAME "\n", "allow " NAME " 80 8\n" }, 80, 8, true },
	{ "allow beats deny for its bytes alone",
	  { "deny " NAME "\n", "allow " NAME " 80 8\n" }, 80, 9, false },
	{ "allow mends a hole that deny cut",
	  { "deny " NAME " 80 16\n", "allow " NAME " 80 16\n" }, 64, 64, true },
	{ "allow mends a part of that hole only",
	  { "deny " NAME " 80 16\n", "allow " NAME " 80 15\n" }, 64, 64, false },
	{ "deny of bytes that no rule allows changes nothing",
	  { "deny " NAME " 0 8\n", "allow " NAME " 8 8\n" }, 8, 8, true },
};

static void order_text(const struct order *o, char *text)
{
	strscpy(text, o->text, KUNIT_PARAM_DESC_SIZE);
}
KUNIT_ARRAY_PARAM(order, orders, order_text);

static void deny_beats_the_cache_and_allow_beats_deny(struct kunit *test)
{
	const struct order *o = test->param_value;
	char *object = make_cache(test);
	int i;

	/* The order in which rules are written does not matter. */
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, 0, load("flush\n"));
		KUNIT_ASSERT_EQ(test, 0, load(o->rules[i]));
		KUNIT_ASSERT_EQ(test, 0, load(o->rules[!i]));
		expect(test, object + o->offset, o->n, BOTH, o->good ? BOTH : 0, __LINE__);
	}
}

static void a_finding_says_that_a_rule_narrowed(struct kunit *test)
{
	char *object = make_cache(test);
	struct ucg_finding f;

	KUNIT_ASSERT_EQ(test, 0, load("deny " NAME " 64 8\n"));
	KUNIT_EXPECT_EQ(test, (int)ucg_judge(object + 64, 8, true, &f), (int)UCG_WHITELIST);
	KUNIT_EXPECT_TRUE(test, f.denied);
	KUNIT_EXPECT_EQ(test, (int)ucg_judge(object, 8, true, &f), (int)UCG_WHITELIST);
	KUNIT_EXPECT_FALSE(test, f.denied);
}

static void no_rule_lets_a_copy_out_of_its_object(struct kunit *test)
{
	char *object = make_cache(test);

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 4294967296\n"));
	EXPECT_GO(test, object, SIZE);
	EXPECT_REFUSED(test, object, SIZE + 1);
	EXPECT_REFUSED(test, object + SIZE - 1, 2);
	EXPECT_REFUSED(test, object + 64, SIZE);
}

static void a_cache_has_a_policy_of_its_own(struct kunit *test)
{
	char *object = make_cache(test);
	struct ucg_test_cache other;

	ucg_test_cache_create(test, &other, "ucg_rules_other", SIZE, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_ASSERT_EQ(test, 0, load("policy " NAME " warn\n"));
	EXPECT_GO(test, object, SIZE);
	EXPECT_GO(test, object, SIZE + 1);
	EXPECT_REFUSED(test, other.objects[0], 1);

	KUNIT_ASSERT_EQ(test, 0, load("policy " NAME " fallback\n"));
	EXPECT_GO(test, object, SIZE);
	EXPECT_REFUSED(test, object, SIZE + 1);

	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_WARN));
	KUNIT_ASSERT_EQ(test, 0, load("policy " NAME " enforce\n"));
	EXPECT_REFUSED(test, object, SIZE);
	EXPECT_GO(test, other.objects[0], 1);

	KUNIT_ASSERT_EQ(test, 0, load("flush\n"));
	EXPECT_GO(test, object, SIZE);
	ucg_test_cache_destroy(&other);
}

static const char * const bad_lines[] = {
	"permit c 0 8", "allow", "allow c", "allow c 0", "allow c 0 0", "allow c 0 8 up",
	"allow c 0 8 to from", "allow c -1 8", "allow c 0 8x", "allow c 08 8", "allow c 0x 8",
	"allow c 4294967296 1", "allow c 1 4294967296", "allow c 18446744073709551615 2",
	"deny", "deny c 0", "deny c 0 0", "deny c 0 8 to", "policy c", "policy c kill",
	"policy c warn warn", "flush c", "allow c\\400 0 8", "allow c\\04 0 8", "allow c\\000 0 8",
	"allow c 0 8\001",
};

static void line_text(const char * const *line, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "\"%*pE\"", (int)strlen(*line), *line);
}
KUNIT_ARRAY_PARAM(bad_line, bad_lines, line_text);

static void a_bad_line_rejects_the_whole_write(struct kunit *test)
{
	const char * const *line = test->param_value;
	char *object = make_cache(test);
	char text[256];

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 8\npolicy " NAME " enforce\n"));
	snprintf(text, sizeof(text), "flush\nallow " NAME " 128 8\ndeny " NAME " 0 8\n%s\n"
		 "allow " NAME " 200 8\n", *line);
	KUNIT_EXPECT_EQ(test, -EINVAL, load(text));
	KUNIT_EXPECT_STREQ(test, file(test),
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
	char *object = make_cache(test), *text;

	text = many_rules(test, UCG_RULES_MAX - 1);
	KUNIT_EXPECT_EQ(test, 0, load(text));
	kvfree(text);
	KUNIT_EXPECT_EQ(test, 0, load("allow " NAME " 0 8\n"));
	EXPECT_GO(test, object, 8);
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.rules, (unsigned int)UCG_RULES_MAX);

	/* One too many; and a driver's counts as well. */
	KUNIT_EXPECT_EQ(test, -ENOSPC, load("allow " NAME " 16 8\n"));
	KUNIT_EXPECT_EQ(test, -ENOSPC, usercopy_guard_allow(NAME, 16, 8, BOTH));
	EXPECT_REFUSED(test, object + 16, 8);
	EXPECT_GO(test, object, 8);
	/* What merges with a rule that is there needs no room. */
	KUNIT_EXPECT_EQ(test, 0, load("allow " NAME " 8 8\n"));
	EXPECT_GO(test, object, 16);
	KUNIT_EXPECT_EQ(test, 0, load("flush\nallow " NAME " 16 8\n"));
	EXPECT_GO(test, object + 16, 8);
	EXPECT_REFUSED(test, object, 16);
}

static void there_is_a_limit_to_names_and_lines(struct kunit *test)
{
	static char text[UCG_LINE_MAX + 64];
	static const char end[] = " 0 8\n";

	snprintf(text, sizeof(text), "allow %0*d%s", UCG_NAME_MAX, 0, end);
	KUNIT_EXPECT_EQ(test, 0, load(text));
	snprintf(text, sizeof(text), "allow %0*d%s", UCG_NAME_MAX + 1, 0, end);
	KUNIT_EXPECT_EQ(test, -EINVAL, load(text));
	snprintf(text, sizeof(text), "allow c 0 8%*s\n", UCG_LINE_MAX - 11, "#");
	KUNIT_EXPECT_EQ(test, 0, load(text));
	snprintf(text, sizeof(text), "allow c 8 8%*s\n", UCG_LINE_MAX - 10, "#");
	KUNIT_EXPECT_EQ(test, -EINVAL, load(text));
}

static void a_flush_leaves_no_rule(struct kunit *test)
{
	char *object = make_cache(test);
	struct ucg_whitelist_stats stats;

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 8\ndeny " NAME " 64 8\n"
				      "policy " NAME " enforce\n"));
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_WARN));
	EXPECT_REFUSED(test, object + 64, 8);
	KUNIT_ASSERT_EQ(test, 0, load("flush\n"));
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	EXPECT_REFUSED(test, object, 8);
	EXPECT_GO(test, object + 64, 64);
	KUNIT_EXPECT_STREQ(test, file(test), "");
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.rules, 0U);
}

/* Rules know caches by name, and by nothing else. */
static void a_rule_waits_for_its_cache_and_survives_it(struct kunit *test)
{
	struct whitelist_test *w = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 8\n"));
	for (i = 0; i < 3; i++) {
		EXPECT_GO(test, make_cache(test), 8);
		EXPECT_REFUSED(test, w->object + 8, 8);
		ucg_test_cache_destroy(&w->c);
		w->c.s = NULL;
	}
}

static void another_cache_at_the_same_address_has_no_rule(struct kunit *test)
{
	struct whitelist_test *w = test->priv;
	struct ucg_test_cache other;
	const struct kmem_cache *was;
	bool met = false;
	int tries;

	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 0 8\npolicy " NAME " warn\n"));
	for (tries = 0; tries < 64 && !met; tries++) {
		EXPECT_GO(test, make_cache(test), SIZE);
		was = w->c.s;
		ucg_test_cache_destroy(&w->c);
		w->c.s = NULL;
		/* What is destroyed is freed somewhat later. */
		rcu_barrier();
		msleep(20);
		ucg_test_cache_create(test, &other, "ucg_rules_other", SIZE, 0, USEROFFSET,
				      USERSIZE);
		met = other.s == was;
		EXPECT_REFUSED(test, other.objects[0], 8);
		ucg_test_cache_destroy(&other);
	}
	if (!met)
		kunit_skip(test, "in %d tries no cache got the address of another", tries);
}

static void drivers_widen_and_administrators_narrow(struct kunit *test)
{
	char *object = make_cache(test);
	struct ucg_whitelist_stats stats;

	KUNIT_ASSERT_EQ(test, 0, usercopy_guard_allow(NAME, 128, 16, USERCOPY_GUARD_TO_USER));
	expect(test, object + 128, 16, BOTH, UCG_TO_USER, __LINE__);
	EXPECT_REFUSED(test, object + 128, 17);
	/* Together with the cache's own region. */
	expect(test, object + 64, 80, BOTH, UCG_TO_USER, __LINE__);

	/* Shown, but as no line that would be written back. */
	KUNIT_EXPECT_STREQ(test, file(test), "# allow " NAME " 128 16 to (by driver kernel)\n");
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.driver_rules, 1U);

	/* deny beats it, allow beats that, and a flush leaves what the driver said. */
	KUNIT_ASSERT_EQ(test, 0, load("deny " NAME " 128 8\n"));
	EXPECT_REFUSED(test, object + 128, 16);
	expect(test, object + 136, 8, BOTH, UCG_TO_USER, __LINE__);
	KUNIT_ASSERT_EQ(test, 0, load("allow " NAME " 128 8\n"));
	expect(test, object + 128, 16, BOTH, UCG_TO_USER, __LINE__);
	expect(test, object + 128, 8, BOTH, BOTH, __LINE__);
	KUNIT_ASSERT_EQ(test, 0, load("flush\n"));
	expect(test, object + 128, 16, BOTH, UCG_TO_USER, __LINE__);

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
	KUNIT_EXPECT_STREQ(test, file(test), "");
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

/*
 * Names of merged caches are links in /sys/kernel/slab. Suites run before there
 * is a user space that could have mounted it; __ref: before memory of __init is
 * freed, too.
 */
static __ref bool mount_sysfs(void)
{
	struct path path;

	if (!kern_path("/sys/kernel/slab", LOOKUP_FOLLOW, &path)) {
		path_put(&path);
		return true;
	}
	if (system_state >= SYSTEM_FREEING_INITMEM)
		return false;
	init_mkdir("/sys", 0755);
	return !init_mount("sysfs", "/sys", "sysfs", 0, NULL);
}

/* Two caches that SLUB makes one, or a reason why not. */
static struct kmem_cache *make_merged(struct kunit *test, const char *one, const char *two)
{
	struct kmem_cache *a, *b;

	if (!IS_ENABLED(CONFIG_SYSFS) || !mount_sysfs())
		kunit_skip(test, "no /sys to read names of merged caches from");
	a = kmem_cache_create(one, 1160, 0, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, a);
	b = kmem_cache_create(two, 1160, 0, 0, NULL);
	KUNIT_ASSERT_NOT_NULL(test, b);
	if (a != b) {
		kmem_cache_destroy(a);
		kmem_cache_destroy(b);
		kunit_skip(test, "this kernel merges no slab caches");
	}
	return a;
}

static void a_rule_for_one_name_reaches_the_merged_cache(struct kunit *test)
{
	struct kmem_cache *s = make_merged(test, "ucg_alias_one", "ucg_alias_two");
	char *object = kmem_cache_alloc(s, GFP_KERNEL);
	struct ucg_whitelist_stats stats;

	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, 0, load("allow ucg_alias_two 8 8\n"));
	EXPECT_GO(test, object + 8, 8);
	EXPECT_REFUSED(test, object, 8);
	/* The rules of all its names hold together. */
	KUNIT_EXPECT_EQ(test, 0, load("allow ucg_alias_one 0 8\n"));
	EXPECT_GO(test, object, 16);
	/* Openly: the file says what else a rule reaches. */
	KUNIT_EXPECT_NOT_NULL(test, strstr(file(test), "# ucg_alias_one is merged into :"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(file(test), "# ucg_alias_two is merged into :"));
	ucg_whitelist_stats(&stats);
	KUNIT_EXPECT_EQ(test, stats.merged, 1U);

	KUNIT_EXPECT_EQ(test, 0, load("flush\npolicy ucg_alias_two warn\n"));
	EXPECT_GO(test, object, 1160);
	KUNIT_EXPECT_EQ(test, 0, load("flush\n"));
	EXPECT_REFUSED(test, object + 8, 8);

	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	kmem_cache_destroy(s);
}

/* The first copy that a rule may be about has names followed anew, a second later. */
static void a_rule_finds_a_cache_that_is_merged_later(struct kunit *test)
{
	struct kmem_cache *s;
	char *object;
	int tries;

	KUNIT_ASSERT_EQ(test, 0, load("allow ucg_alias_late 8 8\n"));
	s = make_merged(test, "ucg_alias_early", "ucg_alias_late");
	object = kmem_cache_alloc(s, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, object);
	EXPECT_REFUSED(test, object + 8, 8);
	for (tries = 0; tries < 100 && !goes(object + 8, 8, true); tries++)
		msleep(100);
	EXPECT_GO(test, object + 8, 8);
	EXPECT_REFUSED(test, object, 8);

	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	kmem_cache_destroy(s);
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
	struct crowd *c = arg;
	bool to_user = false;

	while (!kthread_should_stop()) {
		to_user = !to_user;
		if (!goes(c->object + 128, 64, to_user))
			atomic_inc(&c->torn);
		if (goes(c->object + 192, 8, to_user) || goes(c->object + 64, 8, to_user))
			atomic_inc(&c->leaked);
		if (ucg_whitelist_policy(&id) != UCG_ENFORCE)
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
		if (load(sides[side]))
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
		if (!goes(c->object, 8, true))
			atomic_inc(&c->torn);
		if (usercopy_guard_disallow(NAME, 0, 8, BOTH))
			atomic_inc(&c->failed);
		if (goes(c->object, 8, true))
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

		if (!object || !goes(object, 8, true))
			atomic_inc(&c->torn);
		if (object && goes(object + 8, 8, true))
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
	struct crowd c = { .object = make_cache(test) };
	int i;

	KUNIT_ASSERT_EQ(test, 0, load(sides[0]));
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		tasks[i] = kthread_run(parts[i], &c, "ucg_rules/%d", i);
	msleep(1000);
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

static int whitelist_init(struct kunit *test)
{
	struct whitelist_test *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	test->priv = w;
	w->before = ucg_policy_get();
	ucg_test_given_slab(test);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_ASSERT_EQ(test, 0, load("flush\n"));
	return 0;
}

static void whitelist_exit(struct kunit *test)
{
	struct whitelist_test *w = test->priv;

	load("flush\n");
	/* Whatever a test that failed has left of a driver's. */
	while (!usercopy_guard_disallow(NAME, 128, 16, USERCOPY_GUARD_TO_USER))
		;
	ucg_policy_set(w->before);
	if (w->c.s)
		ucg_test_cache_destroy(&w->c);
}

static struct kunit_case whitelist_cases[] = {
	KUNIT_CASE(a_rule_widens_the_region),
	KUNIT_CASE(what_a_rule_allows_is_copied),
	KUNIT_CASE(a_rule_for_one_direction_leaves_the_other),
	KUNIT_CASE_PARAM(rules_merge, merge_gen_params),
	KUNIT_CASE(a_copy_may_span_regions_without_a_gap),
	KUNIT_CASE_PARAM(deny_beats_the_cache_and_allow_beats_deny, order_gen_params),
	KUNIT_CASE(a_finding_says_that_a_rule_narrowed),
	KUNIT_CASE(no_rule_lets_a_copy_out_of_its_object),
	KUNIT_CASE(a_cache_has_a_policy_of_its_own),
	KUNIT_CASE_PARAM(a_bad_line_rejects_the_whole_write, bad_line_gen_params),
	KUNIT_CASE(there_is_a_limit_to_rules),
	KUNIT_CASE(there_is_a_limit_to_names_and_lines),
	KUNIT_CASE(a_flush_leaves_no_rule),
	KUNIT_CASE(a_rule_waits_for_its_cache_and_survives_it),
	KUNIT_CASE(another_cache_at_the_same_address_has_no_rule),
	KUNIT_CASE(drivers_widen_and_administrators_narrow),
	KUNIT_CASE(drivers_are_told_of_wrong_arguments),
	KUNIT_CASE_PARAM(a_lock_would_know_what_loosens, loosening_gen_params),
	KUNIT_CASE(a_rule_for_one_name_reaches_the_merged_cache),
	KUNIT_CASE(a_rule_finds_a_cache_that_is_merged_later),
	KUNIT_CASE(readers_and_writers_do_not_disturb_each_other),
	{}
};

static struct kunit_suite whitelist_suite = {
	.name = "usercopy_guard_whitelist",
	.init = whitelist_init,
	.exit = whitelist_exit,
	.test_cases = whitelist_cases,
};

kunit_test_suite(whitelist_suite);
