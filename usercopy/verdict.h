/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict: what the hook shall do with a copy that is not plainly good.
 */
#ifndef _UCG_VERDICT_H
#define _UCG_VERDICT_H

#ifndef __ASSEMBLY__

#include <linux/types.h>

unsigned long ucg_verdict(const void *ptr, unsigned long n, bool to_user, unsigned long caller,
			  unsigned long sp);
bool ucg_verdict_reached(void (*check)(const void *ptr, unsigned long n, bool to_user));
void ucg_verdict_no_kill(void);

#endif /* __ASSEMBLY__ */

/* What ucg_verdict() tells the hook to do. */
#define UCG_VERDICT_GO		0	/* on with the copy, without the kernel's check */
#define UCG_VERDICT_KILL	1	/* let the kernel's check see it */
#define UCG_VERDICT_REFUSE	2	/* see that no byte of it is copied */
#define UCG_VERDICT_KILL_SURELY	3	/* as KILL, for what the kernel's check might let pass */

#endif /* _UCG_VERDICT_H */
