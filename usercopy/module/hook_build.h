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

/* What a floor of the check returns: of a good copy nothing; of another, its kernel address. */
typedef unsigned long ucg_passed_t;

ucg_passed_t ucg_check(const void *ptr, unsigned long n, unsigned long way);

/* Where the trampoline goes on with a copy that could not be passed; not to be called. */
void ucg_suspect_to_user(void);
void ucg_suspect_from_user(void);

/* A good copy. */
static __always_inline ucg_passed_t ucg_passed(void)
{
	ucg_passed_t passed;

	/* Nobody looks: whatever is in the register will do. */
	asm("" : "=a" (passed));
	return passed;
}

/*
 * A copy that could not be passed at once. @way is the stack pointer of the trampoline before it
 * called, plus 1 for copy_to_user().
 *
 * What the trampoline is to do then, it is not told by a result, at which it would have to look
 * for each good copy; the address that it has put on its stack to be returned to is changed. It
 * does not matter how many functions are between here and there, nor how the compiler ends them:
 * all have returned and given back what registers they saved when that address is reached.
 */
static __always_inline ucg_passed_t ucg_suspect(const void *ptr, unsigned long n,
						unsigned long way)
{
	unsigned long *frame = (unsigned long *)(way & ~1UL);

	frame[0] = n;
	WRITE_ONCE(frame[-1], (unsigned long)(way & 1 ? ucg_suspect_to_user : ucg_suspect_from_user));
	return (unsigned long)ptr;
}

#endif /* _UCG_HOOK_BUILD_H */
