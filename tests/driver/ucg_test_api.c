// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that allows a region of a slab cache through the in-kernel API, while it is loaded.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>

#define USERCOPY_GUARD_EXTERNAL
#include <linux/usercopy_guard.h>

static char *cache = "ucg_test_bare";
module_param(cache, charp, 0444);
MODULE_PARM_DESC(cache, "name of the slab cache");

static uint offset;
module_param(offset, uint, 0444);
MODULE_PARM_DESC(offset, "first byte of the region");

static uint len = 16;
module_param(len, uint, 0444);
MODULE_PARM_DESC(len, "its length in bytes");

static uint dirs = USERCOPY_GUARD_BOTH;
module_param(dirs, uint, 0444);
MODULE_PARM_DESC(dirs, "1 to user space, 2 from user space, 3 both");

static bool disallow;
module_param(disallow, bool, 0444);
MODULE_PARM_DESC(disallow, "take the rule back when leaving, rather than leave that to the guard");

static int __init api_init(void)
{
	int err = usercopy_guard_allow(cache, offset, len, dirs);

	if (err)
		pr_err("usercopy_guard_allow: error %d\n", err);
	return err;
}
module_init(api_init);

static void __exit api_exit(void)
{
	if (!disallow)
		return;
	pr_info("usercopy_guard_disallow: %d, a second time: %d\n",
		usercopy_guard_disallow(cache, offset, len, dirs),
		usercopy_guard_disallow(cache, offset, len, dirs));
}
module_exit(api_exit);

MODULE_DESCRIPTION("A rule of a driver's own, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
