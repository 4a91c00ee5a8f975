/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms of the instructions that interpret.c has on its list: how they are encoded, and how
 * many of each have been run.
 */
#ifndef _UCG_INTERPRET_FORMS_H
#define _UCG_INTERPRET_FORMS_H

#include "kernel.h"
#include "../../usercopy/module/x86/interpret.h"

enum constant { CONSTANT_NONE, CONSTANT_32, CONSTANT_8, CONSTANT_64 };

/**
 * struct encoding - an opcode on the list
 * @two_byte:	it stands behind 0x0f
 * @opcode:	its last byte
 * @modrm:	ModRM follows
 * @jump:	its constant tells how far to go
 * @byte:	its operands are bytes
 * @constant:	how wide its constant may be
 */
struct encoding {
	bool		two_byte;
	u8		opcode;
	bool		modrm;
	bool		jump;
	bool		byte;
	enum constant	constant;
};

/**
 * struct taken_apart - an instruction as interpret.c understands it
 * @length:	in bytes
 * @cell:	what to count it as
 * @reg:	the register that ModRM names
 * @alignment:	it is STAC or CLAC, which only the kernel may execute
 */
struct taken_apart {
	unsigned int	length;
	unsigned int	cell;
	unsigned int	reg;
	bool		alignment;
};

void form_pick(u64 random, struct encoding *form);
bool form_take_apart(const struct ucg_cpu *cpu, struct taken_apart *insn);
void form_count(unsigned int cell);
bool forms_print(bool all);

#endif /* _UCG_INTERPRET_FORMS_H */
