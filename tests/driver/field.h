/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ucg_field.ko: copies that people met, made again from what they reported (tests/vm/field.sh).
 */
#ifndef _FIELD_H
#define _FIELD_H

#include "ucg_field.h"

/* By copy_to_user() or copy_from_user(); all of these return 0, or an error if nothing was tried. */
int field_copy_plainly(struct ucg_field *f, void *base);

/* From elsewhere than a system call (field_contexts.c). */
int field_copy_by_worker(struct ucg_field *f, void *base);
int field_copy_to_kvec(struct ucg_field *f, void *base);
int field_copy_on_timer(struct ucg_field *f, void *base);
int field_copy_on_probe(struct ucg_field *f, void *base);

int field_contexts_init(void);
void field_contexts_exit(void);

#endif /* _FIELD_H */
