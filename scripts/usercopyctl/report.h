/* SPDX-License-Identifier: GPL-2.0-only */
/* A history as one page, for people who were not there. */
#ifndef CTL_REPORT_H
#define CTL_REPORT_H

#include "graduate.h"
#include "sql.h"

/**
 * report_print() - print the page on standard output
 * @history: open, and up to date
 * @g: judged
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int report_print(struct sql *history, const struct graduation *g);

#endif
