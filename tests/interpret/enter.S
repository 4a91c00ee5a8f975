/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * native_run() gives the CPU the registers and flags of struct native (native.h) and jumps to its
 * code; native_leave, to which that jumps at its end, stores them there. The offsets are asserted
 * in native.c. No instruction in between changes a flag.
 */
	.text
	.globl	native_run
native_run:
	endbr64
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	mov %rsp, native+144(%rip)
	push native+128(%rip)
	popfq
	mov native+0(%rip), %rax
	mov native+8(%rip), %rcx
	mov native+16(%rip), %rdx
	mov native+24(%rip), %rbx
	mov native+32(%rip), %rsp
	mov native+40(%rip), %rbp
	mov native+48(%rip), %rsi
	mov native+56(%rip), %rdi
	mov native+64(%rip), %r8
	mov native+72(%rip), %r9
	mov native+80(%rip), %r10
	mov native+88(%rip), %r11
	mov native+96(%rip), %r12
	mov native+104(%rip), %r13
	mov native+112(%rip), %r14
	mov native+120(%rip), %r15
	jmp *native+136(%rip)

	.globl	native_leave
native_leave:
	mov %rax, native+0(%rip)
	mov %rcx, native+8(%rip)
	mov %rdx, native+16(%rip)
	mov %rbx, native+24(%rip)
	mov %rsp, native+32(%rip)
	mov %rbp, native+40(%rip)
	mov %rsi, native+48(%rip)
	mov %rdi, native+56(%rip)
	mov %r8, native+64(%rip)
	mov %r9, native+72(%rip)
	mov %r10, native+80(%rip)
	mov %r11, native+88(%rip)
	mov %r12, native+96(%rip)
	mov %r13, native+104(%rip)
	mov %r14, native+112(%rip)
	mov %r15, native+120(%rip)
	mov native+144(%rip), %rsp
	pushfq
	pop native+128(%rip)
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

	.section .note.GNU-stack, "", @progbits
