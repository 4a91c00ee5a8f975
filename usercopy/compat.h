/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that the module is built for, 6.1 to 7.x.
 * The rest of the sources reads as if written for the newest of them; no other
 * file asks for a version.
 *
 * Distributions carry changes from later kernels. So where the module is built for an installed
 * kernel, its headers are asked for what they have (scripts/make-features), and its version only
 * where they cannot tell.
 */
#ifndef _UCG_COMPAT_H
#define _UCG_COMPAT_H

#include <linux/version.h>

#define UCG_KERNEL_BEFORE(major, minor)	(((major) << 8 | (minor)) > (LINUX_VERSION_CODE >> 8))

#ifndef UCG_FEATURES
/* A tree, of a kernel as it was released. */
#if UCG_KERNEL_BEFORE(6, 4)
#define UCG_HAVE_DIRECT_MULTI
#else
#define UCG_HAVE_DIRECT_BY_OPS
#define UCG_HAVE_RAW_COPY_IN_PLACE
#endif
#if !UCG_KERNEL_BEFORE(6, 2) && UCG_KERNEL_BEFORE(6, 15)
#define UCG_HAVE_PCPU_HOT
#endif
#if !UCG_KERNEL_BEFORE(6, 11)
#define UCG_HAVE_CONST_CTL_TABLE
#endif
#if !UCG_KERNEL_BEFORE(6, 15)
#define UCG_HAVE_USERCOPY_KEY
#endif
#endif /* UCG_FEATURES */

#ifndef __ASSEMBLY__

#include <linux/fs_struct.h>
#include <linux/ftrace.h>
#include <linux/jump_label.h>
#include <linux/sysctl.h>
#include <linux/thread_info.h>
#include <linux/uaccess.h>

/*
 * Until 6.4 a direct caller of chosen functions was registered by a call of its
 * own name, and did not free its filter when it went. The tree's hook needs none,
 * and its kernel may have none.
 */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
#ifndef UCG_HAVE_DIRECT_BY_OPS
static inline int ucg_register_direct(struct ftrace_ops *ops, unsigned long addr)
{
	return register_ftrace_direct_multi(ops, addr);
}

static inline int ucg_unregister_direct(struct ftrace_ops *ops, unsigned long addr)
{
	int err = unregister_ftrace_direct_multi(ops, addr);

	if (!err)
		ftrace_free_filter(ops);
	return err;
}
#else
static inline int ucg_register_direct(struct ftrace_ops *ops, unsigned long addr)
{
	return register_ftrace_direct(ops, addr);
}

static inline int ucg_unregister_direct(struct ftrace_ops *ops, unsigned long addr)
{
	/* It would free the filter of a hook that it could not take off, too, with a warning. */
	int err = unregister_ftrace_direct(ops, addr, false);

	if (!err)
		ftrace_free_filter(ops);
	return err;
}
#endif
#endif /* CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS */

/* Since 6.11 handlers get a read-only table. */
#ifdef UCG_HAVE_CONST_CTL_TABLE
#define UCG_CTL_TABLE		const struct ctl_table
#else
#define UCG_CTL_TABLE		struct ctl_table
#endif

/* Since 6.6 a table is as long as its array is, and the sentinel at its end has no use. */
#ifdef register_sysctl
#define UCG_CTL_SENTINEL
#else
#define UCG_CTL_SENTINEL	{ }
#endif

/*
 * Since 6.15 the switch behind hardened_usercopy= sits in the inline caller:
 * with "off" nothing reaches the hook. Before, it sat behind the hook.
 */
static inline bool ucg_callers_reach_hook(void)
{
#ifdef UCG_HAVE_USERCOPY_KEY
	return static_key_enabled(&validate_usercopy_range);
#else
	return true;
#endif
}

/*
 * 7.3 frees a table of page middle entries with its entries as they are; at least until 6.14 they
 * were cleared before. See module/x86/pagetable.h.
 */
#define UCG_PMDS_ARE_CLEARED	UCG_KERNEL_BEFORE(6, 14)

/* Since 6.15 a kernel's check may be off unless the boot line says hardened_usercopy=on. */
#ifdef UCG_HAVE_USERCOPY_KEY
#define UCG_CHECK_BY_DEFAULT	IS_ENABLED(CONFIG_HARDENED_USERCOPY_DEFAULT_ON)
#else
#define UCG_CHECK_BY_DEFAULT	true
#endif

/* From 6.2 to 6.14 the preemption count of x86 lay in a structure with other things. */
#ifdef UCG_HAVE_PCPU_HOT
#define UCG_PREEMPT_COUNT	pcpu_hot.preempt_count
#else
#define UCG_PREEMPT_COUNT	__preempt_count
#endif

/* Since 7.0 clang can follow which lock guards what (context analysis). */
#ifndef __guarded_by
#define __guarded_by(...)
#endif

/*
 * Since 7.x kernel threads have an empty root of their own. What follows this sees the file systems
 * of the first process, once that has some; before, all threads did.
 */
#ifdef scoped_with_init_fs
#define ucg_have_init_fs()		(!!READ_ONCE(userspace_init_fs))
#define ucg_scoped_with_init_fs()	scoped_with_init_fs()
#else
#define ucg_have_init_fs()		true
#define ucg_scoped_with_init_fs()
#endif

/* cond_resched() is a function where the kernel can be told at boot not to preempt. */
#if !defined(CONFIG_PREEMPTION) || defined(CONFIG_PREEMPT_DYNAMIC)
#define UCG_HAVE_COND_RESCHED	1
#else
#define UCG_HAVE_COND_RESCHED	0
#endif

/* Where nobody is preempted in the kernel, nobody is while he patches code. */
#ifdef CONFIG_PREEMPTION
#define ucg_let_others_run()	preempt_schedule()
#else
#define ucg_let_others_run()	cpu_relax()
#endif

/*
 * Until 6.4 __copy_*_user() called one of three functions to copy, in C's way. Since then
 * it is "rep movsb" in place, or a function with that instruction's calling convention.
 */
#ifndef UCG_HAVE_RAW_COPY_IN_PLACE
#define UCG_RAW_COPY_CALLS
#endif

#else /* __ASSEMBLY__ */

#include <asm/nospec-branch.h>

/* Retbleed's call depth tracking came with 6.2. */
#ifndef CALL_DEPTH_ACCOUNT
#define CALL_DEPTH_ACCOUNT
#endif

#endif /* __ASSEMBLY__ */
#endif /* _UCG_COMPAT_H */
