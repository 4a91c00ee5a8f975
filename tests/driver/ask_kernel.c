// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict of the kernel's own check. It does not return where it finds a copy bad, but calls
 * usercopy_abort(), and that has a BUG(). A probe in there leads back to who asked, before anything
 * is printed. Nothing is held where it gives up, so leaving its frames leaves nothing undone.
 *
 * The guard's verdict comes by its tracepoint, while it reports all and refuses nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>

#include "../../usercopy/finding.h"

#include "ask.h"

static struct task_struct *asking;
static unsigned long asker_sp;

static int gives_up(struct kprobe *p, struct pt_regs *regs)
{
	if (READ_ONCE(asking) != current)
		return 0;
	regs->ip = (unsigned long)ask_killed;
	regs->sp = asker_sp;
	regs->ax = true;
	return 1;
}

/* That there is one keeps the probe from becoming a jump, which cannot go elsewhere. */
static void not_reached(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probe = {
	.symbol_name	= "usercopy_abort",
	.pre_handler	= gives_up,
	.post_handler	= not_reached,
};

/*
 * Not at its entry: that is ftrace's, and from there the stack pointer cannot be set. Behind what
 * is there: ftrace's five bytes, which a probe of the entry is moved to if an ENDBR is before them, in
 * whatever form; unless the kernel does not know of those.
 */
int ask_kernel_init(void)
{
	static const u8 endbr[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	u8 entry[sizeof(endbr)];
	u8 *at;
	int err;

	err = register_kprobe(&probe);
	if (err)
		goto failed;
	at = (u8 *)probe.addr;
	unregister_kprobe(&probe);
	err = copy_from_kernel_nofault(entry, at, sizeof(entry));
	if (err)
		goto failed;
	if (!memcmp(entry, endbr, sizeof(endbr)))
		at += sizeof(endbr);
	probe.symbol_name = NULL;
	probe.addr = (kprobe_opcode_t *)(at + 5);
	probe.flags = 0;
	err = register_kprobe(&probe);
	if (!err)
		return 0;
failed:
	pr_err("no probe in usercopy_abort (error %d)\n", err);
	return err;
}

void ask_kernel_exit(void)
{
	unregister_kprobe(&probe);
}

/* Is it good? With the guard there it is silent, and everything is. */
static bool check(const struct ask_question *q)
{
	bool killed;

	if (q->no_faults)
		pagefault_disable();
	WRITE_ONCE(asking, current);
	killed = ask_check((const void *)q->ptr, q->n, q->to_user, &asker_sp);
	WRITE_ONCE(asking, NULL);
	if (q->no_faults)
		pagefault_enable();
	return !killed;
}

/* Of the function that asks, while it asks. */
unsigned long ask_stack_pointer(void)
{
	return asker_sp;
}

struct ucg_site;

static struct tracepoint *violation;
static unsigned int found;

static void on_violation(void *data, const struct ucg_finding *f, enum ucg_action action,
			 enum ucg_policy policy, const struct ucg_site *site, unsigned long caller)
{
	if (READ_ONCE(asking) == current)
		found = f->kind;
}

/*
 * One function for both, called from one place: where the frames of the stack begin and end is the
 * same for the kernel and for the guard then.
 */
bool ask_check_or_guard(const struct ask_question *q, unsigned int *guard)
{
	bool good;

	found = UCG_FINE;
	good = check(q);
	if (!good && violation)
		pr_err("the guard has let the kernel's check kill: is its policy warn?\n");
	*guard = good ? found : UCG_NR_KINDS;
	return good;
}

bool ask_guard_is_there(void)
{
	return violation;
}

static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct tp_module *coming = data;
	int i;

	if (event == MODULE_STATE_GOING && violation &&
	    !strcmp(coming->mod->name, "usercopy_guard")) {
		tracepoint_probe_unregister(violation, on_violation, NULL);
		tracepoint_synchronize_unregister();
		violation = NULL;
	}
	if (event != MODULE_STATE_COMING || strcmp(coming->mod->name, "usercopy_guard"))
		return NOTIFY_OK;
	for (i = 0; i < coming->mod->num_tracepoints; i++) {
		struct tracepoint *tp = tracepoint_ptr_deref(&coming->mod->tracepoints_ptrs[i]);

		if (!strcmp(tp->name, "usercopy_violation") &&
		    !tracepoint_probe_register(tp, on_violation, NULL))
			violation = tp;
	}
	return NOTIFY_OK;
}

static struct notifier_block module_nb = {
	.notifier_call = module_event,
};

int ask_guard_init(void)
{
	return register_tracepoint_module_notifier(&module_nb);
}

void ask_guard_exit(void)
{
	unregister_tracepoint_module_notifier(&module_nb);
}
