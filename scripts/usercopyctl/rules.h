/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules in files, judged by the module's own parser (whitelist/rule.c). */
#ifndef CTL_RULES_H
#define CTL_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "place.h"

/**
 * struct rule_origin - where a rule came from
 * @file: its file; not owned
 * @line: its line there, from 1
 */
struct rule_origin {
	const char *file;
	unsigned long line;
};

/**
 * struct rule_fault - a line that is wrong
 * @origin: where it stands
 * @reason: what is wrong
 */
struct rule_fault {
	struct rule_origin origin;
	const char *reason;
};

/**
 * struct rule_text - rules on their way to the kernel
 * @data: one rule a line, comments and empty lines left out; owned
 * @len: bytes
 * @origin: of each line in @data; owned
 * @lines: how many
 * @faults: what is wrong; the lines are not among @data; owned
 * @nr_faults: how many
 * @names: the names of files that were found in folders, for @origin; owned
 * @nr_names: how many
 */
struct rule_text {
	char *data;
	size_t len;
	struct rule_origin *origin;
	size_t lines;
	struct rule_fault *faults;
	size_t nr_faults;
	char **names;
	size_t nr_names;
};

/**
 * rules_add() - check the rules of a file, and append them
 * @text: where to
 * @file: the file's name for messages; must live as long as @text
 * @b: its content
 *
 * Says file, line and reason of every line that is no rule.
 *
 * Return: how many lines are no rule.
 */
size_t rules_add(struct rule_text *text, const char *file, const struct blob *b);

/**
 * rules_add_operands() - rules_add() for what a command line names
 * @text: where to
 * @n: how many are named; 0: the files of PLACE_RULES
 * @paths: files, folders (all *.rules in them) and "-" for standard input; must live as long as @text
 *
 * What "graduate" has promoted yields to another policy for the same in any other of the files, and says
 * so: a rule of an administrator's own is stronger.
 *
 * Return: an enum ctl_exit, of the first thing that went wrong; all of them have been said.
 */
int rules_add_operands(struct rule_text *text, int n, char **paths);

/**
 * rules_append() - append a line that is known to be good
 * @text: where to
 * @s: the line, without newline
 * @len: bytes
 * @origin: where it came from
 */
void rules_append(struct rule_text *text, const char *s, size_t len, struct rule_origin origin);

/**
 * rules_fault() - say that a line is wrong, and remember it
 * @text: where the line is from
 * @origin: the line
 * @reason: what is wrong with it; must live as long as @text
 */
void rules_fault(struct rule_text *text, struct rule_origin origin, const char *reason);

/**
 * rules_free() - give back everything a text owns
 * @text: the text
 */
void rules_free(struct rule_text *text);

/**
 * rule_can_name() - can a rule name this cache?
 * @name: decoded name
 *
 * Return: true when a rule with rule_name(@name) means just this cache.
 */
bool rule_can_name(const char *name);

/**
 * rule_name() - spell a cache's name as a rule does
 * @name: decoded name, see rule_can_name()
 *
 * Return: the name with blanks, "#", "\\" and unprintable bytes escaped; the caller's to
 * free().
 */
char *rule_name(const char *name);

#endif
