/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest needs to know of the module's hook.
 */
#ifndef _UCG_HOOK_BUILD_H
#define _UCG_HOOK_BUILD_H

#include <linux/compiler.h>
#include <linux/module.h>

/* When the guard comes up. */
#define ucg_initcall(fn)	module_init(fn)

unsigned long ucg_check(const void *ptr, unsigned long n, unsigned long dx, unsigned long cx,
			unsigned long way);

/* What the way of a good copy returns: of a good one nothing; of another, its kernel address. */
static __always_inline unsigned long ucg_passed(void)
{
	unsigned long passed;

	/* Nobody looks: whatever is in the register will do. */
	asm("" : "=a" (passed));
	return passed;
}

/* A copy that could not be passed at once. */
unsigned long ucg_suspect(const void *ptr, unsigned long n, unsigned long way);

#endif /* _UCG_HOOK_BUILD_H */
