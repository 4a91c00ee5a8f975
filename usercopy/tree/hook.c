// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook in a kernel tree: check_object_size() itself asks for a verdict, and
 * each of its callers takes a refusal for a bad user address (see
 * scripts/tree/ in the guard's repository for how the callers were changed).
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "usercopy/compat.h"
#include "usercopy/frames.h"
#include "usercopy/hook.h"
#include "usercopy/pass.h"
#include "usercopy/verdict.h"

/*
 * Off until there is room for reports, for good with hardened_usercopy=off, and if the guard
 * could not start. Until then the kernel's own check is in force.
 */
static DEFINE_STATIC_KEY_FALSE(attached);

/*
 * The kernel's check reads this parameter as well. Since 6.15 it keeps copies
 * from being checked at all; before, it only makes the kernel's own check pass.
 * Who says "off" means both.
 */
static bool hardened_usercopy __ro_after_init = UCG_CHECK_BY_DEFAULT;
static bool hardened_usercopy_said __ro_after_init;

static int __init read_hardened_usercopy(char *word)
{
	/* What cannot be read changes nothing; the kernel's handler tells about it. */
	if (word && !kstrtobool(word, &hardened_usercopy))
		hardened_usercopy_said = true;
	return 0;
}
early_param("hardened_usercopy", read_hardened_usercopy);

/* Kill: the kernel's check dies with its own words, or has nothing against the copy. */
static void kill_copy(const void *ptr, unsigned long n, bool to_user)
{
	__check_object_size(ptr, n, to_user);
	usercopy_abort("what usercopy_guard has reported", NULL, to_user, 0, n);
}

/* The verdict on a copy that is not plainly good. A function of its own: few copies need one. */
static noinline bool ask_verdict(const void *ptr, unsigned long n, bool to_user,
				 unsigned long caller, const unsigned long *frame)
{
	/* Below the frame that is the caller's own there is nothing but what it called with. */
	struct ucg_caller at = {
		.site = caller, .sp = (unsigned long)frame,
		.frame = ucg_frames_are_known() ? *frame : 0,
	};

	switch (ucg_verdict(ptr, n, to_user, &at)) {
	case UCG_VERDICT_KILL:
	case UCG_VERDICT_KILL_SURELY:
		kill_copy(ptr, n, to_user);
		return false;
	case UCG_VERDICT_REFUSED:
		return false;
	default:
		return true;
	}
}

static __always_inline bool passes(const void *ptr, unsigned long n)
{
	unsigned long addr = (unsigned long)kasan_reset_tag(ptr), sp = current_stack_pointer;
	/*
	 * Bytes behind the first, to the end of the stack that the CPU runs on: stacks
	 * are aligned.
	 */
	unsigned long left = (sp | (THREAD_SIZE - 1)) - addr;

	/*
	 * Small structures in live frames; the module's trampoline asks the same. It may be an
	 * interrupt's stack; ucg_judge_at() tells.
	 */
	if (left < THREAD_SIZE) {
		const unsigned long *frame = __builtin_frame_address(0);

		if (ucg_frames_are_known())
			return ucg_frames_hold(addr, n, (unsigned long)frame, *frame);
		return likely(n <= left && addr >= sp);
	}
	return ucg_pass(ptr, n, 0);
}

/**
 * ucg_check - the check that takes the place of the kernel's
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 *
 * What usercopy_guard_check() asks first, for tests.
 *
 * Context: any, NMI too. Takes no lock but for the lookup of a vmalloc area, stores nothing.
 * Return: true for a copy that is plainly good.
 */
bool ucg_check(const void *ptr, unsigned long n)
{
	return passes(ptr, n);
}

/**
 * usercopy_guard_check - the verdict on a copy, for check_object_size()
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes, not a constant
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 *
 * Before the guard has started, and if it could not start, the kernel's own check is asked; that
 * kills.
 *
 * Context: any, NMI too.
 * Return: true: go on; false: copy no byte and leave the destination alone.
 */
bool usercopy_guard_check(const void *ptr, unsigned long n, bool to_user)
{
	if (!static_branch_likely(&attached)) {
		__check_object_size(ptr, n, to_user);
		return true;
	}
	if (likely(passes(ptr, n)))
		return true;
	return ask_verdict(ptr, n, to_user, _RET_IP_, __builtin_frame_address(0));
}
EXPORT_SYMBOL(usercopy_guard_check);

/**
 * ucg_hook_attach - start to give verdicts
 *
 * Context: process, may sleep.
 * Return: 0.
 */
int ucg_hook_attach(void)
{
	if (hardened_usercopy)
		static_branch_enable(&attached);
	else if (hardened_usercopy_said)
		pr_info("usercopy_guard: off, by hardened_usercopy=off on the boot line\n");
	else
		pr_info("usercopy_guard: off, since CONFIG_HARDENED_USERCOPY_DEFAULT_ON is not set; boot with hardened_usercopy=on\n");
	return 0;
}

/**
 * ucg_hook_detach - let every copy pass again
 *
 * Context: process, may sleep.
 */
void ucg_hook_detach(void)
{
	static_branch_disable(&attached);
}

/**
 * ucg_hook_describe - lines about the hook for the status file
 * @m:	where to print
 *
 * Context: process.
 */
void ucg_hook_describe(struct seq_file *m)
{
	seq_puts(m, "hook: built into check_object_size()\n");
	if (static_key_enabled(&attached) && ucg_callers_reach_hook())
		seq_puts(m, "coverage: every copy whose length is not constant\n");
	else if (hardened_usercopy_said)
		seq_puts(m, "coverage: none (hardened_usercopy=off on the boot line)\n");
	else
		seq_puts(m, "coverage: none (CONFIG_HARDENED_USERCOPY_DEFAULT_ON is not set; boot with hardened_usercopy=on)\n");
	seq_puts(m, "cannot be refused here: nothing\n");
}
