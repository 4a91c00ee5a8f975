/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object lookup: what lies at an address. The two builds differ here and in the
 * hook, nowhere else: a kernel tree has the kernel's own functions, a module
 * has what is exported. Kbuild says whose object_build.h is found here.
 *
 * All of this runs in the place of the kernel's check, in any context: it takes
 * no lock (the tree build's vmalloc lookup excepted, as in the kernel's check),
 * allocates nothing and never follows the address that it is asked about.
 */
#ifndef _UCG_OBJECT_H
#define _UCG_OBJECT_H

#include <linux/mm.h>
#include <linux/types.h>

/**
 * struct ucg_area - an allocation of which a copy may not leave the bounds
 * @start:	first address
 * @size:	bytes
 */
struct ucg_area {
	unsigned long start;
	unsigned long size;
};

#include "object_build.h"

#endif /* _UCG_OBJECT_H */
