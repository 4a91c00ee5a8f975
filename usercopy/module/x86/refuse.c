// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusal on a stock kernel, x86-64.
 *
 * The functions that copy cannot be hooked (lib/ is built without ftrace), and a probe on them
 * would cost every copy. So only a copy that shall be refused pays: what its caller does between
 * the check and the copy is followed here, instruction by instruction (interpret.h), while it
 * waits in its check. At the copy, the result is what it is for a bad user address, and the
 * caller goes on behind it. Not one byte was touched by then; and where something is met that
 * cannot be followed, nothing has happened at all, and the copy goes ahead.
 *
 * Nothing of this is carried over from one context to another: it is done in the hook, whatever
 * runs there, and there is no state to be found again, to run out of, or to be waited for.
 */
#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/socket.h>
#include <linux/static_call.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "usercopy/compat.h"
#include "usercopy/limits.h"
#include "refuse.h"
#include "usercopy/verdict.h"

#include "caller.h"
#include "interpret.h"
#include "patching.h"
#include "words.h"

/**
 * struct ucg_copy - what must not be copied
 * @ptr:	its kernel address
 * @n:		its length in bytes
 */
struct ucg_copy {
	unsigned long ptr;
	unsigned long n;
};

static bool args_to_user(const struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	return cpu->r[UCG_SI] == copy->ptr && cpu->r[UCG_DX] == copy->n;
}

static bool args_from_user(const struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	return cpu->r[UCG_DI] == copy->ptr && cpu->r[UCG_DX] == copy->n;
}

static bool args_iter(const struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	return cpu->r[UCG_DI] == copy->ptr && cpu->r[UCG_SI] == copy->n;
}

#ifdef UCG_RAW_COPY_CALLS
/*
 * The raw copies serve both directions, and take a length of 32 bits: that is what becomes of one
 * that is longer, a negative one perhaps.
 */
static bool args_raw(const struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	return (u32)cpu->r[UCG_DX] == (u32)copy->n &&
	       (cpu->r[UCG_SI] == copy->ptr || cpu->r[UCG_DI] == copy->ptr);
}
#endif

/* Also of "rep movsb" itself. */
static bool args_movsb(const struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	return cpu->r[UCG_CX] == copy->n &&
	       (cpu->r[UCG_DI] == copy->ptr || cpu->r[UCG_SI] == copy->ptr);
}

/* What a function returns for a bad user address: what is left to copy, or what was copied. */
enum copy_result {
	RESULT_N,
	/* the same, in 32 bits */
	RESULT_N32,
	RESULT_0,
	/* in RCX, where it is already */
	RESULT_CX,
};

/**
 * struct copy_function - a function that copies, and what a refusal makes of it
 * @entry:	its address
 * @args:	do its arguments say that it would copy just what was checked?
 * @result:	what it returns for a bad user address
 * @name:	for the status file
 */
struct copy_function {
	unsigned long entry;
	bool (*args)(const struct ucg_cpu *cpu, const struct ucg_copy *copy);
	enum copy_result result;
	const char *name;
};

#define COPY_FUNCTION(fn, a, r) { (unsigned long)(fn), (a), (r), #fn }

static const struct copy_function copy_functions[] = {
	COPY_FUNCTION(_copy_to_user,		args_to_user,	RESULT_N),
	COPY_FUNCTION(_copy_from_user,		args_from_user,	RESULT_N),
	COPY_FUNCTION(_copy_to_iter,		args_iter,	RESULT_0),
	COPY_FUNCTION(_copy_from_iter,		args_iter,	RESULT_0),
	COPY_FUNCTION(_copy_from_iter_nocache,	args_iter,	RESULT_0),
#ifdef CONFIG_ARCH_HAS_UACCESS_FLUSHCACHE
	COPY_FUNCTION(_copy_from_iter_flushcache, args_iter,	RESULT_0),
#endif
#ifdef CONFIG_ARCH_HAS_COPY_MC
	COPY_FUNCTION(_copy_mc_to_iter,		args_iter,	RESULT_0),
#endif
#ifdef UCG_RAW_COPY_CALLS
	COPY_FUNCTION(copy_user_generic_unrolled,	args_raw, RESULT_N32),
	COPY_FUNCTION(copy_user_generic_string,		args_raw, RESULT_N32),
	COPY_FUNCTION(copy_user_enhanced_fast_string,	args_raw, RESULT_N32),
	COPY_FUNCTION(__copy_user_nocache,		args_raw, RESULT_N32),
#else
	COPY_FUNCTION(rep_movs_alternative,	args_movsb,	RESULT_CX),
#endif
};

/* Functions on the way that may as well not be called. */
static const unsigned long harmless_functions[] = {
#define UCG_HARMLESS(fn) ((unsigned long)(fn))
#include "harmless.h"
#undef UCG_HARMLESS
};

static atomic64_t refused = ATOMIC64_INIT(0);
static atomic64_t given_up = ATOMIC64_INIT(0);
/* Most instructions that were between a check and its copy. */
static unsigned int most_steps;

/* The order of struct pt_regs is not that in which instructions count registers. */
static const u8 place_of[UCG_NR_REGS] = {
	[UCG_AX] = offsetof(struct pt_regs, ax),	[UCG_CX] = offsetof(struct pt_regs, cx),
	[UCG_DX] = offsetof(struct pt_regs, dx),	[UCG_BX] = offsetof(struct pt_regs, bx),
	[UCG_SP] = offsetof(struct pt_regs, sp),	[UCG_BP] = offsetof(struct pt_regs, bp),
	[UCG_SI] = offsetof(struct pt_regs, si),	[UCG_DI] = offsetof(struct pt_regs, di),
	[UCG_R8] = offsetof(struct pt_regs, r8),	[UCG_R9] = offsetof(struct pt_regs, r9),
	[UCG_R10] = offsetof(struct pt_regs, r10),	[UCG_R11] = offsetof(struct pt_regs, r11),
	[UCG_R12] = offsetof(struct pt_regs, r12),	[UCG_R13] = offsetof(struct pt_regs, r13),
	[UCG_R14] = offsetof(struct pt_regs, r14),	[UCG_R15] = offsetof(struct pt_regs, r15),
};

static unsigned long *place(struct pt_regs *regs, unsigned int reg)
{
	return (unsigned long *)((char *)regs + place_of[reg]);
}

/* The caller as it is behind its check. Flags are nothing that a function hands back. */
static void begin(struct ucg_cpu *cpu, struct pt_regs *regs)
{
	unsigned int i;

	for (i = 0; i < UCG_NR_REGS; i++)
		cpu->r[i] = *place(regs, i);
	cpu->ip = regs->ip;
	cpu->flags = regs->flags;
	cpu->known = 0;
	cpu->nr_writes = 0;
	/* As nobody wants to run in its place: with that bit set. */
	cpu->preempt_at = (unsigned long)&UCG_PREEMPT_COUNT;
	cpu->preempt = preempt_count() | PREEMPT_NEED_RESCHED;
	/* The trampoline has left room below, and needs some of it to go on. */
	cpu->stack_low = regs->sp - UCG_CALLER_ROOM + 8 * sizeof(long);
	/* What the caller reads there, it would read now: so that is known to be its stack. */
	cpu->stack_end = regs->sp + THREAD_SIZE;
}

/* The caller goes on as it is now. */
static void commit(const struct ucg_cpu *cpu, struct pt_regs *regs)
{
	const unsigned long followed = UCG_ARITH_FLAGS | UCG_AC;
	unsigned int i;

	ucg_cpu_commit(cpu);
	for (i = 0; i < UCG_NR_REGS; i++)
		*place(regs, i) = cpu->r[i];
	regs->flags = (regs->flags & ~followed) | (cpu->flags & followed);
	ucg_caller_resume(regs, cpu->ip, cpu->r[UCG_SP]);
}

/* The function that copies what must not be copied, if it is entered at @entry. */
static const struct copy_function *copy_function(const struct ucg_cpu *cpu, unsigned long entry,
						 const struct ucg_copy *copy)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copy_functions); i++)
		if (ucg_caller_enters(entry, copy_functions[i].entry))
			return copy_functions[i].args(cpu, copy) ? &copy_functions[i] : NULL;
	return NULL;
}

static void fail_copy(struct ucg_cpu *cpu, const struct copy_function *f,
		      const struct ucg_copy *copy)
{
	switch (f->result) {
	case RESULT_N:
		cpu->r[UCG_AX] = copy->n;
		break;
	case RESULT_N32:
		cpu->r[UCG_AX] = (u32)copy->n;
		break;
	case RESULT_0:
		cpu->r[UCG_AX] = 0;
		break;
	case RESULT_CX:
		break;
	}
}

static bool is_harmless(unsigned long function)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(harmless_functions); i++)
		if (ucg_caller_enters(function, harmless_functions[i]))
			return true;
	return false;
}

/* What a step of the caller leads to. */
enum way {
	/* the copy, which has failed */
	FAILED,
	/* further on */
	ON,
	/* somewhere that is not known */
	LOST,
	/* a breakpoint; look again */
	AGAIN,
};

/* It calls a function: the copy, or one that is passed over. */
static enum way at_call(struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	const struct copy_function *f = copy_function(cpu, cpu->target, copy);

	if (!f && !is_harmless(cpu->target))
		return LOST;
	cpu->ip = cpu->next;
	if (!f) {
		cpu->r[UCG_AX] = 0;
		cpu->known = 0;
		return ON;
	}
	fail_copy(cpu, f, copy);
	return FAILED;
}

/* It has jumped to the function that copies, which returns to where the caller would have. */
static enum way at_jump(struct ucg_cpu *cpu, const struct copy_function *f,
			const struct ucg_copy *copy)
{
	u64 back;

	if (!ucg_cpu_load(cpu, cpu->r[UCG_SP], sizeof(back), &back))
		return LOST;
	cpu->ip = back;
	cpu->r[UCG_SP] += sizeof(back);
	fail_copy(cpu, f, copy);
	return FAILED;
}

static enum way step(struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	const struct copy_function *f = copy_function(cpu, cpu->ip, copy);

	if (f)
		return at_jump(cpu, f, copy);
	switch (ucg_cpu_step(cpu)) {
	case UCG_STEP_DONE:
		return ON;
	case UCG_STEP_CALL:
		return at_call(cpu, copy);
	case UCG_STEP_MOVSB:
		if (!args_movsb(cpu, copy))
			return LOST;
		cpu->ip = cpu->next;
		return FAILED;
	case UCG_STEP_MEMORY:
		return ucg_words_deny(cpu) ? FAILED : LOST;
	case UCG_STEP_BREAKPOINT:
		return AGAIN;
	default:
		return LOST;
	}
}

static bool follow(struct ucg_cpu *cpu, const struct ucg_copy *copy)
{
	struct ucg_patience patience = UCG_PATIENCE;
	unsigned long irqs;
	unsigned int steps;
	enum way way = ON;

	for (steps = 0; steps < UCG_STEPS_MAX && way == ON; steps++) {
		do {
			/*
			 * See ucg_cpu_step(). Who patches the code needs them on between
			 * two looks.
			 */
			local_irq_save(irqs);
			way = step(cpu, copy);
			local_irq_restore(irqs);
		} while (way == AGAIN && ucg_patching_wait(&patience, cpu->ip));
	}
	if (way != FAILED)
		return false;
	if (steps > READ_ONCE(most_steps))
		WRITE_ONCE(most_steps, steps);
	return true;
}

/**
 * ucg_refuse - refuse the copy that the caller of the check is about to make
 * @caller:	who it is; its registers become what they are behind the copy
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: true: the copy has failed. False: it cannot be refused here, and nothing was changed.
 */
bool ucg_refuse(struct ucg_caller *caller, const void *ptr, unsigned long n)
{
	const struct ucg_copy copy = { .ptr = (unsigned long)ptr, .n = n };
	struct ucg_cpu cpu;

	/* Not the caller's, then a tracer's that is not known: its books must stay right. */
	if (!ucg_caller_called(caller->site)) {
		atomic64_inc(&given_up);
		return false;
	}
	begin(&cpu, caller->regs);
	if (!follow(&cpu, &copy)) {
		atomic64_inc(&given_up);
		return false;
	}
	commit(&cpu, caller->regs);
	atomic64_inc(&refused);
	return true;
}

/**
 * ucg_refuse_init - get ready to refuse
 *
 * Context: process.
 */
void ucg_refuse_init(void)
{
	ucg_words_init();
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
	seq_puts(m, " callers that copy inline in other ways, that call other functions before they copy, or have a probe on their way there\n");
	seq_printf(m, "refusals: %lld, given up %lld, most instructions %u, bound %u\n",
		   atomic64_read(&refused), atomic64_read(&given_up), READ_ONCE(most_steps),
		   UCG_STEPS_MAX);
}
