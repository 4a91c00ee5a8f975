/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusal in a kernel tree: the hook returns the verdict to its caller, which honours it.
 */
#ifndef _UCG_REFUSE_H
#define _UCG_REFUSE_H

#include <linux/types.h>

#include "usercopy/conclude.h"

/**
 * ucg_refuse_arm - refuse the copy that the current task is about to make
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @sp:		not needed here
 * @v:		the violation, concluded
 *
 * Context: any, NMI too.
 * Return: true.
 */
static inline bool ucg_refuse_arm(const void *ptr, unsigned long n, unsigned long sp,
				  struct ucg_violation *v)
{
	ucg_conclude(v, UCG_OUTCOME_REFUSED);
	return true;
}

#endif /* _UCG_REFUSE_H */
