/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock on the wall, which anybody can set, and what is decided by it: whether an exception has ended,
 * and whether a machine of a fleet is silent.
 *
 * Machine-days are counted by clocks that nobody sets. So a wall clock that jumps makes no evidence and
 * takes none away; but until it has been steady for a machine-day, nothing is promoted.
 */
#ifndef CTL_CLOCK_H
#define CTL_CLOCK_H

#include "sql.h"
#include "when.h"

/**
 * clock_note() - keep what the clock says, and whether it has jumped since the last time
 * @history: open, within a recording
 * @boot: row of this boot
 * @now: what the clocks say
 * @watched: microseconds for which the guard has watched this machine, in all
 *
 * Return: false when it cannot be kept; it has been said.
 */
bool clock_note(struct sql *history, int64_t boot, const struct moment *now, int64_t watched);

/**
 * clock_doubt() - is the clock to be believed?
 * @history: open
 * @now: what the clocks say
 *
 * Return: NULL, or why not, the caller's to free().
 */
char *clock_doubt(struct sql *history, const struct moment *now);

#endif
