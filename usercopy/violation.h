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
 * struct ucg_violation - a distinct violation
 * @key:	hash of what makes it distinct; 0 while the record is free
 * @filled:	all that does not change later is filled in
 * @concluded:	the outcome of the first copy is known: it can be told
 * @told:	the report has been printed; the reporter's
 * @id:		1 for the first record, 2 for the next ...
 * @kind:	what is wrong
 * @first:	outcome of the first copy, for the report
 * @policy:	the policy that it was judged by
 * @to_user:	direction
 * @denied:	a rule narrowed the whitelist
 * @pid:	process of the first copy
 * @comm:	its name
 * @cache:	name of the slab cache, empty for other kinds
 * @merge_id:	its name in sysfs if SLUB may merge it with others (":0000128"), else empty
 * @merged:	caches that SLUB merged into this one, besides it
 * @offset:	first copy: offset, bytes
 * @n:		first copy: length, bytes
 * @object_size: size of object, area, stack, bytes; 0 if unknown
 * @useroffset:	the cache's region, bytes
 * @usersize:	its length, bytes
 * @caller:	call site
 * @stack:	the stack from there
 * @stack_len:	its frames
 * @first_ns:	boot time of the first copy, ns
 * @last_ns:	boot time of the last copy, ns
 * @min:	lowest offset seen, bytes
 * @max:	one past the highest byte seen
 * @min_n:	shortest copy seen, bytes
 * @max_n:	longest copy seen, bytes
 * @grew:	how often one of these four went outward after the first copy
 * @outcomes:	copies by what became of them
 *
 * Records are never freed or moved while the module is loaded. What is above
 * @last_ns does not change once @filled is set, @first apart, which @concluded guards.
 */
struct ucg_violation {
	atomic64_t	key;
	bool		filled;
	bool		concluded;
	bool		told;
	u32		id;
	u8		kind;
	u8		first;
	u8		policy;
	bool		to_user;
	bool		denied;
	pid_t		pid;
	char		comm[TASK_COMM_LEN];
	char		cache[UCG_NAME_MAX + 1];
	char		merge_id[UCG_MERGE_ID_MAX + 1];
	u32		merged;
	unsigned long	offset;
	unsigned long	n;
	unsigned long	object_size;
	u32		useroffset;
	u32		usersize;
	unsigned long	caller;
	unsigned long	stack[UCG_STACK_LEN];
	u32		stack_len;
	u64		first_ns;
	u64		last_ns;
	atomic_long_t	min;
	atomic_long_t	max;
	atomic_long_t	min_n;
	atomic_long_t	max_n;
	atomic_t	grew;
	atomic64_t	outcomes[UCG_NR_OUTCOMES];
};

int ucg_violation_init(unsigned int records);
void ucg_violation_exit(void);
struct ucg_violation *ucg_violation_note(const struct ucg_finding *f, unsigned long caller);
bool ucg_violation_conclude(struct ucg_violation *v, enum ucg_outcome outcome);
struct ucg_violation *ucg_violation_at(unsigned int index);
unsigned int ucg_violation_slots(void);
u64 ucg_violation_not_listed(void);
u64 ucg_violation_count(const struct ucg_violation *v);

#endif /* _UCG_VIOLATION_H */
