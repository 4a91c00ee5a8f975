/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compare sealed sets of rules by their effect, for the lock: what one lets through, and the other
 * does not.
 */
#ifndef _UCG_COMPARE_H
#define _UCG_COMPARE_H

#include "portable.h"

#include "../usercopy/policy.h"

struct ucg_ruleset;

bool ucg_ruleset_widens(const struct ucg_ruleset *old, const struct ucg_ruleset *set,
			enum ucg_policy global);

#endif /* _UCG_COMPARE_H */
