/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: is this copy good? It only looks; what follows from a violation is
 * the policy's business, and how it is told the report's.
 */
#ifndef _UCG_CHECK_H
#define _UCG_CHECK_H

#include <linux/types.h>

#include "finding.h"

enum ucg_kind ucg_judge_at(const void *ptr, unsigned long n, bool to_user, unsigned long sp,
			   struct ucg_finding *f);

/**
 * ucg_judge - judge a copy that the calling function is about to make
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 * @f:		filled with what was found
 *
 * Context: any, NMI too.
 * Return: UCG_FINE or what is wrong; the same as @f->kind.
 */
static __always_inline enum ucg_kind ucg_judge(const void *ptr, unsigned long n, bool to_user,
					       struct ucg_finding *f)
{
	return ucg_judge_at(ptr, n, to_user, (unsigned long)__builtin_frame_address(0), f);
}


#ifdef UCG_TREE
/* What a floor of the check says: is the copy good? */
typedef bool ucg_passed_t;

static __always_inline ucg_passed_t ucg_passed(void)
{
	return true;
}

static __always_inline ucg_passed_t ucg_suspect(const void *ptr, unsigned long n,
						unsigned long way)
{
	return false;
}
#else
/* Of a good copy nothing; of another, its kernel address. */
typedef unsigned long ucg_passed_t;

ucg_passed_t ucg_check(const void *ptr, unsigned long n, unsigned long way);

/* Where the trampoline goes on with a copy that could not be passed; not to be called. */
void ucg_suspect_to_user(void);
void ucg_suspect_from_user(void);

static __always_inline ucg_passed_t ucg_passed(void)
{
	ucg_passed_t passed;

	/* Nobody looks: whatever is in the register will do. */
	asm("" : "=a" (passed));
	return passed;
}

/*
 * A copy that could not be passed at once. What the trampoline is to do then, it is not told by a
 * result, at which it would have to look for each good copy; the address that it has put on its
 * stack to be returned to is changed. It does not matter how many functions are between here and
 * there, nor how the compiler ends them: all have returned and given back what registers they
 * saved when that address is reached.
 */
static __always_inline ucg_passed_t ucg_suspect(const void *ptr, unsigned long n,
						unsigned long way)
{
	unsigned long *frame = (unsigned long *)(way & ~1UL);

	frame[0] = n;
	WRITE_ONCE(frame[-1], (unsigned long)(way & 1 ? ucg_suspect_to_user : ucg_suspect_from_user));
	return (unsigned long)ptr;
}
#endif

#endif /* _UCG_CHECK_H */
