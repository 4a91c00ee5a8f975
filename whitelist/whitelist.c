// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whitelist that is loaded now (whitelist.h): published under RCU, changed by one writer at a
 * time, by the securityfs file (file.c), by drivers (driver.c), and when modules come and go.
 */
#define pr_fmt(fmt) "usercopy_guard: whitelist: " fmt

#include <linux/atomic.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "../usercopy/change.h"
#include "../usercopy/compat.h"
#include "../usercopy/limits.h"
#include "../usercopy/policy.h"
#include "alias.h"
#include "compare.h"
#include "edit.h"
#include "print.h"
#include "ruleset.h"
#include "seal.h"
#include "whitelist.h"

/* A replaced set that waits for its readers. */
struct retired {
	struct rcu_work work;
	struct ucg_ruleset *set;
};

/* Writers, one at a time; guards current_set against change. */
static DEFINE_MUTEX(writers);
static struct ucg_ruleset __rcu *current_set __guarded_by(RCU);
DEFINE_STATIC_KEY_FALSE(ucg_look_closer);

static struct workqueue_struct *wq;
static atomic_t nr_retired = ATOMIC_INIT(0);

static void follow_names(struct work_struct *work);
static void follow_names_soon(struct irq_work *work);
static DECLARE_DELAYED_WORK(follow_names_work, follow_names);
static DEFINE_IRQ_WORK(follow_names_irq_work, follow_names_soon);

static struct ucg_ruleset *current_set_of_writer(void)
{
	return rcu_dereference_protected(current_set, lockdep_is_held(&writers));
}

/**
 * ucg_whitelist_judge - is a copy from or to an object of a slab cache allowed?
 * @id: the cache
 * @offset: where the copy starts, in bytes from the start of the object
 * @len: how many bytes it copies
 * @to_user: its direction
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: enum ucg_rule_verdict.
 */
enum ucg_rule_verdict ucg_whitelist_judge(const struct ucg_cache_id *id, u32 offset, u32 len,
					  bool to_user)
{
	enum ucg_rule_verdict verdict;

	rcu_read_lock_sched_notrace();
	verdict = ucg_ruleset_judge(rcu_dereference_sched(current_set), id, offset, len, to_user);
	rcu_read_unlock_sched_notrace();
	return verdict;
}

/**
 * ucg_whitelist_missed - a copy of a slab object violated: may there be a rule that nobody asked?
 * @id:	the cache
 *
 * So it is with one that was created, or merged with others, since names were last followed. Then they
 * are followed soon, whatever the rules are about: a region, or a policy.
 *
 * Context: any, NMI too; no lock, no allocation.
 */
void ucg_whitelist_missed(const struct ucg_cache_id *id)
{
	bool missed;

	/* Soon enough. */
	if (delayed_work_pending(&follow_names_work))
		return;
	rcu_read_lock_sched_notrace();
	missed = ucg_ruleset_may_miss(rcu_dereference_sched(current_set), id);
	rcu_read_unlock_sched_notrace();
	if (missed && READ_ONCE(wq))
		irq_work_queue(&follow_names_irq_work);
}

/**
 * ucg_whitelist_current - the rules in force, for more than one question
 *
 * Context: any, NMI too; with preemption off, and the set stays until it is on again.
 * Return: the set, or NULL for no rules.
 */
const struct ucg_ruleset *ucg_whitelist_current(void)
{
	return rcu_dereference_sched(current_set);
}

/**
 * ucg_whitelist_policy - the policy that rules have for a copy
 * @query: the copy
 * @by: whose policy it is
 *
 * Context: any, NMI too; no lock, no allocation.
 * Return: enum ucg_policy, or -1 if no rule has one.
 */
int ucg_whitelist_policy(struct ucg_policy_query *query, enum ucg_subject *by)
{
	int policy;

	rcu_read_lock_sched_notrace();
	policy = ucg_ruleset_policy(rcu_dereference_sched(current_set), query, by);
	rcu_read_unlock_sched_notrace();
	return policy;
}

/**
 * ucg_whitelist_stats - figures for the status file
 * @stats: where to put them
 *
 * Context: process.
 */
void ucg_whitelist_stats(struct ucg_whitelist_stats *stats)
{
	const struct ucg_ruleset *set;

	*stats = (struct ucg_whitelist_stats){};
	rcu_read_lock();
	set = rcu_dereference(current_set);
	if (set) {
		stats->rules = set->nr_rules;
		stats->driver_rules = set->nr_driver;
		stats->caches = set->nr_of[UCG_SUBJECT_CACHE];
		stats->merged = set->nr_merged;
		stats->bytes = set->bytes;
	}
	rcu_read_unlock();
}

static void free_retired(struct work_struct *work)
{
	struct retired *retired = container_of(to_rcu_work(work), struct retired, work);

	ucg_ruleset_free(retired->set);
	kfree(retired);
	atomic_dec(&nr_retired);
}

/* Free the set that @new has replaced, when no reader is left in it. */
static void retire(struct retired *retired, struct ucg_ruleset *old,
		   const struct ucg_ruleset *new)
{
	if (!old) {
		kfree(retired);
		return;
	}
	ucg_ruleset_retire(old, new);
	retired->set = old;
	atomic_inc(&nr_retired);
	INIT_RCU_WORK(&retired->work, free_retired);
	/* Drivers that are built in may call before there is a workqueue. */
	if (wq) {
		queue_rcu_work(wq, &retired->work);
	} else {
		synchronize_rcu();
		free_retired(&retired->work.work);
	}
}

static bool denies(const struct ucg_ruleset *set)
{
	return set && set->nr_denies;
}

static void publish(struct ucg_ruleset *new, struct retired *retired)
{
	struct ucg_ruleset *old = current_set_of_writer();

	lockdep_assert_held(&writers);
	/* Never a deny rule that the check does not ask for. */
	if (denies(new) && !denies(old))
		static_branch_inc(&ucg_look_closer);
	rcu_assign_pointer(current_set, new);
	if (denies(old) && !denies(new))
		static_branch_dec(&ucg_look_closer);
	retire(retired, old, new);
}

/* Say openly which other caches a rule reaches. */
static void tell_merged(const struct ucg_ruleset *old, const struct ucg_ruleset *new)
{
	const struct ucg_merged *was, *is;
	u32 i;

	for (i = 0; i < new->nr; i++) {
		is = ucg_ruleset_merged(new, new->entries[i]);
		was = ucg_ruleset_merged(old, new->entries[i]);
		if (!is || is->shared < 2)
			continue;
		if (was && was->shared > 1 && !strcmp(was->all->name, is->all->name))
			continue;
		pr_notice_ratelimited("rules for '%s' reach all of merged slab cache %s: %s\n",
				      new->entries[i]->name, is->all->name, is->names);
	}
}

/* Do all names lead where they led before? */
static bool same_links(const struct ucg_ruleset *old, const struct ucg_ruleset *new)
{
	const struct ucg_merged *was, *is;
	u32 i;

	for (i = 0; i < new->nr; i++) {
		is = ucg_ruleset_merged(new, new->entries[i]);
		was = ucg_ruleset_merged(old, new->entries[i]);
		if (!is != !was)
			return false;
		if (is && (is->shared != was->shared || strcmp(is->all->name, was->all->name) ||
			   strcmp(is->names ?: "", was->names ?: "")))
			return false;
	}
	return true;
}

static int read_aliases(const struct ucg_change *change, struct ucg_aliases *aliases)
{
	*aliases = (struct ucg_aliases){};
	if (!wq)
		return 0;
	return change->in_worker ? ucg_aliases_read(aliases)
				 : ucg_aliases_read_from(wq, aliases);
}

/* Build the set that follows the current one, ready to be published. */
static int build(const struct ucg_change *change, struct ucg_ruleset *new,
		 const struct ucg_aliases *aliases)
{
	int err = change->apply ? change->apply(new, change->arg) : 0;

	if (!err)
		err = ucg_aliases_link(aliases, new);
	return err ?: ucg_ruleset_seal(new);
}

/*
 * Publish, unless that is locked. The switches stay as they are meanwhile: what is let through is
 * not published when the lock is set, nor compared with a policy that is no longer the global one.
 */
static int publish_unless_locked(const struct ucg_change *change, const struct ucg_ruleset *old,
				 struct ucg_ruleset *new, struct retired *retired)
{
	int err = 0;

	ucg_policy_hold();
	if (change->administrator && ucg_policy_locked() &&
	    ucg_ruleset_widens(old, new, ucg_policy_get())) {
		pr_warn_ratelimited("locked: the write would loosen something, no rule was changed\n");
		err = -EPERM;
	} else {
		tell_merged(old, new);
		publish(new, retired);
	}
	ucg_policy_release();
	return err;
}

/* Rules are told by their number: the file "whitelist" has the text. */
static void tell_change(u32 before, u32 now)
{
	char was[16], is[16];

	snprintf(was, sizeof(was), "%u rules", before);
	snprintf(is, sizeof(is), "%u rules", now);
	ucg_change_tell("whitelist", was, is);
}

/* Make a change, all or nothing. */
static int make_one_change(const struct ucg_change *change, const struct ucg_aliases *aliases)
{
	struct ucg_ruleset *old = current_set_of_writer();
	struct ucg_ruleset *new = ucg_ruleset_fork(old);
	struct retired *retired = kzalloc(sizeof(*retired), GFP_KERNEL);
	bool wanted = false;
	int err = -ENOMEM;
	u32 before;

	if (new && retired)
		err = build(change, new, aliases);
	if (!err)
		wanted = change->apply || !same_links(old, new);
	/* The old set may be gone when it is replaced. */
	before = old ? old->nr_rules : 0;
	if (wanted)
		err = publish_unless_locked(change, old, new, retired);
	if (err || !wanted) {
		ucg_ruleset_abandon(new);
		kfree(retired);
	} else if (change->administrator) {
		tell_change(before, new->nr_rules);
	}
	return err;
}

static int make_change(const struct ucg_change *change)
{
	const struct ucg_change follow = {};
	struct ucg_aliases aliases;
	int err;

	lockdep_assert_held(&writers);
	/* Before anything is changed: the names of new rules may lead somewhere at once. */
	err = read_aliases(change, &aliases);
	/* What has become of names since is not this write's doing, when that is asked for. */
	if (!err && change->administrator && ucg_policy_locked())
		err = make_one_change(&follow, &aliases);
	if (!err)
		err = make_one_change(change, &aliases);
	ucg_aliases_free(&aliases);
	return err;
}

/* A flood of writes must not outrun the readers. */
static void wait_for_retired(void)
{
	if (atomic_read(&nr_retired) < UCG_RETIRED_MAX)
		return;
	rcu_barrier();
	flush_workqueue(wq);
}

/**
 * ucg_whitelist_change - change the rules, all or nothing
 * @change: who wants what
 *
 * Context: process; may sleep.
 * Return: 0; or, when no rule was changed, what @change's apply() returned, -ENOSPC for too many
 * rules, -EPERM when that is locked, or -ENOMEM.
 */
int ucg_whitelist_change(const struct ucg_change *change)
{
	int err;

	if (!change->in_worker && wq)
		wait_for_retired();
	mutex_lock(&writers);
	err = make_change(change);
	mutex_unlock(&writers);
	return err;
}

static bool have_rules(void)
{
	bool have;

	rcu_read_lock();
	have = rcu_access_pointer(current_set) && rcu_dereference(current_set)->nr;
	rcu_read_unlock();
	return have;
}

static void follow_names(struct work_struct *work)
{
	const struct ucg_change change = { .in_worker = true };

	if (have_rules() && ucg_whitelist_change(&change))
		pr_warn_ratelimited("out of memory: names of merged caches not followed\n");
}

static void follow_names_soon(struct irq_work *work)
{
	queue_delayed_work(wq, &follow_names_work, UCG_FOLLOW_SECONDS * HZ);
}

#ifdef CONFIG_MODULES
static int drop_owner(struct ucg_ruleset *set, void *module)
{
	return ucg_ruleset_drop_owner(set, module);
}

static void module_came(void)
{
	const struct ucg_change change = {};

	/* It has created its caches by now; and some may be in another place than last time. */
	if (have_rules() && ucg_whitelist_change(&change))
		pr_warn("out of memory: names of merged caches not followed\n");
}

static void module_went(struct module *module)
{
	struct ucg_change change = { .apply = drop_owner, .arg = module };
	bool owner;

	if (!have_rules())
		return;
	rcu_read_lock();
	owner = ucg_ruleset_has_owner(rcu_dereference(current_set), module);
	rcu_read_unlock();
	/* Even if it had no rules of its own: names that led to its caches lead nowhere now. */
	if (!owner)
		change.apply = NULL;
	if (ucg_whitelist_change(&change))
		pr_err("out of memory: what module %s allowed stays allowed\n", module->name);
}

/* Runs after the module's init, and after its exit. */
static int module_event(struct notifier_block *nb, unsigned long event, void *module)
{
	if (event == MODULE_STATE_LIVE)
		module_came();
	else if (event == MODULE_STATE_GOING)
		module_went(module);
	return NOTIFY_DONE;
}
#else
static int module_event(struct notifier_block *nb, unsigned long event, void *module)
{
	return NOTIFY_DONE;
}
#endif

static struct notifier_block module_events = { .notifier_call = module_event };

/**
 * ucg_whitelist_print - what reading the file gives
 * @put: called for each line, which has no newline
 * @ctx: handed to @put
 *
 * Context: process; may sleep.
 * Return: 0 or -ENOMEM.
 */
int ucg_whitelist_print(void (*put)(void *ctx, const char *line), void *ctx)
{
	int err;

	mutex_lock(&writers);
	err = ucg_ruleset_print(current_set_of_writer(), put, ctx);
	mutex_unlock(&writers);
	return err;
}

/**
 * ucg_whitelist_start - begin to keep a whitelist
 *
 * Context: process; before the first copy is judged, or later.
 * Return: 0 or a negative error; then nothing is left behind.
 */
int ucg_whitelist_start(void)
{
	struct workqueue_struct *new_wq;
	int err;

	new_wq = alloc_workqueue("usercopy_guard", WQ_UNBOUND, 0);
	if (!new_wq)
		return -ENOMEM;
	err = register_module_notifier(&module_events);
	if (err) {
		destroy_workqueue(new_wq);
		return err;
	}
	WRITE_ONCE(wq, new_wq);
	return 0;
}

/**
 * ucg_whitelist_stop - keep no whitelist any more
 *
 * Context: process; after the last copy was judged: nobody calls ucg_whitelist_judge() any more.
 */
void ucg_whitelist_stop(void)
{
	struct ucg_ruleset *last;

	unregister_module_notifier(&module_events);
	irq_work_sync(&follow_names_irq_work);
	cancel_delayed_work_sync(&follow_names_work);

	mutex_lock(&writers);
	last = current_set_of_writer();
	rcu_assign_pointer(current_set, NULL);
	if (denies(last))
		static_branch_dec(&ucg_look_closer);
	mutex_unlock(&writers);

	/* Sets replaced before, then this one. */
	rcu_barrier();
	destroy_workqueue(wq);
	WRITE_ONCE(wq, NULL);
	synchronize_rcu();
	if (last) {
		ucg_ruleset_retire(last, NULL);
		ucg_ruleset_free(last);
	}
}
