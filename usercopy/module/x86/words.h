/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusing callers that copy word by word, inline, after the check: their accesses of user memory
 * are made to fault, as for a bad user address.
 */
#ifndef _UCG_WORDS_H
#define _UCG_WORDS_H

#include <linux/types.h>

struct pt_regs;
struct seq_file;

void ucg_words_init(void);
bool ucg_words_copies(unsigned long ip);
bool ucg_words_deny(struct pt_regs *regs);
void ucg_words_describe(struct seq_file *m, bool known);

#endif /* _UCG_WORDS_H */
