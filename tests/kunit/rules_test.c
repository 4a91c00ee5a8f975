// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules: what they do to copies of objects of a real cache. They are written as the securityfs file
 * would, and asked about by check_object_size(), under "enforce": a copy goes ahead or is refused.
 */
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fixture.h"
#include "rules_fixture.h"
#include "usercopy/check.h"
#include "usercopy/layout.h"
#include "whitelist/rule.h"

static void a_rule_widens_the_region(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);

	EXPECT_GO(test, object + 64, 64);
	EXPECT_REFUSED(test, object + 128, 1);
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 128 32\n"));
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
	char *object = ucg_test_make_cache(test), bytes[32];
	unsigned long n = ucg_test_hide(sizeof(bytes));

	memset(object, 'k', SIZE);
	KUNIT_EXPECT_EQ(test, n, copy_to_user(user, object + 128, n));
	KUNIT_EXPECT_EQ(test, n, copy_from_user(object + 128, user, n));
	KUNIT_EXPECT_EQ(test, object[128], 'k');

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 128 32\n"));
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
	char *object = ucg_test_make_cache(test);

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 16 to\n"
				      "allow " NAME " 16 16 from\n"
				      "allow " NAME " 32 16 both\n"));
	ucg_test_expect(test, object, 16, BOTH, UCG_TO_USER, __LINE__);
	ucg_test_expect(test, object + 16, 16, BOTH, UCG_FROM_USER, __LINE__);
	ucg_test_expect(test, object + 32, 16, BOTH, BOTH, __LINE__);
	ucg_test_expect(test, object + 8, 16, BOTH, 0, __LINE__);
	ucg_test_expect(test, object + 16, 32, BOTH, UCG_FROM_USER, __LINE__);
}

static void a_copy_may_span_regions_without_a_gap(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 32\nallow " NAME " 32 32\n"
				      "allow " NAME " 128 64\n"));
	/* Two rules, the cache's own region, one more rule. */
	EXPECT_GO(test, object, 192);
	EXPECT_GO(test, object + 31, 2);
	EXPECT_GO(test, object + 63, 66);
	EXPECT_REFUSED(test, object, 193);

	KUNIT_ASSERT_EQ(test, 0,
			ucg_test_load("flush\nallow " NAME " 0 31\nallow " NAME " 32 32\n"));
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
	char *object = ucg_test_make_cache(test);
	int i;

	/* The order in which rules are written does not matter. */
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, 0, ucg_test_load("flush\n"));
		KUNIT_ASSERT_EQ(test, 0, ucg_test_load(o->rules[i]));
		KUNIT_ASSERT_EQ(test, 0, ucg_test_load(o->rules[!i]));
		ucg_test_expect(test, object + o->offset, o->n, BOTH, o->good ? BOTH : 0, __LINE__);
	}
}

static void a_finding_says_that_a_rule_narrowed(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);
	struct ucg_finding f;

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("deny " NAME " 64 8\n"));
	KUNIT_EXPECT_EQ(test, (int)ucg_judge(object + 64, 8, true, &f), (int)UCG_WHITELIST);
	KUNIT_EXPECT_TRUE(test, f.denied);
	KUNIT_EXPECT_EQ(test, (int)ucg_judge(object, 8, true, &f), (int)UCG_WHITELIST);
	KUNIT_EXPECT_FALSE(test, f.denied);
}

static void no_rule_lets_a_copy_out_of_its_object(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("allow " NAME " 0 4294967296\n"));
	EXPECT_GO(test, object, SIZE);
	EXPECT_REFUSED(test, object, SIZE + 1);
	EXPECT_REFUSED(test, object + SIZE - 1, 2);
	EXPECT_REFUSED(test, object + 64, SIZE);
}

static void a_cache_has_a_policy_of_its_own(struct kunit *test)
{
	char *object = ucg_test_make_cache(test);
	struct ucg_test_cache other;

	ucg_test_cache_create(test, &other, "ucg_rules_other", SIZE, 0, 0, 0);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("policy " NAME " warn\n"));
	EXPECT_GO(test, object, SIZE);
	EXPECT_GO(test, object, SIZE + 1);
	EXPECT_REFUSED(test, other.objects[0], 1);

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("policy " NAME " fallback\n"));
	EXPECT_GO(test, object, SIZE);
	EXPECT_REFUSED(test, object, SIZE + 1);

	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_WARN));
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("policy " NAME " enforce\n"));
	EXPECT_REFUSED(test, object, SIZE);
	EXPECT_GO(test, other.objects[0], 1);

	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("flush\n"));
	EXPECT_GO(test, object, SIZE);
	ucg_test_cache_destroy(&other);
}

static struct kunit_case rules_cases[] = {
	KUNIT_CASE(a_rule_widens_the_region),
	KUNIT_CASE(what_a_rule_allows_is_copied),
	KUNIT_CASE(a_rule_for_one_direction_leaves_the_other),
	KUNIT_CASE(a_copy_may_span_regions_without_a_gap),
	KUNIT_CASE_PARAM(deny_beats_the_cache_and_allow_beats_deny, order_gen_params),
	KUNIT_CASE(a_finding_says_that_a_rule_narrowed),
	KUNIT_CASE(no_rule_lets_a_copy_out_of_its_object),
	KUNIT_CASE(a_cache_has_a_policy_of_its_own),
	{}
};

static struct kunit_suite rules_suite = {
	.name = "usercopy_guard_rules",
	.init = ucg_test_rules_init,
	.exit = ucg_test_rules_exit,
	.test_cases = rules_cases,
};

kunit_test_suite(rules_suite);
