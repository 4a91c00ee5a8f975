/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trampoline of the module's hook, x86-64.
 *
 * ftrace calls it from the first instruction of
 *
 *	void __check_object_size(const void *ptr, unsigned long n, bool to_user)
 *
 * so the registers are that function's: %rdi ptr, %rsi n, %edx to_user. All
 * others that C may change are free, as at every entry of a C function. With n
 * set to 0 the kernel's function has nothing to check and returns at once.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>

#include <asm/nospec-branch.h>
#include <asm/page_types.h>
#include <asm/processor-flags.h>

#include "usercopy/compat.h"
#include "usercopy/verdict.h"

#define THREAD_SHIFT	(PAGE_SHIFT + THREAD_SIZE_ORDER)

	.text

/*
 * The copies that are most and cheapest are decided here, before any call: those of small
 * structures in live frames of the stack, from the stack pointer on and not beyond the end of
 * the stack. C could not say that the registers stay as they are, and n becomes 0 by the way.
 *
 * Stacks are aligned to their size, so the address behind the copy is on the stack that the
 * stack pointer is on if the two differ in no higher bit. (An interrupt's stack may end before
 * that. What follows it is a page that is not mapped, as behind every stack: no copy gets
 * through that.) Nothing is passed that wraps: the carry says so.
 *
 * No ENDBR: ftrace comes by a call in __check_object_size or, if others trace that function
 * too, by a return; none of the two needs one. For the same reason a copy that passes here is
 * not in the account of calls that some CPUs keep against Retbleed: the return that follows
 * counts one call too many as done, and the return stack is filled earlier than it had to be.
 *
 * In: (%rsp) the address in __check_object_size to go on at.
 */
SYM_START(ucg_trampoline, SYM_L_GLOBAL, SYM_A_ALIGN)
	ANNOTATE_NOENDBR
	cmpq	%rsp, %rdi
	jb	.Lcheck			/* the direct map lies below all stacks */
	movq	%rsi, %rax
	addq	%rdi, %rsi
	jc	.Lnot_on_stack
	xorq	%rsp, %rsi
	shrq	$THREAD_SHIFT, %rsi
	jnz	.Lnot_on_stack
	RET				/* with n = 0 */
.Lnot_on_stack:
	movq	%rax, %rsi
.Lcheck:
	CALL_DEPTH_ACCOUNT
	call	ucg_check
	mov	%rax, %rsi		/* 0, or n if the kernel shall judge it */
	RET
SYM_FUNC_END(ucg_trampoline)

/*
 * Where ucg_check() goes when it could not pass a copy, in place of a return: the
 * arguments are where they were, and they are kept here for the case that the
 * kernel's function shall have them.
 *
 * In: (%rsp) return into ucg_trampoline, 8(%rsp) into __check_object_size,
 *     16(%rsp) into the caller that is about to copy
 * Out: %rax what n shall be; %rdi what ptr shall be, %rdx as it was
 */
SYM_FUNC_START(ucg_hook_slow)
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	movq	40(%rsp), %rcx		/* caller */
	leaq	48(%rsp), %r8		/* its stack pointer after the check */
	call	ucg_verdict
	popq	%rdx
	popq	%rsi
	popq	%rdi
	cmpl	$UCG_VERDICT_KILL, %eax
	jb	.Lgo
	je	.Lkill
	cmpl	$UCG_VERDICT_REFUSE, %eax
	jne	.Lkill_surely
	/* Refuse: step from here until the copy function, see refuse.c. */
	pushfq
	orl	$X86_EFLAGS_TF, (%rsp)
	popfq
.Lgo:
	xorl	%eax, %eax
	RET
.Lkill_surely:
	/* The guard is stricter here; NULL is what no kernel lets pass. */
	xorl	%edi, %edi
.Lkill:
	movq	%rsi, %rax
	RET
SYM_FUNC_END(ucg_hook_slow)
