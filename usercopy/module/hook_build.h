/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest needs to know of the module's hook.
 */
#ifndef _UCG_HOOK_BUILD_H
#define _UCG_HOOK_BUILD_H

#include <linux/module.h>

/* When the guard comes up. */
#define ucg_initcall(fn)	module_init(fn)

/* In the trampoline: what the kernel's function shall do with a copy that was not passed at once. */
unsigned long ucg_hook_slow(const void *ptr, unsigned long n, unsigned int to_user);

#endif /* _UCG_HOOK_BUILD_H */
