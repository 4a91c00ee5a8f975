// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches the running kernel, as distributions' live patches do: what /proc/cmdline shows, or, with
 * check=1, the kernel's own check of copies, which then says that all of them are fine.
 *
 * To be taken away: "echo 0 >/sys/kernel/livepatch/ucg_livepatch/enabled", wait, rmmod.
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static bool check;
module_param(check, bool, 0444);

static int show_patched(struct seq_file *m, void *v)
{
	seq_puts(m, "patched\n");
	return 0;
}

static void check_nothing(const void *ptr, unsigned long n, bool to_user)
{
}

static struct klp_func cmdline_funcs[] = {
	{ .old_name = "cmdline_proc_show", .new_func = show_patched },
	{ }
};

static struct klp_func check_funcs[] = {
	{ .old_name = "__check_object_size", .new_func = check_nothing },
	{ }
};

/* Of vmlinux. */
static struct klp_object objects[] = {
	{ .funcs = cmdline_funcs },
	{ }
};

static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objects };

static int __init patch_init(void)
{
	if (check)
		objects[0].funcs = check_funcs;
	return klp_enable_patch(&patch);
}
module_init(patch_init);

static void __exit patch_exit(void)
{
}
module_exit(patch_exit);

MODULE_DESCRIPTION("Patches the running kernel, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
