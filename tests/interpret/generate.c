// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions, numbers and states at random (generate.h).
 */
#include "kernel.h"
#include "generate.h"

#define REX_W	0x48
#define REX_R	0x44
#define REX_X	0x42
#define REX_B	0x41

/* Jumps go this far at the most: what runs lies in a few kilobytes. */
#define JUMP_MAX	1500

static u64 state;

void random_seed(u64 seed)
{
	state = seed;
}

/* A Weyl sequence, well stirred. */
u64 random64(void)
{
	u64 x = state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93ULL;
	x = (x ^ x >> 29) * 0xd6e8feb86659fd93ULL;
	return x ^ x >> 32;
}

unsigned int below(unsigned int end)
{
	return (random64() >> 32) * end >> 32;
}

bool one_in(unsigned int n)
{
	return !below(n);
}

/* Numbers at which a sign, a carry or a width changes, and any others. */
u64 random_number(void)
{
	static const u64 edges[] = {
		0, 1, 2, 8, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0x81, 0xfe, 0xff,
		0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
		0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0x5555555555555555,
	};
	u64 number = edges[below(ARRAY_SIZE(edges))];

	switch (below(8)) {
	case 0:
		return random64();
	case 1:
		return random64() >> below(64);
	case 2:
		return -number;
	case 3:
		return number - 1;
	case 4:
		/* Narrow edges below others' upper halves. */
		return number ^ random64() << 32;
	case 5:
		return number ^ random64() << 8;
	}
	return number;
}

/* On the stack, near to what has just been written, at its ends, or somewhere else. */
u64 random_address(const struct ucg_cpu *cpu)
{
	const struct ucg_write *w;

	if (one_in(20))
		return random_number();
	if (cpu->nr_writes && one_in(2)) {
		w = &cpu->writes[below(cpu->nr_writes)];
		return w->address + (one_in(2) ? 0 : below(16) - 8L);
	}
	if (one_in(30))
		return (one_in(2) ? cpu->stack_low : cpu->stack_end) + below(20) - 10L;
	return cpu->stack_low + below(cpu->stack_end - cpu->stack_low - 7);
}

static void put(struct made *made, u64 value, unsigned int size)
{
	memcpy(made->bytes + made->length, &value, size);
	made->length += size;
}

static unsigned int random_reg(bool with_rex)
{
	return below(with_rex ? 16 : 8);
}

/**
 * struct operand - where ModRM leads to
 * @modrm:	without the register in its middle
 * @sib:	the byte behind it
 * @has_sib:	there is one
 * @rex:	the bits of REX that it needs
 * @disp:	what is added
 * @disp_size:	bytes of that
 * @base:	the register, or UCG_NO_REG
 */
struct operand {
	u8		modrm;
	u8		sib;
	bool		has_sib;
	u8		rex;
	s32		disp;
	unsigned int	disp_size;
	unsigned int	base;
};

/* As it comes; not always the shortest. */
static void choose_displacement(struct operand *o, s64 disp, bool zero_allowed)
{
	o->disp = disp;
	if (!disp && zero_allowed && !one_in(4)) {
		o->disp_size = 0;
	} else if (disp == (s8)disp && !one_in(4)) {
		o->disp_size = 1;
		o->modrm |= 0x40;
	} else {
		o->disp_size = 4;
		o->modrm |= 0x80;
	}
}

/* One register, with SIB where it needs one or for no reason. */
static bool aim_by_base(const struct ucg_cpu *cpu, struct operand *o, u64 target, bool with_rex)
{
	unsigned int base = random_reg(with_rex);
	s64 disp = target - cpu->r[base];

	if (disp != (s32)disp)
		return false;
	o->has_sib = (base & 7) == UCG_SP || one_in(4);
	o->modrm = o->has_sib ? 4 : base & 7;
	/* No index, times whatever. */
	o->sib = (base & 7) | 4 << 3 | below(4) << 6;
	o->rex = base & 8 ? REX_B : 0;
	o->base = base;
	choose_displacement(o, disp, (base & 7) != UCG_BP);
	return true;
}

static bool aim_by_index(const struct ucg_cpu *cpu, struct operand *o, u64 target, bool with_rex)
{
	unsigned int base = random_reg(with_rex), index = random_reg(with_rex), scale = below(4);
	bool no_base = one_in(3);
	s64 disp = target;

	if (index != UCG_SP)
		disp -= cpu->r[index] << scale;
	if (!no_base)
		disp -= cpu->r[base];
	if (disp != (s32)disp)
		return false;
	o->has_sib = true;
	o->modrm = 4;
	o->sib = (no_base ? 5 : base & 7) | (index & 7) << 3 | scale << 6;
	o->rex = (index & 8 ? REX_X : 0) | (base & 8 ? REX_B : 0);
	o->base = no_base ? UCG_NO_REG : base;
	if (!no_base) {
		choose_displacement(o, disp, (base & 7) != UCG_BP);
		return true;
	}
	o->disp = disp;
	o->disp_size = 4;
	return true;
}

static void choose_operand(const struct ucg_cpu *cpu, struct operand *o, bool with_rex)
{
	unsigned int reg = random_reg(with_rex), tries;
	u64 target = random_address(cpu);

	if (!one_in(3))
		for (tries = 0; tries < 24; tries++)
			if (one_in(2) ? aim_by_base(cpu, o, target, with_rex) :
			    aim_by_index(cpu, o, target, with_rex))
				return;
	*o = (struct operand){
		.modrm = 0xc0 | (reg & 7), .rex = reg & 8 ? REX_B : 0, .base = UCG_NO_REG,
	};
}

static unsigned int constant_size(const struct encoding *form, u8 modrm, bool wide, bool narrow)
{
	enum constant constant = form->constant;

	/* TEST, alone in its group. */
	if ((form->opcode | 1) == 0xf7 && !form->two_byte && !(modrm & 0x38))
		constant = form->byte ? CONSTANT_8 : CONSTANT_32;
	switch (constant) {
	case CONSTANT_NONE:
		return 0;
	case CONSTANT_8:
		return 1;
	case CONSTANT_32:
		return form->jump || wide || !narrow ? 4 : 2;
	default:
		return wide ? 8 : narrow ? 2 : 4;
	}
}

static bool put_prefixes(struct made *made)
{
	/* Up to more than an instruction may have. */
	unsigned int n = one_in(200) ? below(15) : one_in(3) ? 1 + below(2) : 0;
	bool narrow = false;

	while (n--) {
		u8 prefix = one_in(6) ? 0x2e : one_in(6) ? 0x3e : one_in(12) ? 0x65 : 0x66;

		narrow |= prefix == 0x66;
		put(made, prefix, 1);
	}
	return narrow;
}

static void put_constant(const struct ucg_cpu *cpu, struct made *made, const struct encoding *form,
			 unsigned int size)
{
	s64 value = one_in(16) ? random_address(cpu) : random_number();

	if (form->jump) {
		value = size == 1 ? (s8)random64() : (s64)below(2 * JUMP_MAX) - JUMP_MAX;
		made->jump = value;
	}
	put(made, value, size);
}

/* An opcode of the list with all that belongs to it. */
static void put_together(const struct ucg_cpu *cpu, struct made *made)
{
	bool with_rex = one_in(2), narrow = put_prefixes(made);
	struct operand o = { .base = UCG_NO_REG };
	unsigned int size;
	struct encoding form;
	u8 rex = with_rex ? 0x40 : 0;

	form_pick(random64(), &form);
	if (form.modrm)
		choose_operand(cpu, &o, with_rex);
	o.modrm |= below(8) << 3;
	/* LFENCE, STAC and CLAC are three of the 512 that their opcodes stand for. */
	if (form.two_byte && (form.opcode == 0xae || form.opcode == 0x01) && !one_in(8))
		o = (struct operand){ .modrm = form.opcode == 0xae ? 0xe8 : 0xca + below(2) };
	if (with_rex)
		rex |= o.rex | (one_in(2) ? REX_W : 0) | (one_in(2) ? REX_R : 0);
	/* Of registers without ModRM, too. */
	if (with_rex && !form.modrm && one_in(2))
		rex |= REX_B;
	if (rex)
		put(made, rex, 1);
	made->rex = rex;
	if (form.two_byte)
		put(made, 0x0f, 1);
	put(made, form.opcode, 1);
	if (form.modrm) {
		made->modrm = made->length;
		put(made, o.modrm, 1);
		if (o.has_sib)
			put(made, o.sib, 1);
		put(made, o.disp, o.disp_size);
		made->modrm_length = made->length - made->modrm;
		made->base = o.base;
	}
	size = constant_size(&form, o.modrm, (rex & REX_W) == REX_W, narrow);
	if (size)
		put_constant(cpu, made, &form, size);
	made->whole = true;
}

/* What F3 begins, and a breakpoint. */
static void put_fixed(struct made *made)
{
	static const u8 fixed[][4] = {
		{ 0xf3, 0x0f, 0x1e, 0xfa }, { 0xf3, 0x90 }, { 0xf3, 0xa4 }, { 0xcc },
	};

	memcpy(made->bytes, fixed[below(ARRAY_SIZE(fixed))], sizeof(fixed[0]));
	made->length = sizeof(fixed[0]);
}

/* MOV of the preemption count, and now and then of what lies beside it. */
static void put_preempt_count(const struct ucg_cpu *cpu, struct made *made)
{
	u64 target = cpu->preempt_at + (one_in(16) ? below(16) - 8L : 0);

	put(made, 0x65, 1);
	if (one_in(2))
		put(made, one_in(2) ? REX_R : 0x40, 1);
	put(made, 0x8b, 1);
	put(made, 0x05 | below(8) << 3, 1);
	put(made, target - (cpu->ip + made->length + 4), 4);
}

/* PUSH of a register, to fill the log of writes. */
static void put_push(struct made *made)
{
	put(made, 0x50 + below(8), 1);
}

static void spoil(struct made *made)
{
	unsigned int n = 1 + below(3);

	made->whole = false;
	while (n--) {
		u8 *byte = &made->bytes[below(made->length)];

		if (one_in(2))
			*byte ^= 1 << below(8);
		else
			*byte = random64();
	}
}

/* One in eight is spoiled, or was never good. */
void make_instruction(const struct ucg_cpu *cpu, struct made *made)
{
	*made = (struct made){ 0 };
	/* So many only long sequences have. */
	if (cpu->nr_writes > 6 && one_in(2)) {
		put_push(made);
		return;
	}
	switch (below(64)) {
	case 0:
		put_fixed(made);
		return;
	case 1 ... 2:
		put(made, random64(), 8);
		put(made, random64(), 8);
		return;
	case 3:
		put_preempt_count(cpu, made);
		if (one_in(12))
			spoil(made);
		return;
	}
	put_together(cpu, made);
	if (one_in(12))
		spoil(made);
	if (made->length > 15)
		made->whole = false;
}
