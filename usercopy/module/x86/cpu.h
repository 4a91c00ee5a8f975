/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of code that is followed (interpret.h).
 */
#ifndef _UCG_CPU_H
#define _UCG_CPU_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include "kernel.h"
#endif

#include "../../limits.h"

/* Registers as instructions count them. */
enum ucg_reg {
	UCG_AX, UCG_CX, UCG_DX, UCG_BX, UCG_SP, UCG_BP, UCG_SI, UCG_DI,
	UCG_R8, UCG_R9, UCG_R10, UCG_R11, UCG_R12, UCG_R13, UCG_R14, UCG_R15,
	UCG_NR_REGS,
	/* an address that is not counted from a register */
	UCG_NO_REG = UCG_NR_REGS,
};

/* The flags that are followed; where the CPU has them (SDM volume 1, 3.4.3). */
#define UCG_CF	0x001UL
#define UCG_PF	0x004UL
#define UCG_ZF	0x040UL
#define UCG_SF	0x080UL
#define UCG_OF	0x800UL
#define UCG_AC	0x40000UL
#define UCG_ARITH_FLAGS	(UCG_CF | UCG_PF | UCG_ZF | UCG_SF | UCG_OF)

/**
 * struct ucg_write - bytes that the code would have written to its stack
 * @address:	where
 * @value:	what, from its lowest byte on
 * @size:	1, 2, 4 or 8 bytes
 */
struct ucg_write {
	unsigned long	address;
	u64		value;
	u8		size;
};

/**
 * struct ucg_cpu - the state of the code that is followed
 * @r:		general registers, by enum ucg_reg
 * @ip:		the next instruction
 * @flags:	EFLAGS; of those in UCG_ARITH_FLAGS only what @known has is right
 * @known:	the arithmetic flags whose values are known
 * @stack_low:	lowest address of the stack that may be read or written
 * @stack_end:	the address behind the stack
 * @nr_writes:	entries in @writes
 * @writes:	the log, oldest first
 * @preempt_at:	where the code reads its preemption count, as an address in the segment GS; 0 if
 *		that is not to be followed
 * @preempt:	that count
 * @next:	the instruction behind this one
 * @target:	UCG_STEP_CALL: what is called
 * @address:	UCG_STEP_MEMORY: what would be accessed
 * @base:	UCG_STEP_MEMORY: the register that this is counted from, or UCG_NO_REG
 *
 * Lives on the stack of the one who follows the code.
 */
struct ucg_cpu {
	unsigned long	r[UCG_NR_REGS];
	unsigned long	ip;
	unsigned long	flags;
	unsigned long	known;
	unsigned long	stack_low;
	unsigned long	stack_end;
	unsigned int	nr_writes;
	struct ucg_write writes[UCG_WRITES_MAX];
	unsigned long	preempt_at;
	u32		preempt;
	unsigned long	next;
	unsigned long	target;
	unsigned long	address;
	u8		base;
};

/**
 * enum ucg_step - what became of one instruction
 */
enum ucg_step {
	/** @UCG_STEP_DONE: it was executed */
	UCG_STEP_DONE,
	/** @UCG_STEP_CALL: it calls @target; not executed */
	UCG_STEP_CALL,
	/** @UCG_STEP_MOVSB: it is "rep movsb"; not executed */
	UCG_STEP_MOVSB,
	/** @UCG_STEP_MEMORY: it moves from or to memory that is not its stack; not executed */
	UCG_STEP_MEMORY,
	/** @UCG_STEP_BREAKPOINT: a probe, or code that is being patched */
	UCG_STEP_BREAKPOINT,
	/** @UCG_STEP_UNKNOWN: not on the list, or it depends on what is not known */
	UCG_STEP_UNKNOWN,
};

#endif /* _UCG_CPU_H */
