/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asks the kernel's check, and comes back even when that gives up (ask_kernel.c).
 */
#include <linux/linkage.h>
#include <linux/objtool.h>

#include <asm/nospec-branch.h>

	.text

/*
 * bool ask_check(const void *ptr, unsigned long n, bool to_user, unsigned long *sp)
 *
 * Returns false if the check has returned. If it gives up, it is left by going on at ask_killed,
 * with the stack pointer that is kept in *sp and with %eax at 1.
 */
SYM_FUNC_START(ask_check)
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rcx)
	call	__check_object_size
	xorl	%eax, %eax
SYM_INNER_LABEL(ask_killed, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	RET
SYM_FUNC_END(ask_check)
