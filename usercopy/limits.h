/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every limit, with its reason. Plain numbers: programs of user space include this as well.
 */
#ifndef _UCG_LIMITS_H
#define _UCG_LIMITS_H

/*
 * Rules
 */

/* A cache is a folder in /sys/kernel/slab, where a file name has at most 255 bytes (NAME_MAX). */
#define UCG_NAME_MAX		255

/* A name with every byte escaped, and its terminating NUL. */
#define UCG_ESCAPED_MAX		(4 * UCG_NAME_MAX + 1)

/*
 * The longest line that says something is "allow", a name with every byte escaped (1020) and
 * three more fields; what is over 1280 bytes is no rule, whatever it is.
 */
#define UCG_LINE_MAX		1280

/* The end of the largest region: offsets are 32 bits wide in the slab allocator. */
#define UCG_REGION_MAX		0x100000000ULL

/*
 * The largest number of rules. At 16384 a set takes a few megabytes, ten times what any system
 * has caches for; a loop that adds rules by mistake ends there and not at the end of the memory.
 */
#define UCG_RULES_MAX		16384

/* What a rule usually takes as text, in bytes. */
#define UCG_RULE_BYTES		64

/* The largest write in bytes: as many rules as there may be, each twice as long as usual. */
#define UCG_WRITE_MAX		(UCG_RULES_MAX * 2 * UCG_RULE_BYTES)

/* How much of a bad line the log shows, in bytes: with the reason, it stays one line there. */
#define UCG_EXCERPT_MAX		60

/* As much of a module's name as is kept, with a NUL; like the kernel's MODULE_NAME_LEN. */
#define UCG_OWNER_NAME		56

/* SLUB's merge ids are 31 bytes long at the most, and a NUL. */
#define UCG_MERGE_ID_MAX	31

/* As much of the names that lead to a merged cache as is kept, with a NUL: a line of a log. */
#define UCG_MERGED_NAMES	400

/* More names than any machine has; a folder that long is not SLUB's. */
#define UCG_ALIASES_MAX		65536

/*
 * Where arrays begin to grow from, by doubling: a table of so few slots takes a cache line, few
 * systems with rules have more merged caches, and most have fewer aliases.
 */
#define UCG_SLOTS_FEWEST	16
#define UCG_MERGED_FEWEST	8U
#define UCG_ALIASES_FEWEST	128U

/* So many replaced sets of rules may wait for their readers; then writers wait as well. */
#define UCG_RETIRED_MAX		16

/* Names are followed at most once in so many seconds: caches may come, and violate, at any rate. */
#define UCG_FOLLOW_SECONDS	1

#endif /* _UCG_LIMITS_H */
