// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a copy that is not plainly good, from finding to verdict.
 */
#include <linux/preempt.h>

#include "whitelist/whitelist.h"

#include "cache.h"
#include "check.h"
#include "conclude.h"
#include "hook.h"
#include "policy.h"
#include "refuse.h"
#include "trace.h"
#include "violation.h"

/* No bytes at no object: what ucg_hook_works() has checked takes the long way here. */
#define UCG_PROBE	((void *)0x75c)
static bool probe_seen;

/**
 * ucg_hook_works - does the hook see what passes the kernel's check?
 * @check:	the kernel's check, as its callers call it
 *
 * Context: process.
 */
bool ucg_hook_works(void (*check)(const void *ptr, unsigned long n, bool to_user))
{
	WRITE_ONCE(probe_seen, false);
	check(UCG_PROBE, 0, true);
	return READ_ONCE(probe_seen);
}

/* The policy of the slab cache alone if it has one, else the global one. */
static enum ucg_policy deciding_policy(const struct ucg_finding *f)
{
	struct ucg_cache_id id;
	int own = -1;

	if (f->cache) {
		ucg_cache_identify(f->cache, &id);
		own = ucg_whitelist_policy(&id);
	}
	return own >= 0 ? own : ucg_policy_get();
}

/*
 * Does the kernel's check see it as we do? It does not know the rules, counts the
 * page behind a vmalloc area to the area, takes its own frames for live ones, and
 * looks at no module's text.
 */
static bool kernel_agrees(const struct ucg_finding *f)
{
	switch (f->kind) {
	case UCG_WHITELIST:
		return !f->denied;
	case UCG_STACK:
		return f->offset + f->n > f->object_size;
	case UCG_VMALLOC:
	case UCG_MODULE_TEXT:
		return false;
	default:
		return true;
	}
}

/**
 * ucg_verdict - judge a copy completely and say what the hook shall do
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 * @caller:	where the copying function goes on after the check
 * @sp:		its stack pointer then
 *
 * A violation is recorded here; telling about it follows in a better context.
 * Preemption is off throughout: that is what rules and policies are read under,
 * and what a writer of a policy waits for.
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: one of the UCG_VERDICT_*.
 */
unsigned long ucg_verdict(const void *ptr, unsigned long n, bool to_user, unsigned long caller,
			  unsigned long sp)
{
	unsigned long verdict = UCG_VERDICT_GO;
	struct ucg_finding finding;
	struct ucg_violation *v;
	enum ucg_action action;

	if (unlikely(!n)) {
		if (ptr == UCG_PROBE)
			WRITE_ONCE(probe_seen, true);
		return UCG_VERDICT_GO;
	}

	preempt_disable_notrace();
	if (ucg_judge_at(ptr, n, to_user, sp, &finding) == UCG_FINE)
		goto out;

	finding.policy = deciding_policy(&finding);
	action = ucg_policy_action(finding.kind, finding.policy);
	if (action == UCG_ACTION_KILL && !ucg_hook_kills())
		action = UCG_ACTION_REFUSE;
	trace_usercopy_violation(&finding, action, caller);
	v = ucg_violation_note(&finding, caller);
	switch (action) {
	case UCG_ACTION_REFUSE:
		/* Whether that comes about is known, and concluded, a few steps later. */
		if (ucg_refuse_arm(ptr, n, sp, v))
			verdict = UCG_VERDICT_REFUSE;
		else
			ucg_conclude(v, UCG_OUTCOME_UNREFUSABLE);
		break;
	case UCG_ACTION_KILL:
		ucg_conclude(v, UCG_OUTCOME_KILLED);
		verdict = kernel_agrees(&finding) ? UCG_VERDICT_KILL : UCG_VERDICT_KILL_SURELY;
		break;
	default:
		ucg_conclude(v, UCG_OUTCOME_ALLOWED);
		break;
	}
out:
	preempt_enable_notrace();
	return verdict;
}
