/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions, numbers and states at random, near the edges more often than not.
 */
#ifndef _UCG_INTERPRET_GENERATE_H
#define _UCG_INTERPRET_GENERATE_H

#include "kernel.h"
#include "forms.h"

/* An instruction has 15 bytes at the most; some of ours have more. */
#define MADE_MAX	32

/**
 * struct made - an instruction at random
 * @bytes:	of it
 * @length:	of them
 * @whole:	it is as it was put together; otherwise mere bytes
 * @rex:	its REX prefix, or 0
 * @modrm:	where ModRM begins in @bytes, 0 for none
 * @modrm_length: bytes of ModRM, SIB and displacement
 * @base:	the register that its address is counted from, or UCG_NO_REG
 * @jump:	how far it jumps, from its end
 */
struct made {
	u8		bytes[MADE_MAX];
	unsigned int	length;
	bool		whole;
	u8		rex;
	unsigned int	modrm;
	unsigned int	modrm_length;
	unsigned int	base;
	s64		jump;
};

void random_seed(u64 seed);
u64 random64(void);
unsigned int below(unsigned int end);
bool one_in(unsigned int n);
u64 random_number(void);
u64 random_address(const struct ucg_cpu *cpu);

void make_instruction(const struct ucg_cpu *cpu, struct made *made);

#endif /* _UCG_INTERPRET_GENERATE_H */
