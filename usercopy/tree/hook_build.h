/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest needs to know of the tree's hook.
 */
#ifndef _UCG_HOOK_BUILD_H
#define _UCG_HOOK_BUILD_H

#include <linux/init.h>

/*
 * When the guard comes up: as soon as securityfs is there, and before rootfs_initcall() unpacks
 * the first program that could run. Drivers have modprobe started long before init is.
 */
#define ucg_initcall(fn)	fs_initcall(fn)

/* A copy that was not passed at once: the caller looks closer. */
static __always_inline unsigned long ucg_hook_slow(const void *ptr, unsigned long n,
						   unsigned int to_user)
{
	return 1;
}

#endif /* _UCG_HOOK_BUILD_H */
