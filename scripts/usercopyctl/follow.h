/* SPDX-License-Identifier: GPL-2.0-only */
/* Violations as they come. */
#ifndef CTL_FOLLOW_H
#define CTL_FOLLOW_H

#include <stdbool.h>

#include "filter.h"

/**
 * follow() - show what is new in the running kernel's file, until SIGINT or SIGTERM
 * @filter: what of it; checked
 * @json: a line of JSON for each
 * @seconds: from one look to the next
 *
 * While the module is not loaded it waits, and says so.
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int follow(const struct filter *filter, bool json, double seconds);

#endif
