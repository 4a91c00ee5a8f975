// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusal on a stock kernel, x86-64.
 *
 * The functions that copy cannot be hooked (lib/ is built without ftrace), and a
 * probe on them would cost every copy. So only a copy that shall be refused pays:
 * the hook returns with the trap flag set, and each instruction of the caller ends
 * in a debug exception, until the next one would be the first of a function that
 * copies just these bytes. That function is skipped: its return value is set to
 * what it returns for a bad user address, and its return address taken from the
 * stack. Not one byte was touched by then.
 *
 * The trap flag belongs to the task's registers: interrupts and exceptions on the
 * way run without it, and preemption and migration by an interrupt take it along.
 * A switch to another task that the caller asks for itself does not: it saves no
 * flags, and the next task would find the trap flag set. So the functions that only
 * let others run first are skipped like the copy, with no harm: what asked for the
 * CPU gets it a few instructions later. A caller that sleeps between its check and its
 * copy cannot be refused. What is known of the copy is found by the task. Debuggers of
 * user space step by the flag in the user's registers, which is another one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kdebug.h>
#include <linux/kgdb.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include <asm/debugreg.h>

#include "usercopy/compat.h"
#include "usercopy/conclude.h"
#include "usercopy/limits.h"

#include "../refuse.h"
#include "words.h"

/**
 * struct stepper - a copy that is about to be refused
 * @task:	whose copy; NULL while free
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @v:		its violation, or NULL
 * @sp:		the caller's stack pointer when the check returns to it
 * @steps:	instructions so far
 * @tail:	instructions since the caller began to return
 * @denied:	it copies word by word, and an access of user memory was made to fault
 *
 * Taken by a task in its hook, and from then on touched by that task's debug
 * exceptions alone.
 */
struct stepper {
	struct task_struct	*task;
	const void		*ptr;
	unsigned long		n;
	struct ucg_violation	*v;
	unsigned long		sp;
	unsigned int		steps;
	unsigned int		tail;
	bool			denied;
};

static struct stepper *steppers;
static unsigned int stepper_bits;

/* A copy was to be refused at some time: a step that nobody asked for may be ours. */
static bool ever_armed;
/* Most steps that a refusal took. */
static unsigned int most_steps;
static atomic64_t given_up = ATOMIC64_INIT(0);
static atomic64_t strays = ATOMIC64_INIT(0);

static bool args_to_user(const struct pt_regs *regs, const struct stepper *s)
{
	return regs->si == (unsigned long)s->ptr && regs->dx == s->n;
}

static bool args_from_user(const struct pt_regs *regs, const struct stepper *s)
{
	return regs->di == (unsigned long)s->ptr && regs->dx == s->n;
}

static bool args_iter(const struct pt_regs *regs, const struct stepper *s)
{
	return regs->di == (unsigned long)s->ptr && regs->si == s->n;
}

/* The raw copies serve both directions. */
static bool __maybe_unused args_raw(const struct pt_regs *regs, const struct stepper *s)
{
	return args_to_user(regs, s) || args_from_user(regs, s);
}

static void __maybe_unused skip_with_cx(struct pt_regs *regs, const struct stepper *s)
{
	/* Returns in %rcx what is left to copy, which is what it has there now. */
}

static void skip_with_n(struct pt_regs *regs, const struct stepper *s)
{
	regs->ax = s->n;
}

static void skip_with_0(struct pt_regs *regs, const struct stepper *s)
{
	regs->ax = 0;
}

static bool __maybe_unused args_rep_movs(const struct pt_regs *regs, const struct stepper *s)
{
	return regs->cx == s->n && (regs->di == (unsigned long)s->ptr ||
				    regs->si == (unsigned long)s->ptr);
}

/**
 * struct copy_function - a function that copies, and what a refusal makes of it
 * @entry:	its address
 * @args:	do its arguments say that it would copy just what was checked?
 * @skip:	sets what it returns for a bad user address
 * @name:	for the status file
 */
struct copy_function {
	unsigned long entry;
	bool (*args)(const struct pt_regs *regs, const struct stepper *s);
	void (*skip)(struct pt_regs *regs, const struct stepper *s);
	const char *name;
};

#define COPY_FUNCTION(fn, a, s) { (unsigned long)(fn), (a), (s), #fn }

static const struct copy_function copy_functions[] = {
	COPY_FUNCTION(_copy_to_user,		args_to_user,	skip_with_n),
	COPY_FUNCTION(_copy_from_user,		args_from_user,	skip_with_n),
	COPY_FUNCTION(_copy_to_iter,		args_iter,	skip_with_0),
	COPY_FUNCTION(_copy_from_iter,		args_iter,	skip_with_0),
	COPY_FUNCTION(_copy_from_iter_nocache,	args_iter,	skip_with_0),
#ifdef CONFIG_ARCH_HAS_UACCESS_FLUSHCACHE
	COPY_FUNCTION(_copy_from_iter_flushcache, args_iter,	skip_with_0),
#endif
#ifdef CONFIG_ARCH_HAS_COPY_MC
	COPY_FUNCTION(_copy_mc_to_iter,		args_iter,	skip_with_0),
#endif
#ifdef UCG_RAW_COPY_CALLS
	COPY_FUNCTION(copy_user_generic_unrolled,	args_raw, skip_with_n),
	COPY_FUNCTION(copy_user_generic_string,		args_raw, skip_with_n),
	COPY_FUNCTION(copy_user_enhanced_fast_string,	args_raw, skip_with_n),
	COPY_FUNCTION(__copy_user_nocache,		args_raw, skip_with_n),
#else
	COPY_FUNCTION(rep_movs_alternative,	args_rep_movs,	skip_with_cx),
#endif
};

/* The @i-th place where the entry of a task may be. */
static struct stepper *stepper_at(const struct task_struct *task, unsigned int i)
{
	return &steppers[(hash_ptr(task, stepper_bits) + i) & ((1U << stepper_bits) - 1)];
}

static struct stepper *find_stepper(const struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < UCG_STEPPER_PROBES; i++) {
		struct stepper *s = stepper_at(task, i);

		if (READ_ONCE(s->task) == task)
			return s;
	}
	return NULL;
}

static struct stepper *take_stepper(struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < UCG_STEPPER_PROBES; i++) {
		struct stepper *s = stepper_at(task, i);

		if (!READ_ONCE(s->task) && !cmpxchg(&s->task, NULL, task))
			return s;
	}
	return NULL;
}

/* The copy was refused, or it goes ahead; either way the task runs freely again. */
static void conclude(struct stepper *s, struct pt_regs *regs, enum ucg_outcome outcome)
{
	struct ucg_violation *v = s->v;

	regs->flags &= ~X86_EFLAGS_TF;
	if (outcome == UCG_OUTCOME_REFUSED) {
		if (s->steps > READ_ONCE(most_steps))
			WRITE_ONCE(most_steps, s->steps);
	} else {
		atomic64_inc(&given_up);
	}
	/* Free for others once all of it has been read. */
	smp_store_release(&s->task, NULL);
	ucg_conclude(v, outcome);
}

/* From the entry of a function back to where it was called. */
static void skip_function(struct pt_regs *regs)
{
	regs->ip = *(unsigned long *)regs->sp;
	regs->sp += sizeof(long);
}

/* At the entry of a function that copies what was checked? Then past it. */
static bool skip_copy_function(struct pt_regs *regs, const struct stepper *s)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copy_functions); i++) {
		const struct copy_function *f = &copy_functions[i];

		if (regs->ip != f->entry || !f->args(regs, s))
			continue;
		f->skip(regs, s);
		skip_function(regs);
		return true;
	}
	return false;
}

/* At a "rep movsb" that copies what was checked, inline in the caller? Then past it. */
static bool skip_rep_movsb(struct pt_regs *regs, const struct stepper *s)
{
	static const u8 rep_movsb[2] = { 0xf3, 0xa4 };

	if (!args_rep_movs(regs, s) || memcmp((void *)regs->ip, rep_movsb, sizeof(rep_movsb)))
		return false;
	regs->ip += sizeof(rep_movsb);
	return true;
}

/* At the entry of a function that would only let others run first? Then past it. */
static void skip_resched(struct pt_regs *regs)
{
#if UCG_HAVE_COND_RESCHED
	if (regs->ip == (unsigned long)__cond_resched) {
		regs->ax = 0;
		skip_function(regs);
	}
#endif
#ifdef CONFIG_PREEMPTION
	if (regs->ip == (unsigned long)preempt_schedule ||
	    regs->ip == (unsigned long)preempt_schedule_notrace)
		skip_function(regs);
#endif
}

/*
 * In a function that copies word by word, as long as its frame is the one that was checked; it
 * ends when the function has returned, with what it returns for a bad user address.
 */
static bool step_words(struct stepper *s, struct pt_regs *regs)
{
	if (ucg_words_copies(regs->ip)) {
		if (regs->sp == s->sp)
			s->denied |= ucg_words_deny(regs);
		return s->denied;
	}
	if (!s->denied || regs->sp <= s->sp)
		return false;
	conclude(s, regs, (int)regs->ax == -EFAULT ? UCG_OUTCOME_REFUSED : UCG_OUTCOME_UNREFUSABLE);
	return true;
}

static void step(struct stepper *s, struct pt_regs *regs)
{
	s->steps++;
	skip_resched(regs);
	if (skip_copy_function(regs, s) || skip_rep_movsb(regs, s)) {
		conclude(s, regs, UCG_OUTCOME_REFUSED);
		return;
	}
	if (regs->ip == (unsigned long)schedule) {
		conclude(s, regs, UCG_OUTCOME_UNREFUSABLE);
		return;
	}
	if (step_words(s, regs) && s->steps < UCG_STEPS_MAX)
		return;
	/* The caller's frame is being taken down: it returns, or ends in a tail call. */
	if (regs->sp > s->sp)
		s->tail++;
	if (s->steps >= UCG_STEPS_MAX || s->tail >= UCG_TAIL_STEPS)
		conclude(s, regs, UCG_OUTCOME_UNREFUSABLE);
}

static bool others_step(void)
{
#ifdef CONFIG_KGDB
	return kgdb_connected;
#else
	return false;
#endif
}

/*
 * Runs as a debug exception does, like an NMI. Handled are steps in the kernel, of
 * tasks that have something to refuse. A step of nobody's is one of ours too: code
 * on the way that saves the flags and restores them later brings the trap flag back,
 * and a switch of tasks that was not foreseen hands it on.
 */
static int on_debug_exception(struct notifier_block *nb, unsigned long event, void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	struct stepper *s;
	unsigned long *dr6;

	if (event != DIE_DEBUG || user_mode(regs))
		return NOTIFY_DONE;
	dr6 = (unsigned long *)ERR_PTR(args->err);
	if (!(*dr6 & DR_STEP))
		return NOTIFY_DONE;

	s = find_stepper(current);
	if (s) {
		step(s, regs);
	} else {
		if (!READ_ONCE(ever_armed) || others_step())
			return NOTIFY_DONE;
		regs->flags &= ~X86_EFLAGS_TF;
		atomic64_inc(&strays);
	}
	*dr6 &= ~DR_STEP;
	/* A breakpoint that hit at the same instruction is others' to handle. */
	return *dr6 & DR_TRAP_BITS ? NOTIFY_DONE : NOTIFY_STOP;
}

/* Before KGDB, whose priority is the lowest: it takes what it does not know for its own. */
static struct notifier_block debug_nb = {
	.notifier_call = on_debug_exception,
};

/**
 * ucg_refuse_arm - refuse the copy that the current task is about to make
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @sp:		the caller's stack pointer when the check returns to it
 * @v:		the violation, concluded when it is known what became of it
 *
 * When this returns true, the hook must return with the trap flag set.
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 * Return: false if too many copies are being refused at once, or if an interrupt
 * copies: the task that it interrupts may have a copy of its own to refuse.
 */
bool ucg_refuse_arm(const void *ptr, unsigned long n, unsigned long sp, struct ucg_violation *v)
{
	struct stepper *s;

	if (!in_task())
		return false;
	s = find_stepper(current);
	if (s) {
		/* The task checks again: the copy it was armed for did not come. */
		ucg_conclude(s->v, UCG_OUTCOME_UNREFUSABLE);
		atomic64_inc(&given_up);
	} else {
		s = take_stepper(current);
		if (!s)
			return false;
	}
	s->ptr = ptr;
	s->n = n;
	s->v = v;
	s->sp = sp;
	s->steps = 0;
	s->tail = 0;
	s->denied = false;
	WRITE_ONCE(ever_armed, true);
	return true;
}

/**
 * ucg_refuse_init - get ready to refuse
 *
 * Context: process, may sleep.
 * Return: 0 or an error.
 */
int ucg_refuse_init(void)
{
	unsigned int nr = max(UCG_STEPPERS_MIN, UCG_STEPPERS_PER_CPU * num_possible_cpus());
	int err;

	ucg_words_init();
	stepper_bits = order_base_2(nr);
	steppers = kvcalloc(1U << stepper_bits, sizeof(*steppers), GFP_KERNEL);
	if (!steppers)
		return -ENOMEM;
	err = register_die_notifier(&debug_nb);
	if (err)
		kvfree(steppers);
	return err;
}

static unsigned int nr_stepping(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < 1U << stepper_bits; i++)
		nr += !!READ_ONCE(steppers[i].task);
	return nr;
}

/**
 * ucg_refuse_exit - be done with refusing
 *
 * Context: process, may sleep; after the hook is gone. Waits for the tasks that
 * are being stepped, which takes them milliseconds once they get a CPU.
 */
void ucg_refuse_exit(void)
{
	unsigned long end = jiffies + UCG_DRAIN_SECONDS * HZ;

	while (nr_stepping() && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	if (nr_stepping())
		pr_warn("%u tasks got no CPU for %d s to finish a refusal; the kernel will say that it saw an unexpected debug exception\n",
			nr_stepping(), UCG_DRAIN_SECONDS);
	unregister_die_notifier(&debug_nb);
	kvfree(steppers);
}

/**
 * ucg_refuse_describe - lines about refusal for the status file
 * @m:	where to print
 *
 * Context: process.
 */
void ucg_refuse_describe(struct seq_file *m)
{
	unsigned int i;

	seq_puts(m, "refuses:");
	for (i = 0; i < ARRAY_SIZE(copy_functions); i++)
		seq_printf(m, " %s", copy_functions[i].name);
	ucg_words_describe(m, true);
	seq_puts(m, " inline-rep-movsb\n");
	seq_puts(m, "cannot refuse:");
	ucg_words_describe(m, false);
	seq_puts(m, " callers that copy inline in other ways, that sleep between check and copy, and interrupts\n");
	seq_printf(m, "refusal steps: most %u, bound %u, given up %lld, stray %lld\n",
		   READ_ONCE(most_steps), UCG_STEPS_MAX, atomic64_read(&given_up),
		   atomic64_read(&strays));
}
