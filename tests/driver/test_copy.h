/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The copies that ucg_test.ko makes.
 */
#ifndef _TEST_COPY_H
#define _TEST_COPY_H

#include "ucg_test.h"

/* Make a copy, or the same one several times, and fill in the answers. */
int test_copy(struct ucg_test_copy *req);

#endif /* _TEST_COPY_H */
