/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of rules as lines of the rule language, which restore it when they are written.
 */
#ifndef _UCG_PRINT_H
#define _UCG_PRINT_H

struct ucg_ruleset;

int ucg_ruleset_print(const struct ucg_ruleset *set,
		      void (*put)(void *ctx, const char *line), void *ctx);

#endif /* _UCG_PRINT_H */
