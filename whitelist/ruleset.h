/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of rules, merged per cache and ready to be asked.
 *
 *   fork - edit.h - seal.h - published: judge.h, print.h - retire - free
 *
 * A set is built by one writer, sealed, published under RCU (whitelist.h) and from then on never
 * changed; the next set starts as a fork of it, and one fork alone takes its place. Sets that
 * follow each other share the entries that are equal in both, so that a write costs little with ten
 * thousand rules loaded.
 *
 * Caches are known by name only, never by address: a cache that is destroyed and created again
 * finds its rules again, and another cache at the same address finds none.
 *
 * Merged caches: SLUB puts caches that are alike into one, and the names of all of them become
 * links in /sys/kernel/slab to a folder like ":0000128", the merge id. ucg_ruleset_link() tells
 * a set where a name leads; a copy from a merged cache is then judged by the rules of all names
 * that lead there, together: they cannot be told apart, the objects lie side by side in the same
 * pages.
 *
 * Also compiled into the fuzzer.
 */
#ifndef _UCG_RULESET_H
#define _UCG_RULESET_H

#include "../usercopy/limits.h"
#include "../usercopy/policy.h"

#include "region.h"

struct module;

/**
 * enum ucg_dir - places of the two directions in arrays
 */
enum ucg_dir {
	/** @UCG_DIR_TO: copies to user space */
	UCG_DIR_TO,
	/** @UCG_DIR_FROM: copies from user space */
	UCG_DIR_FROM,
	/** @UCG_NR_DIRS: how many there are */
	UCG_NR_DIRS,
};

/**
 * struct ucg_driver_rule - a region that a driver allows for its own cache
 * @owner: the driver's module, NULL when built in; compared, never dereferenced
 * @owner_name: its name, for those who read
 * @region: the bytes
 * @dirs: UCG_TO_USER, UCG_FROM_USER or both
 */
struct ucg_driver_rule {
	const struct module *owner;
	char owner_name[UCG_OWNER_NAME];
	struct ucg_region region;
	u8 dirs;
};

/**
 * struct ucg_entry - all rules for one name of a cache, or for one merged cache; or the policy for
 *	a caller, module or kind
 * @serial: the set that it was made for and that alone may change it
 * @said: the set for which @policy was written
 * @hash: of @name
 * @policy: enum ucg_policy, or -1 when there is none of its own
 * @subject: enum ucg_subject: whose name this is, or UCG_SUBJECT_MERGED
 * @nr_driver: how many driver rules
 * @driver: the driver rules
 * @allow: what administrators allow, by enum ucg_dir
 * @deny: what administrators deny
 * @passes: sealed: allowed whatever the kernel's region is; @allow plus (@driver minus @deny)
 * @denied: sealed: taken out of the kernel's region; @deny minus @allow
 * @wide: sealed: what @passes would be without deny rules; empty when there are none
 * @next: links entries that wait to be freed
 * @name: the name or merge id; of callers FUNCTION[@MODULE]
 */
struct ucg_entry {
	u64 serial;
	u64 said;
	u32 hash;
	s8 policy;
	u8 subject;
	u32 nr_driver;
	struct ucg_driver_rule *driver;
	struct ucg_regions allow[UCG_NR_DIRS];
	struct ucg_regions deny;
	struct ucg_regions passes[UCG_NR_DIRS];
	struct ucg_regions denied[UCG_NR_DIRS];
	struct ucg_regions wide[UCG_NR_DIRS];
	struct ucg_entry *next;
	char name[];
};

/**
 * struct ucg_merged - a merged cache that some names lead to
 * @all: the rules of all these names together; its name is the merge id; owned by the set
 * @shared: how many names of caches lead there in all, those without rules included
 * @names: these names, for those who read; NULL if nobody has told; owned by the set
 */
struct ucg_merged {
	struct ucg_entry *all;
	u32 shared;
	char *names;
};

/**
 * struct ucg_ruleset - a set of rules
 * @serial: number of this set: 1 more than that of the set that it was forked from
 * @nr: how many entries
 * @room: how many fit into @entries and @merge_of
 * @entries: one per name, in the order in which they were first mentioned
 * @merge_of: for each entry, 1 + its place in @merged, or 0
 * @nr_merged: how many merged caches
 * @merged_room: how many fit into @merged
 * @merged: the merged caches
 * @mask: number of @slots minus 1; a power of two, at least twice the number of keys
 * @slots: hash table over @entries and @merged, see set.h
 * @nr_rules: sealed: how many rules, as lines of the whitelist file
 * @nr_driver: sealed: how many of them came from drivers
 * @nr_denies: sealed: how many of them are deny rules
 * @nr_of: sealed: how many of @entries are for which enum ucg_subject
 * @bytes: sealed: memory taken
 * @retired: entries to be freed with this set
 */
struct ucg_ruleset {
	u64 serial;
	u32 nr;
	u32 room;
	struct ucg_entry **entries;
	u32 *merge_of;
	u32 nr_merged;
	u32 merged_room;
	struct ucg_merged *merged;
	u32 mask;
	u32 *slots;
	u32 nr_rules;
	u32 nr_driver;
	u32 nr_denies;
	u32 nr_of[UCG_NR_SUBJECTS];
	size_t bytes;
	struct ucg_entry *retired;
};

struct ucg_ruleset *ucg_ruleset_fork(const struct ucg_ruleset *old);
void ucg_ruleset_abandon(struct ucg_ruleset *set);
void ucg_ruleset_retire(struct ucg_ruleset *old, const struct ucg_ruleset *successor);
void ucg_ruleset_free(struct ucg_ruleset *set);
const struct ucg_merged *ucg_ruleset_merged(const struct ucg_ruleset *set,
					    const struct ucg_entry *e);

#endif /* _UCG_RULESET_H */
