/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict: what the hook shall do with a copy that is not plainly good.
 */
#ifndef _UCG_VERDICT_H
#define _UCG_VERDICT_H

#include <linux/types.h>

struct pt_regs;

/**
 * struct ucg_caller - the function that is about to copy, behind its check
 * @site:	where it goes on
 * @sp:		its stack pointer then
 * @frame:	its frame pointer, where the kernel has them
 * @regs:	module: its registers then, and where a refusal leaves what they become
 */
struct ucg_caller {
	unsigned long	site;
	unsigned long	sp;
	unsigned long	frame;
	struct pt_regs	*regs;
};

/**
 * enum ucg_verdict - what the hook shall do
 */
enum ucg_verdict {
	/** @UCG_VERDICT_GO: on with the copy, without the kernel's check */
	UCG_VERDICT_GO,
	/** @UCG_VERDICT_REFUSED: the copy was refused: no byte of it may be copied */
	UCG_VERDICT_REFUSED,
	/** @UCG_VERDICT_KILL: let the kernel's check see it */
	UCG_VERDICT_KILL,
	/** @UCG_VERDICT_KILL_SURELY: the same, for what the kernel's check might let pass */
	UCG_VERDICT_KILL_SURELY,
};

enum ucg_verdict ucg_verdict(const void *ptr, unsigned long n, bool to_user,
			     struct ucg_caller *caller);
bool ucg_verdict_reached(void (*check)(const void *ptr, unsigned long n, bool to_user));
void ucg_verdict_no_kill(void);

#endif /* _UCG_VERDICT_H */
