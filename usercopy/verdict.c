// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a copy that is not plainly good, from finding to verdict: decided, recorded
 * and acted upon, one after the other.
 */
#include <linux/kfence.h>
#include <linux/preempt.h>

#include "whitelist/whitelist.h"

#include "cache.h"
#include "check.h"
#include "conclude.h"
#include "object.h"
#include "policy.h"
#include "refuse.h"
#include "trace.h"
#include "use.h"
#include "verdict.h"
#include "violation.h"

/* No bytes at no object: what ucg_verdict_reached() has checked takes the long way here. */
#define UCG_PROBE	((void *)0x75c)
static bool probe_seen;

/* The kernel's check would let everything pass: nothing is killed, but refused. */
static bool no_kill;

/**
 * ucg_verdict_reached - does the hook see what passes the kernel's check?
 * @check:	the kernel's check, as its callers call it
 *
 * Context: process.
 */
bool ucg_verdict_reached(void (*check)(const void *ptr, unsigned long n, bool to_user))
{
	WRITE_ONCE(probe_seen, false);
	check(UCG_PROBE, 0, true);
	return READ_ONCE(probe_seen);
}

/**
 * ucg_verdict_no_kill - the hook cannot hand copies to the kernel's check, to be killed
 *
 * What should be killed is refused from now on.
 *
 * Context: any.
 */
void ucg_verdict_no_kill(void)
{
	WRITE_ONCE(no_kill, true);
}

static void ask_policy(const struct ucg_ruleset *set, const struct ucg_finding *f,
		       const struct ucg_site *site, struct ucg_decision *decision)
{
	struct ucg_policy_query query = { .kind = f->kind };
	struct ucg_cache_id id;
	enum ucg_subject by;
	int policy;

	if (f->cache) {
		ucg_cache_identify(f->cache, &id);
		query.cache = &id;
	}
	if (site) {
		query.function = site->function;
		query.caller = site->caller[0] ? site->caller : NULL;
		query.module = site->module[0] ? site->module : NULL;
	}
	policy = ucg_ruleset_policy(set, &query, &by);
	decision->by = by;
	decision->policy = policy >= 0 ? policy : ucg_policy_get();
	decision->in_module = query.in_module;
}

/* There is no room for a record, which would know the call site; but rules ask for it. */
static noinline void ask_unlisted(const struct ucg_ruleset *set, const struct ucg_finding *f,
				  unsigned long caller, struct ucg_decision *decision)
{
	struct ucg_site site;

	site.address = caller;
	ucg_site_walk(&site);
	ucg_site_find_module(&site);
	ucg_site_name(&site);
	ask_policy(set, f, &site, decision);
}

/*
 * Does the kernel's check see it as we do? It does not know the rules, counts the
 * page behind a vmalloc area to the area, takes its own frames for live ones, ends
 * the text at its last byte and not with the page, and looks at no module's.
 */
static bool kernel_agrees(const struct ucg_finding *f)
{
	switch (f->kind) {
	case UCG_WHITELIST:
		return !f->denied;
	case UCG_STACK:
		return f->offset + f->n > f->object_size;
	case UCG_VMALLOC:
	case UCG_TEXT:
	case UCG_MODULE_TEXT:
		return false;
	default:
		return true;
	}
}

/* Who decides, and what: the most particular policy that rules have, else the global one. */
static void decide(const struct ucg_ruleset *set, const struct ucg_finding *f,
		   unsigned long caller, struct ucg_violation *v, struct ucg_decision *decision)
{
	if (v)
		ask_policy(set, f, &v->site, decision);
	else if (ucg_ruleset_asks_for_code(set))
		ask_unlisted(set, f, caller, decision);
	else
		ask_policy(set, f, NULL, decision);
}

/* What the policy calls for, of what this kernel can do. */
static enum ucg_action choose(enum ucg_kind kind, const struct ucg_decision *decision)
{
	enum ucg_action action = ucg_policy_action(kind, decision->policy);

	return action == UCG_ACTION_KILL && READ_ONCE(no_kill) ? UCG_ACTION_REFUSE : action;
}

/* What that means for the hook. */
static enum ucg_verdict act(enum ucg_action action, const struct ucg_decision *decision,
			    const struct ucg_finding *f, const void *ptr,
			    struct ucg_caller *caller, struct ucg_violation *v)
{
	switch (action) {
	case UCG_ACTION_REFUSE:
		if (ucg_refuse(caller, ptr, f->n)) {
			ucg_conclude(v, UCG_OUTCOME_REFUSED, decision);
			return UCG_VERDICT_REFUSED;
		}
		ucg_conclude(v, UCG_OUTCOME_UNREFUSABLE, decision);
		return UCG_VERDICT_GO;
	case UCG_ACTION_KILL:
		ucg_conclude(v, UCG_OUTCOME_KILLED, decision);
		return kernel_agrees(f) ? UCG_VERDICT_KILL : UCG_VERDICT_KILL_SURELY;
	default:
		ucg_conclude(v, UCG_OUTCOME_ALLOWED, decision);
		return UCG_VERDICT_GO;
	}
}

/* It may be of a cache that was created, or merged, since names were last followed. */
static void ask_for_names(const struct kmem_cache *s)
{
	struct ucg_cache_id id;

	ucg_cache_identify(s, &id);
	ucg_whitelist_missed(&id);
}

/*
 * Find it in the store or enter it, and decide; for the tracepoint as well. Telling about it
 * follows in a better context.
 */
static noinline struct ucg_violation *record(const struct ucg_finding *f, unsigned long site,
					     struct ucg_decision *decision,
					     enum ucg_action *action)
{
	const struct ucg_ruleset *set = ucg_whitelist_current();
	struct ucg_violation *v;

	v = ucg_violation_note(f, site, ucg_ruleset_asks_for_modules(set));
	decide(set, f, site, v, decision);
	if (f->cache)
		ask_for_names(f->cache);
	*action = choose(f->kind, decision);
	trace_usercopy_violation(f, *action, decision->policy, v ? &v->site : NULL,
				 v ? v->site.address : site);
	return v;
}

/* A good copy of a slab object that came here: rules allow it, or uses are sampled. */
static void note_use(const struct ucg_finding *f, const void *ptr, unsigned long site)
{
	if (f->ruled)
		ucg_use_ruled(f, site);
	/* Where in its object KFENCE's copy lies is not always known. */
	if (ucg_use_sampling() && !is_kfence_address(ptr))
		ucg_use_seen(f);
}

/**
 * ucg_verdict - judge a copy completely and say what the hook shall do
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 * @caller:	the copying function, behind its check
 *
 * Preemption is off until it is decided: that is what rules and policies are read under,
 * and what a writer of a policy waits for. (Not yet while it is judged in a tree with
 * PREEMPT_RT, see ucg_judging_begin().) A refusal may have to wait for who patches the caller.
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: one of the UCG_VERDICT_*.
 */
enum ucg_verdict ucg_verdict(const void *ptr, unsigned long n, bool to_user,
			     struct ucg_caller *caller)
{
	struct ucg_violation *v = NULL;
	struct ucg_decision decision;
	struct ucg_finding finding;
	enum ucg_action action;
	bool fine;

	if (unlikely(!n)) {
		if (ptr == UCG_PROBE)
			WRITE_ONCE(probe_seen, true);
		return UCG_VERDICT_GO;
	}

	ucg_judging_begin();
	fine = ucg_judge_at(ptr, n, to_user, caller->sp, caller->frame, &finding) == UCG_FINE;
	ucg_judging_end();
	if (!fine)
		v = record(&finding, caller->site, &decision, &action);
	else if (finding.cache)
		note_use(&finding, ptr, caller->site);
	preempt_enable_notrace();
	return fine ? UCG_VERDICT_GO : act(action, &decision, &finding, ptr, caller, v);
}
