/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of slab caches: how they are found, and how they are written.
 */
#ifndef _UCG_NAME_H
#define _UCG_NAME_H

#include "../usercopy/limits.h"
#include "../usercopy/policy.h"

#include "portable.h"

/**
 * ucg_name_hash_n - a number that few names share
 * @name: the name
 * @len: as many bytes of it as count, at the most
 *
 * FNV-1a: a few instructions a byte, and names are short.
 *
 * Context: any, NMI too.
 * Return: the number.
 */
static inline u64 ucg_name_hash_n(const char *name, unsigned int len)
{
	u64 hash = 0xcbf29ce484222325ULL;
	unsigned int i;

	for (i = 0; i < len && name[i]; i++)
		hash = (hash ^ (u8)name[i]) * 0x100000001b3ULL;
	return hash;
}

/**
 * ucg_name_hash - ucg_name_hash_n() of a whole name
 * @name: the name; what is beyond UCG_NAME_MAX bytes does not count
 *
 * Context: any, NMI too.
 * Return: the number.
 */
static inline u64 ucg_name_hash(const char *name)
{
	return ucg_name_hash_n(name, UCG_NAME_MAX);
}

/**
 * ucg_name_word - the word that a name begins with, if rules take it for whom a policy is for
 * @name: the name, or what a rule has in its place
 * @len: its length in bytes
 * @subject: whose word it is
 *
 * Context: any.
 * Return: the length of the word with its colon, or 0.
 */
static inline size_t ucg_name_word(const char *name, size_t len, enum ucg_subject *subject)
{
	enum ucg_subject s;

	for (s = UCG_SUBJECT_KIND; s < UCG_NR_SUBJECTS; s++) {
		const char *word = ucg_subject_words[s];
		size_t n = strlen(word);

		/* A cache is what a name is without such a word. */
		if (s == UCG_SUBJECT_CACHE || len <= n || memcmp(name, word, n) || name[n] != ':')
			continue;
		*subject = s;
		return n + 1;
	}
	return 0;
}

/**
 * ucg_name_escape - write a cache's name the way a rule spells it
 * @to: room for UCG_ESCAPED_MAX bytes
 * @name: the name; what is beyond UCG_NAME_MAX bytes is left out
 *
 * The colon of a word that says whom a policy is for is escaped as well.
 *
 * Context: any.
 * Return: the length of the result in bytes, without its terminating NUL.
 */
static inline size_t ucg_name_escape(char *to, const char *name)
{
	enum ucg_subject subject;
	size_t i, n = 0, word = ucg_name_word(name, strlen(name), &subject);

	for (i = 0; i < UCG_NAME_MAX && name[i]; i++) {
		unsigned char c = name[i];

		if (c > ' ' && c < 0x7f && c != '#' && c != '\\' && i + 1 != word) {
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
