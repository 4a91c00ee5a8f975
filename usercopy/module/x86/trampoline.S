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

#include <asm/asm.h>
#include <asm/nospec-branch.h>
#include <asm/page_types.h>
#include <asm/segment.h>
#include <asm/unwind_hints.h>

#include "usercopy/compat.h"
#include "usercopy/limits.h"

#define THREAD_SHIFT	(PAGE_SHIFT + THREAD_SIZE_ORDER)

	.text

/* What is not decided here: the end of each way through the trampoline. */
.macro CHECK_IN_C
	pushq	$0			/* n for the kernel's check; here comes a suspect's n */
	movzbl	%dl, %edx
	leaq	(%rsp,%rdx), %r8	/* way: the stack pointer, and to_user */
	CALL_DEPTH_ACCOUNT
	call	ucg_check
	popq	%rsi
	RET
.endm

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
 * In: (%rsp) the address in __check_object_size to go on at, 8(%rsp) the one in the caller.
 */
SYM_START(ucg_trampoline, SYM_L_GLOBAL, SYM_A_ALIGN)
	ANNOTATE_NOENDBR
	cmpq	%rsp, %rdi
	jb	.Lcheck			/* the direct map lies below all stacks */
	movq	%rsi, %rax
	addq	%rdi, %rsi
	jc	.Lnot_on_stack
#ifdef CONFIG_FRAME_POINTER
	cmpq	%rbp, %rsi
	ja	pass_other_frames
#endif
	xorq	%rsp, %rsi
	shrq	$THREAD_SHIFT, %rsi
	jnz	.Lnot_on_stack
	RET				/* with n = 0 */
.Lnot_on_stack:
	movq	%rax, %rsi
.Lcheck:
	CHECK_IN_C
SYM_FUNC_END(ucg_trampoline)

#ifdef CONFIG_FRAME_POINTER
/*
 * The copy ends beyond the caller's frame: it is good where it stays between the return address of
 * one frame and the frame pointer of the next, on this stack. Each frame lies above the one before,
 * so this ends; and it looks beyond the caller's caller only for what ends on this stack. What is
 * not aligned is a mark, which interrupts and system calls leave at their entry: it may be the end
 * of a frame, and is not followed. The first need not be asked for that, a function that copies has
 * a frame. Where an interrupt's stack ends, there may be no page: then C says what the copy is.
 *
 * In: %rsi the end of the copy, %rax n
 */
SYM_FUNC_START_LOCAL_NOALIGN(pass_other_frames)
	cmpq	%rsp, %rbp
	jb	.Lin_no_frame
	leaq	16(%rbp), %r9
.Lread_first_frame:
	cmpq	(%rbp), %rsi
	ja	.Lbeyond_frame
	movq	(%rbp), %rsi
.Lin_this_frame:
	cmpq	%r9, %rdi
	jb	.Lin_no_frame
	xorq	%rsp, %rsi
	shrq	$THREAD_SHIFT, %rsi
	jnz	.Lin_no_frame
	RET				/* with n = 0 */
.Lbeyond_frame:
	movq	%rsi, %r8
	xorq	%rsp, %r8
	shrq	$THREAD_SHIFT, %r8
	jnz	.Lin_no_frame
	movq	(%rbp), %rcx
.Lnext_frame:
	cmpq	%r9, %rcx
	jb	.Lin_no_frame
	testb	$7, %cl
	jnz	.Lin_no_frame
	leaq	16(%rcx), %r9
.Lread_frame:
	movq	(%rcx), %rcx
	cmpq	%rcx, %rsi
	ja	.Lnext_frame
	movq	%rcx, %rsi
	jmp	.Lin_this_frame
.Lin_no_frame:
	movq	%rax, %rsi
	CHECK_IN_C
	_ASM_EXTABLE(.Lread_first_frame, .Lin_no_frame)
	_ASM_EXTABLE(.Lread_frame, .Lin_no_frame)
SYM_FUNC_END(pass_other_frames)
#endif

/*
 * Where ucg_check() returns to when it could not pass a copy (ucg_suspect()), in the place of the
 * address behind the call above. Whatever C saved has been given back: the registers that a
 * function must keep are the caller's. From them, and from what is on the stack, a struct pt_regs
 * is made of the caller as it will be behind its check; the unwinders know what that is.
 *
 * In: %rax ptr, (%rsp) n, 8(%rsp) the address in __check_object_size to go on at, 16(%rsp) the
 *     one in the caller
 */
SYM_CODE_START(ucg_suspect_to_user)
	ANNOTATE_NOENDBR
	UNWIND_HINT_FUNC
	movl	$1, %ecx
	jmp	.Lsuspect
SYM_CODE_END(ucg_suspect_to_user)

SYM_CODE_START(ucg_suspect_from_user)
	ANNOTATE_NOENDBR
	UNWIND_HINT_FUNC
	xorl	%ecx, %ecx
.Lsuspect:
	popq	%rdx			/* n */
	UNWIND_HINT_FUNC
	leaq	16(%rsp), %r8		/* the caller's stack pointer behind the check */
	movq	8(%rsp), %r9		/* where the check returns to */
	subq	$UCG_CALLER_ROOM, %rsp
	pushq	$__KERNEL_DS
	pushq	%r8			/* sp */
	pushfq
	pushq	$__KERNEL_CS
	pushq	%r9			/* ip */
	pushq	$-1			/* orig_ax */
	pushq	%rax			/* di: ptr */
	pushq	%rdx			/* si: n */
	pushq	%rcx			/* dx: to_user */
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	UNWIND_HINT_REGS
#ifdef CONFIG_FRAME_POINTER
	leaq	1(%rsp), %rbp		/* how the unwinder is told of a struct pt_regs */
#endif
	/* Not the caller's address on its stack? Then return to who put his own there first. */
	movq	%rsp, %rdi
	call	ucg_hook_tracer
	testq	%rax, %rax
	jz	suspect_kept
	pushq	%rax
	RET
SYM_CODE_END(ucg_suspect_from_user)

/*
 * The caller's registers are kept: on to the verdict, and from there to where it says.
 *
 * In: (%rsp) the struct pt_regs of the caller
 * Out: what ucg_hook_suspect() has made of it, in the registers
 */
SYM_CODE_START_LOCAL(suspect_kept)
	UNWIND_HINT_REGS
	nop				/* unwinders look before the address that is returned to */
/* Where a tracer returns to: he believes that __check_object_size was called from here. */
SYM_INNER_LABEL(ucg_traced, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	movq	%rsp, %rdi
	call	ucg_hook_suspect
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	/* orig_ax, ip, cs, flags, sp; with AC perhaps, as STAC leaves it */
	pushq	24(%rsp)
	popfq
	movq	32(%rsp), %rsp		/* there is where to go on */
	RET
SYM_CODE_END(suspect_kept)
