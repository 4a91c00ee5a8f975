// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of distinct violations: records that are filled first, and then entered into an open
 * hash table; written from any context without a lock.
 *
 * A record is found by the address of its code. When that goes with its module the record is taken
 * out of the table, and stays in the store; it is entered again when the same code is back,
 * wherever it is then.
 */
#include <linux/atomic.h>
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <linux/vmalloc.h>

#include "whitelist/judge.h"
#include "whitelist/name.h"

#include "cache.h"
#include "finding.h"
#include "layout.h"
#include "limits.h"
#include "object.h"
#include "violation.h"

/* No violation's key: its code is not loaded. */
#define UCG_KEY_GONE	1

/* A place in the table from which a record was taken out; the search goes on behind it. */
#define UCG_TAKEN_OUT	((struct ucg_violation *)1)

static struct ucg_violation *records;
static unsigned int nr_records;
static atomic_t used = ATOMIC_INIT(0);
/* One that was filled, while another CPU entered the same. */
static struct ucg_violation *spare;

/* Records of code that is not loaded. When all are in use, one more is there to find these by. */
static atomic_t nr_gone = ATOMIC_INIT(0);
static atomic_t scratch_taken = ATOMIC_INIT(0);

static struct ucg_violation **table;
static unsigned int table_size;		/* power of two */
static atomic64_t not_listed = ATOMIC64_INIT(0);
/* What became of these. */
static atomic64_t unlisted_outcomes[UCG_NR_OUTCOMES];

/*
 * While the function graph tracer follows __check_object_size(), the return address
 * is one of its own. The unwinder knows the real one; this is the tracer's, once seen.
 */
static unsigned long tracer_return;

static u64 mix(u64 hash, u64 value)
{
	hash = (hash ^ value) * GOLDEN_RATIO_64;
	return hash ^ (hash >> 32);
}

/* What makes a violation distinct, in one word. @module: if that is part of it. */
static u64 violation_key(const struct ucg_finding *f, unsigned long caller, const char *module)
{
	u64 hash = 0;

	if (f->cache) {
		hash = ucg_name_hash(ucg_cache_name(f->cache));
		hash = mix(hash, (u64)f->useroffset << 32 | f->usersize);
		hash = mix(hash, f->object_size);
	}
	if (module)
		hash = mix(hash, ucg_name_hash(module));
	hash = mix(hash, caller);
	hash = mix(hash, f->kind << 2 | f->denied << 1 | f->to_user);
	return hash > UCG_KEY_GONE ? hash : hash + 2;
}

static void fill_cache(struct ucg_violation *v, const struct ucg_finding *f)
{
	struct ucg_cache_id id;

	if (!f->cache)
		return;
	ucg_cache_identify(f->cache, &id);
	strscpy(v->cache, id.name, sizeof(v->cache));
	if (id.merge_id)
		strscpy(v->merge_id, id.merge_id, sizeof(v->merge_id));
	v->merged = max(ucg_cache_refcount(f->cache), 1) - 1;
}

/* All but the site, which is there. */
static void fill(struct ucg_violation *v, const struct ucg_finding *f)
{
	v->kind = f->kind;
	v->to_user = f->to_user;
	v->denied = f->denied;
	v->pid = current->pid;
	v->uid = from_kuid(&init_user_ns, current_uid());
	v->auid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	v->ses = audit_get_sessionid(current);
	memcpy(v->comm, current->comm, sizeof(v->comm));
	v->comm[sizeof(v->comm) - 1] = '\0';
	fill_cache(v, f);
	v->offset = f->offset;
	v->n = f->n;
	v->object_size = f->object_size;
	v->useroffset = f->useroffset;
	v->usersize = f->usersize;
	v->first_ns = ktime_get_boot_fast_ns();
	v->last_ns = v->first_ns;
	atomic_long_set(&v->min, f->offset);
	atomic_long_set(&v->max, f->offset + f->n);
	atomic_long_set(&v->min_n, f->n);
	atomic_long_set(&v->max_n, f->n);
	ucg_ranges_add(&v->ranges, f->offset, f->n);
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
	ucg_ranges_add(&v->ranges, f->offset, f->n);
	WRITE_ONCE(v->last_ns, ktime_get_boot_fast_ns());
}

static struct ucg_violation *lookup(u64 key)
{
	unsigned int i;

	for (i = 0; i < UCG_VIOLATION_PROBES; i++) {
		/* Pairs with enter(). */
		struct ucg_violation *v = smp_load_acquire(&table[(key + i) & (table_size - 1)]);

		if (!v)
			return NULL;
		if (v != UCG_TAKEN_OUT && atomic64_read(&v->key) == key)
			return v;
	}
	return NULL;
}

/* Enter a record. Returns the one that is there for its key now, or NULL if there is no room. */
static struct ucg_violation *enter(struct ucg_violation *new, u64 key)
{
	unsigned int i = 0;

	while (i < UCG_VIOLATION_PROBES) {
		struct ucg_violation **slot = &table[(key + i) & (table_size - 1)];
		/* Pairs with the cmpxchg below, by whoever was first. */
		struct ucg_violation *v = smp_load_acquire(slot);

		if (v && v != UCG_TAKEN_OUT) {
			if (atomic64_read(&v->key) == key)
				return v;
			i++;
			continue;
		}
		/* Pairs with the acquires of all who search. If it is taken, look who it is. */
		if (cmpxchg(slot, v, new) == v)
			return new;
	}
	return NULL;
}

static struct ucg_violation *take_record(void)
{
	struct ucg_violation *v = xchg(&spare, NULL);
	int nr;

	if (v) {
		u32 id = v->id;

		memset(v, 0, sizeof(*v));
		v->id = id;
		return v;
	}
	nr = atomic_fetch_add_unless(&used, 1, nr_records);
	if (nr >= nr_records)
		return NULL;
	v = &records[nr];
	v->id = nr + 1;
	return v;
}

static bool is_scratch(const struct ucg_violation *v)
{
	return v == &records[nr_records];
}

/* There is no room; but the same code may have had a record when it was loaded before. */
static struct ucg_violation *take_scratch(void)
{
	struct ucg_violation *v = &records[nr_records];

	if (!atomic_read(&nr_gone) || atomic_cmpxchg(&scratch_taken, 0, 1))
		return NULL;
	memset(v, 0, sizeof(*v));
	return v;
}

/* The record of the same violation by the same code, from when its module was loaded before. */
static struct ucg_violation *find_gone(const struct ucg_violation *new)
{
	unsigned int i, nr = min_t(unsigned int, atomic_read(&used), nr_records);

	for (i = 0; i < nr; i++) {
		struct ucg_violation *v = &records[i];

		if (atomic64_read(&v->key) == UCG_KEY_GONE && v->kind == new->kind &&
		    v->to_user == new->to_user && v->denied == new->denied &&
		    v->by_module == new->by_module && v->usersize == new->usersize &&
		    v->useroffset == new->useroffset && v->site.offset == new->site.offset &&
		    (!v->cache[0] || v->object_size == new->object_size) &&
		    v->site.size == new->site.size && !strcmp(v->cache, new->cache) &&
		    !strcmp(v->site.function, new->site.function) &&
		    !strcmp(v->site.caller, new->site.caller) &&
		    !strcmp(v->site.module, new->site.module) &&
		    !strcmp(v->site.srcversion, new->site.srcversion))
			return v;
	}
	return NULL;
}

static void give_back(struct ucg_violation *v)
{
	if (is_scratch(v)) {
		atomic_set_release(&scratch_taken, 0);
		return;
	}
	/* If there is one already this is lost; so be it. */
	if (cmpxchg(&spare, NULL, v))
		atomic64_set(&v->key, 0);
}

static void set_gone(struct ucg_violation *v)
{
	atomic64_set(&v->key, UCG_KEY_GONE);
	atomic_inc(&nr_gone);
}

/* A violation that is not in the table, or was entered just now by another CPU. */
static noinline struct ucg_violation *note_new(const struct ucg_finding *f, unsigned long caller,
					       bool by_module)
{
	struct ucg_violation *v = take_record() ?: take_scratch(), *known, *old;
	s64 gone = UCG_KEY_GONE;
	u64 key;

	if (!v)
		return NULL;
	v->site.address = caller;
	ucg_site_walk(&v->site);
	if (v->site.address != caller)
		WRITE_ONCE(tracer_return, caller);
	ucg_site_find_module(&v->site);
	v->by_module = by_module && !ucg_in_module_space(v->site.address);
	key = violation_key(f, v->site.address, v->by_module ? v->site.module : NULL);
	known = lookup(key);
	if (!known) {
		ucg_site_name(&v->site);
		fill(v, f);
		known = find_gone(v);
		if (known && atomic64_try_cmpxchg(&known->key, &gone, key)) {
			atomic_dec(&nr_gone);
			old = known;
			old->site.address = v->site.address;
			known = enter(old, key);
			/*
			 * Another CPU was faster with a new one: this one stays, for the
			 * next time.
			 */
			if (known != old)
				set_gone(old);
		} else if (is_scratch(v)) {
			known = NULL;
		} else {
			atomic64_set(&v->key, key);
			known = enter(v, key);
		}
	}
	if (known == v)
		return v;
	give_back(v);
	if (known)
		widen(known, f);
	return known;
}

/* The key when the stack has to be looked at: for the module there, or because of a tracer. */
static noinline u64 walked_key(const struct ucg_finding *f, unsigned long caller, bool by_module)
{
	struct ucg_site site;

	site.address = caller;
	ucg_site_walk(&site);
	if (!by_module || ucg_in_module_space(site.address))
		return violation_key(f, site.address, NULL);
	ucg_site_find_module(&site);
	return violation_key(f, site.address, site.module);
}

/**
 * ucg_violation_note - enter a violation into the store
 * @f:		what was found
 * @caller:	call site, as the return address of the check has it
 * @by_module:	tell apart what different modules have the kernel's own code copy; code in a module
 *		copies for that one
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 * Return: its record, new or known; NULL if the store is full.
 */
struct ucg_violation *ucg_violation_note(const struct ucg_finding *f, unsigned long caller,
					 bool by_module)
{
	struct ucg_violation *v;

	/* Mostly it is known, and the stack is of no interest. */
	if (unlikely(caller == READ_ONCE(tracer_return)) ||
	    (by_module && !ucg_in_module_space(caller)))
		v = lookup(walked_key(f, caller, by_module));
	else
		v = lookup(violation_key(f, caller, NULL));
	if (likely(v)) {
		widen(v, f);
		return v;
	}
	v = note_new(f, caller, by_module);
	if (!v)
		atomic64_inc(&not_listed);
	return v;
}

/* A decision in one word, which CPUs that decide at once do not mix; 0 is none. */
static u32 decision_word(const struct ucg_decision *decision)
{
	return 1U << 31 | decision->in_module << 16 | decision->by << 8 | decision->policy;
}

/**
 * ucg_violation_decided - a decision of a record's
 * @decided:	where the record has it
 *
 * Context: any.
 * Return: the decision, of one copy.
 */
struct ucg_decision ucg_violation_decided(const u32 *decided)
{
	u32 word = READ_ONCE(*decided);

	return (struct ucg_decision){
		.policy = (u8)word, .by = (u8)(word >> 8), .in_module = word >> 16 & 1,
	};
}

/**
 * ucg_violation_conclude - count what became of a copy
 * @v:		record of the violation
 * @outcome:	what became of it
 * @decision:	what decided about it
 *
 * Context: any, NMI too.
 * Return: true if it is the first one of this outcome, which can be told from now on.
 */
bool ucg_violation_conclude(struct ucg_violation *v, enum ucg_outcome outcome,
			    const struct ucg_decision *decision)
{
	u32 decided = decision_word(decision);
	s64 none = 0;

	WRITE_ONCE(v->decided, decided);
	atomic64_inc(&v->outcomes[outcome]);
	if (likely(atomic64_read(&v->outcome_ns[outcome])))
		return false;
	cmpxchg(&v->decided_at[outcome], 0, decided);
	/* Pairs with the acquire in ucg_violation_at(). */
	return atomic64_try_cmpxchg(&v->outcome_ns[outcome], &none,
				    ktime_get_boot_fast_ns() ?: 1);
}

/**
 * ucg_violation_first - which outcome occurred first
 * @v:	the record, from ucg_violation_at()
 *
 * Context: any.
 * Return: the outcome.
 */
enum ucg_outcome ucg_violation_first(const struct ucg_violation *v)
{
	enum ucg_outcome first = 0;
	u64 first_ns = U64_MAX;
	int i;

	for (i = 0; i < UCG_NR_OUTCOMES; i++) {
		u64 ns = atomic64_read(&v->outcome_ns[i]);

		if (ns && ns < first_ns) {
			first_ns = ns;
			first = i;
		}
	}
	return first;
}

/* Has the kernel's own code copied for that module? */
static bool copied_for(const struct ucg_violation *v, const struct module *module)
{
#ifdef CONFIG_MODULES
	return !strcmp(v->site.module, module->name);
#else
	return false;
#endif
}

/**
 * ucg_violation_forget - code goes: what is at its addresses from now on is other code
 * @module:	the module
 * @init:	only what it needed to come up
 *
 * What the kernel's own code has copied for it goes as well: another build of it, under the same
 * name, is another one.
 *
 * Context: process; while none of this code runs.
 */
void ucg_violation_forget(const struct module *module, bool init)
{
	unsigned int i;

	for (i = 0; i < table_size; i++) {
		struct ucg_violation *v = READ_ONCE(table[i]);
		unsigned long address;

		if (!v || v == UCG_TAKEN_OUT)
			continue;
		address = v->site.address;
		if (init ? !within_module_init(address, module) :
			   !within_module(address, module) && !copied_for(v, module))
			continue;
		/* Out of the table first: who finds a record that has gone enters it anew. */
		WRITE_ONCE(table[i], UCG_TAKEN_OUT);
		set_gone(v);
	}
}

/**
 * ucg_violation_slots - how many records ucg_violation_at() can be asked for
 *
 * Context: any.
 */
unsigned int ucg_violation_slots(void)
{
	return min_t(unsigned int, atomic_read(&used), nr_records);
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
	struct ucg_violation *v = &records[index];
	int i;

	/* Pairs with the cmpxchg in ucg_violation_conclude(). */
	for (i = 0; i < UCG_NR_OUTCOMES; i++)
		if (atomic64_read_acquire(&v->outcome_ns[i]))
			return v;
	return NULL;
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
 * ucg_violation_conclude_unlisted - count what became of a copy that had no room in the store
 * @outcome:	what became of it
 *
 * Context: any, NMI too.
 */
void ucg_violation_conclude_unlisted(enum ucg_outcome outcome)
{
	atomic64_inc(&unlisted_outcomes[outcome]);
}

/**
 * ucg_violation_unlisted - copies with an outcome that had no room in the store
 * @outcome:	what became of them
 *
 * Context: any.
 */
u64 ucg_violation_unlisted(enum ucg_outcome outcome)
{
	return atomic64_read(&unlisted_outcomes[outcome]);
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
 * @nr:	for how many distinct violations
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ucg_violation_init(unsigned int nr)
{
	nr_records = nr;
	/* At most 3/4 full, so that a free place is found soon. */
	table_size = roundup_pow_of_two(nr + nr / 3);
	table = vzalloc(array_size(table_size, sizeof(*table)));
	records = vzalloc(array_size(nr + 1, sizeof(*records)));
	if (table && records)
		return 0;
	vfree(records);
	vfree(table);
	return -ENOMEM;
}

/**
 * ucg_violation_exit - give the room back
 *
 * Context: process, may sleep; when nothing writes to the store any more.
 */
void ucg_violation_exit(void)
{
	unsigned int i;

	for (i = 0; i < ucg_violation_slots(); i++)
		kfree(records[i].stack_text);
	vfree(records);
	vfree(table);
}
