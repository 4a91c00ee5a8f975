/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the suites share that write rules and ask about copies: a cache that most rules are about,
 * the file, and words for what is expected. For those suites alone, hence the short names.
 */
#ifndef _UCG_KUNIT_RULES_FIXTURE_H
#define _UCG_KUNIT_RULES_FIXTURE_H

#include <kunit/test.h>

#include "fixture.h"
#include "usercopy/policy.h"
#include "whitelist/rule.h"

/* The cache that most rules are about: 64 of its 256 bytes are whitelisted. */
#define NAME		"ucg_rules"
#define SIZE		256
#define USEROFFSET	64
#define USERSIZE	64

#define BOTH		(UCG_TO_USER | UCG_FROM_USER)

/* Room for what the whitelist file says in these tests. */
#define UCG_TEST_FILE_SIZE	1024

/**
 * struct ucg_test_rules - what each test has
 * @c:		cache NAME, empty if the test makes its own
 * @object:	an object of it
 * @before:	global policy before the test
 * @file:	what reading the whitelist file gave
 */
struct ucg_test_rules {
	struct ucg_test_cache c;
	char *object;
	enum ucg_policy before;
	char file[UCG_TEST_FILE_SIZE];
};

int ucg_test_rules_init(struct kunit *test);
void ucg_test_rules_exit(struct kunit *test);
int ucg_test_load(const char *text);
const char *ucg_test_file(struct kunit *test);
char *ucg_test_make_cache(struct kunit *test);
bool ucg_test_goes(const char *ptr, unsigned long n, bool to_user);
void ucg_test_expect(struct kunit *test, const char *ptr, unsigned long n, unsigned int dirs,
		     unsigned int good, int line);

#define EXPECT_GO(test, ptr, n) ucg_test_expect(test, ptr, n, BOTH, BOTH, __LINE__)
#define EXPECT_REFUSED(test, ptr, n) ucg_test_expect(test, ptr, n, BOTH, 0, __LINE__)

#endif /* _UCG_KUNIT_RULES_FIXTURE_H */
