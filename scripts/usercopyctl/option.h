/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of the sub-commands: before or between the operands. */
#ifndef CTL_OPTION_H
#define CTL_OPTION_H

#include <stdbool.h>

/**
 * enum word_kind - what a word of the command line stands for
 */
enum word_kind {
	/** @WORD_TEXT: something that nobody can guess */
	WORD_TEXT,
	/** @WORD_NUMBER: a number */
	WORD_NUMBER,
	/** @WORD_TIME: see when_parse() */
	WORD_TIME,
	/** @WORD_FILE: a file */
	WORD_FILE,
	/** @WORD_CACHE: a slab cache */
	WORD_CACHE,
	/** @WORD_KIND: a kind of violation */
	WORD_KIND,
	/** @WORD_MODULE: a module */
	WORD_MODULE,
	/** @WORD_OUTCOME: what became of a copy */
	WORD_OUTCOME,
	/** @WORD_POLICY: a policy */
	WORD_POLICY,
	/** @WORD_TARGET: whom a policy is for */
	WORD_TARGET,
	/** @WORD_ID: the number of a violation */
	WORD_ID,
	/** @NR_WORD_KINDS: how many there are */
	NR_WORD_KINDS,
};

/**
 * struct option_word - an option that a sub-command knows
 * @word: such as "--json"
 * @on: set to true when it is there; NULL when it takes a value
 * @value: set to the word behind it, or behind its "="
 * @takes: what kind of word that is
 * @help: what it does, in a few words; NULL: the manual page alone says it
 */
struct option_word {
	const char *word;
	bool *on;
	const char **value;
	enum word_kind takes;
	const char *help;
};

/* What most commands that show something know. */
#define OPTION_JSON(flag) { "--json", .on = &(flag), .help = "as JSON, for programs" }

/**
 * options_introduce() - say what the options are of, for --help
 * @words: what the sub-command takes
 * @help: what it does
 */
void options_introduce(const char *words, const char *help);

/**
 * options_take() - take the options out of a sub-command's words
 * @argc: number of words, the sub-command's name among them
 * @argv: the words; on return argv[1…] are the operands alone
 * @known: what the sub-command knows beside --help and --version, closed by an empty entry
 * @max: most operands it takes
 *
 * Says what is wrong. Behind "--" everything is an operand.
 *
 * Return: the number of operands, or -1 for a usage error, and when there is nothing more to do,
 * see options_answered().
 */
int options_take(int argc, char **argv, const struct option_word *known, int max);

/**
 * options_answered() - was it --help or --version that was asked for?
 *
 * Return: true when options_take() has answered, and all is well.
 */
bool options_answered(void);

/**
 * options_of() - which options a sub-command knows, without doing it
 * @run: the sub-command
 * @argc: number of words, the sub-command's name among them
 * @argv: the words
 *
 * Return: its options, closed by an empty entry, until the next call.
 */
const struct option_word *options_of(int (*run)(int argc, char **argv), int argc, char **argv);

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
