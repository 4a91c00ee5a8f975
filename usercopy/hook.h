/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hook: how the guard gets to see copies, and what it can do to them. Two
 * of them exist, behind this interface: hook_ftrace.c in a module on a stock
 * kernel, hook_tree.c in a kernel tree.
 */
#ifndef _UCG_HOOK_H
#define _UCG_HOOK_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct pt_regs;
struct seq_file;

int ucg_hook_attach(void);
void ucg_hook_detach(void);
void ucg_hook_describe(struct seq_file *m);

#ifdef UCG_TREE
/* On: verdicts are given. */
DECLARE_STATIC_KEY_FALSE(ucg_hook_attached);
bool ucg_hook_verdict(const void *ptr, unsigned long n, bool to_user, unsigned long caller,
		      unsigned long sp);
#endif

#endif /* _UCG_HOOK_H */
