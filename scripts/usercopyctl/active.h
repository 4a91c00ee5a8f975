/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rules in the kernel say already. */
#ifndef CTL_ACTIVE_H
#define CTL_ACTIVE_H

#include "../../whitelist/rule.h"
#include "alias.h"
#include "ranges.h"

/**
 * struct active - the rules in force
 * @rule: each of them; owned
 * @n: how many
 */
struct active {
	struct ucg_rule *rule;
	size_t n;
};

/**
 * active_read() - ask the kernel
 * @rules: filled in; empty when the kernel does not say
 *
 * Return: 0, or a negative errno.
 */
int active_read(struct active *rules);

/**
 * active_add() - take a file's rules in as well
 * @rules: from active_read(), or zeroed
 * @path: real path of the file
 *
 * Return: 0, or a negative errno.
 */
int active_add(struct active *rules, const char *path);

/**
 * active_free() - give back what active_read() took
 * @rules: the rules
 */
void active_free(struct active *rules);

/**
 * active_covers() - take away what an allow rule lets through already
 * @rules: the rules in force
 * @aliases: names that share memory, since a rule for one of them is good for all
 * @cache: a slab cache
 * @to_user: the direction
 * @ranges: bytes of its objects; what is left of them on return no rule allows
 */
void active_covers(const struct active *rules, const struct alias_set *aliases,
		    const char *cache, bool to_user, struct ranges *ranges);

/**
 * active_outlasts() - will what allow rules let through now be let through after the next boot?
 * @rules: the rules in force
 * @kept: those of the files that are loaded then
 * @aliases: names that share memory
 * @cache: a slab cache
 *
 * Return: false when an allow rule for its memory allows something that none of @kept does.
 */
bool active_outlasts(const struct active *rules, const struct active *kept,
		     const struct alias_set *aliases, const char *cache);

/**
 * active_denies() - does a deny rule forbid any of these bytes?
 * @rules: the rules in force
 * @aliases: names that share memory
 * @cache: a slab cache
 * @ranges: bytes of its objects
 *
 * Return: true when one does.
 */
bool active_denies(const struct active *rules, const struct alias_set *aliases,
		    const char *cache, const struct ranges *ranges);

/**
 * active_fingerprint() - a number for the allow rules for a cache
 * @rules: the rules in force
 * @cache: a slab cache
 *
 * Return: the same number where the same rules name it, as the kernel shows them; 0 where none do.
 */
uint32_t active_fingerprint(const struct active *rules, const char *cache);

/**
 * active_policy() - the policy of its own that something has
 * @rules: the rules in force
 * @name: what stands between "policy" and the word in a rule
 *
 * Return: enum ucg_policy, or -1.
 */
int active_policy(const struct active *rules, const char *name);

/**
 * active_decides() - the rule that says which policy something has
 * @rules: the rules in force
 * @aliases: names that share memory: of the policies of a merged cache's names the strictest counts
 * @asked: a policy rule for it, whose word does not matter
 * @by: set to whose policy it is, spelled as in the file of violations, or NULL; the caller's to free()
 *
 * For a function of a module, the policy for all functions of that name counts where there is none
 * for it.
 *
 * Return: enum ucg_policy, or -1 when no rule does.
 */
int active_decides(const struct active *rules, const struct alias_set *aliases,
		   const struct ucg_rule *asked, char **by);

#endif
