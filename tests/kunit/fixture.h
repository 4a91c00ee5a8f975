/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the suites share: user memory to copy to and from, kernel memory of every
 * kind with a bad copy for it, and a way back from usercopy_abort().
 */
#ifndef _UCG_KUNIT_FIXTURE_H
#define _UCG_KUNIT_FIXTURE_H

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "usercopy/policy.h"

struct ucg_violation;

/* Bytes of user memory that each test can copy to and from. */
#define UCG_TEST_USER_BYTES	(16 * PAGE_SIZE)

/* The longest bad copy. */
#define UCG_TEST_COPY_MAX	(2 * PAGE_SIZE)

/* Objects of a cache, enough to own some of its slabs as a whole. */
#define UCG_TEST_OBJECTS	128

/**
 * struct ucg_test_cache - a slab cache and objects of it
 * @s:		the cache; merged with no other
 * @objects:	its objects, lowest address first
 */
struct ucg_test_cache {
	struct kmem_cache *s;
	char *objects[UCG_TEST_OBJECTS];
};

/**
 * struct ucg_test_bad - a copy that is not good
 * @ptr:	where it starts
 * @n:		bytes
 * @kind:	what is wrong with it
 * @readable:	all of it can be read: a copy to user space can go ahead
 * @writable:	all of it is the test's own: a copy from user space can
 * @cache:	for the slab kinds
 * @pages:	for what is freed as pages
 * @order:	of @pages
 * @mapped:	where @pages are mapped by kmap()
 * @area:	for what is freed by vfree()
 */
struct ucg_test_bad {
	void *ptr;
	unsigned long n;
	enum ucg_kind kind;
	bool readable;
	bool writable;
	struct ucg_test_cache cache;
	struct page *pages;
	unsigned int order;
	void *mapped;
	void *area;
};

/**
 * enum ucg_test_verdict - what became of a copy that was asked about
 */
enum ucg_test_verdict {
	/** @UCG_TEST_GO: it may go ahead */
	UCG_TEST_GO,
	/** @UCG_TEST_REFUSED: it was refused */
	UCG_TEST_REFUSED,
	/** @UCG_TEST_ABORTED: it ended in usercopy_abort() */
	UCG_TEST_ABORTED,
};

void ucg_test_given(struct kunit *test, enum ucg_kind kind, enum ucg_policy policy,
		    enum ucg_action action);
void ucg_test_given_slab(struct kunit *test);
char __user *ucg_test_user_memory(struct kunit *test);
void ucg_test_cache_create(struct kunit *test, struct ucg_test_cache *c, const char *name,
			   unsigned int size, slab_flags_t flags, unsigned int useroffset,
			   unsigned int usersize);
void ucg_test_cache_destroy(struct ucg_test_cache *c);
void ucg_test_make_bad(struct kunit *test, struct ucg_test_bad *bad, enum ucg_kind kind);
void ucg_test_free_bad(struct ucg_test_bad *bad);

struct ucg_violation *ucg_test_record(const char *cache, const char *function, bool to_user);
enum ucg_test_verdict ucg_test_guard_verdict(const void *ptr, unsigned long n, bool to_user);
enum ucg_test_verdict ucg_test_kernel_verdict(const void *ptr, unsigned long n, bool to_user);

/* A length that the compiler does not know: only such copies are checked. */
static inline unsigned long ucg_test_hide(unsigned long n)
{
	OPTIMIZER_HIDE_VAR(n);
	return n;
}

#endif /* _UCG_KUNIT_FIXTURE_H */
