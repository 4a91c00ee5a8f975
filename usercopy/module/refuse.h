/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusal on a stock kernel: the caller is interpreted from its check to its copy, which then has
 * failed before it began.
 */
#ifndef _UCG_REFUSE_H
#define _UCG_REFUSE_H

#include <linux/types.h>

struct seq_file;
struct ucg_caller;

void ucg_refuse_init(void);
bool ucg_refuse(struct ucg_caller *caller, const void *ptr, unsigned long n);
void ucg_refuse_describe(struct seq_file *m);

#endif /* _UCG_REFUSE_H */
