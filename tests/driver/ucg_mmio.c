// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a device's register as often as is written to its parameter "reads", for a test: mmiotrace
 * has each of these reads fault, and single-steps it.
 *
 * For virtual machines only. The device is the HPET, which all of QEMU's PCs have; its first
 * register says what it is, and stays the same.
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>

#define HPET_BASE	0xfed00000
#define HPET_SIZE	1024

static int set_reads(const char *value, const struct kernel_param *param)
{
	void __iomem *device;
	unsigned int n, i;
	int err = kstrtouint(value, 0, &n);
	u32 first;

	if (err)
		return err;
	/* mmiotrace knows what was mapped while it was there. */
	device = ioremap(HPET_BASE, HPET_SIZE);
	if (!device)
		return -ENOMEM;
	first = readl(device);
	if (!first || !~first)
		err = -ENODEV;
	for (i = 1; i < n && !err; i++) {
		if (readl(device) != first)
			err = -EIO;
		/* Others run, and have copies refused. */
		schedule();
	}
	iounmap(device);
	return err;
}

static const struct kernel_param_ops reads_ops = { .set = set_reads };
module_param_cb(reads, &reads_ops, NULL, 0200);

static int __init mmio_init(void)
{
	return 0;
}
module_init(mmio_init);

static void __exit mmio_exit(void)
{
}
module_exit(mmio_exit);

MODULE_DESCRIPTION("Reads of a device's register, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
