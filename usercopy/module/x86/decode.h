/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions, taken apart: between decode.c and interpret.c.
 */
#ifndef _UCG_DECODE_H
#define _UCG_DECODE_H

#include "cpu.h"

/* What instructions do. The first eight stand in the order in which opcodes count them. */
enum op {
	OP_ADD, OP_OR, OP_ADC, OP_SBB, OP_AND, OP_SUB, OP_XOR, OP_CMP,
	OP_TEST, OP_MOV, OP_LEA, OP_MOVZX, OP_MOVSX, OP_MOVSXD, OP_CMOV, OP_SET,
	OP_SHL, OP_SHR, OP_SAR, OP_NOT, OP_NEG, OP_INC, OP_DEC, OP_IMUL,
	OP_PUSH, OP_POP, OP_LEAVE, OP_CWDE, OP_BSWAP, OP_XCHG,
	OP_JMP, OP_JCC, OP_CALL, OP_NOP,
	/* By the three bits in the middle of ModRM. */
	OP_GROUP_ALU, OP_GROUP_SHIFT, OP_GROUP_MOV, OP_GROUP_UNARY, OP_GROUP_INC,
	/* By all of ModRM. */
	OP_AC, OP_FENCE,
};

/* Where their operands are. 0: the opcode is not on the list. */
enum form {
	NOT_KNOWN,
	NONE,
	/* ModRM: register or memory, and a register; the first named is the destination */
	RM_R, R_RM,
	/* ModRM with one operand, or with a constant */
	RM, RM_I, RM_1, RM_CL,
	/* a register, by the opcode's low three bits */
	O, O_I,
	/* RAX and a constant */
	A_I,
	/* a constant: how far to go, or what to push */
	I,
};

/**
 * struct insn - an instruction, taken apart
 * @op:		what it does
 * @form:	where its operands are
 * @cc:		the low half of its opcode: a condition, or a register
 * @width:	of its operands, bytes
 * @source:	width of what is read, bytes, where that is another
 * @rex:	its REX prefix, 0 if it has none
 * @prefix66:	it has an operand size prefix
 * @gs:		it reads what belongs to this CPU: a MOV of 32 bits from an address counted from
 *		itself
 * @reg:	ModRM's register
 * @rm:		ModRM's other register; UCG_NO_REG if that operand is in memory
 * @modrm:	ModRM as it stands
 * @base:	of an address
 * @address:	of an operand in memory
 * @has_imm:	it has a constant
 * @imm:	the constant, with its sign
 * @next:	the instruction behind it
 */
struct insn {
	u8		op;
	u8		form;
	u8		cc;
	u8		width;
	u8		source;
	u8		rex;
	bool		prefix66;
	bool		gs;
	u8		reg;
	u8		rm;
	u8		modrm;
	u8		base;
	unsigned long	address;
	bool		has_imm;
	s64		imm;
	unsigned long	next;
};

static inline u64 mask_of(unsigned int size)
{
	return size == 8 ? ~0ULL : (1ULL << (8 * size)) - 1;
}

static inline u64 sign_extend(u64 value, unsigned int size)
{
	unsigned int shift = 64 - 8 * size;

	return (u64)((s64)(value << shift) >> shift);
}

enum ucg_step ucg_decode(const struct ucg_cpu *cpu, struct insn *insn);

#endif /* _UCG_DECODE_H */
