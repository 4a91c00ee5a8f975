// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small part of an x86-64 CPU (interpret.h): what instructions do. The SDM's volume 2 has it.
 *
 * Runs in the hook, in any context: no lock, no allocation, no recursion, and no access to memory
 * but the code at @ip, byte by byte as the CPU would read it, and the stack that it was given.
 * The preemption count it was told.
 */
#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#endif

#include "decode.h"
#include "interpret.h"

/* Programs that follow all ways put their own choice in the place of this. */
#ifndef UCG_CONDITION
#define UCG_CONDITION(cpu, cc)	condition(cpu, cc)
#endif

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

static bool read_preempt_count(struct ucg_cpu *cpu, const struct insn *insn)
{
	return cpu->preempt_at && insn->address == cpu->preempt_at &&
	       write_reg(cpu, insn, insn->reg, sizeof(cpu->preempt), cpu->preempt);
}

static bool execute(struct ucg_cpu *cpu, const struct insn *insn)
{
	if (insn->gs)
		return read_preempt_count(cpu, insn);
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
	return insn->rm == UCG_NO_REG && !insn->gs &&
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
	struct insn insn;
	enum ucg_step step = ucg_decode(cpu, &insn);
	int is = 1;

	cpu->next = insn.next;
	if (step != UCG_STEP_DONE)
		return step;
	switch (insn.op) {
	case OP_CALL:
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
