// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small part of an x86-64 CPU (interpret.h). What it knows of an instruction is data, in the
 * tables below; the encoding is in the SDM's volume 2, chapter 2 and appendix A.
 *
 * Runs in the hook, in any context: no lock, no allocation, no recursion, and no access to memory
 * but the code at @ip, byte by byte as the CPU would read it, and the stack that it was given.
 */
#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/string.h>
#endif

#include "interpret.h"

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

/* Programs that follow all ways put their own choice in the place of this. */
#ifndef UCG_CONDITION
#define UCG_CONDITION(cpu, cc)	condition(cpu, cc)
#endif

/* Bytes that an instruction may have; the CPU refuses longer ones. */
#define INSN_MAX	15

/* REX: what it adds to operands' width and to registers' numbers. */
#define REX_W	0x8
#define REX_R	0x4
#define REX_X	0x2
#define REX_B	0x1

/**
 * struct insn - an instruction, taken apart
 * @op:		what it does
 * @form:	where its operands are
 * @cc:		the low half of its opcode: a condition, or a register
 * @width:	of its operands, bytes
 * @source:	width of what is read, bytes, where that is another
 * @rex:	its REX prefix, 0 if it has none
 * @prefix66:	it has an operand size prefix
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
	u8		reg;
	u8		rm;
	u8		modrm;
	u8		base;
	unsigned long	address;
	bool		has_imm;
	s64		imm;
	unsigned long	next;
};

static u64 mask_of(unsigned int size)
{
	return size == 8 ? ~0ULL : (1ULL << (8 * size)) - 1;
}

static u64 sign_extend(u64 value, unsigned int size)
{
	unsigned int shift = 64 - 8 * size;

	return (u64)((s64)(value << shift) >> shift);
}

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
 * instruction, that address is not known yet: such operands are not on the list.
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
	if (rm == UCG_BP && !mod)
		return false;
	insn->base = rm | (insn->rex & REX_B ? 8 : 0);
	if (rm == UCG_SP)
		decode_sib(cpu, insn, mod);
	if (insn->base != UCG_NO_REG)
		insn->address += cpu->r[insn->base];
	if (mod)
		insn->address += fetch_signed(insn, mod == 1 ? 1 : 4);
	return true;
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

static bool decode(const struct ucg_cpu *cpu, struct insn *insn, u8 byte)
{
	const struct opcode *opcode;

	/* CS and DS mean nothing any more; long NOPs have them. */
	for (; byte == 0x66 || byte == 0x2e || byte == 0x3e; byte = fetch(insn)) {
		if (insn->next - cpu->ip == INSN_MAX)
			return false;
		insn->prefix66 |= byte == 0x66;
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
	decode_imm(insn, opcode->imm);
	return insn->next - cpu->ip <= INSN_MAX;
}

/* Bytes 8 to 15 of the first four registers, which some instructions without REX name. */
static bool is_high_byte(const struct insn *insn, unsigned int reg, unsigned int size)
{
	return size == 1 && !insn->rex && reg >= UCG_SP && reg <= UCG_DI;
}

static bool on_stack(const struct ucg_cpu *cpu, unsigned long address, unsigned int size)
{
	return address >= cpu->stack_low && address < cpu->stack_end &&
	       size <= cpu->stack_end - address;
}

/**
 * ucg_cpu_load - read the stack as the code that is followed would see it
 * @cpu:	its state
 * @address:	where
 * @size:	1, 2, 4 or 8 bytes
 * @value:	set to what is there
 *
 * Context: any, NMI too.
 * Return: false if that is not all on the stack, or was written only in part.
 */
bool ucg_cpu_load(const struct ucg_cpu *cpu, unsigned long address, unsigned int size, u64 *value)
{
	unsigned int i;

	if (!on_stack(cpu, address, size))
		return false;
	for (i = cpu->nr_writes; i--; ) {
		const struct ucg_write *w = &cpu->writes[i];

		if (address >= w->address + w->size || address + size <= w->address)
			continue;
		if (address < w->address || address + size > w->address + w->size)
			return false;
		*value = (w->value >> (8 * (address - w->address))) & mask_of(size);
		return true;
	}
	*value = 0;
	memcpy(value, (const void *)address, size);
	return true;
}

static bool store(struct ucg_cpu *cpu, unsigned long address, unsigned int size, u64 value)
{
	if (!on_stack(cpu, address, size) || cpu->nr_writes == UCG_WRITES_MAX)
		return false;
	cpu->writes[cpu->nr_writes++] = (struct ucg_write){
		.address = address, .value = value & mask_of(size), .size = size,
	};
	return true;
}

static bool read_reg(const struct ucg_cpu *cpu, const struct insn *insn, unsigned int reg,
		     unsigned int size, u64 *value)
{
	if (is_high_byte(insn, reg, size))
		return false;
	*value = cpu->r[reg] & mask_of(size);
	return true;
}

/* A register of 32 bits takes its upper half along, narrower ones leave the rest as it is. */
static bool write_reg(struct ucg_cpu *cpu, const struct insn *insn, unsigned int reg,
		      unsigned int size, u64 value)
{
	u64 mask = size == 4 ? ~0ULL : mask_of(size);

	if (is_high_byte(insn, reg, size))
		return false;
	value &= mask_of(size);
	cpu->r[reg] = (cpu->r[reg] & ~mask) | value;
	return true;
}

static bool read_rm(const struct ucg_cpu *cpu, const struct insn *insn, unsigned int size,
		    u64 *value)
{
	if (insn->rm != UCG_NO_REG)
		return read_reg(cpu, insn, insn->rm, size, value);
	return ucg_cpu_load(cpu, insn->address, size, value);
}

static bool write_rm(struct ucg_cpu *cpu, const struct insn *insn, unsigned int size, u64 value)
{
	if (insn->rm != UCG_NO_REG)
		return write_reg(cpu, insn, insn->rm, size, value);
	return store(cpu, insn->address, size, value);
}

static void set_flags(struct ucg_cpu *cpu, unsigned long which, unsigned long flags)
{
	cpu->flags = (cpu->flags & ~which) | (flags & which);
	cpu->known |= which;
}

/* Zero, sign and parity of a result. */
static unsigned long result_flags(u64 result, unsigned int size)
{
	unsigned long flags = 0;
	u8 low = result;

	if (!(result & mask_of(size)))
		flags |= UCG_ZF;
	if (result >> (8 * size - 1) & 1)
		flags |= UCG_SF;
	low ^= low >> 4;
	low ^= low >> 2;
	low ^= low >> 1;
	if (!(low & 1))
		flags |= UCG_PF;
	return flags;
}

/* @a + @b + @carry, of @size bytes. */
static u64 add(struct ucg_cpu *cpu, u64 a, u64 b, bool carry, unsigned int size)
{
	u64 result = (a + b + carry) & mask_of(size);
	unsigned long flags = result_flags(result, size);

	if (result < a || (carry && result == a))
		flags |= UCG_CF;
	if (((a ^ result) & (b ^ result)) >> (8 * size - 1) & 1)
		flags |= UCG_OF;
	set_flags(cpu, UCG_ARITH_FLAGS, flags);
	return result;
}

/* @a - @b - @borrow, of @size bytes. */
static u64 subtract(struct ucg_cpu *cpu, u64 a, u64 b, bool borrow, unsigned int size)
{
	u64 result = (a - b - borrow) & mask_of(size);
	unsigned long flags = result_flags(result, size);

	if (a < b || (borrow && a == b))
		flags |= UCG_CF;
	if (((a ^ b) & (a ^ result)) >> (8 * size - 1) & 1)
		flags |= UCG_OF;
	set_flags(cpu, UCG_ARITH_FLAGS, flags);
	return result;
}

static u64 logic(struct ucg_cpu *cpu, u64 result, unsigned int size)
{
	set_flags(cpu, UCG_ARITH_FLAGS, result_flags(result, size));
	return result;
}

/* Those with two operands and a result. False: a flag that it needs is not known. */
static bool calculate(struct ucg_cpu *cpu, unsigned int op, u64 a, u64 b, unsigned int size,
		      u64 *result)
{
	bool carry = cpu->flags & UCG_CF;

	switch (op) {
	case OP_ADD:
		*result = add(cpu, a, b, false, size);
		return true;
	case OP_SUB:
	case OP_CMP:
		*result = subtract(cpu, a, b, false, size);
		return true;
	case OP_ADC:
		if (!(cpu->known & UCG_CF))
			return false;
		*result = add(cpu, a, b, carry, size);
		return true;
	case OP_SBB:
		if (!(cpu->known & UCG_CF))
			return false;
		*result = subtract(cpu, a, b, carry, size);
		return true;
	case OP_OR:
		*result = logic(cpu, a | b, size);
		return true;
	case OP_XOR:
		*result = logic(cpu, a ^ b, size);
		return true;
	default:
		/* AND and TEST */
		*result = logic(cpu, a & b, size);
		return true;
	}
}

/* Shifts leave flags behind that depend on the count: not followed. */
static u64 shift(struct ucg_cpu *cpu, unsigned int op, u64 value, unsigned int count,
		 unsigned int size)
{
	count &= size == 8 ? 63 : 31;
	cpu->known &= ~UCG_ARITH_FLAGS;
	switch (op) {
	case OP_SHL:
		return value << count;
	case OP_SHR:
		return value >> count;
	default:
		return (u64)((s64)sign_extend(value, size) >> count);
	}
}

/* Is the condition true (1), or false (0)? -1: that is not known. The SDM's appendix B. */
static int condition(const struct ucg_cpu *cpu, unsigned int cc)
{
	static const unsigned long needs[8] = {
		UCG_OF, UCG_CF, UCG_ZF, UCG_CF | UCG_ZF, UCG_SF, UCG_PF,
		UCG_SF | UCG_OF, UCG_ZF | UCG_SF | UCG_OF,
	};
	unsigned long need = needs[cc >> 1], flags = cpu->flags;
	bool less = !(flags & UCG_SF) != !(flags & UCG_OF);
	bool is;

	if ((cpu->known & need) != need)
		return -1;
	switch (cc >> 1) {
	case 6:
		is = less;
		break;
	case 7:
		is = less || flags & UCG_ZF;
		break;
	default:
		is = flags & need;
	}
	return is != (cc & 1);
}

/* The second operand of those with two. */
static bool read_source(const struct ucg_cpu *cpu, const struct insn *insn, u64 *value)
{
	switch (insn->form) {
	case RM_R:
		return read_reg(cpu, insn, insn->reg, insn->width, value);
	case R_RM:
		return read_rm(cpu, insn, insn->source, value);
	case RM_1:
		*value = 1;
		return true;
	case RM_CL:
		*value = cpu->r[UCG_CX] & 0xff;
		return true;
	default:
		*value = (u64)insn->imm & mask_of(insn->width);
		return true;
	}
}

static bool read_destination(const struct ucg_cpu *cpu, const struct insn *insn, u64 *value)
{
	if (insn->form == R_RM)
		return read_reg(cpu, insn, insn->reg, insn->width, value);
	return read_rm(cpu, insn, insn->width, value);
}

static bool write_destination(struct ucg_cpu *cpu, const struct insn *insn, u64 value)
{
	if (insn->form == R_RM)
		return write_reg(cpu, insn, insn->reg, insn->width, value);
	return write_rm(cpu, insn, insn->width, value);
}

static bool do_alu(struct ucg_cpu *cpu, const struct insn *insn)
{
	u64 a, b, result;

	if (!read_destination(cpu, insn, &a) || !read_source(cpu, insn, &b) ||
	    !calculate(cpu, insn->op, a, b, insn->width, &result))
		return false;
	if (insn->op == OP_CMP || insn->op == OP_TEST)
		return true;
	return write_destination(cpu, insn, result);
}

static bool do_shift(struct ucg_cpu *cpu, const struct insn *insn)
{
	u64 value, count;

	return read_rm(cpu, insn, insn->width, &value) && read_source(cpu, insn, &count) &&
	       write_rm(cpu, insn, insn->width,
			shift(cpu, insn->op, value, count, insn->width));
}

static bool do_unary(struct ucg_cpu *cpu, const struct insn *insn)
{
	unsigned long carry = cpu->flags & UCG_CF, known = cpu->known & UCG_CF;
	u64 value;

	if (!read_rm(cpu, insn, insn->width, &value))
		return false;
	switch (insn->op) {
	case OP_NOT:
		return write_rm(cpu, insn, insn->width, ~value);
	case OP_NEG:
		return write_rm(cpu, insn, insn->width,
				subtract(cpu, 0, value, false, insn->width));
	case OP_INC:
		value = add(cpu, value, 1, false, insn->width);
		break;
	default:
		value = subtract(cpu, value, 1, false, insn->width);
	}
	/* INC and DEC leave the carry alone. */
	cpu->flags = (cpu->flags & ~UCG_CF) | carry;
	cpu->known = (cpu->known & ~UCG_CF) | known;
	return write_rm(cpu, insn, insn->width, value);
}

static bool do_mov(struct ucg_cpu *cpu, const struct insn *insn)
{
	u64 value;

	switch (insn->op) {
	case OP_LEA:
		return insn->rm == UCG_NO_REG &&
		       write_reg(cpu, insn, insn->reg, insn->width, insn->address);
	case OP_MOVSX:
	case OP_MOVSXD:
		if (!read_source(cpu, insn, &value))
			return false;
		return write_destination(cpu, insn, sign_extend(value, insn->source));
	default:
		/* MOV and MOVZX */
		return read_source(cpu, insn, &value) && write_destination(cpu, insn, value);
	}
}

/* With a false condition, too, the source is read and a register of 32 bits made whole. */
static bool do_cmov(struct ucg_cpu *cpu, const struct insn *insn)
{
	int is = condition(cpu, insn->cc);
	u64 value, old;

	return is >= 0 && read_source(cpu, insn, &value) && read_destination(cpu, insn, &old) &&
	       write_destination(cpu, insn, is ? value : old);
}

static bool do_set(struct ucg_cpu *cpu, const struct insn *insn)
{
	int is = condition(cpu, insn->cc);

	return is >= 0 && write_rm(cpu, insn, 1, is);
}

static bool do_imul(struct ucg_cpu *cpu, const struct insn *insn)
{
	u64 a, b;

	if (!read_rm(cpu, insn, insn->width, &a))
		return false;
	b = insn->imm;
	if (!insn->has_imm && !read_reg(cpu, insn, insn->reg, insn->width, &b))
		return false;
	cpu->known &= ~UCG_ARITH_FLAGS;
	return write_reg(cpu, insn, insn->reg, insn->width, a * b);
}

static bool push(struct ucg_cpu *cpu, u64 value)
{
	if (!store(cpu, cpu->r[UCG_SP] - 8, 8, value))
		return false;
	cpu->r[UCG_SP] -= 8;
	return true;
}

static bool pop(struct ucg_cpu *cpu, u64 *value)
{
	if (!ucg_cpu_load(cpu, cpu->r[UCG_SP], 8, value))
		return false;
	cpu->r[UCG_SP] += 8;
	return true;
}

static bool do_stack(struct ucg_cpu *cpu, const struct insn *insn)
{
	u64 value;

	switch (insn->op) {
	case OP_PUSH:
		return push(cpu, insn->form == I ? (u64)insn->imm : cpu->r[insn->rm]);
	case OP_POP:
		if (!pop(cpu, &value))
			return false;
		cpu->r[insn->rm] = value;
		return true;
	default:
		/* LEAVE */
		cpu->r[UCG_SP] = cpu->r[UCG_BP];
		if (!pop(cpu, &value))
			return false;
		cpu->r[UCG_BP] = value;
		return true;
	}
}

static bool do_bits(struct ucg_cpu *cpu, const struct insn *insn)
{
	u64 a, b;

	switch (insn->op) {
	case OP_CWDE:
		return write_reg(cpu, insn, UCG_AX, insn->width,
				 sign_extend(cpu->r[UCG_AX] & mask_of(insn->width / 2),
					     insn->width / 2));
	case OP_BSWAP:
		a = cpu->r[insn->rm];
		return write_reg(cpu, insn, insn->rm, insn->width, insn->width == 8 ?
				 __builtin_bswap64(a) : __builtin_bswap32(a));
	default:
		/* XCHG: with memory it is a locked access. */
		return insn->rm != UCG_NO_REG &&
		       read_reg(cpu, insn, insn->rm, insn->width, &a) &&
		       read_reg(cpu, insn, insn->reg, insn->width, &b) &&
		       write_reg(cpu, insn, insn->rm, insn->width, b) &&
		       write_reg(cpu, insn, insn->reg, insn->width, a);
	}
}

/* STAC and CLAC. */
static bool do_ac(struct ucg_cpu *cpu, const struct insn *insn)
{
	if (insn->prefix66 || (insn->modrm != 0xca && insn->modrm != 0xcb))
		return false;
	cpu->flags &= ~UCG_AC;
	if (insn->modrm == 0xcb)
		cpu->flags |= UCG_AC;
	return true;
}

static bool execute(struct ucg_cpu *cpu, const struct insn *insn)
{
	switch (insn->op) {
	case OP_ADD ... OP_TEST:
		return do_alu(cpu, insn);
	case OP_MOV ... OP_MOVSXD:
		return do_mov(cpu, insn);
	case OP_CMOV:
		return do_cmov(cpu, insn);
	case OP_SET:
		return do_set(cpu, insn);
	case OP_SHL ... OP_SAR:
		return do_shift(cpu, insn);
	case OP_NOT ... OP_DEC:
		return do_unary(cpu, insn);
	case OP_IMUL:
		return do_imul(cpu, insn);
	case OP_PUSH ... OP_LEAVE:
		return do_stack(cpu, insn);
	case OP_CWDE ... OP_XCHG:
		return do_bits(cpu, insn);
	case OP_AC:
		return do_ac(cpu, insn);
	case OP_NOP:
		return true;
	case OP_FENCE:
		/* LFENCE */
		return !insn->prefix66 && insn->modrm == 0xe8;
	}
	return false;
}

/* Only a move is of use to who cannot have it executed: he may make it fail. */
static bool moves_other_memory(const struct ucg_cpu *cpu, const struct insn *insn)
{
	switch (insn->op) {
	case OP_MOV:
	case OP_MOVZX:
	case OP_MOVSX:
	case OP_MOVSXD:
		break;
	default:
		return false;
	}
	/* Of O_I and A_I, the operand is a register. */
	return insn->rm == UCG_NO_REG &&
	       (insn->address >= cpu->stack_end || insn->address < cpu->stack_low);
}

/**
 * ucg_cpu_step - execute one instruction
 * @cpu:	the state before it; afterwards the state behind it. Where it was not executed, the
 *		members that enum ucg_step names are set; after UCG_STEP_UNKNOWN nothing of it
 *		may be used
 *
 * Where the text can be patched meanwhile, interrupts are off: who patches it, with a breakpoint
 * first, waits for each CPU between its steps, so that no instruction is seen half old, half new.
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: what became of it.
 */
enum ucg_step ucg_cpu_step(struct ucg_cpu *cpu)
{
	struct insn insn = { .next = cpu->ip };
	u8 byte = fetch(&insn);
	enum ucg_step step;
	int is = 1;

	if (byte == 0xcc)
		return UCG_STEP_BREAKPOINT;
	if (byte == 0xf3) {
		step = decode_f3(&insn);
		cpu->next = insn.next;
		if (step == UCG_STEP_DONE)
			cpu->ip = insn.next;
		return step;
	}
	if (!decode(cpu, &insn, byte))
		return UCG_STEP_UNKNOWN;

	switch (insn.op) {
	case OP_CALL:
		cpu->next = insn.next;
		cpu->target = insn.next + insn.imm;
		return UCG_STEP_CALL;
	case OP_JCC:
		is = UCG_CONDITION(cpu, insn.cc);
		fallthrough;
	case OP_JMP:
		if (is < 0)
			return UCG_STEP_UNKNOWN;
		cpu->ip = is ? insn.next + insn.imm : insn.next;
		return UCG_STEP_DONE;
	}
	if (moves_other_memory(cpu, &insn)) {
		cpu->address = insn.address;
		cpu->base = insn.base;
		return UCG_STEP_MEMORY;
	}
	if (!execute(cpu, &insn))
		return UCG_STEP_UNKNOWN;
	cpu->ip = insn.next;
	return UCG_STEP_DONE;
}

/**
 * ucg_cpu_commit - write to the stack what the code would have written
 * @cpu:	the state in which it goes on
 *
 * What lies below its stack pointer is nobody's any more, and left alone, byte by byte.
 *
 * Context: any, NMI too.
 */
void ucg_cpu_commit(const struct ucg_cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < cpu->nr_writes; i++) {
		const struct ucg_write *w = &cpu->writes[i];
		unsigned long sp = cpu->r[UCG_SP];
		unsigned int below = 0;

		if (w->address < sp)
			below = min_t(unsigned long, sp - w->address, w->size);
		memcpy((void *)(w->address + below), (const u8 *)&w->value + below,
		       w->size - below);
	}
}
