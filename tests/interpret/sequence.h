/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A short sequence of instructions, each made for the state that those before it have left.
 */
#ifndef _UCG_INTERPRET_SEQUENCE_H
#define _UCG_INTERPRET_SEQUENCE_H

#include "kernel.h"
#include "forms.h"

#define CODE_SIZE	4096
#define STACK_SIZE	512
/* Around the stack, in which nothing may change. */
#define STACK_MARGIN	256
#define STACK_AREA	(STACK_SIZE + 2 * STACK_MARGIN)
#define SEQUENCE_MAX	32
/* The base of the segment GS, so that what is read by it is not what the same address is without. */
#define GS_BASE		0x100000

/**
 * struct arena - where code runs
 * @code:	CODE_SIZE bytes, and as many breakpoints before and behind them
 * @used:	which of them belong to the sequence
 * @preempt:	what stands for the preemption count, below @code and its breakpoints
 * @stack:	STACK_AREA bytes
 */
struct arena {
	u8	*code;
	bool	used[CODE_SIZE];
	u32	*preempt;
	u8	*stack;
};

/**
 * struct placed - an instruction of a sequence
 * @ip:		where it is
 * @length:	in bytes
 * @cell:	what it counts as
 * @bytes:	of it, as it was interpreted
 */
struct placed {
	u64		ip;
	unsigned int	length;
	unsigned int	cell;
	u8		bytes[16];
};

/**
 * struct sequence - what is run, by interpret.c here and by the CPU elsewhere
 * @arena:	where it runs
 * @start:	the state in which it starts, all of whose flags are right
 * @known:	of these, those that interpret.c was told
 * @cpu:	the state that interpret.c ends in
 * @ac:		EFLAGS.AC as it has to be then
 * @placed:	its instructions
 * @length:	of them
 * @refused:	made, and not on the list
 * @memory:	moves from and to other memory, whose address the CPU confirms
 * @calls:	calls and "rep movsb", which only the interpreter's word tells
 * @wrong:	what interpret.c did wrong without the CPU being asked, or NULL
 * @stack:	bytes of the stack area at the start
 */
struct sequence {
	struct arena	*arena;
	struct ucg_cpu	start;
	unsigned long	known;
	struct ucg_cpu	cpu;
	unsigned long	ac;
	struct placed	placed[SEQUENCE_MAX + 2];
	unsigned int	length;
	unsigned int	refused;
	unsigned int	memory;
	unsigned int	calls;
	const char	*wrong;
	u8		stack[STACK_AREA];
};

void sequence_make(struct sequence *seq, struct arena *arena);
void sequence_erase(struct sequence *seq);

#endif /* _UCG_INTERPRET_SEQUENCE_H */
