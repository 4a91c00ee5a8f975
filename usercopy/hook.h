/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hook: how the guard gets to see copies, and what it can do to them. Two
 * of them exist, behind this interface: module/hook_ftrace.c on a stock kernel,
 * tree/hook.c in a kernel tree. Kbuild says whose hook_build.h is found here.
 */
#ifndef _UCG_HOOK_H
#define _UCG_HOOK_H

#include <linux/types.h>

#include "hook_build.h"

struct seq_file;

int ucg_hook_attach(void);
void ucg_hook_detach(void);
void ucg_hook_describe(struct seq_file *m);

#endif /* _UCG_HOOK_H */
