/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of usercopy_guard/violations, and a file of them. */
#ifndef CTL_VIOLATION_H
#define CTL_VIOLATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place.h"

/**
 * struct violation - one distinct violation, as the kernel counted it
 * @line: where it stood in the file, from 1
 * @id: the kernel's number for it
 * @kind: word such as "whitelist", "object", "stack"
 * @to_user: true when the copy went to user space
 * @cache: slab cache, NULL when the memory was no slab object
 * @merged: how many further caches SLUB has merged into @cache
 * @objsize: bytes of the object, or of the area for kinds that are not slab
 * @useroffset: first byte of the kernel's own whitelist
 * @usersize: bytes of the kernel's own whitelist
 * @min: lowest offset touched, in bytes
 * @max: one past the highest byte touched
 * @minsize: smallest single copy, in bytes
 * @maxsize: largest single copy, in bytes
 * @grew: how often range or size grew after the first report
 * @count: copies
 * @allowed: copies let through
 * @refused: copies refused
 * @unrefusable: copies let through because they could not be refused
 * @killed: copies handed to the kernel's own check
 * @first: first copy, microseconds after boot
 * @last: last copy, microseconds after boot
 * @pid: the first offender
 * @comm: its name
 * @caller: the function that copied, as symbol+offset/size[module]
 *
 * All strings are decoded and owned by the struct violation_set.
 */
struct violation {
	unsigned long line;
	uint64_t id;
	char *kind;
	bool to_user;
	char *cache;
	uint64_t merged, objsize, useroffset, usersize;
	uint64_t min, max, minsize, maxsize, grew;
	uint64_t count, allowed, refused, unrefusable, killed;
	uint64_t first, last;
	uint64_t pid;
	char *comm, *caller;
};

/**
 * struct malformed - a line that is no violation
 * @line: its number, from 1
 * @reason: what is wrong with it; owned
 */
struct malformed {
	unsigned long line;
	char *reason;
};

/**
 * struct violation_set - what a violations file holds
 * @v: the violations, in the file's order
 * @n: how many
 * @bad: the lines that could not be read
 * @nbad: how many
 */
struct violation_set {
	struct violation *v;
	size_t n;
	struct malformed *bad;
	size_t nbad;
};

/* The kernel's lines are below 1 KiB; nothing longer is one of them. */
#define VIOLATION_LINE_MAX	4096

/**
 * violations_parse() - take a violations file apart
 * @b: the file's content
 * @set: filled in; good lines and bad ones are both kept
 */
void violations_parse(const struct blob *b, struct violation_set *set);

/**
 * violations_get() - read and parse the kernel's file or another one
 * @file: a path, "-" for standard input, NULL for the kernel's own file
 * @set: filled in on success
 *
 * Says what is wrong: the file, and each malformed line.
 *
 * Return: true when there is a @set to work with.
 */
bool violations_get(const char *file, struct violation_set *set);

/**
 * json_malformed() - the bad lines of a set as the array "malformed"
 * @set: the set
 */
void json_malformed(const struct violation_set *set);

/**
 * violations_free() - give back everything a set owns
 * @set: the set
 */
void violations_free(struct violation_set *set);

#endif
