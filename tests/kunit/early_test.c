// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of drivers that are built in, while the kernel starts: before the guard has, when the
 * kernel's own check is asked, and from then on, long before there is a process.
 */
#include <kunit/test.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/usercopy_guard.h>

#include "fixture.h"
#include "usercopy/violation.h"

#define CACHE		"ucg_early"
#define SIZE		256U
#define USEROFFSET	64U
#define USERSIZE	64U
/* What the driver allows besides. */
#define RULED		128U
#define RULED_SIZE	16U

static char *object;

/* What was said of each copy, and of the rule. */
static struct {
	bool good_before;
	int rule;
	int no_rule;
	bool good;
	bool ruled;
	bool bad_to_user;
	bool bad_from_user;
} said;

static noinline __noclone bool copy_early(unsigned int offset, unsigned int n, bool to_user)
{
	bool verdict = usercopy_guard_check(object + offset, n, to_user);

	/* Not a jump to it: then this would be no caller. */
	barrier();
	return verdict;
}

/* Before fs_initcall(): no guard yet. A bad copy would be the kernel's to kill. */
static int __init before_the_guard(void)
{
	struct kmem_cache *s = kmem_cache_create_usercopy(CACHE, SIZE, 0, 0, USEROFFSET,
							  USERSIZE, NULL);

	object = s ? kmem_cache_zalloc(s, GFP_KERNEL) : NULL;
	if (!object)
		return -ENOMEM;
	said.good_before = copy_early(USEROFFSET, USERSIZE, true);
	said.rule = usercopy_guard_allow(CACHE, RULED, RULED_SIZE, USERCOPY_GUARD_TO_USER);
	return 0;
}
core_initcall(before_the_guard);

static int __init behind_the_guard(void)
{
	if (!object)
		return -ENOMEM;
	said.good = copy_early(USEROFFSET, USERSIZE, true);
	said.ruled = copy_early(RULED, RULED_SIZE, true);
	said.bad_to_user = copy_early(RULED, RULED_SIZE + 1, true);
	said.bad_from_user = copy_early(RULED, RULED_SIZE, false);
	/* Other suites ask what rules there are. */
	said.no_rule = usercopy_guard_disallow(CACHE, RULED, RULED_SIZE, USERCOPY_GUARD_TO_USER);
	return 0;
}
device_initcall(behind_the_guard);

static void copies_before_the_guard_are_the_kernels(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_TRUE(test, said.good_before);
	KUNIT_EXPECT_EQ(test, 0, said.rule);
}

static void copies_of_drivers_that_start_are_judged(struct kunit *test)
{
	const struct ucg_violation *v;

	KUNIT_EXPECT_EQ(test, 0, said.no_rule);
	KUNIT_EXPECT_TRUE(test, said.good);
	KUNIT_EXPECT_TRUE(test, said.ruled);
	/* The policy is warn: nothing is refused, all is seen. */
	KUNIT_EXPECT_TRUE(test, said.bad_to_user);
	KUNIT_EXPECT_TRUE(test, said.bad_from_user);
	v = ucg_test_record(CACHE, "copy_early", true);
	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_EXPECT_EQ(test, ucg_violation_count(v), 1ULL);
	KUNIT_EXPECT_EQ(test, v->offset, (unsigned long)RULED);
	KUNIT_EXPECT_EQ(test, v->n, (unsigned long)RULED_SIZE + 1);
	v = ucg_test_record(CACHE, "copy_early", false);
	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_EXPECT_EQ(test, ucg_violation_count(v), 1ULL);
}

static struct kunit_case early_cases[] = {
	KUNIT_CASE(copies_before_the_guard_are_the_kernels),
	KUNIT_CASE(copies_of_drivers_that_start_are_judged),
	{}
};

static struct kunit_suite early_suite = {
	.name = "usercopy_guard_early",
	.test_cases = early_cases,
};

kunit_test_suite(early_suite);
