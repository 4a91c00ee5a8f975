// SPDX-License-Identifier: GPL-2.0-only
/*
 * For suites that write rules (rules_fixture.h).
 */
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/usercopy_guard.h>

#include "fixture.h"
#include "rules_fixture.h"
#include "whitelist/file.h"
#include "whitelist/whitelist.h"

/* Write to the file. */
int ucg_test_load(const char *text)
{
	return ucg_whitelist_write(text, strlen(text));
}

static void put_line(void *to, const char *line)
{
	strlcat(to, line, UCG_TEST_FILE_SIZE);
	strlcat(to, "\n", UCG_TEST_FILE_SIZE);
}

/* Read the file; what is returned changes with the next reading. */
const char *ucg_test_file(struct kunit *test)
{
	struct ucg_test_rules *w = test->priv;

	w->file[0] = '\0';
	KUNIT_EXPECT_EQ(test, 0, ucg_whitelist_print(put_line, w->file));
	return w->file;
}

/* Does a copy go ahead? */
bool ucg_test_goes(const char *ptr, unsigned long n, bool to_user)
{
	return check_object_size(ptr, ucg_test_hide(n), to_user);
}

/* In each of @dirs: does the copy go ahead in those of @good, and only in those? */
void ucg_test_expect(struct kunit *test, const char *ptr, unsigned long n, unsigned int dirs,
		     unsigned int good, int line)
{
	if (dirs & UCG_TO_USER)
		KUNIT_EXPECT_EQ_MSG(test, ucg_test_goes(ptr, n, true), !!(good & UCG_TO_USER),
				    "line %d: %lu bytes to user space", line, n);
	if (dirs & UCG_FROM_USER)
		KUNIT_EXPECT_EQ_MSG(test, ucg_test_goes(ptr, n, false), !!(good & UCG_FROM_USER),
				    "line %d: %lu bytes from user space", line, n);
}

/* Make cache NAME, and return an object of it. */
char *ucg_test_make_cache(struct kunit *test)
{
	struct ucg_test_rules *w = test->priv;

	ucg_test_cache_create(test, &w->c, NAME, SIZE, 0, USEROFFSET, USERSIZE);
	w->object = w->c.objects[UCG_TEST_OBJECTS / 2];
	return w->object;
}

/* Before each test: "enforce", and no rule. */
int ucg_test_rules_init(struct kunit *test)
{
	struct ucg_test_rules *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	test->priv = w;
	w->before = ucg_policy_get();
	ucg_test_given_slab(test);
	KUNIT_ASSERT_EQ(test, 0, ucg_policy_set(UCG_ENFORCE));
	KUNIT_ASSERT_EQ(test, 0, ucg_test_load("flush\n"));
	return 0;
}

/* After each test: all as before. */
void ucg_test_rules_exit(struct kunit *test)
{
	struct ucg_test_rules *w = test->priv;

	ucg_test_load("flush\n");
	/* Whatever a test that failed has left of a driver's. */
	while (!usercopy_guard_disallow(NAME, 128, 16, USERCOPY_GUARD_TO_USER))
		;
	ucg_policy_set(w->before);
	if (w->c.s)
		ucg_test_cache_destroy(&w->c);
}
