// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions, taken apart. What is known of one is data, in the tables below; the encoding is in
 * the SDM's volume 2, chapter 2 and appendix A. Runs where interpret.c does.
 */
#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/kernel.h>
#endif

#include "decode.h"

/* How wide the constant is: as the operand but not above 32 bits, or one byte, or all 64 bits. */
enum imm { IMM_NONE, IMM_Z, IMM_8, IMM_V };

/* An opcode. */
struct opcode {
	u8 op;
	u8 form;
	u8 imm;
	/* operands, or the source alone, of one byte */
	u8 byte;
};

#define ALU(base, op)						\
	[(base) + 0] = { op, RM_R, IMM_NONE, 1 },		\
	[(base) + 1] = { op, RM_R },				\
	[(base) + 2] = { op, R_RM, IMM_NONE, 1 },		\
	[(base) + 3] = { op, R_RM },				\
	[(base) + 4] = { op, A_I, IMM_8, 1 },			\
	[(base) + 5] = { op, A_I, IMM_Z }

static const struct opcode one_byte[256] = {
	ALU(0x00, OP_ADD), ALU(0x08, OP_OR), ALU(0x10, OP_ADC), ALU(0x18, OP_SBB),
	ALU(0x20, OP_AND), ALU(0x28, OP_SUB), ALU(0x30, OP_XOR), ALU(0x38, OP_CMP),
	[0x50 ... 0x57]	= { OP_PUSH, O },
	[0x58 ... 0x5f]	= { OP_POP, O },
	[0x63]		= { OP_MOVSXD, R_RM },
	[0x68]		= { OP_PUSH, I, IMM_Z },
	[0x69]		= { OP_IMUL, R_RM, IMM_Z },
	[0x6a]		= { OP_PUSH, I, IMM_8 },
	[0x6b]		= { OP_IMUL, R_RM, IMM_8 },
	[0x70 ... 0x7f]	= { OP_JCC, I, IMM_8 },
	[0x80]		= { OP_GROUP_ALU, RM_I, IMM_8, 1 },
	[0x81]		= { OP_GROUP_ALU, RM_I, IMM_Z },
	[0x83]		= { OP_GROUP_ALU, RM_I, IMM_8 },
	[0x84]		= { OP_TEST, RM_R, IMM_NONE, 1 },
	[0x85]		= { OP_TEST, RM_R },
	[0x87]		= { OP_XCHG, RM_R },
	[0x88]		= { OP_MOV, RM_R, IMM_NONE, 1 },
	[0x89]		= { OP_MOV, RM_R },
	[0x8a]		= { OP_MOV, R_RM, IMM_NONE, 1 },
	[0x8b]		= { OP_MOV, R_RM },
	[0x8d]		= { OP_LEA, R_RM },
	[0x90]		= { OP_NOP, NONE },
	[0x98]		= { OP_CWDE, NONE },
	[0xa8]		= { OP_TEST, A_I, IMM_8, 1 },
	[0xa9]		= { OP_TEST, A_I, IMM_Z },
	[0xb0 ... 0xb7]	= { OP_MOV, O_I, IMM_8, 1 },
	[0xb8 ... 0xbf]	= { OP_MOV, O_I, IMM_V },
	[0xc0]		= { OP_GROUP_SHIFT, RM_I, IMM_8, 1 },
	[0xc1]		= { OP_GROUP_SHIFT, RM_I, IMM_8 },
	[0xc6]		= { OP_GROUP_MOV, RM_I, IMM_8, 1 },
	[0xc7]		= { OP_GROUP_MOV, RM_I, IMM_Z },
	[0xc9]		= { OP_LEAVE, NONE },
	[0xd0]		= { OP_GROUP_SHIFT, RM_1, IMM_NONE, 1 },
	[0xd1]		= { OP_GROUP_SHIFT, RM_1 },
	[0xd2]		= { OP_GROUP_SHIFT, RM_CL, IMM_NONE, 1 },
	[0xd3]		= { OP_GROUP_SHIFT, RM_CL },
	[0xe8]		= { OP_CALL, I, IMM_Z },
	[0xe9]		= { OP_JMP, I, IMM_Z },
	[0xeb]		= { OP_JMP, I, IMM_8 },
	[0xf6]		= { OP_GROUP_UNARY, RM, IMM_NONE, 1 },
	[0xf7]		= { OP_GROUP_UNARY, RM },
	[0xfe]		= { OP_GROUP_INC, RM, IMM_NONE, 1 },
	[0xff]		= { OP_GROUP_INC, RM },
};

/* Behind 0x0f. */
static const struct opcode two_byte[256] = {
	[0x01]		= { OP_AC, RM },
	[0x1f]		= { OP_NOP, RM },
	[0x40 ... 0x4f]	= { OP_CMOV, R_RM },
	[0x80 ... 0x8f]	= { OP_JCC, I, IMM_Z },
	[0x90 ... 0x9f]	= { OP_SET, RM, IMM_NONE, 1 },
	[0xae]		= { OP_FENCE, RM },
	[0xaf]		= { OP_IMUL, R_RM },
	[0xb6]		= { OP_MOVZX, R_RM, IMM_NONE, 1 },
	[0xb7]		= { OP_MOVZX, R_RM },
	[0xbe]		= { OP_MOVSX, R_RM, IMM_NONE, 1 },
	[0xbf]		= { OP_MOVSX, R_RM },
	[0xc8 ... 0xcf]	= { OP_BSWAP, O },
};

/* What the bits in the middle of ModRM choose; OP_FENCE, which no group has: not on the list. */
static const u8 group_shift[8] = {
	OP_FENCE, OP_FENCE, OP_FENCE, OP_FENCE, OP_SHL, OP_SHR, OP_FENCE, OP_SAR,
};

static const u8 group_unary[8] = {
	OP_TEST, OP_FENCE, OP_NOT, OP_NEG, OP_FENCE, OP_FENCE, OP_FENCE, OP_FENCE,
};

/* Bytes that an instruction may have; the CPU refuses longer ones. */
#define INSN_MAX	15

/* REX: what it adds to operands' width and to registers' numbers. */
#define REX_W	0x8
#define REX_R	0x4
#define REX_X	0x2
#define REX_B	0x1

/* The code, one byte after the other. */
static u8 fetch(struct insn *insn)
{
	u8 byte = READ_ONCE(*(const u8 *)insn->next);

	insn->next++;
	return byte;
}

static s64 fetch_signed(struct insn *insn, unsigned int size)
{
	u64 value = 0;
	unsigned int i;

	for (i = 0; i < size; i++)
		value |= (u64)fetch(insn) << (8 * i);
	return (s64)sign_extend(value, size);
}

/* The SIB byte: a base, and a register times 1, 2, 4 or 8. */
static void decode_sib(const struct ucg_cpu *cpu, struct insn *insn, unsigned int mod)
{
	u8 sib = fetch(insn);
	unsigned int index = (sib >> 3 & 7) | (insn->rex & REX_X ? 8 : 0);

	insn->base = (sib & 7) | (insn->rex & REX_B ? 8 : 0);
	if (index != UCG_SP)
		insn->address = cpu->r[index] << (sib >> 6);
	if ((sib & 7) == UCG_BP && !mod) {
		insn->base = UCG_NO_REG;
		insn->address += fetch_signed(insn, 4);
	}
}

/*
 * ModRM and what follows from it. Where constants follow an address that is counted from the
 * instruction, that address is not known yet: such operands are not on the list, but for a MOV of
 * what belongs to this CPU.
 */
static bool decode_modrm(const struct ucg_cpu *cpu, struct insn *insn)
{
	unsigned int mod, rm;

	insn->modrm = fetch(insn);
	mod = insn->modrm >> 6;
	rm = insn->modrm & 7;
	insn->reg = (insn->modrm >> 3 & 7) | (insn->rex & REX_R ? 8 : 0);
	insn->rm = UCG_NO_REG;
	insn->address = 0;
	if (mod == 3) {
		insn->rm = rm | (insn->rex & REX_B ? 8 : 0);
		return true;
	}
	if (rm == UCG_BP && !mod) {
		if (!insn->gs)
			return false;
		insn->base = UCG_NO_REG;
		insn->address = fetch_signed(insn, 4);
		insn->address += insn->next;
		return true;
	}
	insn->base = rm | (insn->rex & REX_B ? 8 : 0);
	if (rm == UCG_SP)
		decode_sib(cpu, insn, mod);
	if (insn->base != UCG_NO_REG)
		insn->address += cpu->r[insn->base];
	if (mod)
		insn->address += fetch_signed(insn, mod == 1 ? 1 : 4);
	return true;
}

/* Of what belongs to this CPU, only what is read as compilers read the preemption count. */
static bool may_have_gs(const struct insn *insn)
{
	return insn->op == OP_MOV && insn->form == R_RM && insn->width == 4 &&
	       (insn->modrm & 0xc7) == 0x05;
}

/* Where the middle of ModRM says what the instruction does. */
static bool decode_group(struct insn *insn)
{
	unsigned int nr = insn->modrm >> 3 & 7;

	switch (insn->op) {
	case OP_GROUP_ALU:
		insn->op = OP_ADD + nr;
		return true;
	case OP_GROUP_SHIFT:
		insn->op = group_shift[nr];
		return insn->op != OP_FENCE;
	case OP_GROUP_MOV:
		insn->op = OP_MOV;
		return !nr;
	case OP_GROUP_UNARY:
		insn->op = group_unary[nr];
		/* Alone in the group, TEST has a constant. */
		if (insn->op == OP_TEST)
			insn->form = RM_I;
		return insn->op != OP_FENCE;
	case OP_GROUP_INC:
		insn->op = nr ? OP_DEC : OP_INC;
		return nr < 2;
	}
	return true;
}

static void decode_imm(struct insn *insn, unsigned int imm)
{
	unsigned int size = insn->width;

	/* TEST of a group, which only its ModRM has told. */
	if (imm == IMM_NONE && insn->op == OP_TEST && insn->form == RM_I)
		imm = insn->width == 1 ? IMM_8 : IMM_Z;
	insn->has_imm = imm != IMM_NONE;
	if (!insn->has_imm)
		return;
	if (imm == IMM_8)
		size = 1;
	else if (imm == IMM_Z && size == 8)
		size = 4;
	insn->imm = fetch_signed(insn, size);
}

/* Jumps and the stack have 64 bits without being told, and 16 are nobody's wish. */
static bool decode_width(struct insn *insn, bool byte)
{
	insn->source = byte ? 1 : 0;
	switch (insn->op) {
	case OP_JMP:
	case OP_JCC:
	case OP_CALL:
		insn->width = 4;
		return !insn->prefix66;
	case OP_PUSH:
	case OP_POP:
	case OP_LEAVE:
		insn->width = 8;
		return !insn->prefix66;
	}
	insn->width = insn->rex & REX_W ? 8 : insn->prefix66 ? 2 : 4;
	switch (insn->op) {
	case OP_MOVZX:
	case OP_MOVSX:
		insn->source = byte ? 1 : 2;
		break;
	case OP_MOVSXD:
		insn->source = 4;
		break;
	case OP_BSWAP:
		return insn->width != 2;
	default:
		if (byte)
			insn->width = 1;
		insn->source = insn->width;
	}
	return true;
}

/* F3 is known in front of MOVSB, of a NOP (PAUSE) and of ENDBR64 alone. */
static enum ucg_step decode_f3(struct insn *insn)
{
	insn->op = OP_NOP;
	insn->form = NONE;
	switch (fetch(insn)) {
	case 0x90:
		return UCG_STEP_DONE;
	case 0xa4:
		return UCG_STEP_MOVSB;
	case 0x0f:
		if (fetch(insn) == 0x1e && fetch(insn) == 0xfa)
			return UCG_STEP_DONE;
	}
	return UCG_STEP_UNKNOWN;
}

/* Of the prefixes, CS and DS mean nothing any more; long NOPs have them. */
static bool decode(const struct ucg_cpu *cpu, struct insn *insn, u8 byte)
{
	const struct opcode *opcode;

	for (; byte == 0x66 || byte == 0x2e || byte == 0x3e || byte == 0x65; byte = fetch(insn)) {
		if (insn->next - cpu->ip == INSN_MAX)
			return false;
		insn->prefix66 |= byte == 0x66;
		insn->gs |= byte == 0x65;
	}
	if ((byte & 0xf0) == 0x40) {
		insn->rex = byte;
		byte = fetch(insn);
	}
	if (byte == 0x0f) {
		byte = fetch(insn);
		opcode = &two_byte[byte];
	} else {
		opcode = &one_byte[byte];
	}
	insn->op = opcode->op;
	insn->form = opcode->form;
	insn->cc = byte & 0xf;
	if (insn->form == NOT_KNOWN || !decode_width(insn, opcode->byte))
		return false;
	/* With REX, 90 is XCHG with another register; only the plain one is known. */
	if (insn->op == OP_NOP && insn->form == NONE && insn->rex & REX_B)
		return false;
	switch (insn->form) {
	case RM_R:
	case R_RM:
	case RM:
	case RM_I:
	case RM_1:
	case RM_CL:
		if (!decode_modrm(cpu, insn) || !decode_group(insn))
			return false;
		break;
	case O:
	case O_I:
		insn->rm = (byte & 7) | (insn->rex & REX_B ? 8 : 0);
		break;
	case A_I:
		insn->rm = UCG_AX;
		break;
	}
	if (insn->gs && !may_have_gs(insn))
		return false;
	decode_imm(insn, opcode->imm);
	return insn->next - cpu->ip <= INSN_MAX;
}

/**
 * ucg_decode - take the next instruction apart
 * @cpu:	the state before it
 * @insn:	filled; with 0xf3 in front, all that it tells is what is behind it
 *
 * Context: as ucg_cpu_step().
 * Return: UCG_STEP_DONE if it can be executed, or UCG_STEP_MOVSB, UCG_STEP_BREAKPOINT or
 * UCG_STEP_UNKNOWN.
 */
enum ucg_step ucg_decode(const struct ucg_cpu *cpu, struct insn *insn)
{
	u8 byte;

	*insn = (struct insn){ .next = cpu->ip };
	byte = fetch(insn);
	if (byte == 0xcc)
		return UCG_STEP_BREAKPOINT;
	if (byte == 0xf3)
		return decode_f3(insn);
	return decode(cpu, insn, byte) ? UCG_STEP_DONE : UCG_STEP_UNKNOWN;
}
