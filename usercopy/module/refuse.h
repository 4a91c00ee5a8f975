/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusal on a stock kernel: after the check, the caller is stepped to the
 * function that copies, and that is skipped.
 */
#ifndef _UCG_REFUSE_H
#define _UCG_REFUSE_H

#include <linux/types.h>

struct seq_file;
struct ucg_violation;

int ucg_refuse_init(void);
void ucg_refuse_exit(void);
bool ucg_refuse_arm(const void *ptr, unsigned long n, unsigned long sp, struct ucg_violation *v);
void ucg_refuse_describe(struct seq_file *m);

#endif /* _UCG_REFUSE_H */
