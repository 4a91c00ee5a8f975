/* SPDX-License-Identifier: GPL-2.0-only */
/* The file of rules that "graduate" writes: what was promoted, and what was taken back. */
#ifndef CTL_GRADUATED_H
#define CTL_GRADUATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place.h"

/**
 * struct graduate - one that was promoted
 * @name: as in a policy rule; owned
 * @word: its policy now: "enforce" or "fallback", or "warn" when it was taken back; owned
 * @why: the comment above the rule, without "# "; owned
 * @since: when, microseconds since 1970
 */
struct graduate {
	char *name, *word, *why;
	int64_t since;
};

/**
 * struct graduated - all of them
 * @g: in the file's order
 * @n: how many
 */
struct graduated {
	struct graduate *g;
	size_t n;
};

/**
 * graduated_read() - read the file
 * @all: filled in; empty when there is no file
 *
 * Return: false when there is one that cannot be read, or has lines that "graduate" has not written;
 * it has been said.
 */
bool graduated_read(struct graduated *all);

/**
 * graduated_parse() - take the file apart
 * @all: zeroed, or from an earlier file; what is in this one is added
 * @path: its name, for messages
 * @b: its content; is changed
 *
 * Return: false when it has lines that "graduate" has not written; it has been said.
 */
bool graduated_parse(struct graduated *all, const char *path, struct blob *b);

/**
 * graduated_policy() - the policy that a word is for
 * @word: as in struct graduate
 *
 * Return: enum ucg_policy; UCG_WARN for any other word.
 */
int graduated_policy(const char *word);

/**
 * graduated_find() - look one up
 * @all: all of them
 * @name: as in a policy rule
 *
 * Return: it, or NULL.
 */
struct graduate *graduated_find(const struct graduated *all, const char *name);

/**
 * graduated_set() - give one another policy, or add one
 * @all: all of them
 * @name: as in a policy rule
 * @word: the policy
 * @now: microseconds since 1970
 * @why: the reason, without the date
 */
void graduated_set(struct graduated *all, const char *name, const char *word, int64_t now,
		   const char *why);

/**
 * graduated_write() - write the file, whole or not at all
 * @all: what shall be in it
 *
 * Return: false when it could not be written; it has been said.
 */
bool graduated_write(const struct graduated *all);

/**
 * graduated_lock() - nobody else shall read the file, and write it again
 *
 * Return: for graduated_unlock(); -1 when it cannot be locked: what then cannot be written says so.
 */
int graduated_lock(void);

/**
 * graduated_unlock() - the end of graduated_lock()
 * @lock: from there
 */
void graduated_unlock(int lock);

/**
 * graduated_load() - give the kernel one of the rules
 * @name: as in a policy rule
 * @word: the policy
 *
 * Return: enum ctl_exit; what went wrong has been said.
 */
int graduated_load(const char *name, const char *word);

/**
 * graduated_free() - give back what they own
 * @all: all of them
 */
void graduated_free(struct graduated *all);

#endif
