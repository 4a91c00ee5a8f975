/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of the sub-commands: before or between the operands. */
#ifndef CTL_OPTION_H
#define CTL_OPTION_H

#include <stdbool.h>

/**
 * struct option_word - an option that a sub-command knows
 * @word: such as "--json"
 * @on: set to true when it is there; NULL when it takes a value
 * @value: set to the word behind it, or behind its "="
 */
struct option_word {
	const char *word;
	bool *on;
	const char **value;
};

/**
 * options_take() - take the options out of a sub-command's words
 * @argc: number of words, the sub-command's name among them
 * @argv: the words; on return argv[1…] are the operands alone
 * @known: what the sub-command knows, closed by an empty entry
 * @max: most operands it takes
 *
 * Says what is wrong. Behind "--" everything is an operand.
 *
 * Return: the number of operands, or -1 for a usage error.
 */
int options_take(int argc, char **argv, const struct option_word *known, int max);

/**
 * option_number() - an option's number, such as that of --window 30
 * @name: the option
 * @text: what was given, or NULL
 * @low: the least that it may be
 * @high: the most
 * @value: set to the number when there is one
 *
 * Return: false when it is none; it has been said.
 */
bool option_number(const char *name, const char *text, double low, double high, double *value);

#endif
