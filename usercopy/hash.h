/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hash of a name. The kernel's own are 32 bits wide, or cost more, or are not to be had in
 * user space, where the rules are compiled as well.
 */
#ifndef _UCG_HASH_H
#define _UCG_HASH_H

#include "../whitelist/rule.h"

/**
 * ucg_hash_name - hash of a slab cache's name
 * @name:	the name; what is beyond UCG_NAME_MAX bytes does not count
 *
 * FNV-1a: a few instructions a byte, and names are short.
 *
 * Context: any, NMI too.
 * Return: 64 bits; any of them will do for a table.
 */
static inline u64 ucg_hash_name(const char *name)
{
	u64 hash = 0xcbf29ce484222325ULL;
	unsigned int i;

	for (i = 0; i < UCG_NAME_MAX && name[i]; i++)
		hash = (hash ^ (u8)name[i]) * 0x100000001b3ULL;
	return hash;
}

#endif /* _UCG_HASH_H */
