/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusal in a kernel tree: the hook returns the verdict to its caller, which honours it.
 */
#ifndef _UCG_REFUSE_H
#define _UCG_REFUSE_H

#include <linux/types.h>

struct ucg_caller;

/**
 * ucg_refuse - refuse the copy that the caller of the check is about to make
 * @caller:	not needed here
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 *
 * Context: any, NMI too.
 * Return: true.
 */
static inline bool ucg_refuse(struct ucg_caller *caller, const void *ptr, unsigned long n)
{
	return true;
}

#endif /* _UCG_REFUSE_H */
