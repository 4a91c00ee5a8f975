/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of slab caches: how they are found, and how they are written.
 */
#ifndef _UCG_NAME_H
#define _UCG_NAME_H

#include "../usercopy/limits.h"

#include "portable.h"

/**
 * ucg_name_hash - a number that few names share
 * @name: the name; what is beyond UCG_NAME_MAX bytes does not count
 *
 * FNV-1a: a few instructions a byte, and names are short.
 *
 * Context: any, NMI too.
 * Return: the number.
 */
static inline u64 ucg_name_hash(const char *name)
{
	u64 hash = 0xcbf29ce484222325ULL;
	unsigned int i;

	for (i = 0; i < UCG_NAME_MAX && name[i]; i++)
		hash = (hash ^ (u8)name[i]) * 0x100000001b3ULL;
	return hash;
}

/**
 * ucg_name_escape - write a cache's name the way a rule spells it
 * @to: room for UCG_ESCAPED_MAX bytes
 * @name: the name; what is beyond UCG_NAME_MAX bytes is left out
 *
 * Context: any.
 * Return: the length of the result in bytes, without its terminating NUL.
 */
static inline size_t ucg_name_escape(char *to, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < UCG_NAME_MAX && name[i]; i++) {
		unsigned char c = name[i];

		if (c > ' ' && c < 0x7f && c != '#' && c != '\\') {
			to[n++] = c;
			continue;
		}
		to[n++] = '\\';
		to[n++] = '0' + (c >> 6);
		to[n++] = '0' + ((c >> 3) & 7);
		to[n++] = '0' + (c & 7);
	}
	to[n] = '\0';
	return n;
}

#endif /* _UCG_NAME_H */
