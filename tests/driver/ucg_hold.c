// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds the direct ftrace hook on __check_object_size(), as a BPF program of type fentry or
 * another module might, so that the guard finds it taken. What it calls does nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include <asm/ibt.h>

#include "../../usercopy/compat.h"

extern void ucg_hold_nothing(void);

asm(".pushsection .text, \"ax\", @progbits\n"
	".type ucg_hold_nothing, @function\n"
	".globl ucg_hold_nothing\n"
	"ucg_hold_nothing:\n"
	ASM_ENDBR
	ASM_RET
	".size ucg_hold_nothing, .-ucg_hold_nothing\n"
	".popsection\n");

static struct ftrace_ops ops;

static int __init hold_init(void)
{
	int err = ftrace_set_filter_ip(&ops, (unsigned long)__check_object_size, 0, 0);

	if (err)
		return err;
	err = ucg_register_direct(&ops, (unsigned long)ucg_hold_nothing);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}
module_init(hold_init);

static void __exit hold_exit(void)
{
	ucg_unregister_direct(&ops, (unsigned long)ucg_hold_nothing);
	synchronize_rcu_tasks();
}
module_exit(hold_exit);

MODULE_DESCRIPTION("Takes the place that usercopy_guard wants, for tests of it");
MODULE_LICENSE("GPL");
