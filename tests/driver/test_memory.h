/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ucg_test.ko copies from and to: caches and other memory, of which it owns runs of neighbours,
 * and who may use them now.
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

int test_add_cache(const struct ucg_test_cache *req);
int test_remove_cache(const char *name);

/* Wait for our turn, and end it. */
struct cache *test_get_cache(const char *name);
int test_get_memory(void);
void test_put(struct task_struct **user);

#endif /* _TEST_MEMORY_H */
