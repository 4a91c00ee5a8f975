/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hook: how the guard gets to see copies, and what it can do to them. Two
 * of them exist, behind this interface: hook_ftrace.c in a module on a stock
 * kernel, hook_tree.c in a kernel tree.
 */
#ifndef _UCG_HOOK_H
#define _UCG_HOOK_H

#ifndef __ASSEMBLY__

#include <linux/jump_label.h>
#include <linux/types.h>

struct seq_file;

int ucg_hook_attach(void);
void ucg_hook_detach(void);
void ucg_hook_describe(struct seq_file *m);
bool ucg_hook_kills(void);
bool ucg_hook_works(void (*check)(const void *ptr, unsigned long n, bool to_user));

unsigned long ucg_verdict(const void *ptr, unsigned long n, bool to_user, unsigned long caller,
			  unsigned long sp);

#ifdef UCG_TREE
/* On: verdicts are given. */
DECLARE_STATIC_KEY_FALSE(ucg_hook_attached);
bool ucg_hook_verdict(const void *ptr, unsigned long n, bool to_user, unsigned long caller,
		      unsigned long sp);
#endif

#endif /* __ASSEMBLY__ */

/* What ucg_verdict() tells the hook to do. */
#define UCG_VERDICT_GO		0	/* on with the copy, without the kernel's check */
#define UCG_VERDICT_KILL	1	/* let the kernel's check see it */
#define UCG_VERDICT_REFUSE	2	/* see that no byte of it is copied */
#define UCG_VERDICT_KILL_SURELY	3	/* as KILL, for what the kernel's check might let pass */

#endif /* _UCG_HOOK_H */
