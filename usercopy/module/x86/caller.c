// SPDX-License-Identifier: GPL-2.0-only
/*
 * The caller of the kernel's check, x86-64: where it goes on, and who else has a hand in that.
 */
#include <linux/ftrace.h>
#include <linux/ptrace.h>
#include <linux/rethook.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "usercopy/limits.h"

#include "caller.h"

/* CALL with a distance of 32 bits. */
#define CALL_OPCODE	0xe8
#define CALL_BYTES	5

/*
 * What is called may be the check's first instruction, the one behind its ENDBR, or, where the
 * kernel counts the depth of calls, the account in the padding before it.
 */
#define CHECK_PADDING	16
#define CHECK_ENDBR	4

/**
 * ucg_caller_called - does a caller of the kernel's check go on here?
 * @address:	what is on the stack as a return address
 *
 * All of them call it directly. What a tracer has put there in its place does not come behind
 * such a call.
 *
 * Context: any, NMI too.
 */
bool ucg_caller_called(unsigned long address)
{
	u8 call[CALL_BYTES];
	s32 distance;

	if (copy_from_kernel_nofault(call, (void *)(address - CALL_BYTES), CALL_BYTES) ||
	    call[0] != CALL_OPCODE)
		return false;
	memcpy(&distance, call + 1, sizeof(distance));
	return address + distance - (unsigned long)__check_object_size + CHECK_PADDING <=
	       CHECK_PADDING + CHECK_ENDBR;
}

/**
 * ucg_caller_enters - is this where a function is entered?
 * @at:		what a call or a jump leads to
 * @function:	the function's first instruction
 *
 * Where the kernel counts the depth of calls (retbleed=stuff), a call is patched to lead to the
 * account in the padding before the function. Its return would take that back: whoever passes over
 * the call passes over both.
 *
 * Context: any, NMI too.
 */
bool ucg_caller_enters(unsigned long at, unsigned long function)
{
	/* With the account there is nothing else in so many bytes. */
	return at == function ||
	       (IS_ENABLED(CONFIG_CALL_THUNKS) && function - at <= CHECK_PADDING);
}

/**
 * ucg_caller_resume - say where the trampoline shall go on
 * @regs:	what it has made of the caller's registers
 * @ip:		the place
 * @sp:		the stack pointer there; the 8 bytes below are overwritten
 *
 * Context: any, NMI too.
 */
void ucg_caller_resume(struct pt_regs *regs, unsigned long ip, unsigned long sp)
{
	/* It gets there by a return. */
	sp -= sizeof(ip);
	*(unsigned long *)sp = ip;
	regs->sp = sp;
	regs->ip = ip;
}

#ifdef CONFIG_FUNCTION_GRAPH_TRACER
/*
 * The function graph tracer's own stack of return addresses, word by word; where the top is has
 * been counted in entries until 6.11, and in words since.
 */
static unsigned long *traced_words(int *nr)
{
	unsigned long *words = (unsigned long *)current->ret_stack;

	if (__builtin_types_compatible_p(typeof(current->ret_stack), unsigned long *))
		*nr = current->curr_ret_stack;
	else
		*nr = (current->curr_ret_stack + 1) *
		      (sizeof(*current->ret_stack) / sizeof(unsigned long));
	return words;
}

/*
 * The check is the function that was entered last, so its entry is the last one. An entry begins
 * with the return address, and the function that it is of; further behind it has where on the
 * stack the return address was.
 */
static struct ftrace_ret_stack *traced_entry(struct pt_regs *regs)
{
	struct ftrace_ret_stack *entry;
	int nr, i;
	unsigned long *words = traced_words(&nr);

	if (!words || nr < 2)
		return NULL;
	for (i = nr - 2; i >= 0 && i > nr - UCG_TRACED_WORDS; i--) {
		if (words[i + 1] - (unsigned long)__check_object_size > CHECK_PADDING)
			continue;
		entry = (struct ftrace_ret_stack *)&words[i];
		if (entry->retp == (unsigned long *)regs->sp - 1 || ucg_caller_called(entry->ret))
			return entry;
	}
	return NULL;
}

static unsigned long *traced_return(struct pt_regs *regs)
{
	struct ftrace_ret_stack *entry = traced_entry(regs);

	return entry && ucg_caller_called(entry->ret) ? &entry->ret : NULL;
}

/* Unwinders shall find it where the tracer is returned to from, which is just below @regs. */
static void move_trace(struct pt_regs *regs)
{
	struct ftrace_ret_stack *entry = traced_entry(regs);

	if (entry && entry->retp == (unsigned long *)regs->sp - 1)
		entry->retp = (unsigned long *)regs - 1;
}
#else
static unsigned long *traced_return(struct pt_regs *regs)
{
	return NULL;
}

static void move_trace(struct pt_regs *regs)
{
}
#endif

#ifdef CONFIG_RETHOOK
/*
 * Probes on returns have a list of their own, latest first, and one function may have several:
 * the first that came has the true return address, unless the function graph tracer came before it.
 */
static unsigned long *probed_return(struct pt_regs *regs)
{
	struct rethook_node *node, *last = NULL;

	llist_for_each_entry(node, READ_ONCE(current->rethooks.first), llist) {
		if (node->frame != regs->sp - sizeof(long))
			break;
		last = node;
	}
	return last && ucg_caller_called(last->ret_addr) ? &last->ret_addr : NULL;
}

/* All know where on the stack that was, and look for it where they are returned to from. */
static void move_probes(struct pt_regs *regs)
{
	struct rethook_node *node;

	llist_for_each_entry(node, READ_ONCE(current->rethooks.first), llist) {
		if (node->frame != regs->sp - sizeof(long))
			break;
		node->frame = (unsigned long)regs - sizeof(long);
	}
}
#else
static unsigned long *probed_return(struct pt_regs *regs)
{
	return NULL;
}

static void move_probes(struct pt_regs *regs)
{
}
#endif

/**
 * ucg_hook_tracer - has a tracer, or a probe, put its own return address in the place of the
 * caller's?
 * @regs:	the caller; its @ip is what is on the stack. Set to the true one
 *
 * Then the check's end is told to the tracer at once: he is returned to before a verdict is
 * given, and returns to ucg_traced(). Behind that all is as if he had never been there.
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: where to return to; 0 if there is no need.
 */
unsigned long ucg_hook_tracer(struct pt_regs *regs)
{
	unsigned long tracer = regs->ip, *traced;

	if (ucg_caller_called(tracer))
		return 0;
	/* Both may be there; the one that came first has the true address. */
	traced = probed_return(regs) ?: traced_return(regs);
	if (!traced)
		return 0;
	move_probes(regs);
	move_trace(regs);
	regs->ip = *traced;
	/* Where the check returns to, should it be gone on with. */
	((unsigned long *)regs->sp)[-1] = regs->ip;
	*traced = (unsigned long)ucg_traced;
	return tracer;
}
