/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The caller of the kernel's check, as the trampoline hands it on: its registers as they will be
 * behind the check, and what its way on shall be.
 */
#ifndef _UCG_CALLER_H
#define _UCG_CALLER_H

#include <linux/types.h>

struct pt_regs;

unsigned long ucg_hook_tracer(struct pt_regs *regs);
void ucg_hook_suspect(struct pt_regs *regs);
void ucg_traced(void);
/* Where the trampoline goes on with a copy that could not be passed; not to be called. */
void ucg_suspect_to_user(void);
void ucg_suspect_from_user(void);

bool ucg_caller_called(unsigned long address);
bool ucg_caller_enters(unsigned long at, unsigned long function);
void ucg_caller_resume(struct pt_regs *regs, unsigned long ip, unsigned long sp);

#endif /* _UCG_CALLER_H */
