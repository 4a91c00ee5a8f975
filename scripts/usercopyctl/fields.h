/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of structures that violations touched. */
#ifndef CTL_FIELDS_H
#define CTL_FIELDS_H

#include "violation.h"

/**
 * violation_module() - whose copy was it?
 * @v: the violation
 *
 * Return: the nearest module on the stack, or the one whose code copies, the caller's to free(); NULL
 * when it is the kernel's alone.
 */
char *violation_module(const struct violation *v);

/**
 * fields_module() - violation_module(), or the module whose structure it is
 * @v: a violation of this machine's
 *
 * Return: its name, the caller's to free(); NULL when it is the kernel's, or nobody knows.
 */
char *fields_module(const struct violation *v);

/**
 * fields_widen() - take in all of the members that were touched
 * @v: a violation of a slab cache
 * @ranges: bytes of its objects; as they were when the structure is not known
 */
void fields_widen(const struct violation *v, struct ranges *ranges);

/**
 * fields_text() - name the members that some bytes belong to
 * @v: a violation of a slab cache
 * @ranges: bytes of its objects
 * @sure: set to whether the structure has the cache's name; otherwise it is the only one of its size
 *
 * Return: such as "struct request, member data[0..7] of 32", with "of module NAME" where no module is on
 * the stack that it could be of, the caller's to free(); NULL when the
 * structure is not known.
 */
char *fields_text(const struct violation *v, const struct ranges *ranges, bool *sure);

/**
 * fields_done() - give back what was read for the functions above
 */
void fields_done(void);

#endif
