/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Breakpoints on the way of code that is followed: a probe, or code that is being patched.
 */
#ifndef _UCG_PATCHING_H
#define _UCG_PATCHING_H

#include <linux/types.h>

#include "usercopy/limits.h"

/**
 * struct ucg_patience - how long breakpoints on one way have been waited for
 * @looks:	looks that are left before others are let run
 * @since:	when that was first done, jiffies; 0 if it was not
 */
struct ucg_patience {
	unsigned int	looks;
	unsigned long	since;
};

#define UCG_PATIENCE { .looks = UCG_BREAKPOINT_LOOKS }

bool ucg_patching_wait(struct ucg_patience *patience, unsigned long ip);

#endif /* _UCG_PATCHING_H */
