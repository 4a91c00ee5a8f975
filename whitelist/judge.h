/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is asked of a set of rules while a copy waits: is it allowed, which policy has its cache?
 *
 * Order of evaluation, per direction and byte by byte:
 *
 *   allowed = (the cache's own region and what its driver allows, minus deny) plus allow
 *
 * so deny wins over the kernel's whitelist and over usercopy_guard_allow(), and an
 * administrator's allow wins over deny. The order of the rules does not matter.
 */
#ifndef _UCG_JUDGE_H
#define _UCG_JUDGE_H

#include "portable.h"

#include "../usercopy/policy.h"

struct ucg_ruleset;

/**
 * struct ucg_cache_id - how rules name a slab cache
 * @name: the cache's name
 * @merge_id: its name in sysfs (":0000128") when it is one that may be merged, else NULL
 * @useroffset: start of the region that the kernel itself allows, in bytes
 * @usersize: length of that region in bytes, 0 if there is none
 */
struct ucg_cache_id {
	const char *name;
	const char *merge_id;
	u32 useroffset;
	u32 usersize;
};

/**
 * struct ucg_policy_query - a copy that violated, as policies may be about it
 * @cache: its slab cache, NULL if it has none
 * @kind: what is wrong with it
 * @module: the module that copies, or has copied; NULL if there is none or nobody has looked
 * @function: the function that copies, NULL if nobody has looked
 * @caller: the same with its module, FUNCTION@MODULE; NULL if it is in none
 * @in_module: out: it is @caller's own policy that decides
 */
struct ucg_policy_query {
	const struct ucg_cache_id *cache;
	enum ucg_kind kind;
	const char *module;
	const char *function;
	const char *caller;
	bool in_module;
};

/**
 * enum ucg_rule_verdict - what the rules say about a copy
 */
enum ucg_rule_verdict {
	/** @UCG_RULE_VERDICT_NONE: not allowed, and no rule has to do with it */
	UCG_RULE_VERDICT_NONE,
	/** @UCG_RULE_VERDICT_ALLOW: every byte is allowed, by the kernel's region or by rules */
	UCG_RULE_VERDICT_ALLOW,
	/** @UCG_RULE_VERDICT_DENY: not allowed, and it would be without the deny rules */
	UCG_RULE_VERDICT_DENY,
};

enum ucg_rule_verdict ucg_ruleset_judge(const struct ucg_ruleset *set,
					const struct ucg_cache_id *id, u32 offset, u32 len,
					bool to_user);
int ucg_ruleset_policy(const struct ucg_ruleset *set, struct ucg_policy_query *query,
		       enum ucg_subject *by);
bool ucg_ruleset_asks_for_code(const struct ucg_ruleset *set);
bool ucg_ruleset_asks_for_modules(const struct ucg_ruleset *set);
bool ucg_ruleset_may_miss(const struct ucg_ruleset *set, const struct ucg_cache_id *id);

#endif /* _UCG_JUDGE_H */
