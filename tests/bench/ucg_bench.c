// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one copy between kernel and user space costs, by the kind of memory at the
 * kernel's end, in ticks of the TSC; under qemu -icount these are instructions.
 *
 * A write to usercopy_bench in debugfs times copies to and from the buffer that is
 * written; a read then gives one line a row: NAME TICKS COPIES. TICKS is the least
 * that a batch of COPIES took. The loop around the copies is in it, some three
 * instructions a copy: what the check costs is the difference of two runs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include "plain.h"
#include "timing.h"

#define SMALL		64
#define VMALLOC_PAGES	64
#define COMPOUND_ORDER	2
#define RESULTS_MAX	4096

static struct kmem_cache *cache_64, *cache_1024;
static void *object_64, *object_1024, *kmalloc_64, *kmalloc_4k, *area_1, *area_64;
static struct page *single, *compound;
static char module_data[SMALL];

static DEFINE_MUTEX(lock);
static char results[RESULTS_MAX];
static size_t results_len;

/* First to user space: what comes back is then what was there. */
static int run_row(const struct row *row, void __user *user)
{
	unsigned int copies = row->len > PAGE_SIZE ? BATCH_LONG : BATCH;
	int to_user;
	u64 least;

	for (to_user = 1; to_user >= 0; to_user--) {
		least = time_copies(row, user, to_user, copies);
		if (least == U64_MAX) {
			pr_err("a copy of row %s failed\n", row->name);
			return -EFAULT;
		}
		results_len += scnprintf(results + results_len, sizeof(results) - results_len,
					 "%s_%s_%lu %llu %u\n", row->name,
					 to_user ? "to_user" : "from_user", row->len, least, copies);
	}
	return 0;
}

/* The TSC's ticks for so many instructions and a constant. */
static noinline u64 time_instructions(unsigned long pairs)
{
	u64 start = ticks();

	asm volatile("1: dec %0\n\tjnz 1b" : "+r" (pairs) : : "cc");
	return ticks() - start;
}

static void calibrate(void)
{
	unsigned long flags;
	u64 ticks_1000;

	local_irq_save(flags);
	ticks_1000 = time_instructions(1500) - time_instructions(1000);
	local_irq_restore(flags);
	results_len += scnprintf(results + results_len, sizeof(results) - results_len,
				 "ticks_of_1000_instructions %llu 1\n", ticks_1000);
}

static noinline int run_all(void __user *user, size_t len)
{
	char frame[2 * SMALL] = {};
	const struct row rows[] = {
		{ "slab", object_64, SMALL },
		{ "slab_part", object_1024 + 256, SMALL },
		{ "kmalloc64", kmalloc_64, SMALL },
		{ "kmalloc4k", kmalloc_4k, SMALL },
		{ "kmalloc4k", kmalloc_4k, PAGE_SIZE },
		{ "stack", frame, SMALL },
		{ "page", page_address(single), SMALL },
		{ "page", page_address(single), PAGE_SIZE },
		{ "compound", page_address(compound), SMALL },
		{ "compound", page_address(compound), PAGE_SIZE << COMPOUND_ORDER },
		{ "vmalloc1", area_1, SMALL },
		{ "vmalloc64", area_64 + 40 * PAGE_SIZE, SMALL },
		{ "vmalloc64_cross", area_64 + 41 * PAGE_SIZE - SMALL / 2, SMALL },
		{ "vmalloc64", area_64, VMALLOC_PAGES * PAGE_SIZE },
		{ "data", init_uts_ns.name.domainname, SMALL },
		{ "module_data", module_data, SMALL },
	};
	unsigned int i;
	int err = 0;

	results_len = 0;
	calibrate();
	for (i = 0; i < ARRAY_SIZE(rows) && !err; i++)
		err = rows[i].len > len ? -EINVAL : run_row(&rows[i], user);
	return err;
}

static ssize_t bench_write(struct file *file, const char __user *user, size_t len, loff_t *pos)
{
	int err;

	mutex_lock(&lock);
	err = run_all((void __user *)user, len);
	mutex_unlock(&lock);
	return err ?: len;
}

static ssize_t bench_read(struct file *file, char __user *user, size_t len, loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(user, len, pos, results, results_len);
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations bench_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= bench_read,
	.write	= bench_write,
	.llseek	= default_llseek,
};

static void free_all(void)
{
	vfree(area_64);
	vfree(area_1);
	if (compound)
		__free_pages(compound, COMPOUND_ORDER);
	if (single)
		__free_page(single);
	kfree(kmalloc_4k);
	kfree(kmalloc_64);
	if (object_1024)
		kmem_cache_free(cache_1024, object_1024);
	if (object_64)
		kmem_cache_free(cache_64, object_64);
	kmem_cache_destroy(cache_1024);
	kmem_cache_destroy(cache_64);
}

static int __init bench_init(void)
{
	cache_64 = kmem_cache_create_usercopy("ucg_bench_64", 64, 0, 0, 0, 64, NULL);
	cache_1024 = kmem_cache_create_usercopy("ucg_bench_1024", 1024, 0, 0, 256, 128, NULL);
	if (cache_64)
		object_64 = alloc_plain(cache_64, 0);
	if (cache_1024)
		object_1024 = alloc_plain(cache_1024, 0);
	kmalloc_64 = alloc_plain(NULL, 64);
	kmalloc_4k = alloc_plain(NULL, 4096);
	single = alloc_page(GFP_KERNEL | __GFP_ZERO);
	compound = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, COMPOUND_ORDER);
	area_1 = vzalloc(PAGE_SIZE);
	area_64 = vzalloc(VMALLOC_PAGES * PAGE_SIZE);
	if (!object_64 || !object_1024 || !kmalloc_64 || !kmalloc_4k || !single || !compound ||
	    !area_1 || !area_64) {
		free_all();
		return -ENOMEM;
	}
	debugfs_create_file("usercopy_bench", 0600, NULL, NULL, &bench_fops);
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	debugfs_lookup_and_remove("usercopy_bench", NULL);
	free_all();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Times copies between kernel and user space");
MODULE_LICENSE("GPL");
