/* SPDX-License-Identifier: GPL-2.0-only */
/* What is in force against what files say. */
#ifndef CTL_DIFFERENCE_H
#define CTL_DIFFERENCE_H

#include <stdbool.h>

/**
 * difference_print() - show what is in force and not in the files, and the other way round
 * @n: how many files are named; 0: those of PLACE_RULES
 * @paths: see rules_add_operands()
 * @json: for programs
 *
 * Compared is what the rules come to, not how they are written.
 *
 * Return: an enum ctl_exit, CTL_LOOK when there is a difference.
 */
int difference_print(int n, char **paths, bool json);

#endif
