/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of usercopy_guard/violations, and a file of them. */
#ifndef CTL_VIOLATION_H
#define CTL_VIOLATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"
#include "place.h"
#include "ranges.h"

/**
 * struct violation - one distinct violation, as the kernel counted it
 * @line: where it stood in the file, from 1
 * @id: the kernel's number for it, or the history's
 * @kind: word such as "whitelist", "object", "stack"
 * @to_user: true when the copy went to user space
 * @cache: slab cache, NULL when the memory was no slab object
 * @merged: how many further caches SLUB has merged into @cache
 * @objsize: bytes of the object, or of the area for kinds that are not slab
 * @denied: the kernel's own whitelist would have passed it; a rule forbids it
 * @useroffset: first byte of the kernel's own whitelist
 * @usersize: bytes of the kernel's own whitelist
 * @min: lowest offset touched, in bytes
 * @max: one past the highest byte touched
 * @minsize: smallest single copy, in bytes
 * @maxsize: largest single copy, in bytes
 * @grew: how often range or size grew after the first report
 * @ranges: the bytes that were touched; none when an older module does not say
 * @count: copies
 * @allowed: copies let through
 * @refused: copies refused
 * @unrefusable: copies let through because they could not be refused
 * @killed: copies handed to the kernel's own check
 * @first: first copy, in microseconds; see enum violation_times
 * @last: last copy, likewise
 * @allowed_at: first copy let through, likewise; 0: none was, or an older module does not say
 * @refused_at: first copy refused
 * @unrefusable_at: first copy let through because it could not be refused
 * @killed_at: first copy handed to the kernel's own check
 * @pid: the first offender
 * @comm: its name
 * @policy: the policy that the first copy was judged by
 * @by: the rule that said so, such as "global" or "cache:NAME"
 * @caller: the function that copied, as symbol+offset/size[module]
 * @module: the nearest module on the stack, or empty
 * @srcversion: its srcversion, or empty
 * @stack: the frames from the caller on, with commas between them
 *
 * All strings are decoded and owned by the struct violation_set; those that an older module does
 * not have are NULL.
 */
struct violation {
	unsigned long line;
	uint64_t id;
	char *kind;
	bool to_user, denied;
	char *cache;
	uint64_t merged, objsize, useroffset, usersize;
	uint64_t min, max, minsize, maxsize, grew;
	struct ranges ranges;
	uint64_t count, allowed, refused, unrefusable, killed;
	uint64_t first, last;
	uint64_t allowed_at, refused_at, unrefusable_at, killed_at;
	uint64_t pid;
	char *comm, *policy, *by, *caller, *module, *srcversion, *stack;
};

/**
 * enum violation_times - what the times of violations count from
 */
enum violation_times {
	/** @TIMES_OF_SOME_BOOT: the start of a machine, nobody knows when */
	TIMES_OF_SOME_BOOT,
	/** @TIMES_OF_THIS_BOOT: the start of this machine */
	TIMES_OF_THIS_BOOT,
	/** @TIMES_OF_DAY: 1970 */
	TIMES_OF_DAY,
};

/**
 * struct violation_set - what a violations file holds
 * @v: the violations, in the file's order
 * @n: how many
 * @bad: the lines that could not be read
 * @nbad: how many
 * @times: what the times count from
 * @unlisted: copies that the kernel had no room to list, as far as somebody has asked
 */
struct violation_set {
	struct violation *v;
	size_t n;
	struct malformed *bad;
	size_t nbad;
	enum violation_times times;
	uint64_t unlisted;
};

/**
 * violations_parse() - take a violations file apart
 * @b: the file's content
 * @set: filled in; good lines and bad ones are both kept
 */
void violations_parse(const struct blob *b, struct violation_set *set);

/**
 * violation_add() - append one to a set
 * @set: the set
 * @v: copied; what it owns is the set's from now on
 */
void violation_add(struct violation_set *set, const struct violation *v);

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
 * violations_read() - read and parse the kernel's file, and say nothing
 * @set: filled in on success
 *
 * Return: 0, or a negative errno.
 */
int violations_read(struct violation_set *set);

/**
 * violations_say_bad() - say what is wrong with each malformed line
 * @set: the set
 * @file: where it came from; NULL: the kernel
 */
void violations_say_bad(const struct violation_set *set, const char *file);

/**
 * violation_ranges() - which bytes are known to have been touched
 * @v: the violation
 * @ranges: set to its ranges; where an older module does not say, to all from the lowest to the
 *	highest
 *
 * Return: false when there were too many to tell.
 */
bool violation_ranges(const struct violation *v, struct ranges *ranges);

/**
 * json_malformed() - the bad lines of a set as the array "malformed"
 * @set: the set
 */
void json_malformed(const struct violation_set *set);

/**
 * violation_free() - give back what one violation owns
 * @v: the violation
 */
void violation_free(struct violation *v);

/**
 * violations_free() - give back everything a set owns
 * @set: the set
 */
void violations_free(struct violation_set *set);

#endif
