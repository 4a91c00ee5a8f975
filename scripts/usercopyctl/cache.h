/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of usercopy_guard/caches: what is known of one slab cache. */
#ifndef CTL_CACHE_H
#define CTL_CACHE_H

#include "line.h"
#include "ranges.h"

/**
 * struct cache - a slab cache that violated, was seen in use, or has copies that a rule lets through
 * @name: its name
 * @policy: its own policy, or empty
 * @violations: distinct violations
 * @allowed: copies that violated and were let through
 * @refused: copies refused
 * @unrefusable: copies let through because they could not be refused
 * @killed: copies handed to the kernel's own check
 * @first: first violation, microseconds after boot; 0: none
 * @last: last violation, likewise
 * @used_to: last good copy to user space that was sampled, likewise; 0: none was
 * @used_from: last good copy from user space, likewise
 * @ranges_to: bytes that sampled good copies took to user space
 * @ranges_from: bytes that they took from there
 * @ruled_to: copies to user space that a rule let through
 * @ruled_from: copies from user space that a rule let through
 * @ruled_last: last of these, microseconds after boot; 0: none
 *
 * An older module says less. Strings are owned by the struct cache_set.
 */
struct cache {
	char *name, *policy;
	uint64_t violations, allowed, refused, unrefusable, killed;
	uint64_t first, last;
	uint64_t used_to, used_from;
	struct ranges ranges_to, ranges_from;
	uint64_t ruled_to, ruled_from, ruled_last;
};

/**
 * struct cache_set - what the file of caches holds
 * @c: the caches, in the file's order
 * @n: how many
 * @bad: the lines that could not be read
 * @nbad: how many
 */
struct cache_set {
	struct cache *c;
	size_t n;
	struct malformed *bad;
	size_t nbad;
};

/**
 * caches_parse() - take a file of caches apart
 * @b: the file's content
 * @set: filled in; good lines and bad ones are both kept
 */
void caches_parse(const struct blob *b, struct cache_set *set);

/**
 * caches_get() - read and parse the kernel's file
 * @set: filled in on success
 *
 * Says what is wrong: the file, and each malformed line.
 *
 * Return: true when there is a @set to work with.
 */
bool caches_get(struct cache_set *set);

/**
 * caches_free() - give back everything a set owns
 * @set: the set
 */
void caches_free(struct cache_set *set);

#endif
