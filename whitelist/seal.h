/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing makes a set ready to be asked: what its rules say together is worked out once, per entry
 * and direction, so that a copy has to search and nothing else. Only sealed sets can be compared.
 */
#ifndef _UCG_SEAL_H
#define _UCG_SEAL_H

#include "portable.h"

struct ucg_ruleset;

int ucg_ruleset_seal(struct ucg_ruleset *set);

#endif /* _UCG_SEAL_H */
