/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files need of the kernel that are compiled into user-space programs, too: rules, sets of
 * rules, and what these are made of. There a kernel.h of the program's own stands in for it.
 */
#ifndef _UCG_PORTABLE_H
#define _UCG_PORTABLE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include "kernel.h"
#endif

#endif /* _UCG_PORTABLE_H */
