/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files share that work on sets of rules (ruleset.h); nobody else includes this.
 *
 * The table: open addressing, linear probing, nothing is ever taken out. A slot is 0, or 1 + a
 * place in entries[], or UCG_SLOT_MERGED + 1 + a place in merged[].
 */
#ifndef _UCG_SET_H
#define _UCG_SET_H

#include "ruleset.h"

/* Tells the slots of merged caches from those of names. */
#define UCG_SLOT_MERGED	0x80000000u

/* Beside enum ucg_subject: a merged cache, which is found by its merge id. */
#define UCG_SUBJECT_MERGED	UCG_NR_SUBJECTS

/* Names of several subjects are in one table. */
static inline u32 ucg_subject_hash(unsigned int subject, u64 name_hash)
{
	return (u32)(name_hash ^ (name_hash >> 32)) + subject * 0x9e3779b9U;
}

/* judge.c */
u32 ucg_ruleset_find(const struct ucg_ruleset *set, unsigned int subject, const char *name);

/* set.c */
struct ucg_entry *ucg_entry_new(const struct ucg_ruleset *set, unsigned int subject,
				const char *name);
void ucg_entry_free(struct ucg_entry *e);
int ucg_entry_append_driver(struct ucg_entry *e, const struct ucg_driver_rule *rules, u32 nr);
int ucg_entry_merge(struct ucg_entry *e, const struct ucg_entry *from);
bool ucg_entry_is_empty(const struct ucg_entry *e);
bool ucg_entry_next_allow(const struct ucg_entry *e, u32 *to, u32 *from,
			  struct ucg_region *region, u8 *dirs);
struct ucg_entry *ucg_ruleset_entry(const struct ucg_ruleset *set, unsigned int subject,
				    const char *name);
struct ucg_entry *ucg_ruleset_own_entry(struct ucg_ruleset *set, unsigned int subject,
					const char *name);
u32 ucg_ruleset_own_merged(struct ucg_ruleset *set, const char *merge_id, u32 shared);
int ucg_ruleset_rebuild_table(struct ucg_ruleset *set, u32 keys);
void ucg_ruleset_drop_empty(struct ucg_ruleset *set);

#endif /* _UCG_SET_H */
