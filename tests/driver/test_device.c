// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that copies between kernel and user space as wrongly as it is asked to (ucg_test.h): the
 * module ucg_test and its device.
 *
 * For virtual machines only.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "test_copy.h"
#include "test_memory.h"

static long test_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ucg_test_cache cache;
	struct ucg_test_copy req;
	int err;

	switch (cmd) {
	case UCG_TEST_IOC_COPY:
		if (copy_from_user(&req, (void __user *)arg, sizeof(req)))
			return -EFAULT;
		err = test_copy(&req);
		if (copy_to_user((void __user *)arg, &req, sizeof(req)))
			return -EFAULT;
		return err;
	case UCG_TEST_IOC_CREATE:
		if (copy_from_user(&cache, (void __user *)arg, sizeof(cache)))
			return -EFAULT;
		return test_add_cache(&cache);
	case UCG_TEST_IOC_DESTROY:
		if (copy_from_user(&cache, (void __user *)arg, sizeof(cache)))
			return -EFAULT;
		return test_remove_cache(cache.name);
	}
	return -ENOTTY;
}

static const struct file_operations test_fops = {
	.owner		= THIS_MODULE,
	.open		= nonseekable_open,
	.unlocked_ioctl	= test_ioctl,
};

static struct miscdevice test_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ucg_test",
	.fops	= &test_fops,
	.mode	= 0666,
};

static const struct ucg_test_cache first_caches[] = {
	{ .name = "ucg_test_bare", .size = 512 },
	{ .name = "ucg_test_part", .size = 1024, .useroffset = 256, .usersize = 64 },
	{ .name = "ucg_test blank", .size = 704 },
	{ .name = "ucg_test_red", .size = 256, .usersize = 256, .flags = UCG_TEST_REDZONE },
	{ .name = "ucg_test_twin_a", .size = 1096, .flags = UCG_TEST_MERGEABLE },
	{ .name = "ucg_test_twin_b", .size = 1096, .flags = UCG_TEST_MERGEABLE },
};

static int __init test_init(void)
{
	unsigned int i;
	int err;

	err = test_alloc_memory();
	for (i = 0; i < ARRAY_SIZE(first_caches) && !err; i++)
		err = test_add_cache(&first_caches[i]);
	if (!err)
		err = misc_register(&test_device);
	if (err)
		test_free_memory();
	return err;
}
module_init(test_init);

static void __exit test_exit(void)
{
	misc_deregister(&test_device);
	test_free_memory();
}
module_exit(test_exit);

MODULE_DESCRIPTION("Copies between kernel and user space, good and bad, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
