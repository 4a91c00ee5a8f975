/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store of distinct violations: one record for each call site, cache, kind
 * and direction, counted. Written from any context without a lock, read by the
 * report and by the violations file.
 */
#ifndef _UCG_VIOLATION_H
#define _UCG_VIOLATION_H

#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "limits.h"
#include "policy.h"
#include "ranges.h"
#include "site.h"

struct module;
struct ucg_finding;

/**
 * enum ucg_outcome - what became of a copy
 */
enum ucg_outcome {
	/** @UCG_OUTCOME_ALLOWED: it went ahead, as the policy says */
	UCG_OUTCOME_ALLOWED,
	/** @UCG_OUTCOME_REFUSED: no byte was copied */
	UCG_OUTCOME_REFUSED,
	/** @UCG_OUTCOME_UNREFUSABLE: the policy refuses it; it could not be done and went ahead */
	UCG_OUTCOME_UNREFUSABLE,
	/** @UCG_OUTCOME_KILLED: it was handed to the kernel's check */
	UCG_OUTCOME_KILLED,
	/** @UCG_NR_OUTCOMES: how many there are */
	UCG_NR_OUTCOMES,
};

/**
 * struct ucg_decision - which policy decided
 * @policy:	enum ucg_policy
 * @by:		enum ucg_subject: whose it is
 * @in_module:	of a caller's: of this function in just this module
 */
struct ucg_decision {
	u8	policy;
	u8	by;
	bool	in_module;
};

/**
 * struct ucg_violation - a distinct violation
 * @key:	hash of what makes it distinct; UCG_KEY_GONE while its code is not loaded
 * @id:		1 for the first record, 2 for the next ...
 * @kind:	what is wrong
 * @to_user:	direction
 * @denied:	a rule narrowed the whitelist
 * @by_module:	the module on the stack makes it distinct, too
 * @pid:	process of the first copy
 * @uid:	its user
 * @auid:	who had logged in as
 * @ses:	the session of that login
 * @comm:	its name
 * @cache:	name of the slab cache, empty for other kinds
 * @merge_id:	its name in sysfs if SLUB may merge it with others (":0000128"), else empty
 * @merged:	caches that SLUB merged into this one, besides it
 * @offset:	first copy: offset, bytes
 * @n:		first copy: length, bytes
 * @object_size: size of object, area, stack, bytes; 0 if unknown
 * @useroffset:	the cache's region, bytes
 * @usersize:	its length, bytes
 * @site:	where it came from
 * @first_ns:	boot time of the first copy, ns
 * @told:	bits of the outcomes that were told; the reporter's
 * @stack_text:	the stack as text; the reporter's, set once
 * @last_ns:	boot time of the last copy, ns
 * @min:	lowest offset seen, bytes
 * @max:	one past the highest byte seen
 * @min_n:	shortest copy seen, bytes
 * @max_n:	longest copy seen, bytes
 * @grew:	how often one of these four went outward after the first copy
 * @ranges:	the bytes that were touched
 * @decided:	what decided about the last copy, in one word: see ucg_violation_decided()
 * @decided_at:	what decided when an outcome occurred for the first time, likewise
 * @outcomes:	copies by what became of them
 * @outcome_ns:	boot time of the first copy of each outcome, ns; 0 if there was none. The first of
 *		all to be set makes the record known to readers
 *
 * Records are never freed or moved while the module is loaded. What is above @told does not
 * change once a record is in the table, @key and the address in @site apart.
 */
struct ucg_violation {
	atomic64_t	key;
	u32		id;
	u8		kind;
	bool		to_user;
	bool		denied;
	bool		by_module;
	pid_t		pid;
	uid_t		uid;
	uid_t		auid;
	unsigned int	ses;
	char		comm[TASK_COMM_LEN];
	char		cache[UCG_NAME_MAX + 1];
	char		merge_id[UCG_MERGE_ID_MAX + 1];
	u32		merged;
	unsigned long	offset;
	unsigned long	n;
	unsigned long	object_size;
	u32		useroffset;
	u32		usersize;
	struct ucg_site	site;
	u64		first_ns;
	u8		told;
	char		*stack_text;
	u64		last_ns;
	atomic_long_t	min;
	atomic_long_t	max;
	atomic_long_t	min_n;
	atomic_long_t	max_n;
	atomic_t	grew;
	struct ucg_ranges ranges;
	u32		decided;
	u32		decided_at[UCG_NR_OUTCOMES];
	atomic64_t	outcomes[UCG_NR_OUTCOMES];
	atomic64_t	outcome_ns[UCG_NR_OUTCOMES];
};

int ucg_violation_init(unsigned int records);
void ucg_violation_exit(void);
struct ucg_violation *ucg_violation_note(const struct ucg_finding *f, unsigned long caller,
					 bool by_module);
bool ucg_violation_conclude(struct ucg_violation *v, enum ucg_outcome outcome,
			    const struct ucg_decision *decision);
struct ucg_decision ucg_violation_decided(const u32 *decided);
struct ucg_violation *ucg_violation_at(unsigned int index);
unsigned int ucg_violation_slots(void);
void ucg_violation_conclude_unlisted(enum ucg_outcome outcome);
u64 ucg_violation_not_listed(void);
u64 ucg_violation_unlisted(enum ucg_outcome outcome);
u64 ucg_violation_count(const struct ucg_violation *v);
enum ucg_outcome ucg_violation_first(const struct ucg_violation *v);
void ucg_violation_forget(const struct module *module, bool init);

#endif /* _UCG_VIOLATION_H */
