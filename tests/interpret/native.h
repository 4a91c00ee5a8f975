/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A piece of code run by the CPU itself, with all registers as it is told.
 */
#ifndef _UCG_INTERPRET_NATIVE_H
#define _UCG_INTERPRET_NATIVE_H

#include "kernel.h"

/* Bytes of native_put_exit(). */
#define NATIVE_EXIT	14

/**
 * struct native - what the CPU is given, and what it gives back
 * @r:		general registers, by enum ucg_reg; the stack pointer is one of them
 * @flags:	EFLAGS
 * @entry:	the first instruction
 * @host_sp:	of the one who asked
 */
struct native {
	u64	r[16];
	u64	flags;
	u64	entry;
	u64	host_sp;
};

extern struct native native;

/* enter.S; the second is where code ends, and not to be called. */
void native_run(void);
void native_leave(void);
void native_put_exit(u8 *code);

#endif /* _UCG_INTERPRET_NATIVE_H */
