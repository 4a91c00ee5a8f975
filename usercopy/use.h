/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What slab caches are used for by copies that do not violate: which of them only a rule let
 * through; and, while an administrator wants to know (kernel.usercopy_guard.evidence), which bytes
 * were copied at all, in samples.
 */
#ifndef _UCG_USE_H
#define _UCG_USE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "whitelist/ruleset.h"

#include "limits.h"
#include "ranges.h"

struct ucg_finding;

/**
 * struct ucg_use - how one slab cache is used
 * @cache:	its name
 * @merge_id:	its name in sysfs if SLUB may merge it with others, else empty
 * @last_ns:	boot time of the last good copy that was sampled, by enum ucg_dir, ns; 0 for none
 * @ranges:	the bytes of those, by enum ucg_dir
 * @ruled:	copies that only a rule let through, by enum ucg_dir
 * @ruled_ns:	boot time of the last one, ns; 0 for none
 *
 * Never freed or moved while the module is loaded; the names do not change.
 */
struct ucg_use {
	char cache[UCG_NAME_MAX + 1];
	char merge_id[UCG_MERGE_ID_MAX + 1];
	u64 last_ns[UCG_NR_DIRS];
	struct ucg_ranges ranges[UCG_NR_DIRS];
	atomic64_t ruled[UCG_NR_DIRS];
	u64 ruled_ns;
};

void ucg_use_ruled(const struct ucg_finding *f, unsigned long caller);
void ucg_use_seen(const struct ucg_finding *f);
bool ucg_use_sampling(void);
const struct ucg_use *ucg_use_of(const char *cache);
const struct ucg_use *ucg_use_at(unsigned int index);
bool ucg_use_wanted(void);
int ucg_use_want(bool on);
int ucg_use_init(void);
void ucg_use_exit(void);

#endif /* _UCG_USE_H */
