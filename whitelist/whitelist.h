/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whitelist that is loaded now: what the check asks about a slab cache.
 */
#ifndef _UCG_WHITELIST_H
#define _UCG_WHITELIST_H

#include <linux/jump_label.h>
#include <linux/types.h>

#include "judge.h"

struct ucg_ruleset;

/**
 * struct ucg_change - who wants a new set of rules, and what for
 * @apply: makes the change to a fork of the set, not yet sealed; NULL when only names are to be
 *	followed anew
 * @arg: handed to @apply
 * @administrator: subject to the lock
 * @in_worker: the caller is a worker of ours already
 */
struct ucg_change {
	int (*apply)(struct ucg_ruleset *set, void *arg);
	void *arg;
	bool administrator;
	bool in_worker;
};

/**
 * struct ucg_whitelist_stats - figures for the status file
 * @rules: how many rules, as lines of the whitelist file, drivers' rules included
 * @driver_rules: how many of them came from drivers
 * @caches: how many names of caches they name
 * @merged: how many merged slab caches they reach by the name of an alias
 * @bytes: memory they take, in bytes
 */
struct ucg_whitelist_stats {
	unsigned int rules;
	unsigned int driver_rules;
	unsigned int caches;
	unsigned int merged;
	size_t bytes;
};

/*
 * Up by one while any deny rule is loaded: only then can a copy inside the kernel's region be
 * refused. Up by one more while uses are sampled. One key for both, so that a good copy has one
 * place to pass.
 */
DECLARE_STATIC_KEY_FALSE(ucg_look_closer);

enum ucg_rule_verdict ucg_whitelist_judge(const struct ucg_cache_id *id, u32 offset, u32 len,
					  bool to_user);
void ucg_whitelist_missed(const struct ucg_cache_id *id);
const struct ucg_ruleset *ucg_whitelist_current(void);
int ucg_whitelist_policy(struct ucg_policy_query *query, enum ucg_subject *by);
int ucg_whitelist_change(const struct ucg_change *change);
int ucg_whitelist_print(void (*put)(void *ctx, const char *line), void *ctx);
void ucg_whitelist_stats(struct ucg_whitelist_stats *stats);
int ucg_whitelist_start(void);
void ucg_whitelist_stop(void);

#endif /* _UCG_WHITELIST_H */
