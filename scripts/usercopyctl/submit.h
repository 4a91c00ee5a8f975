/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules on their way into the kernel, and what it has to say. */
#ifndef CTL_SUBMIT_H
#define CTL_SUBMIT_H

#include "rules.h"

/**
 * submit() - write rules in one write
 * @text: the rules; nothing is written when there are none
 * @refused: what it means when the kernel does not take them, in front of its reason
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int submit(const struct rule_text *text, const char *refused);

/**
 * submit_line() - submit() for one rule that somebody typed
 * @line: the rule
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int submit_line(const char *line);

#endif
