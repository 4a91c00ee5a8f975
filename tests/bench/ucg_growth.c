// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the cost of a copy grow? Makes many slab caches, and copies that leave their
 * whitelisted region: one kind again and again, or one of each cache and direction, which
 * are as many distinct violations. Files in usercopy_growth in debugfs:
 *
 *	caches		write a number: make caches until there are so many
 *	violate		write a number: so many distinct violations, two for each cache
 *	time		write anything: time one good copy, and one known violation; a read then
 *			gives lines NAME TICKS COPIES
 *	good, bad	write a number: so many good copies, or known violations
 *
 * All of them copy to and from the writer's memory: from 256 bytes behind what it writes on,
 * 64 bytes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "plain.h"
#include "timing.h"

#define CACHES_MAX	5000
#define OBJECT_BYTES	64
/* The first half of each object may be copied, and no cache is like another. */
#define USER_BYTES	32
#define USER_OFFSET	256
#define RESULTS_MAX	256

static struct kmem_cache *caches[CACHES_MAX];
static void *objects[CACHES_MAX];
static unsigned int made;

static DEFINE_MUTEX(lock);
static char results[RESULTS_MAX];
static size_t results_len;
static struct dentry *dir;

static int make_cache(void)
{
	struct kmem_cache *s;
	char name[32];
	void *object;

	snprintf(name, sizeof(name), "ucg_growth_%04u", made);
	s = kmem_cache_create_usercopy(name, OBJECT_BYTES, 0, 0, 0, USER_BYTES, NULL);
	if (!s)
		return -ENOMEM;
	object = alloc_plain(s, 0);
	if (!object) {
		kmem_cache_destroy(s);
		return -ENOMEM;
	}
	caches[made] = s;
	objects[made++] = object;
	return 0;
}

static int make_caches(unsigned long number)
{
	int err = 0;

	if (number > CACHES_MAX)
		return -EINVAL;
	while (made < number && !err) {
		err = make_cache();
		cond_resched();
	}
	return err;
}

/* A length that the compiler knows would not be checked. */
static bool copy(void __user *user, void *object, unsigned long n, bool to_user)
{
	OPTIMIZER_HIDE_VAR(n);
	return (to_user ? copy_to_user(user, object, n) : copy_from_user(object, user, n)) == 0;
}

static int violate(void __user *user, unsigned long number)
{
	unsigned long i;

	if (number > 2 * made)
		return -EINVAL;
	for (i = 0; i < number; i++) {
		if (!copy(user, objects[i / 2], OBJECT_BYTES, i % 2))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

static int time_row(const char *name, unsigned long len, void __user *user)
{
	const struct row row = { name, objects[0], len };
	u64 least = time_copies(&row, user, true, BATCH);

	if (least == U64_MAX)
		return -EFAULT;
	results_len += scnprintf(results + results_len, sizeof(results) - results_len,
				 "%s %llu %u\n", name, least, BATCH);
	return 0;
}

static int time_both(void __user *user)
{
	if (!made)
		return -EINVAL;
	results_len = 0;
	return time_row("good", USER_BYTES, user) ?: time_row("violation", OBJECT_BYTES, user);
}

static int copy_often(void __user *user, unsigned long n, unsigned long number)
{
	if (!made)
		return -EINVAL;
	for (; number; number--) {
		if (!copy(user, objects[0], n, true))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

enum what { CACHES, VIOLATE, TIME, GOOD, BAD };

static ssize_t growth_write(struct file *file, const char __user *text, size_t len, loff_t *pos)
{
	void __user *user = (void __user *)text + USER_OFFSET;
	enum what what = (unsigned long)file->private_data;
	unsigned long number;
	int err;

	err = kstrtoul_from_user(text, len, 10, &number);
	if (err)
		return err;
	/* CPUs are to copy at the same time. */
	if (what == GOOD || what == BAD)
		return copy_often(user, what == GOOD ? USER_BYTES : OBJECT_BYTES, number) ?: len;

	mutex_lock(&lock);
	if (what == CACHES)
		err = make_caches(number);
	else if (what == VIOLATE)
		err = violate(user, number);
	else
		err = time_both(user);
	mutex_unlock(&lock);
	return err ?: len;
}

static ssize_t growth_read(struct file *file, char __user *user, size_t len, loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(user, len, pos, results, results_len);
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations growth_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= growth_read,
	.write	= growth_write,
	.llseek	= default_llseek,
};

static int __init growth_init(void)
{
	static const char * const names[] = { "caches", "violate", "time", "good", "bad" };
	unsigned long i;

	dir = debugfs_create_dir("usercopy_growth", NULL);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		debugfs_create_file(names[i], 0600, dir, (void *)i, &growth_fops);
	return 0;
}
module_init(growth_init);

static void __exit growth_exit(void)
{
	debugfs_remove(dir);
	while (made--) {
		kmem_cache_free(caches[made], objects[made]);
		kmem_cache_destroy(caches[made]);
	}
}
module_exit(growth_exit);

MODULE_DESCRIPTION("Many slab caches and many copies, to see whether their cost grows");
MODULE_LICENSE("GPL");
