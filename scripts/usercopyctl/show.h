/* SPDX-License-Identifier: GPL-2.0-only */
/* A violation for people, and for programs. */
#ifndef CTL_SHOW_H
#define CTL_SHOW_H

#include "violation.h"

/**
 * show_violation() - print one in words
 * @v: the violation
 * @times: what its times count from
 */
void show_violation(const struct violation *v, enum violation_times times);

/**
 * show_growth() - print in one line what has come to one that was shown
 * @v: the violation as it is
 * @before: as it was
 * @times: what its times count from
 */
void show_growth(const struct violation *v, const struct violation *before,
		 enum violation_times times);

/**
 * show_violation_json() - the members of one, inside an object that has been begun
 * @v: the violation
 * @times: what its times count from
 */
void show_violation_json(const struct violation *v, enum violation_times times);

#endif
