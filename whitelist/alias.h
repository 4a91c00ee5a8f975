/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which names lead to which merged slab cache, as /sys/kernel/slab has it.
 */
#ifndef _UCG_ALIAS_H
#define _UCG_ALIAS_H

#include <linux/types.h>

#include "../usercopy/limits.h"

struct ucg_ruleset;
struct workqueue_struct;

/**
 * struct ucg_alias - a name of a cache, and the merged cache that it leads to
 * @name: the name
 * @merge_id: the merged cache's name in sysfs, such as ":0000128"
 */
struct ucg_alias {
	char *name;
	char merge_id[UCG_MERGE_ID_MAX + 1];
};

/**
 * struct ucg_aliases - all of them
 * @nr: how many
 * @room: how many fit into @at
 * @at: the aliases, sorted by merge id and name; those of one merged cache side by side
 */
struct ucg_aliases {
	u32 nr;
	u32 room;
	struct ucg_alias *at;
};

int ucg_aliases_read(struct ucg_aliases *aliases);
int ucg_aliases_read_from(struct workqueue_struct *wq, struct ucg_aliases *aliases);
int ucg_aliases_link(const struct ucg_aliases *aliases, struct ucg_ruleset *set);
int ucg_aliases_of(const char *merge_id, char *buf, size_t size);
void ucg_aliases_free(struct ucg_aliases *aliases);

#endif /* _UCG_ALIAS_H */
