/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may stand next on a command line, for the shells. Commands and options are those of the
 * tables that they are parsed by, caches, modules and violations those of the machine.
 */
#ifndef CTL_COMPLETE_H
#define CTL_COMPLETE_H

#include <stddef.h>

struct command;

/**
 * complete() - print what the last word may be
 * @commands: all of them
 * @nr_commands: how many
 * @n: how many words, at least one
 * @words: all behind "usercopyctl" up to the cursor; the last one may be empty, or begun
 *
 * On each line a word, and behind a tab what it means; ":files" and ":folders" stand for such.
 *
 * Return: an enum ctl_exit.
 */
int complete(const struct command *commands, size_t nr_commands, int n, char **words);

#endif
