/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module said in the kernel's log about the rules just written. */
#ifndef CTL_KMSG_H
#define CTL_KMSG_H

#include "rules.h"

/**
 * kmsg_open() - remember where the kernel's log ends now
 *
 * Return: a file descriptor for kmsg_say(), or -1 when the log cannot be read.
 */
int kmsg_open(void);

/**
 * kmsg_say() - say what the module has logged since kmsg_open(), and close it
 * @fd: from kmsg_open(); -1 is fine
 * @text: what was written; a "line N" in the log is followed by the file and line it
 *	came from
 *
 * Return: how many lines there were.
 */
int kmsg_say(int fd, const struct rule_text *text);

#endif
