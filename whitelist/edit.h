/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes to a set of rules that was forked and is not yet sealed: what administrators write, what
 * drivers say, and where names lead. After an error the set can only be abandoned.
 */
#ifndef _UCG_EDIT_H
#define _UCG_EDIT_H

#include "portable.h"

struct module;
struct ucg_driver_rule;
struct ucg_rule;
struct ucg_ruleset;

int ucg_ruleset_add(struct ucg_ruleset *set, const struct ucg_rule *rule);
int ucg_ruleset_add_driver(struct ucg_ruleset *set, const char *name,
			   const struct ucg_driver_rule *rule);
int ucg_ruleset_drop_driver(struct ucg_ruleset *set, const char *name,
			    const struct ucg_driver_rule *rule);
bool ucg_ruleset_has_owner(const struct ucg_ruleset *set, const struct module *owner);
int ucg_ruleset_drop_owner(struct ucg_ruleset *set, const struct module *owner);
int ucg_ruleset_link(struct ucg_ruleset *set, const char *name, const char *merge_id, u32 shared);
int ucg_ruleset_name_merged(struct ucg_ruleset *set, const char *merge_id, const char *names);

#endif /* _UCG_EDIT_H */
