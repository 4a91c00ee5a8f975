/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slab caches that SLUB keeps as one. In /sys/kernel/slab every name of a merged
 * cache is a symbolic link to one folder with a made-up name such as ":0000128".
 */
#ifndef CTL_ALIAS_H
#define CTL_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct alias - a name of a slab cache
 * @id: the folder that holds the cache; the same for all its names
 * @name: the name
 */
struct alias {
	char *id, *name;
};

/**
 * struct alias_set - all names of all caches, sorted by @id, then by @name
 * @a: the names
 * @n: how many
 */
struct alias_set {
	struct alias *a;
	size_t n;
};

/**
 * aliases_read() - read /sys/kernel/slab
 * @set: filled in; empty on failure
 *
 * Return: 0, or a negative errno.
 */
int aliases_read(struct alias_set *set);

/**
 * aliases_of() - find the caches that share memory with one
 * @set: from aliases_read()
 * @cache: a name or an id
 * @n: set to how many names there are, @cache among them
 *
 * Return: the first of @n neighbouring entries, NULL when there is no such cache.
 */
const struct alias *aliases_of(const struct alias_set *set, const char *cache, size_t *n);

/**
 * aliases_share() - does a cache share its memory with others?
 * @set: from aliases_read()
 * @cache: a name or an id
 *
 * Return: true when it does.
 */
bool aliases_share(const struct alias_set *set, const char *cache);

/**
 * aliases_free() - give back everything a set owns
 * @set: the set
 */
void aliases_free(struct alias_set *set);

#endif
