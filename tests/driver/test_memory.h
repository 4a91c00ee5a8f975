/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ucg_test.ko copies from and to: caches and other memory, of which it owns runs of neighbours.
 */
#ifndef _TEST_MEMORY_H
#define _TEST_MEMORY_H

#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ucg_test.h"

/* Enough to fill several slabs, so that some objects are neighbours. */
#define NR_BLOCKS	64
/* The longest copy: two compound pages. */
#define LEN_MAX		(8 * PAGE_SIZE)

/* Memory of ours, in blocks of one size; a run of them is without a gap. */
struct blocks {
	unsigned long addr[NR_BLOCKS];
	unsigned int nr;
	/* the run, and the block in it that copies start from */
	unsigned long start, end, base;
};

struct cache {
	struct list_head list;
	char name[UCG_TEST_NAME_MAX];
	struct kmem_cache *slab;
	struct blocks objects;
	struct task_struct *user;
};

/* All but the caches and the stacks; one task at a time uses it. */
struct test_memory {
	struct blocks kmallocs, compounds, pages;
	void *area;
	struct task_struct *user;
};

extern struct test_memory test_memory;

int test_alloc_memory(void);
void test_free_memory(void);

/* A cache full of objects of ours, or NULL. */
struct cache *test_new_cache(const struct ucg_test_cache *req);
void test_free_cache(struct cache *c);

#endif /* _TEST_MEMORY_H */
