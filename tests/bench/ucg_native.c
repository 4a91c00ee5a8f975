// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard's check and the kernel's own, side by side in one kernel, in nanoseconds. Built into a
 * tree by tests/bench/native; runs once while the kernel boots, and prints
 *
 *	ucg_native: ROW guard|kernel|call PICOSECONDS
 *
 * The median of many rounds, in each of which all rows and checks have their turn, so that
 * what the machine does meanwhile meets all of them alike. "call" is a function that does
 * nothing: what the loop and a call cost.
 */
#define pr_fmt(fmt) "ucg_native: " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/usercopy_guard.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#define ROUNDS		501
#define CALLS		2000
#define SMALL		64

/**
 * struct row - memory that is checked
 * @name:	of the row
 * @addr:	first address
 * @len:	bytes
 */
struct row {
	const char *name;
	const void *addr;
	unsigned long len;
};

enum check { GUARD, KERNEL, CALL, NR_CHECKS };

#define ROWS_MAX	16

static u32 took[ROWS_MAX][NR_CHECKS][ROUNDS];

static noinline bool nothing(const void *ptr, unsigned long n, bool to_user)
{
	/* Not left out, and not merged with its caller. */
	barrier();
	return true;
}

static u32 time_calls(enum check check, const void *ptr, unsigned long n)
{
	u64 start = ktime_get_ns();
	unsigned int i;

	/* One loop each: which function is called is known, as it is to callers. */
	switch (check) {
	case GUARD:
		for (i = 0; i < CALLS; i++)
			usercopy_guard_check(ptr, n, true);
		break;
	case KERNEL:
		for (i = 0; i < CALLS; i++)
			__check_object_size(ptr, n, true);
		break;
	default:
		for (i = 0; i < CALLS; i++)
			nothing(ptr, n, true);
		break;
	}
	return ktime_get_ns() - start;
}

static int by_size(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static void print_row(const char *name, u32 (*rounds)[ROUNDS])
{
	static const char * const names[] = { "guard", "kernel", "call" };
	enum check check;

	for (check = 0; check < NR_CHECKS; check++) {
		sort(rounds[check], ROUNDS, sizeof(u32), by_size, NULL);
		pr_info("%s %s %llu\n", name, names[check],
			div_u64((u64)rounds[check][ROUNDS / 2] * 1000, CALLS));
	}
}

static int __init native_init(void)
{
	struct kmem_cache *s = kmem_cache_create_usercopy("ucg_native", 1024, 0, 0, 256, 128, NULL);
	char *object = s ? kmem_cache_alloc(s, GFP_KERNEL) : NULL;
	void *small = kmalloc(SMALL, GFP_KERNEL), *large = kmalloc(PAGE_SIZE, GFP_KERNEL);
	void *page = (void *)__get_free_page(GFP_KERNEL);
	void *compound = (void *)__get_free_pages(GFP_KERNEL | __GFP_COMP, 2);
	void *area = vmalloc(64 * PAGE_SIZE);
	char frame[2 * SMALL];
	const struct row rows[] = {
		{ "slab_64", object + 256, SMALL },
		{ "kmalloc64_64", small, SMALL },
		{ "kmalloc4k_64", large, SMALL },
		{ "kmalloc4k_4096", large, 4096 },
		{ "stack_64", frame, SMALL },
		{ "page_64", page, SMALL },
		{ "compound_64", compound, SMALL },
		{ "vmalloc64_64", area + 40 * PAGE_SIZE, SMALL },
		{ "data_64", init_uts_ns.name.domainname, SMALL },
	};
	unsigned int round, row;
	enum check check;

	BUILD_BUG_ON(ARRAY_SIZE(rows) > ROWS_MAX);
	if (!object || !small || !large || !page || !compound || !area) {
		pr_err("no memory\n");
		return 0;
	}
	for (round = 0; round < ROUNDS; round++) {
		for (row = 0; row < ARRAY_SIZE(rows); row++)
			for (check = 0; check < NR_CHECKS; check++)
				took[row][check][round] = time_calls(check, rows[row].addr,
								     READ_ONCE(rows[row].len));
		cond_resched();
	}
	for (row = 0; row < ARRAY_SIZE(rows); row++)
		print_row(rows[row].name, took[row]);

	vfree(area);
	free_pages((unsigned long)compound, 2);
	free_page((unsigned long)page);
	kfree(large);
	kfree(small);
	kmem_cache_free(s, object);
	kmem_cache_destroy(s);
	return 0;
}
/* When the guard is there. */
late_initcall_sync(native_init);
