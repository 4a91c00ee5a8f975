// SPDX-License-Identifier: GPL-2.0-only
/*
 * How slab caches are used (use.h): a table of fixed size that only grows fuller, written from any
 * context without a lock.
 *
 * A good copy is passed in a few instructions, in which nothing can be noted. So every few seconds
 * all copies of slab objects take the long way, for some milliseconds.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "whitelist/name.h"
#include "whitelist/whitelist.h"

#include "cache.h"
#include "change.h"
#include "compat.h"
#include "finding.h"
#include "use.h"

#define CREATE_TRACE_POINTS
#include "trace_use.h"

static struct ucg_use *uses;
static atomic_t used = ATOMIC_INIT(0);
static struct ucg_use **table;
static bool sampling;

static DEFINE_MUTEX(want_lock);
static bool wanted __guarded_by(&want_lock);

static void open_window(struct work_struct *work);
static void close_window(struct work_struct *work);
static DECLARE_DELAYED_WORK(open_work, open_window);
static DECLARE_DELAYED_WORK(close_work, close_window);

static struct ucg_use **slot_of(const char *cache)
{
	u64 hash = ucg_name_hash(cache);
	unsigned int i;

	/* Twice as many places as entries: there is a free one. */
	for (i = 0; i < UCG_USE_SLOTS; i++) {
		struct ucg_use **slot = &table[(hash + i) % UCG_USE_SLOTS];
		/* Pairs with the cmpxchg in note(). */
		struct ucg_use *use = smp_load_acquire(slot);

		if (!use || !strcmp(use->cache, cache))
			return slot;
	}
	return NULL;
}

static struct ucg_use *new_use(const struct ucg_finding *f)
{
	int nr = atomic_fetch_add_unless(&used, 1, UCG_USES_MAX);
	struct ucg_cache_id id;
	struct ucg_use *use;

	if (nr >= UCG_USES_MAX)
		return NULL;
	use = &uses[nr];
	ucg_cache_identify(f->cache, &id);
	strscpy(use->cache, id.name, sizeof(use->cache));
	if (id.merge_id)
		strscpy(use->merge_id, id.merge_id, sizeof(use->merge_id));
	return use;
}

/* The entry of a finding's cache. NULL if there is no room for it. */
static struct ucg_use *note(const struct ucg_finding *f)
{
	struct ucg_use **slot, *use = NULL;

	for (;;) {
		slot = slot_of(ucg_cache_name(f->cache));
		if (!slot || *slot)
			break;
		if (!use)
			use = new_use(f);
		if (!use || !cmpxchg(slot, NULL, use))
			return use;
	}
	/* If another CPU was first, the new one is lost, and empty: it is never shown. */
	return slot ? *slot : NULL;
}

static enum ucg_dir dir_of(const struct ucg_finding *f)
{
	return f->to_user ? UCG_DIR_TO : UCG_DIR_FROM;
}

/**
 * ucg_use_ruled - a copy was let through that only a rule allows
 * @f:		what was found
 * @caller:	call site
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 */
void ucg_use_ruled(const struct ucg_finding *f, unsigned long caller)
{
	struct ucg_use *use = note(f);

	/* Whether there is room to count it or not. */
	trace_usercopy_ruled(f, caller);
	if (!use)
		return;
	atomic64_inc(&use->ruled[dir_of(f)]);
	WRITE_ONCE(use->ruled_ns, ktime_get_boot_fast_ns());
}

/**
 * ucg_use_seen - a good copy was seen
 * @f:	what was found; its offset in the object is known
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 */
void ucg_use_seen(const struct ucg_finding *f)
{
	struct ucg_use *use = note(f);

	if (!use)
		return;
	ucg_ranges_add(&use->ranges[dir_of(f)], f->offset, f->n);
	WRITE_ONCE(use->last_ns[dir_of(f)], ktime_get_boot_fast_ns());
}

/**
 * ucg_use_sampling - is a window open?
 *
 * Context: any, NMI too.
 */
bool ucg_use_sampling(void)
{
	return READ_ONCE(sampling);
}

/**
 * ucg_use_of - the entry of a cache
 * @cache:	its name
 *
 * Context: any.
 * Return: the entry, or NULL if there is none.
 */
const struct ucg_use *ucg_use_of(const char *cache)
{
	struct ucg_use **slot = slot_of(cache);

	/* Pairs with the cmpxchg in note(). */
	return slot ? smp_load_acquire(slot) : NULL;
}

/**
 * ucg_use_at - an entry by its place
 * @index:	0 to UCG_USE_SLOTS - 1
 *
 * Context: any.
 * Return: the entry, or NULL if none is there.
 */
const struct ucg_use *ucg_use_at(unsigned int index)
{
	/* Pairs with the cmpxchg in note(). */
	return smp_load_acquire(&table[index]);
}

static void open_window(struct work_struct *work)
{
	WRITE_ONCE(sampling, true);
	static_branch_inc(&ucg_look_closer);
	schedule_delayed_work(&close_work, msecs_to_jiffies(UCG_SAMPLE_MS));
}

static void close_window(struct work_struct *work)
{
	static_branch_dec(&ucg_look_closer);
	WRITE_ONCE(sampling, false);
	schedule_delayed_work(&open_work, UCG_SAMPLE_SECONDS * HZ);
}

static void stop_sampling(void)
{
	/* Each of the two queues the other, at its end: the one that is left is opening. */
	cancel_delayed_work_sync(&open_work);
	if (cancel_delayed_work_sync(&close_work))
		close_window(NULL);
	cancel_delayed_work_sync(&open_work);
}

/**
 * ucg_use_wanted - are good copies sampled?
 *
 * Context: any.
 */
bool ucg_use_wanted(void)
{
	return READ_ONCE(wanted);
}

/**
 * ucg_use_want - sample good copies, or do not
 * @on:	true to sample
 *
 * Context: process, may sleep.
 * Return: 0.
 */
int ucg_use_want(bool on)
{
	mutex_lock(&want_lock);
	if (on != wanted) {
		WRITE_ONCE(wanted, on);
		if (on)
			schedule_delayed_work(&open_work, 0);
		else
			stop_sampling();
		ucg_change_tell("evidence", on ? "0" : "1", on ? "1" : "0");
	}
	mutex_unlock(&want_lock);
	return 0;
}

/**
 * ucg_use_init - make room
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ucg_use_init(void)
{
	table = vzalloc(array_size(UCG_USE_SLOTS, sizeof(*table)));
	uses = vzalloc(array_size(UCG_USES_MAX, sizeof(*uses)));
	if (table && uses)
		return 0;
	vfree(uses);
	vfree(table);
	return -ENOMEM;
}

/**
 * ucg_use_exit - sample no more, and give the room back
 *
 * Context: process, may sleep; when no copy is judged any more.
 */
void ucg_use_exit(void)
{
	if (wanted)
		stop_sampling();
	vfree(uses);
	vfree(table);
}
