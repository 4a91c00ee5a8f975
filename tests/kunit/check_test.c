// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check: what is found in real memory of every kind, at its edges. Each case
 * asks for the finding by name, and that the short way agrees with it.
 */
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/sched/task_stack.h>
#include <linux/socket.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include <asm/sections.h>

#include "fixture.h"
#include "usercopy/check.h"
#include "usercopy/hook.h"
#include "usercopy/layout.h"

#define EXPECT_FOUND(test, kind, ptr, n) \
	expect_found(test, kind, (const void *)(ptr), n, __LINE__)

static struct ucg_finding expect_found(struct kunit *test, enum ucg_kind kind, const void *ptr,
				       unsigned long n, int line)
{
	struct ucg_finding to, from;

	ucg_judge(ptr, n, true, &to);
	ucg_judge(ptr, n, false, &from);
	KUNIT_EXPECT_EQ_MSG(test, (int)to.kind, (int)kind,
			    "line %d: %lu bytes to user space: %s, not %s", line, n,
			    ucg_kind_words[to.kind], ucg_kind_words[kind]);
	KUNIT_EXPECT_EQ_MSG(test, (int)from.kind, (int)kind,
			    "line %d: %lu bytes from user space: %s, not %s", line, n,
			    ucg_kind_words[from.kind], ucg_kind_words[kind]);
	/* The short way may be unsure of a good copy; it may not pass a bad one. */
	if (kind != UCG_FINE)
		KUNIT_EXPECT_FALSE_MSG(test, ucg_check(ptr, n), "line %d: the short way passes it",
				       line);
	return to;
}

/* Every copy that is good in a plain slab object passes on the short way. */
static void expect_short(struct kunit *test, const void *ptr, unsigned long n, int line)
{
	KUNIT_EXPECT_TRUE_MSG(test, ucg_check(ptr, n), "line %d: the short way does not know it",
			      line);
}

static const struct shape {
	const char *text;
	unsigned int size, useroffset, usersize;
} shapes[] = {
	{ "no region",			256,   0,   0 },
	{ "all of it",			256,   0, 256 },
	{ "a region in the middle",	256,  64,  64 },
	{ "a region at the start",	256,   0,  32 },
	{ "a region at the end",	256, 192,  64 },
	{ "a region of one byte",	256, 100,   1 },
	{ "a size that is no power of two", 1000, 8, 900 },
	{ "objects of some pages",	3 * PAGE_SIZE, PAGE_SIZE, 16 },
};

static void shape_text(const struct shape *s, char *text)
{
	strscpy(text, s->text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(shape, shapes, shape_text);

static void copies_from_slab_objects_go_by_the_region(struct kunit *test)
{
	const struct shape *s = test->param_value;
	unsigned int from = s->useroffset, to = s->useroffset + s->usersize;
	struct ucg_test_cache c;
	struct ucg_finding f;
	int i;

	ucg_test_cache_create(test, &c, "ucg_check_shape", s->size, 0, s->useroffset, s->usersize);
	/* All of them, so that the first and the last of a slab are among them. */
	for (i = 0; i < UCG_TEST_OBJECTS; i++) {
		char *object = c.objects[i];

		if (s->usersize) {
			EXPECT_FOUND(test, UCG_FINE, object + from, s->usersize);
			expect_short(test, object + from, s->usersize, __LINE__);
			EXPECT_FOUND(test, UCG_FINE, object + from, 1);
			EXPECT_FOUND(test, UCG_FINE, object + to - 1, 1);
		}
		EXPECT_FOUND(test, UCG_FINE, object + from, 0);
		if (from) {
			f = EXPECT_FOUND(test, UCG_WHITELIST, object + from - 1, 1);
			KUNIT_EXPECT_EQ(test, f.offset, (unsigned long)from - 1);
			KUNIT_EXPECT_PTR_EQ(test, (const void *)f.cache, (const void *)c.s);
			KUNIT_EXPECT_EQ(test, f.object_size, (unsigned long)s->size);
			KUNIT_EXPECT_EQ(test, f.useroffset, s->useroffset);
			KUNIT_EXPECT_EQ(test, f.usersize, s->usersize);
			EXPECT_FOUND(test, UCG_WHITELIST, object + from - 1, s->usersize + 1);
			EXPECT_FOUND(test, UCG_WHITELIST, object, s->size);
		}
		if (to < s->size) {
			EXPECT_FOUND(test, UCG_WHITELIST, object + from, s->usersize + 1);
			EXPECT_FOUND(test, UCG_WHITELIST, object + s->size - 1, 1);
		}
		f = EXPECT_FOUND(test, UCG_OBJECT, object + s->size - 1, 2);
		KUNIT_EXPECT_EQ(test, f.offset, (unsigned long)s->size - 1);
		EXPECT_FOUND(test, UCG_OBJECT, object + from, s->size - from + 1);
		EXPECT_FOUND(test, UCG_OBJECT, object, s->size + 1);
		/* So long that the stack may be in the way first. */
		KUNIT_EXPECT_FALSE(test, ucg_check(object, INT_MAX));
		KUNIT_EXPECT_FALSE(test, ucg_check(object, 1UL << (BITS_PER_LONG / 2)));
		EXPECT_FOUND(test, UCG_WRAP, object, ULONG_MAX);
	}
	ucg_test_cache_destroy(&c);
}

static void red_zones_are_found_on_both_sides(struct kunit *test)
{
	struct ucg_test_cache c;
	char *object;

	if (!IS_ENABLED(CONFIG_SLUB_DEBUG))
		kunit_skip(test, "no red zones without CONFIG_SLUB_DEBUG");
	ucg_test_cache_create(test, &c, "ucg_check_redzone", 256, SLAB_RED_ZONE, 0, 256);
	object = c.objects[UCG_TEST_OBJECTS / 2];
	EXPECT_FOUND(test, UCG_FINE, object, 256);
	EXPECT_FOUND(test, UCG_REDZONE, object - 1, 1);
	EXPECT_FOUND(test, UCG_REDZONE, object - 1, 16);
	EXPECT_FOUND(test, UCG_REDZONE, object - ucg_cache_red_left_pad(c.s), 1);
	EXPECT_FOUND(test, UCG_OBJECT, object + 255, 2);
	EXPECT_FOUND(test, UCG_OBJECT, object, 257);
	ucg_test_cache_destroy(&c);
}

static void kmalloc_objects_are_whole(struct kunit *test)
{
	size_t size;

	for (size = KMALLOC_MIN_SIZE; size <= 8192; size *= 2) {
		char *p = kmalloc(size, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		if (is_kfence_address(p)) {
			kfree(p);
			continue;
		}
		EXPECT_FOUND(test, UCG_FINE, p, size);
		expect_short(test, p, size, __LINE__);
		EXPECT_FOUND(test, UCG_FINE, p + size - 1, 1);
		EXPECT_FOUND(test, UCG_OBJECT, p, 2 * size);
		EXPECT_FOUND(test, UCG_OBJECT, p + size - 1, 8);
		kfree(p);
	}
}

static void large_kmalloc_is_bounded_by_its_pages(struct kunit *test)
{
	size_t size = 64 * 1024;
	char *p = kmalloc(size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	EXPECT_FOUND(test, UCG_FINE, p, size);
	expect_short(test, p, size, __LINE__);
	EXPECT_FOUND(test, UCG_FINE, p + size - 1, 1);
	EXPECT_FOUND(test, UCG_PAGE, p, size + 1);
	EXPECT_FOUND(test, UCG_PAGE, p + size - 1, 2);
	kfree(p);
}

static void compound_pages_have_bounds_and_others_have_none(struct kunit *test)
{
	struct page *compound = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	struct page *plain = alloc_pages(GFP_KERNEL, 2);
	char *p;

	KUNIT_ASSERT_NOT_NULL(test, compound);
	KUNIT_ASSERT_NOT_NULL(test, plain);
	p = page_address(compound);
	EXPECT_FOUND(test, UCG_FINE, p, 4 * PAGE_SIZE);
	EXPECT_FOUND(test, UCG_FINE, p + PAGE_SIZE - 1, 2);
	EXPECT_FOUND(test, UCG_PAGE, p + 3 * PAGE_SIZE, PAGE_SIZE + 1);
	EXPECT_FOUND(test, UCG_PAGE, p, 4 * PAGE_SIZE + 1);
	p = page_address(plain);
	EXPECT_FOUND(test, UCG_FINE, p, 4 * PAGE_SIZE);
	EXPECT_FOUND(test, UCG_FINE, p, 4 * PAGE_SIZE + 1);
	__free_pages(compound, 2);
	__free_pages(plain, 2);
}

static void vmalloc_areas_end_with_their_last_page(struct kunit *test)
{
	char *p = vmalloc(3 * PAGE_SIZE);
	struct ucg_finding f;

	KUNIT_ASSERT_NOT_NULL(test, p);
	EXPECT_FOUND(test, UCG_FINE, p, 3 * PAGE_SIZE);
	EXPECT_FOUND(test, UCG_FINE, p + PAGE_SIZE - 1, 2);
	EXPECT_FOUND(test, UCG_FINE, p + 3 * PAGE_SIZE - 1, 1);
	/* Unlike in the kernel's check, the page behind it, which is not mapped, does not count. */
	EXPECT_FOUND(test, UCG_VMALLOC, p, 3 * PAGE_SIZE + 1);
	EXPECT_FOUND(test, UCG_VMALLOC, p + 3 * PAGE_SIZE - 1, 2);
	f = EXPECT_FOUND(test, UCG_VMALLOC, p + 3 * PAGE_SIZE - 8, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, f.offset, 3 * PAGE_SIZE - 8);
	KUNIT_EXPECT_EQ(test, f.object_size, 3 * PAGE_SIZE);
	EXPECT_FOUND(test, UCG_VMALLOC, p, 4 * PAGE_SIZE + 1);
	/* So long that the stack may be in the way first, or the end of all addresses. */
	KUNIT_EXPECT_NE(test, UCG_FINE, ucg_judge(p, INT_MAX, true, &f));
	KUNIT_EXPECT_FALSE(test, ucg_check(p, INT_MAX));
	vfree(p);
}

static void the_stack_ends_at_its_edges(struct kunit *test)
{
	struct ucg_finding f;
	char *stack = task_stack_page(current);
	char buffer[64] = "";

	OPTIMIZER_HIDE_VAR(stack);
	EXPECT_FOUND(test, UCG_FINE, buffer, sizeof(buffer));
	expect_short(test, buffer, sizeof(buffer), __LINE__);
	EXPECT_FOUND(test, UCG_FINE, stack + THREAD_SIZE - 8, 8);
	EXPECT_FOUND(test, UCG_STACK, stack + THREAD_SIZE - 8, 9);
	EXPECT_FOUND(test, UCG_STACK, stack + THREAD_SIZE - 1, 2);
	EXPECT_FOUND(test, UCG_STACK, stack - 1, 2);
	EXPECT_FOUND(test, UCG_STACK, stack - 8, THREAD_SIZE + 16);
	/* What begins before it is at its first byte: no offset is below that. */
	ucg_judge(stack - 8, 16, true, &f);
	KUNIT_EXPECT_EQ(test, f.offset, 0UL);
	ucg_judge(stack + THREAD_SIZE - 8, 16, true, &f);
	KUNIT_EXPECT_EQ(test, f.offset, THREAD_SIZE - 8);
	if (IS_ENABLED(CONFIG_ARCH_HAS_CURRENT_STACK_POINTER))
		EXPECT_FOUND(test, UCG_STACK, stack + 512, 8);
}

static void kernel_text_is_found_under_both_addresses(struct kunit *test)
{
	unsigned long text = (unsigned long)_stext, end = (unsigned long)_etext;
	unsigned long alias = (unsigned long)lm_alias(_stext);

	EXPECT_FOUND(test, UCG_TEXT, text, 1);
	EXPECT_FOUND(test, UCG_TEXT, text + 4096, 64);
	EXPECT_FOUND(test, UCG_TEXT, end - 1, 1);
	/*
	 * Where the image is in the vmalloc space, its code is an area, and leaving it comes
	 * first.
	 */
	EXPECT_FOUND(test, is_vmalloc_addr(_stext) ? UCG_VMALLOC : UCG_TEXT, end - 1, 64);
	EXPECT_FOUND(test, UCG_TEXT, alias, 1);
	EXPECT_FOUND(test, UCG_TEXT, alias + (end - text) - 1, 1);
	EXPECT_FOUND(test, UCG_FINE, shapes, sizeof(shapes));
}

static void null_wrap_and_zero_length(struct kunit *test)
{
	EXPECT_FOUND(test, UCG_NULL, NULL, 1);
	EXPECT_FOUND(test, UCG_NULL, NULL, INT_MAX);
	EXPECT_FOUND(test, UCG_NULL, ZERO_SIZE_PTR, 1);
	EXPECT_FOUND(test, UCG_WRAP, (void *)-1UL, 2);
	EXPECT_FOUND(test, UCG_WRAP, (void *)-16UL, 17);
	EXPECT_FOUND(test, UCG_WRAP, (void *)16UL, ULONG_MAX);
	EXPECT_FOUND(test, UCG_FINE, NULL, 0);
	EXPECT_FOUND(test, UCG_FINE, (void *)-1UL, 0);
	EXPECT_FOUND(test, UCG_FINE, _stext, 0);
}

/* KFENCE objects lie at either end of a page; bytes outside them are no object's. */
static void kfence_objects_are_found_to_the_byte(struct kunit *test)
{
	struct kmem_cache *s;
	char *object = NULL;
	int tries;

	if (!IS_ENABLED(CONFIG_KFENCE))
		kunit_skip(test, "no KFENCE");
	s = kmem_cache_create_usercopy("ucg_check_kfence", 128, 0, 0, 32, 64, NULL);
	KUNIT_ASSERT_NOT_NULL(test, s);
	for (tries = 0; tries < 100000 && !object; tries++) {
		char *p = kmem_cache_alloc(s, GFP_KERNEL);

		if (p && is_kfence_address(p))
			object = p;
		else if (p)
			kmem_cache_free(s, p);
		if (!(tries % 64))
			schedule_timeout_uninterruptible(1);
	}
	if (!object) {
		kmem_cache_destroy(s);
		kunit_skip(test, "KFENCE took no object");
	}
	EXPECT_FOUND(test, UCG_FINE, object + 32, 64);
	EXPECT_FOUND(test, UCG_WHITELIST, object + 31, 1);
	EXPECT_FOUND(test, UCG_WHITELIST, object, 128);
	EXPECT_FOUND(test, UCG_OBJECT, object, 129);
	EXPECT_FOUND(test, UCG_OBJECT, object + 127, 2);
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
}

/* A page of KFENCE's pool that was never used is marked as a slab's, of no cache. */
static void kfence_pages_without_an_object_are_no_crash(struct kunit *test)
{
#ifdef CONFIG_KFENCE
	unsigned long page;
	struct ucg_finding f;

	if (!__kfence_pool)
		kunit_skip(test, "KFENCE has no pool");
	for (page = 0; page < KFENCE_POOL_SIZE; page += PAGE_SIZE) {
		ucg_check(__kfence_pool + page + 64, 16);
		ucg_judge(__kfence_pool + page + 64, 16, true, &f);
	}
	KUNIT_SUCCEED(test);
#else
	kunit_skip(test, "no KFENCE");
#endif
}

/* Nothing that lies at an address is looked at: holes of the address space, too. */
static void addresses_without_memory_are_no_crash(struct kunit *test)
{
	struct ucg_finding f;
	unsigned long addr;
	int shift;

	for (shift = 12; shift < BITS_PER_LONG - 1; shift++) {
		for (addr = 1UL << shift; addr; addr = addr == 1UL << shift ? -addr : 0) {
			ucg_check((void *)addr, 64);
			ucg_judge((void *)addr, 64, true, &f);
		}
	}
	KUNIT_SUCCEED(test);
}

/**
 * struct copier - a way to copy that can be refused
 * @text:	its name
 * @to_user:	direction
 * @copy:	copies; returns whether it was refused as its kind says
 */
struct copier {
	const char *text;
	bool to_user;
	bool (*copy)(char __user *user, void *ptr, unsigned long n);
};

static bool by_copy_to_user(char __user *user, void *ptr, unsigned long n)
{
	return copy_to_user(user, ptr, n) == n;
}

static bool by_copy_from_user(char __user *user, void *ptr, unsigned long n)
{
	return copy_from_user(ptr, user, n) == n;
}

static bool by___copy_to_user(char __user *user, void *ptr, unsigned long n)
{
	return __copy_to_user(user, ptr, n) == n;
}

static bool by___copy_from_user(char __user *user, void *ptr, unsigned long n)
{
	return __copy_from_user(ptr, user, n) == n;
}

static bool by___copy_to_user_inatomic(char __user *user, void *ptr, unsigned long n)
{
	unsigned long left;

	pagefault_disable();
	left = __copy_to_user_inatomic(user, ptr, n);
	pagefault_enable();
	return left == n;
}

static bool by___copy_from_user_inatomic(char __user *user, void *ptr, unsigned long n)
{
	unsigned long left;

	pagefault_disable();
	left = __copy_from_user_inatomic(ptr, user, n);
	pagefault_enable();
	return left == n;
}

static bool __maybe_unused by_strncpy_from_user(char __user *user, void *ptr, unsigned long n)
{
	return strncpy_from_user(ptr, user, n) == -EFAULT;
}

static void make_iter(struct iov_iter *i, bool to_user, struct iovec *iov, char __user *user,
		      unsigned long n)
{
	*iov = (struct iovec){ user, n };
	iov_iter_init(i, to_user ? ITER_DEST : ITER_SOURCE, iov, 1, n);
}

static bool by_copy_to_iter(char __user *user, void *ptr, unsigned long n)
{
	struct iov_iter i;
	struct iovec iov;

	make_iter(&i, true, &iov, user, n);
	return copy_to_iter(ptr, n, &i) == 0 && iov_iter_count(&i) == n;
}

static bool by_copy_from_iter(char __user *user, void *ptr, unsigned long n)
{
	struct iov_iter i;
	struct iovec iov;

	make_iter(&i, false, &iov, user, n);
	return copy_from_iter(ptr, n, &i) == 0 && iov_iter_count(&i) == n;
}

static bool by_copy_from_iter_full(char __user *user, void *ptr, unsigned long n)
{
	struct iov_iter i;
	struct iovec iov;

	make_iter(&i, false, &iov, user, n);
	return !copy_from_iter_full(ptr, n, &i) && iov_iter_count(&i) == n;
}

#ifdef CONFIG_NET
static bool by_put_cmsg(char __user *user, void *ptr, unsigned long n)
{
	struct msghdr msg = {
		.msg_control_is_user	= true,
		.msg_control_user	= user,
		.msg_controllen		= UCG_TEST_USER_BYTES,
	};

	return put_cmsg(&msg, SOL_SOCKET, SCM_RIGHTS, n, ptr) == -EFAULT &&
	       msg.msg_controllen == UCG_TEST_USER_BYTES;
}
#endif

static const struct copier copiers[] = {
	{ "copy_to_user()",			true,	by_copy_to_user },
	{ "copy_from_user()",			false,	by_copy_from_user },
	{ "__copy_to_user()",			true,	by___copy_to_user },
	{ "__copy_from_user()",			false,	by___copy_from_user },
	{ "__copy_to_user_inatomic()",		true,	by___copy_to_user_inatomic },
	{ "__copy_from_user_inatomic()",	false,	by___copy_from_user_inatomic },
#ifdef CONFIG_GENERIC_STRNCPY_FROM_USER /* others do not check */
	{ "strncpy_from_user()",		false,	by_strncpy_from_user },
#endif
	{ "copy_to_iter()",			true,	by_copy_to_iter },
	{ "copy_from_iter()",			false,	by_copy_from_iter },
	{ "copy_from_iter_full()",		false,	by_copy_from_iter_full },
#ifdef CONFIG_NET
	{ "put_cmsg()",				true,	by_put_cmsg },
#endif
};

static void copier_text(const struct copier *c, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%s can be refused", c->text);
}

KUNIT_ARRAY_PARAM(copier, copiers, copier_text);

/* Refused under enforce with no byte moved; made, the very same, under warn. */
static void every_caller_can_be_refused(struct kunit *test)
{
	enum ucg_policy before = ucg_policy_get();
	const struct copier *c = test->param_value;
	char __user *user = ucg_test_user_memory(test);
	static u8 kernel_bytes[64], user_bytes[256];
	struct ucg_test_bad bad;
	unsigned long n;

	ucg_test_given_slab(test);
	ucg_test_make_bad(test, &bad, UCG_WHITELIST);
	n = ucg_test_hide(bad.n);
	KUNIT_ASSERT_EQ(test, bad.n, sizeof(kernel_bytes));
	memset(bad.ptr, 'k', bad.n);

	ucg_policy_set(UCG_ENFORCE);
	KUNIT_EXPECT_TRUE(test, c->copy(user, bad.ptr, n));
	memset(kernel_bytes, 'k', sizeof(kernel_bytes));
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(bad.ptr, kernel_bytes, sizeof(kernel_bytes)),
			    "a refused copy changed kernel memory");
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(user_bytes, user, sizeof(user_bytes)));
	KUNIT_EXPECT_PTR_EQ_MSG(test, memchr_inv(user_bytes, 0, sizeof(user_bytes)), NULL,
				"a refused copy changed user memory");

	ucg_policy_set(UCG_WARN);
	KUNIT_EXPECT_FALSE(test, c->copy(user, bad.ptr, n));
	if (c->to_user) {
		KUNIT_ASSERT_EQ(test, 0, copy_from_user(user_bytes, user, sizeof(user_bytes)));
		KUNIT_EXPECT_NOT_NULL(test, memchr(user_bytes, 'k', sizeof(user_bytes)));
	} else {
		KUNIT_EXPECT_EQ(test, *(char *)bad.ptr, 0);
	}
	ucg_policy_set(before);
	ucg_test_free_bad(&bad);
}

static struct kunit_case check_cases[] = {
	KUNIT_CASE_PARAM(copies_from_slab_objects_go_by_the_region, shape_gen_params),
	KUNIT_CASE(red_zones_are_found_on_both_sides),
	KUNIT_CASE(kmalloc_objects_are_whole),
	KUNIT_CASE(large_kmalloc_is_bounded_by_its_pages),
	KUNIT_CASE(compound_pages_have_bounds_and_others_have_none),
	KUNIT_CASE(vmalloc_areas_end_with_their_last_page),
	KUNIT_CASE(the_stack_ends_at_its_edges),
	KUNIT_CASE(kernel_text_is_found_under_both_addresses),
	KUNIT_CASE(null_wrap_and_zero_length),
	KUNIT_CASE(kfence_objects_are_found_to_the_byte),
	KUNIT_CASE(kfence_pages_without_an_object_are_no_crash),
	KUNIT_CASE(addresses_without_memory_are_no_crash),
	KUNIT_CASE_PARAM(every_caller_can_be_refused, copier_gen_params),
	{}
};

static struct kunit_suite check_suite = {
	.name = "usercopy_guard_check",
	.test_cases = check_cases,
};

kunit_test_suite(check_suite);
