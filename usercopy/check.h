/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: is this copy good? It only looks; what follows from a violation is
 * the policy's business, and how it is told the report's.
 */
#ifndef _UCG_CHECK_H
#define _UCG_CHECK_H

#include <linux/overflow.h>
#include <linux/types.h>

#include "finding.h"
#include "frames.h"

enum ucg_kind ucg_judge_at(const void *ptr, unsigned long n, bool to_user, unsigned long sp,
			   unsigned long frame, struct ucg_finding *f);

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
	unsigned long *frame = __builtin_frame_address(0);

	return ucg_judge_at(ptr, n, to_user, (unsigned long)frame,
			    ucg_frames_are_known() ? *frame : 0, f);
}

/* [offset, offset + n) in the cache's own region? As __check_heap_object() asks it. */
static __always_inline bool ucg_in_region(u32 offset, unsigned long n, u32 useroffset, u32 usersize)
{
	u32 skip = offset - useroffset, left;

	return !check_sub_overflow(usersize, skip, &left) && n <= left;
}

#endif /* _UCG_CHECK_H */
