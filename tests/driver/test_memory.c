// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory to copy from and to (test_memory.h).
 */
#include <linux/sort.h>
#include <linux/vmalloc.h>

#include "test_memory.h"

struct test_memory test_memory;

static int by_address(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

/* Find the longest run of neighbours, and stand in its middle. */
static void find_run(struct blocks *b, unsigned long size_min)
{
	unsigned long distance = ULONG_MAX;
	unsigned int i, first = 0, best = 0, best_nr = 0;

	sort(b->addr, b->nr, sizeof(b->addr[0]), by_address, NULL);
	/* The allocator may space objects wider than they are long. */
	for (i = 1; i < b->nr; i++)
		distance = min(distance, b->addr[i] - b->addr[i - 1]);
	if (distance > 2 * size_min + 256)
		distance = size_min;

	for (i = 0; i < b->nr; i++) {
		if (i && b->addr[i] - b->addr[i - 1] != distance)
			first = i;
		if (i - first + 1 > best_nr) {
			best = first;
			best_nr = i - first + 1;
		}
	}
	b->start = b->addr[best];
	b->base = b->addr[best + (best_nr - 1) / 2];
	b->end = b->addr[best + best_nr - 1] + size_min;
}

static void free_objects(struct cache *c)
{
	while (c->objects.nr)
		kmem_cache_free(c->slab, (void *)c->objects.addr[--c->objects.nr]);
}

void test_free_cache(struct cache *c)
{
	free_objects(c);
	kmem_cache_destroy(c->slab);
	kfree(c);
}

/* A cache with a constructor is never merged; SLAB_NO_MERGE is younger than 6.1. */
static void constructor(void *object)
{
}

static struct kmem_cache *create_slab(const struct ucg_test_cache *req)
{
	slab_flags_t flags = SLAB_RECLAIM_ACCOUNT;

	if (req->flags & UCG_TEST_REDZONE)
		flags |= SLAB_RED_ZONE;
	return kmem_cache_create_usercopy(req->name, req->size, 0, flags, req->useroffset,
					  req->usersize,
					  req->flags & UCG_TEST_MERGEABLE ? NULL : constructor);
}

struct cache *test_new_cache(const struct ucg_test_cache *req)
{
	struct cache *c = kzalloc(sizeof(*c), GFP_KERNEL);
	void *object;

	if (!c)
		return NULL;
	strscpy(c->name, req->name, sizeof(c->name));
	c->slab = create_slab(req);
	if (!c->slab) {
		kfree(c);
		return NULL;
	}
	while (c->objects.nr < NR_BLOCKS) {
		object = kmem_cache_alloc(c->slab, GFP_KERNEL);
		if (!object) {
			test_free_cache(c);
			return NULL;
		}
		memset(object, 0xa5, req->size);
		c->objects.addr[c->objects.nr++] = (unsigned long)object;
	}
	find_run(&c->objects, req->size);
	return c;
}

static int alloc_pages_run(struct blocks *b, unsigned int order, gfp_t gfp)
{
	while (b->nr < NR_BLOCKS) {
		unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_ZERO | gfp, order);

		if (!addr)
			return -ENOMEM;
		b->addr[b->nr++] = addr;
	}
	find_run(b, PAGE_SIZE << order);
	return 0;
}

int test_alloc_memory(void)
{
	while (test_memory.kmallocs.nr < NR_BLOCKS) {
		void *p = kzalloc(96, GFP_KERNEL);

		if (!p)
			return -ENOMEM;
		test_memory.kmallocs.addr[test_memory.kmallocs.nr++] = (unsigned long)p;
	}
	find_run(&test_memory.kmallocs, 96);
	test_memory.area = vzalloc(2 * PAGE_SIZE);
	if (!test_memory.area)
		return -ENOMEM;
	return alloc_pages_run(&test_memory.compounds, 2, __GFP_COMP) ?:
	       alloc_pages_run(&test_memory.pages, 0, 0);
}

void test_free_memory(void)
{
	while (test_memory.kmallocs.nr)
		kfree((void *)test_memory.kmallocs.addr[--test_memory.kmallocs.nr]);
	while (test_memory.compounds.nr)
		free_pages(test_memory.compounds.addr[--test_memory.compounds.nr], 2);
	while (test_memory.pages.nr)
		free_page(test_memory.pages.addr[--test_memory.pages.nr]);
	vfree(test_memory.area);
}
