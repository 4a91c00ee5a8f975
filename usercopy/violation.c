// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of distinct violations: an open hash table that only grows fuller,
 * written from any context without a lock.
 */
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "cache.h"
#include "finding.h"
#include "hash.h"
#include "layout.h"
#include "limits.h"
#include "object.h"
#include "violation.h"

static struct ucg_violation *table;
static unsigned int table_size;		/* power of two */
static atomic_t used = ATOMIC_INIT(0);
static atomic64_t not_listed = ATOMIC64_INIT(0);

/* What makes a violation distinct, in one word that is never 0. */
static u64 violation_key(const struct ucg_finding *f, unsigned long caller)
{
	u64 hash = ucg_hash_name(f->cache ? ucg_cache_name(f->cache) : "");

	hash ^= caller * GOLDEN_RATIO_64;
	hash = (hash ^ (hash >> 32)) * GOLDEN_RATIO_64;
	hash ^= (f->kind << 1 | f->to_user) * 0x9e3779b97f4a7c55ULL;
	hash = (hash ^ (hash >> 29)) * GOLDEN_RATIO_64;
	return hash ?: 1;
}

/*
 * While the function graph tracer follows __check_object_size(), the return address
 * is one of its own. The unwinder knows the real one; this is the tracer's, once seen.
 */
static unsigned long tracer_return;

/**
 * struct call - where a violation came from
 * @site:	call site
 * @stack:	the stack from there
 * @len:	its frames; 0 if it was not looked at
 */
struct call {
	unsigned long site;
	unsigned long stack[UCG_STACK_LEN];
	unsigned int len;
};

/*
 * The guard's own frames and the kernel's check, which come before the call site, say
 * nothing. A site that is not on the stack is a tracer's.
 */
static void unwind(struct call *call)
{
	unsigned int from;

	call->len = stack_trace_save(call->stack, UCG_STACK_LEN, 0);
	for (from = 0; from < call->len; from++)
		if (call->stack[from] == call->site)
			break;
	if (from == call->len) {
		WRITE_ONCE(tracer_return, call->site);
		for (from = 0; from < call->len; from++)
			if (ucg_in_check_entry(call->stack[from]))
				break;
		/* The caller's frame is the next one. */
		if (++from >= call->len) {
			call->len = 0;
			return;
		}
		call->site = call->stack[from];
	}
	call->len -= from;
	memmove(call->stack, call->stack + from, call->len * sizeof(call->stack[0]));
}

static void fill(struct ucg_violation *v, unsigned int nr, const struct ucg_finding *f,
		 const struct call *call)
{
	struct ucg_cache_id id;

	v->id = nr;
	v->kind = f->kind;
	v->policy = f->policy;
	v->to_user = f->to_user;
	v->denied = f->denied;
	v->pid = current->pid;
	memcpy(v->comm, current->comm, sizeof(v->comm));
	v->comm[sizeof(v->comm) - 1] = '\0';
	if (f->cache) {
		ucg_cache_identify(f->cache, &id);
		strscpy(v->cache, id.name, sizeof(v->cache));
		if (id.merge_id)
			strscpy(v->merge_id, id.merge_id, sizeof(v->merge_id));
		v->merged = max(ucg_cache_refcount(f->cache), 1) - 1;
	}
	v->offset = f->offset;
	v->n = f->n;
	v->object_size = f->object_size;
	v->useroffset = f->useroffset;
	v->usersize = f->usersize;
	v->caller = call->site;
	v->stack_len = call->len;
	memcpy(v->stack, call->stack, call->len * sizeof(v->stack[0]));
	v->first_ns = ktime_get_boot_fast_ns();
	v->last_ns = v->first_ns;
	atomic_long_set(&v->min, f->offset);
	atomic_long_set(&v->max, f->offset + f->n);
	atomic_long_set(&v->min_n, f->n);
	atomic_long_set(&v->max_n, f->n);
	/* Pairs with the acquire in ucg_violation_at() and ucg_violation_note(). */
	smp_store_release(&v->filled, true);
}

/* Lower @bound to @value, or raise it. Returns whether it moved. */
static bool lower(atomic_long_t *bound, unsigned long value)
{
	long old = atomic_long_read(bound);

	while (value < (unsigned long)old)
		if (atomic_long_try_cmpxchg(bound, &old, value))
			return true;
	return false;
}

static bool raise(atomic_long_t *bound, unsigned long value)
{
	long old = atomic_long_read(bound);

	while (value > (unsigned long)old)
		if (atomic_long_try_cmpxchg(bound, &old, value))
			return true;
	return false;
}

static void widen(struct ucg_violation *v, const struct ucg_finding *f)
{
	bool grew = lower(&v->min, f->offset);

	grew |= raise(&v->max, f->offset + f->n);
	grew |= raise(&v->max_n, f->n);
	lower(&v->min_n, f->n);
	if (grew)
		atomic_inc(&v->grew);
	WRITE_ONCE(v->last_ns, ktime_get_boot_fast_ns());
}

/*
 * The record of @key, or a free one that has just been taken for it if @call says
 * what to fill it with. NULL if there is neither.
 */
static struct ucg_violation *lookup(u64 key, const struct ucg_finding *f, const struct call *call)
{
	unsigned int i;

	for (i = 0; i < UCG_VIOLATION_PROBES; i++) {
		struct ucg_violation *v = &table[(key + i) & (table_size - 1)];
		s64 found = atomic64_read(&v->key);

		if (!found) {
			if (!call || atomic_read(&used) >= table_size / 4 * 3)
				return NULL;
			if (atomic64_try_cmpxchg(&v->key, &found, key)) {
				fill(v, atomic_inc_return(&used), f, call);
				return v;
			}
		}
		if (found == key) {
			/* Pairs with fill(); if that is not done yet, its bounds will do. */
			if (smp_load_acquire(&v->filled))
				widen(v, f);
			return v;
		}
	}
	return NULL;
}

/**
 * ucg_violation_note - enter a violation into the store
 * @f:		what was found
 * @caller:	call site, as the return address of the check has it
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 * Return: its record, new or known; NULL if the store is full.
 */
struct ucg_violation *ucg_violation_note(const struct ucg_finding *f, unsigned long caller)
{
	struct call call = { .site = caller };
	struct ucg_violation *v = NULL;

	/* Mostly it is known, and the stack is of no interest. */
	if (caller != READ_ONCE(tracer_return))
		v = lookup(violation_key(f, caller), f, NULL);
	if (!v) {
		unwind(&call);
		v = lookup(violation_key(f, call.site), f, &call);
	}
	if (!v)
		atomic64_inc(&not_listed);
	return v;
}

/**
 * ucg_violation_conclude - count what became of a copy
 * @v:		record of the violation
 * @outcome:	what became of it
 *
 * Context: any, NMI too.
 * Return: true if it is the first one of the record, which can be told from now on. Of two at
 * once both may be.
 */
bool ucg_violation_conclude(struct ucg_violation *v, enum ucg_outcome outcome)
{
	atomic64_inc(&v->outcomes[outcome]);
	if (likely(READ_ONCE(v->concluded)))
		return false;
	v->first = outcome;
	/* Pairs with the acquire in ucg_violation_at(). */
	smp_store_release(&v->concluded, true);
	return true;
}

/**
 * ucg_violation_slots - how many records ucg_violation_at() can be asked for
 *
 * Context: any.
 */
unsigned int ucg_violation_slots(void)
{
	return table_size;
}

/**
 * ucg_violation_at - a record by its place
 * @index:	0 to ucg_violation_slots() - 1
 *
 * Context: any.
 * Return: the record, or NULL if none is there or its first outcome is not known.
 */
struct ucg_violation *ucg_violation_at(unsigned int index)
{
	struct ucg_violation *v = &table[index];

	/* Pairs with the releases of fill() and ucg_violation_conclude(). */
	if (!smp_load_acquire(&v->filled) || !smp_load_acquire(&v->concluded))
		return NULL;
	return v;
}

/**
 * ucg_violation_not_listed - copies that violated and had no room in the store
 *
 * Context: any.
 */
u64 ucg_violation_not_listed(void)
{
	return atomic64_read(&not_listed);
}

/**
 * ucg_violation_count - copies that a record stands for
 * @v:	the record
 *
 * Context: any.
 */
u64 ucg_violation_count(const struct ucg_violation *v)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < UCG_NR_OUTCOMES; i++)
		sum += atomic64_read(&v->outcomes[i]);
	return sum;
}

/**
 * ucg_violation_init - make room
 * @records:	for how many distinct violations
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ucg_violation_init(unsigned int records)
{
	/* At most 3/4 full, so that a free record is found soon. */
	table_size = roundup_pow_of_two(records + records / 3);
	table = vzalloc(array_size(table_size, sizeof(*table)));
	return table ? 0 : -ENOMEM;
}

/**
 * ucg_violation_exit - give the room back
 *
 * Context: process, may sleep; when nothing writes to the store any more.
 */
void ucg_violation_exit(void)
{
	vfree(table);
}
