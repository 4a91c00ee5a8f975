// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report. A violation happens where nothing may sleep and little may be
 * called; from there an interrupt is raised, and from that a work is queued that
 * does the telling.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/audit.h>
#include <linux/irq_work.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "whitelist/alias.h"

#include "limits.h"
#include "policy.h"
#include "report.h"
#include "violation.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static struct workqueue_struct *report_wq;
static DEFINE_RATELIMIT_STATE(report_limit, UCG_REPORT_SECONDS * HZ, UCG_REPORT_BURST);

/* Only the works below touch these two, and both run on one ordered queue. */
static u64 told_copies;
static unsigned int untold;
/* Nor does anything else need these, which are much for a stack. */
static struct {
	char object[UCG_NAME_MAX + 1 + 128];
	char site[UCG_SITE_LEN];
	char by[UCG_BY_LEN];
	char symbol[UCG_SYMBOL_LEN];
} said;
/* A summary is on its way. */
static bool summing_up;

static const char * const outcome_words[UCG_NR_OUTCOMES] = {
	[UCG_OUTCOME_ALLOWED]		= "allowed",
	[UCG_OUTCOME_REFUSED]		= "refused",
	[UCG_OUTCOME_UNREFUSABLE]	= "allowed: not refusable here",
	[UCG_OUTCOME_KILLED]		= "handed to the kernel (kill=1)",
};

static const char * const outcome_keys[UCG_NR_OUTCOMES] = {
	[UCG_OUTCOME_ALLOWED]		= "allowed",
	[UCG_OUTCOME_REFUSED]		= "refused",
	[UCG_OUTCOME_UNREFUSABLE]	= "unrefusable",
	[UCG_OUTCOME_KILLED]		= "killed",
};

static const char * const kind_phrases[UCG_NR_KINDS] = {
	[UCG_WHITELIST]		= "outside the whitelist",
	[UCG_OBJECT]		= "beyond the object",
	[UCG_REDZONE]		= "in the red zone before the object",
	[UCG_VMALLOC]		= "beyond the area",
	[UCG_PAGE]		= "beyond the compound page",
	[UCG_KMAP]		= "beyond the mapped page",
	[UCG_STACK]		= "beyond the stack, or in no live frame",
	[UCG_TEXT]		= "kernel code",
	[UCG_MODULE_TEXT]	= "module code",
	[UCG_WRAP]		= "past the end of the address space",
	[UCG_NULL]		= "no object",
};

/**
 * ucg_symbol - a code address as text
 * @buffer:	UCG_SYMBOL_LEN bytes
 * @address:	the address
 *
 * Context: any.
 * Return: "function+0x1/0x2 [module]"; never a raw address, not even for code
 * without a symbol.
 */
const char *ucg_symbol(char *buffer, unsigned long address)
{
	sprint_symbol(buffer, address);
	return strncmp(buffer, "0x", 2) ? buffer : "unknown code";
}

/* What was hit, as in "slab object 'kmalloc-64' (object size 64, whitelist 0-63)". */
static void describe_object(char *text, size_t size, const struct ucg_violation *v)
{
	char region[48] = "no whitelist";

	switch (v->kind) {
	case UCG_WHITELIST:
	case UCG_OBJECT:
	case UCG_REDZONE:
		if (!v->cache[0]) {
			scnprintf(text, size, "a page of free slab memory");
			return;
		}
		if (v->usersize)
			scnprintf(region, sizeof(region), "whitelist %u-%u", v->useroffset,
				  v->useroffset + v->usersize - 1);
		scnprintf(text, size, "slab object '%s' (object size %lu, %s%s%s)", v->cache,
			  v->object_size, region, v->denied ? " narrowed by a rule" : "",
			  v->merged ? ", merged cache" : "");
		return;
	case UCG_VMALLOC:
		if (!v->object_size)
			scnprintf(text, size, "vmalloc space (no area there)");
		else
			scnprintf(text, size, "vmalloc area (size %lu)", v->object_size);
		return;
	case UCG_PAGE:
		scnprintf(text, size, "compound page (size %lu)", v->object_size);
		return;
	case UCG_KMAP:
		scnprintf(text, size, "kmap page (size %lu)", v->object_size);
		return;
	case UCG_STACK:
		scnprintf(text, size, "the process stack (size %lu)", v->object_size);
		return;
	case UCG_TEXT:
		scnprintf(text, size, "kernel text");
		return;
	case UCG_MODULE_TEXT:
		scnprintf(text, size, "a page of module text");
		return;
	case UCG_WRAP:
		scnprintf(text, size, "a wrapped address");
		return;
	default:
		scnprintf(text, size, "a null address");
		return;
	}
}

/* Whose objects these may be, and whom a rule for one of them concerns. */
static noinline_for_stack void tell_names(const struct ucg_violation *v)
{
	char names[UCG_MERGED_NAMES];

	if (v->merged && v->merge_id[0] && ucg_aliases_of(v->merge_id, names, sizeof(names)) > 1)
		pr_warn("  merged slab cache %s of: %s; a rule for one is a rule for all\n",
			v->merge_id, names);
}

/**
 * ucg_report_by - whose policy decided, as a rule names it
 * @to:		UCG_BY_LEN bytes
 * @size:	bytes there
 * @v:		the violation
 * @decision:	what decided about it
 *
 * Context: any.
 * Return: @to: "global", "cache:NAME", "caller:FUNCTION@MODULE" and so on.
 */
const char *ucg_report_by(char *to, size_t size, const struct ucg_violation *v,
			  const struct ucg_decision *decision)
{
	const char *name = "", *word = ucg_subject_words[decision->by];

	switch (decision->by) {
	case UCG_SUBJECT_KIND:
		name = ucg_kind_words[v->kind];
		break;
	case UCG_SUBJECT_CACHE:
		name = v->cache;
		break;
	case UCG_SUBJECT_MODULE:
		name = v->site.module;
		break;
	case UCG_SUBJECT_CALLER:
		name = decision->in_module ? v->site.caller : v->site.function;
		break;
	}
	scnprintf(to, size, "%s%s%s", word, *name ? ":" : "", name);
	return to;
}

static void tell_log(const struct ucg_violation *v, enum ucg_outcome outcome, bool again)
{
	const struct ucg_decision decision = ucg_violation_decided(&v->decided_at[outcome]);
	bool global = decision.by == UCG_SUBJECT_ALL;
	unsigned int i;

	describe_object(said.object, sizeof(said.object), v);
	ucg_report_by(said.by, sizeof(said.by), v, &decision);
	/* Processes and caches have names of their own: escaped, so that they write no lines. */
	pr_warn("%s%s: %lu bytes at offset %lu of %*pE: %s; by %s, process %*pE[%d]; %s (policy %s%s%*pE)\n",
		again ? "now also: " : "",
		v->to_user ? "exposure of kernel memory to user space" :
			     "overwrite of kernel memory from user space",
		v->n, v->offset, (int)strlen(said.object), said.object, kind_phrases[v->kind],
		ucg_site_text(said.site, sizeof(said.site), &v->site, " "),
		(int)strlen(v->comm), v->comm, v->pid, outcome_words[outcome],
		ucg_policy_words[decision.policy], global ? "" : " by ",
		global ? 0 : (int)strlen(said.by), said.by);
	if (again)
		return;
	tell_names(v);
	for (i = 0; i < v->site.stack_len; i++)
		pr_warn("  %s\n", ucg_symbol(said.symbol, v->site.stack[i]));
}

/* The stack as text, as long as all of its code is there. */
static void keep_stack(struct ucg_violation *v)
{
	char *symbol = said.symbol, *text, *blank;
	size_t n = 0, room = PAGE_SIZE;
	unsigned int i;

	if (v->stack_text || !v->site.stack_len)
		return;
	text = kmalloc(room, GFP_KERNEL);
	if (!text)
		return;
	for (i = 0; i < v->site.stack_len; i++) {
		ucg_symbol(symbol, v->site.stack[i]);
		/* In words: "f+0x1/0x2[mod]", "unknown_code". */
		for (blank = symbol; (blank = strchr(blank, ' ')); ) {
			if (blank[1] == '[')
				memmove(blank, blank + 1, strlen(blank));
			else
				*blank = '_';
		}
		n += scnprintf(text + n, room - n, "%s%s", i ? "," : "", symbol);
	}
	/* Pairs with the reader of the file. */
	smp_store_release(&v->stack_text, krealloc(text, n + 1, GFP_KERNEL) ?: text);
}

/*
 * A string that users may choose, as audit's readers expect one: in quotes, or in
 * hex if it could be mistaken. audit_log_untrustedstring() is not exported.
 */
static void audit_string(struct audit_buffer *ab, const char *key, const char *string)
{
	const char *c;

	for (c = string; *c; c++) {
		if (*c == '"' || *c < 0x21 || *c > 0x7e) {
			audit_log_format(ab, " %s=%*phN", key, (int)strlen(string), string);
			return;
		}
	}
	audit_log_format(ab, " %s=\"%s\"", key, string);
}

static void tell_audit(const struct ucg_violation *v, enum ucg_outcome outcome)
{
	const struct ucg_decision decision = ucg_violation_decided(&v->decided_at[outcome]);
	struct audit_buffer *ab;

	if (!audit_enabled)
		return;
	ab = audit_log_start(NULL, GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (!ab)
		return;
	audit_log_format(ab, "op=usercopy_guard kind=%s dir=%s", ucg_kind_words[v->kind],
			 v->to_user ? "to" : "from");
	audit_string(ab, "cache", v->cache[0] ? v->cache : "-");
	audit_log_format(ab, " offset=%lu size=%lu objsize=%lu pid=%d uid=%u auid=%u ses=%u",
			 v->offset, v->n, v->object_size, v->pid, v->uid, v->auid, v->ses);
	audit_string(ab, "comm", v->comm);
	/* As in the violations file: without the blank before the module's name. */
	audit_string(ab, "caller", ucg_site_text(said.site, sizeof(said.site), &v->site, ""));
	audit_string(ab, "module", v->site.module[0] ? v->site.module : "-");
	audit_log_format(ab, " policy=%s", ucg_policy_words[decision.policy]);
	audit_string(ab, "by", ucg_report_by(said.by, sizeof(said.by), v, &decision));
	audit_log_format(ab, " outcome=%s res=%d", outcome_keys[outcome],
			 outcome != UCG_OUTCOME_REFUSED && outcome != UCG_OUTCOME_KILLED);
	audit_log_end(ab);
}

/* An outcome that a violation has for the first time. The log comes first. */
static void tell_outcome(struct ucg_violation *v, enum ucg_outcome outcome)
{
	bool again = v->told;

	v->told |= 1 << outcome;
	if (__ratelimit(&report_limit)) {
		told_copies++;
		tell_log(v, outcome, again);
	} else {
		untold += !again;
		ucg_report_again();
	}
	tell_audit(v, outcome);
}

static void tell_new(struct work_struct *work)
{
	unsigned int i, o;

	for (i = 0; i < ucg_violation_slots(); i++) {
		struct ucg_violation *v = ucg_violation_at(i);

		if (!v)
			continue;
		keep_stack(v);
		if (!v->told)
			tell_outcome(v, ucg_violation_first(v));
		for (o = 0; o < UCG_NR_OUTCOMES; o++)
			if (!(v->told & (1 << o)) && atomic64_read_acquire(&v->outcome_ns[o]))
				tell_outcome(v, o);
		cond_resched();
	}
}

static DECLARE_WORK(new_work, tell_new);

static void sum_up(struct work_struct *work)
{
	unsigned int i;
	u64 copies;

	/* From here on another violation asks for another summary... */
	WRITE_ONCE(summing_up, false);
	/* ... unless it is counted in this one: counts are read after the mark is. */
	smp_mb();
	copies = ucg_violation_not_listed();
	for (i = 0; i < ucg_violation_slots(); i++) {
		struct ucg_violation *v = ucg_violation_at(i);

		if (v)
			copies += ucg_violation_count(v);
	}
	if (copies <= told_copies)
		return;
	pr_warn("%llu further violations in the last %d s, %u of them distinct and new; see usercopy_guard/violations in securityfs\n",
		copies - told_copies, UCG_SUMMARY_SECONDS, untold);
	if (ucg_violation_not_listed())
		pr_warn("the store is full: %llu violations are counted, but not listed; load the module with a larger max_violations\n",
			ucg_violation_not_listed());
	told_copies = copies;
	untold = 0;
}

static DECLARE_DELAYED_WORK(summary_work, sum_up);

/* In hard interrupt context: queueing works is allowed, unlike in an NMI. */
static void queue_new(struct irq_work *work)
{
	queue_work(report_wq, &new_work);
}

static DEFINE_IRQ_WORK(new_irq_work, queue_new);

static void queue_summary(struct irq_work *work)
{
	queue_delayed_work(report_wq, &summary_work, UCG_SUMMARY_SECONDS * HZ);
}

static DEFINE_IRQ_WORK(summary_irq_work, queue_summary);

/**
 * ucg_report_new - a violation is there that has not been told
 *
 * Context: any, NMI too.
 */
void ucg_report_new(void)
{
	irq_work_queue(&new_irq_work);
}

/**
 * ucg_report_again - a violation has happened again
 *
 * Context: any, NMI too; one read and a branch when a summary is on its way.
 */
void ucg_report_again(void)
{
	/* It is counted: pairs with the barrier in sum_up(). */
	smp_mb__after_atomic();
	if (READ_ONCE(summing_up))
		return;
	WRITE_ONCE(summing_up, true);
	irq_work_queue(&summary_irq_work);
}

/**
 * ucg_report_now - have all told that has happened so far
 *
 * Context: process, may sleep.
 */
void ucg_report_now(void)
{
	irq_work_sync(&new_irq_work);
	flush_work(&new_work);
}

#ifdef CONFIG_MODULES
/* Code goes: before that, all is said of which it was part. */
static int module_event(struct notifier_block *nb, unsigned long event, void *module)
{
	if (event != MODULE_STATE_LIVE && event != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	ucg_report_now();
	ucg_violation_forget(module, event == MODULE_STATE_LIVE);
	return NOTIFY_DONE;
}

static struct notifier_block module_events = { .notifier_call = module_event };

static int hear_of_modules(void)
{
	return register_module_notifier(&module_events);
}

static void hear_no_more(void)
{
	unregister_module_notifier(&module_events);
}
#else
static int hear_of_modules(void)
{
	return 0;
}

static void hear_no_more(void)
{
}
#endif

/**
 * ucg_report_init - get ready to tell
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ucg_report_init(void)
{
	int err;

	/* What is held back is in the summary; no line about it of its own. */
	ratelimit_set_flags(&report_limit, RATELIMIT_MSG_ON_RELEASE);
	report_wq = alloc_ordered_workqueue("usercopy_guard", 0);
	if (!report_wq)
		return -ENOMEM;
	err = hear_of_modules();
	if (err)
		destroy_workqueue(report_wq);
	return err;
}

static void tell_all(void)
{
	irq_work_sync(&new_irq_work);
	irq_work_sync(&summary_irq_work);
	flush_work(&new_work);
	irq_work_sync(&summary_irq_work);
	/* A summary that is due within the minute is given now. */
	flush_delayed_work(&summary_work);
}

/**
 * ucg_report_exit - tell what is left, and be done
 *
 * Context: process, may sleep; when no violation can happen any more, and before
 * the store goes.
 */
void ucg_report_exit(void)
{
	hear_no_more();
	tell_all();
	destroy_workqueue(report_wq);
}

#ifdef CONFIG_USERCOPY_GUARD_KUNIT_TEST
/**
 * ucg_report_settle - for tests: all is told and summed up, nothing is held back
 *
 * Context: process, may sleep; while nothing else violates.
 */
void ucg_report_settle(void)
{
	tell_all();
	ratelimit_state_init(&report_limit, UCG_REPORT_SECONDS * HZ, UCG_REPORT_BURST);
	ratelimit_set_flags(&report_limit, RATELIMIT_MSG_ON_RELEASE);
}
#endif
