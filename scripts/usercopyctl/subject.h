/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be promoted: slab caches, and kinds of violations that are no slab's. */
#ifndef CTL_SUBJECT_H
#define CTL_SUBJECT_H

#include "active.h"
#include "judge.h"
#include "sql.h"

/**
 * struct subject - one of them
 * @rule: how a rule names it: the cache, or "kind:KIND"; owned
 * @cache: the cache's name, or NULL; owned
 * @evidence: what is known
 * @judgement: what follows, once somebody has judged
 * @policy: the policy of its own that it has, enum ucg_policy, or -1
 * @fallback: copies in the whole history that "fallback" would have refused
 * @enforce: copies that "enforce" would have refused
 * @mended: violations that rules in force cover
 * @last: the last violation that nothing has mended, microseconds since 1970; 0: none
 * @by: who that was; owned, or NULL
 * @note: what there is to add to that, for people; owned, or NULL
 * @blocked: something is in the way of a promotion, whatever the evidence is; @note says what
 * @alone: it shares its memory with no other cache now
 * @own: an administrator's own rule gives it a policy, or will with the next boot
 * @stray: bytes of an object when it violated, merged with other caches, and nothing has mended that;
 *	0: it did not
 * @rules: stands for the allow rules in force that name it, see active_fingerprint()
 * @ruled: day in use since which no rule has let a copy through; -1: none ever did
 */
struct subject {
	char *rule, *cache;
	struct evidence evidence;
	enum judgement judgement;
	int policy;
	uint64_t fallback, enforce, mended;
	int64_t last;
	char *by, *note;
	bool blocked, alone, own;
	uint64_t stray;
	uint32_t rules;
	int64_t ruled;
};

/**
 * struct subject_set - all of them
 * @s: kinds first, then caches by name
 * @n: how many
 * @watched: machine-days that the guard has watched
 * @unlisted: copies that violated, and that the kernel had no room to list
 * @listed: machine-days watched since the last of them
 */
struct subject_set {
	struct subject *s;
	size_t n;
	int64_t watched, unlisted, listed;
};

/**
 * subject_rule() - how a rule names a cache
 * @cache: its name
 *
 * A cache that is called like one of the rule language's words has that word's colon escaped.
 *
 * Return: the name as a rule has it, the caller's to free().
 */
char *subject_rule(const char *cache);

/**
 * subject_cache() - the cache that a rule names
 * @rule: as in a policy rule
 *
 * Return: its name, the caller's to free(); NULL if it is no cache's.
 */
char *subject_cache(const char *rule);

/**
 * subject_add_note() - add to what there is to say of a subject
 * @s: the subject
 * @note: owned by the subject from now on
 */
void subject_add_note(struct subject *s, char *note);

/**
 * subjects_read() - gather the evidence of a history
 * @history: open
 * @aliases: names that share memory
 * @rules: the rules in force
 * @set: filled in
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int subjects_read(struct sql *history, const struct alias_set *aliases,
		  const struct active *rules, struct subject_set *set);

/**
 * subject_add() - append one that nothing is known of
 * @set: the set
 * @rule: how a rule names it; the set's from now on
 * @cache: the cache's name, or NULL; likewise
 *
 * Return: the subject, until the next one is added.
 */
struct subject *subject_add(struct subject_set *set, char *rule, char *cache);

/**
 * subject_is_kind() - is it a kind whose memory is no slab object?
 * @kind: such as "stack"
 *
 * Return: true when it can be promoted as "kind:KIND".
 */
bool subject_is_kind(const char *kind);

/**
 * subjects_free() - give back what a set owns
 * @set: the set
 */
void subjects_free(struct subject_set *set);

#endif
