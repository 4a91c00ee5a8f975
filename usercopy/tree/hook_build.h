/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest needs to know of the tree's hook.
 */
#ifndef _UCG_HOOK_BUILD_H
#define _UCG_HOOK_BUILD_H

#include <linux/init.h>
#include <linux/types.h>

/*
 * When the guard comes up: as soon as securityfs is there, and before rootfs_initcall() unpacks
 * the first program that could run. Drivers have modprobe started long before init is.
 */
#define ucg_initcall(fn)	fs_initcall(fn)

bool ucg_check(const void *ptr, unsigned long n);

/* What the way of a good copy returns: is the copy good? */
static __always_inline unsigned long ucg_passed(void)
{
	return true;
}

/* A copy that was not passed at once: the caller looks closer. */
static __always_inline unsigned long ucg_suspect(const void *ptr, unsigned long n,
						 unsigned long way)
{
	return false;
}

#endif /* _UCG_HOOK_BUILD_H */
