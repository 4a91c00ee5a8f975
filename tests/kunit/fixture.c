// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suites share; see fixture.h.
 */
#include <linux/highmem.h>
#include <linux/kasan.h>
#include <linux/kfence.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/mm.h>
#include <linux/sched/task_stack.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <asm/sections.h>

#include "fixture.h"
#include "usercopy/layout.h"
#include "usercopy/violation.h"

/**
 * ucg_test_given - a cell of the policy table that a test takes as it is promised
 * @test:	the test; skipped if the cell is another
 * @kind:	kind of violation
 * @policy:	policy
 * @action:	what is promised
 *
 * The cells have cases of their own, in the policy suite. What goes wrong there is
 * told there alone, and no other test makes a copy that would end its task.
 */
void ucg_test_given(struct kunit *test, enum ucg_kind kind, enum ucg_policy policy,
		    enum ucg_action action)
{
	if (ucg_policy_action(kind, policy) != action)
		kunit_skip(test, "%s under %s is not as promised, see usercopy_guard_policy",
			   ucg_kind_words[kind], ucg_policy_words[policy]);
}

/**
 * ucg_test_given_slab - ucg_test_given() for all cells that are about slab objects
 * @test:	the test; skipped if one of them is another
 */
void ucg_test_given_slab(struct kunit *test)
{
	ucg_test_given(test, UCG_WHITELIST, UCG_WARN, UCG_ACTION_ALLOW);
	ucg_test_given(test, UCG_WHITELIST, UCG_FALLBACK, UCG_ACTION_ALLOW);
	ucg_test_given(test, UCG_WHITELIST, UCG_ENFORCE, UCG_ACTION_REFUSE);
	ucg_test_given(test, UCG_OBJECT, UCG_WARN, UCG_ACTION_ALLOW);
	ucg_test_given(test, UCG_OBJECT, UCG_FALLBACK, UCG_ACTION_REFUSE);
	ucg_test_given(test, UCG_OBJECT, UCG_ENFORCE, UCG_ACTION_REFUSE);
}

/**
 * ucg_test_user_memory - user memory for this test case
 * @test:	the test
 *
 * Test cases run in a kernel thread of their own, which has none; with the
 * thread, this goes away.
 *
 * Return: UCG_TEST_USER_BYTES of zeroed user memory, present.
 */
char __user *ucg_test_user_memory(struct kunit *test)
{
	unsigned long addr;

	if (!current->mm) {
		struct mm_struct *mm = mm_alloc();

		KUNIT_ASSERT_NOT_NULL(test, mm);
		mm->task_size = TASK_SIZE;
		arch_pick_mmap_layout(mm, &current->signal->rlim[RLIMIT_STACK]);
		kthread_use_mm(mm);
	}
	addr = vm_mmap(NULL, 0, UCG_TEST_USER_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	KUNIT_ASSERT_EQ(test, clear_user((void __user *)addr, UCG_TEST_USER_BYTES), 0);
	return (char __user *)addr;
}

/* A cache with a constructor is merged with no other, in every version. */
static void not_merged(void *object)
{
}

static int by_address(const void *a, const void *b)
{
	unsigned long x = (unsigned long)kasan_reset_tag(*(void **)a);
	unsigned long y = (unsigned long)kasan_reset_tag(*(void **)b);

	return x < y ? -1 : x > y;
}

/**
 * ucg_test_cache_create - a slab cache of the test's own, and objects of it
 * @test:	the test
 * @c:		filled; ucg_test_cache_destroy() takes it
 * @name:	name of the cache
 * @size:	bytes of an object
 * @flags:	flags of the cache
 * @useroffset:	start of its whitelisted region, bytes
 * @usersize:	bytes of that
 */
void ucg_test_cache_create(struct kunit *test, struct ucg_test_cache *c, const char *name,
			   unsigned int size, slab_flags_t flags, unsigned int useroffset,
			   unsigned int usersize)
{
	int i;

	c->s = kmem_cache_create_usercopy(name, size, 0, flags, useroffset, usersize, not_merged);
	KUNIT_ASSERT_NOT_NULL(test, c->s);
	for (i = 0; i < UCG_TEST_OBJECTS; i++) {
		/* KFENCE takes some; those have no neighbour and a suite of their own. */
		do {
			c->objects[i] = kmem_cache_alloc(c->s, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, c->objects[i]);
		} while (is_kfence_address(c->objects[i]) &&
			 (kmem_cache_free(c->s, c->objects[i]), true));
		memset(c->objects[i], 'o', size);
	}
	sort(c->objects, UCG_TEST_OBJECTS, sizeof(c->objects[0]), by_address, NULL);
}

/**
 * ucg_test_cache_destroy - free what ucg_test_cache_create() made
 * @c:	the cache
 */
void ucg_test_cache_destroy(struct ucg_test_cache *c)
{
	int i;

	for (i = 0; i < UCG_TEST_OBJECTS; i++)
		kmem_cache_free(c->s, c->objects[i]);
	kmem_cache_destroy(c->s);
}

/* An object whose neighbour behind it is the test's as well. */
static char *object_with_neighbour(struct kunit *test, const struct ucg_test_cache *c)
{
	int i;

	for (i = 0; i + 1 < UCG_TEST_OBJECTS; i++)
		if (kasan_reset_tag(c->objects[i + 1]) ==
		    kasan_reset_tag(c->objects[i]) + ucg_cache_size(c->s))
			return c->objects[i];
	KUNIT_ASSERT_TRUE_MSG(test, false, "no two objects of a cache lie side by side");
	return NULL;
}

static void make_bad_slab(struct kunit *test, struct ucg_test_bad *bad)
{
	slab_flags_t flags = bad->kind == UCG_REDZONE ? SLAB_RED_ZONE : 0;
	char *object;

	ucg_test_cache_create(test, &bad->cache, "ucg_test_bad", 256, flags, 64, 64);
	object = object_with_neighbour(test, &bad->cache);
	/* Out of its object, KASAN would have something to say itself. */
	bad->readable = !IS_ENABLED(CONFIG_KASAN);
	bad->writable = !IS_ENABLED(CONFIG_KASAN);
	switch (bad->kind) {
	case UCG_WHITELIST:
		/* Starts in front of the region and ends in it. */
		bad->ptr = object + 32;
		bad->n = 64;
		bad->readable = true;
		bad->writable = true;
		break;
	case UCG_OBJECT:
		/* Starts in the region and ends in the next object. */
		bad->ptr = object + 64;
		bad->n = 256;
		break;
	default:
		bad->ptr = object - 8;
		bad->n = 8;
		/* What is written there is found by slab_debug. */
		bad->writable = false;
		break;
	}
}

static void make_bad_kmap(struct kunit *test, struct ucg_test_bad *bad)
{
	if (!IS_ENABLED(CONFIG_HIGHMEM))
		kunit_skip(test, "no kmap pages without high memory");
	bad->pages = alloc_page(GFP_HIGHUSER);
	KUNIT_ASSERT_NOT_NULL(test, bad->pages);
	if (!PageHighMem(bad->pages)) {
		__free_page(bad->pages);
		kunit_skip(test, "no page of high memory is free");
	}
	bad->mapped = kmap(bad->pages);
	bad->ptr = bad->mapped + PAGE_SIZE - 8;
	bad->n = 16;
}

static void make_bad_vmalloc(struct kunit *test, struct ucg_test_bad *bad)
{
	bad->area = vmalloc(PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, bad->area);
	/* So far out that the kernel's check would see it as well. */
	bad->ptr = bad->area + PAGE_SIZE - 8;
	bad->n = PAGE_SIZE + 16;
}

static void make_bad_page(struct kunit *test, struct ucg_test_bad *bad)
{
	bad->order = 1;
	bad->pages = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, bad->order);
	KUNIT_ASSERT_NOT_NULL(test, bad->pages);
	bad->ptr = page_address(bad->pages) + 2 * PAGE_SIZE - 64;
	bad->n = 128;
	/* Behind it there may be what KMSAN knows was never written. */
	bad->readable = !IS_ENABLED(CONFIG_KASAN) && !IS_ENABLED(CONFIG_KMSAN) &&
			virt_addr_valid(bad->ptr + 64);
}

/**
 * ucg_test_make_bad - memory, and a copy of it that is not good
 * @test:	the test; skipped where this kernel has no such memory
 * @bad:	filled; ucg_test_free_bad() takes it
 * @kind:	what is to be wrong
 */
void ucg_test_make_bad(struct kunit *test, struct ucg_test_bad *bad, enum ucg_kind kind)
{
	unsigned long stack_end = (unsigned long)task_stack_page(current) + THREAD_SIZE;

	memset(bad, 0, sizeof(*bad));
	bad->kind = kind;
	switch (kind) {
	case UCG_REDZONE:
		if (!IS_ENABLED(CONFIG_SLUB_DEBUG))
			kunit_skip(test, "no red zones without CONFIG_SLUB_DEBUG");
		fallthrough;
	case UCG_WHITELIST:
	case UCG_OBJECT:
		make_bad_slab(test, bad);
		break;
	case UCG_VMALLOC:
		make_bad_vmalloc(test, bad);
		break;
	case UCG_PAGE:
		make_bad_page(test, bad);
		break;
	case UCG_STACK:
		bad->ptr = (void *)(stack_end - 8);
		bad->n = 16;
		break;
	case UCG_TEXT:
		bad->ptr = (void *)_stext;
		bad->n = 64;
		bad->readable = true;
		break;
	case UCG_WRAP:
		bad->ptr = (void *)-16UL;
		bad->n = 32;
		break;
	case UCG_NULL:
		bad->ptr = NULL;
		bad->n = 16;
		break;
	case UCG_KMAP:
		make_bad_kmap(test, bad);
		break;
	case UCG_MODULE_TEXT:
		kunit_skip(test, "no module is loaded");
		break;
	default:
		KUNIT_ASSERT_TRUE_MSG(test, false, "no bad copy is known for this kind");
	}
}

/**
 * ucg_test_free_bad - free what ucg_test_make_bad() made
 * @bad:	the bad copy
 */
void ucg_test_free_bad(struct ucg_test_bad *bad)
{
	if (bad->cache.s)
		ucg_test_cache_destroy(&bad->cache);
	if (bad->mapped)
		kunmap(bad->pages);
	if (bad->pages)
		__free_pages(bad->pages, bad->order);
	vfree(bad->area);
}

/**
 * ucg_test_record - what is kept of a violation
 * @cache:	the slab cache that was copied from or to
 * @function:	who copied, or a part of the name
 * @to_user:	the direction
 *
 * Context: process.
 * Return: the first record of that, or NULL.
 */
struct ucg_violation *ucg_test_record(const char *cache, const char *function, bool to_user)
{
	unsigned int i;

	for (i = 0; i < ucg_violation_slots(); i++) {
		struct ucg_violation *v = ucg_violation_at(i);

		if (v && !strcmp(v->cache, cache) && v->to_user == to_user &&
		    strstr(v->site.function, function))
			return v;
	}
	return NULL;
}
