// SPDX-License-Identifier: GPL-2.0-only
/*
 * The forms of the instructions on the list (forms.h). interpret.c is compiled as a part of this
 * file, so that what has to be run is read from its own tables.
 *
 * A cell is an opcode, with what ModRM chooses in a group, one width of its operands, and either
 * an operand in memory or none.
 */
#include <inttypes.h>
#include <stdio.h>

#include "kernel.h"
#include "forms.h"

#include "../../usercopy/module/x86/decode.c"
#include "../../usercopy/module/x86/interpret.c"

#define WIDTHS	4
/* Those that F3 begins stand behind the two maps of opcodes. */
#define F3_CELL	(2 * 256 * 8 * WIDTHS * 2)
/* MOV of the preemption count. */
#define GS_CELL (F3_CELL + 2)
#define NR_CELLS (GS_CELL + 1)

static u64 counts[NR_CELLS];

static unsigned int cell_of(bool two_byte, u8 byte, unsigned int group, unsigned int width,
			    bool memory)
{
	unsigned int log = __builtin_ctz(width);

	return (((two_byte * 256U + byte) * 8 + group) * WIDTHS + log) * 2 + memory;
}

static bool has_modrm(unsigned int form)
{
	return form >= RM_R && form <= RM_CL;
}

/* Is it ModRM that says what it does? */
static bool is_group(unsigned int op)
{
	return op >= OP_GROUP_ALU && op <= OP_GROUP_INC;
}

static const struct opcode *opcode_of(unsigned int nr)
{
	return nr < 256 ? &one_byte[nr] : &two_byte[nr - 256];
}

/* Any opcode on the list, each as often as another. */
void form_pick(u64 random, struct encoding *form)
{
	static unsigned int known[512], nr_known;
	const struct opcode *opcode;
	unsigned int nr;

	if (!nr_known)
		for (nr = 0; nr < 512; nr++)
			if (opcode_of(nr)->form != NOT_KNOWN)
				known[nr_known++] = nr;
	nr = known[random % nr_known];
	opcode = opcode_of(nr);
	*form = (struct encoding){
		.two_byte = nr >= 256,
		.opcode = nr,
		.modrm = has_modrm(opcode->form),
		.jump = opcode->op >= OP_JMP && opcode->op <= OP_CALL,
		.byte = opcode->byte,
		.constant = opcode->imm == IMM_8 ? CONSTANT_8 :
			    opcode->imm == IMM_Z ? CONSTANT_32 :
			    opcode->imm == IMM_V ? CONSTANT_64 : CONSTANT_NONE,
	};
}

/* The opcode's bytes, behind the prefixes. */
static const u8 *skip_prefixes(const u8 *code)
{
	while (*code == 0x66 || *code == 0x2e || *code == 0x3e ||
	       *code == 0x65)
		code++;
	return (*code & 0xf0) == 0x40 ? code + 1 : code;
}

/* The instruction at @cpu's ip, before it is executed; false if it is not on the list. */
bool form_take_apart(const struct ucg_cpu *cpu, struct taken_apart *taken)
{
	struct insn insn = { .next = cpu->ip, .rm = UCG_AX };
	const u8 *code = (const u8 *)cpu->ip;
	bool two_byte, modrm, group;
	u8 byte = fetch(&insn);

	*taken = (struct taken_apart){ 0 };
	if (byte == 0xf3) {
		if (decode_f3(&insn) != UCG_STEP_DONE)
			return false;
		taken->length = insn.next - cpu->ip;
		taken->cell = F3_CELL + (code[1] == 0x90);
		return true;
	}
	if (!decode(cpu, &insn, byte))
		return false;
	code = skip_prefixes(code);
	two_byte = *code == 0x0f;
	byte = two_byte ? code[1] : code[0];
	modrm = has_modrm(opcode_of(two_byte * 256 + byte)->form);
	group = modrm && is_group(opcode_of(two_byte * 256 + byte)->op);
	taken->length = insn.next - cpu->ip;
	taken->cell = cell_of(two_byte, byte, group ? insn.modrm >> 3 & 7 : 0, insn.width,
			      modrm && insn.rm == UCG_NO_REG);
	if (insn.gs)
		taken->cell = GS_CELL;
	taken->reg = insn.reg;
	taken->alignment = insn.op == OP_AC;
	return true;
}

void form_count(unsigned int cell)
{
	counts[cell]++;
}

/* Does interpret.c mean to know it? */
static bool must_run(const struct opcode *opcode, unsigned int group, unsigned int width,
		     bool memory)
{
	struct insn insn = {
		.op = opcode->op, .form = opcode->form, .modrm = group << 3,
		.rex = width == 8 ? REX_W : 0, .prefix66 = width == 2,
	};

	if (opcode->form == NOT_KNOWN || opcode->op == OP_CALL)
		return false;
	if (has_modrm(opcode->form) && !decode_group(&insn))
		return false;
	if (group && !is_group(opcode->op))
		return false;
	if (!decode_width(&insn, opcode->byte) || insn.width != width)
		return false;
	/* By all of ModRM, or of one kind alone. */
	if (opcode->op == OP_AC || opcode->op == OP_FENCE)
		return !memory && width != 2;
	if (opcode->op == OP_XCHG)
		return !memory;
	if (opcode->op == OP_LEA)
		return memory;
	return !memory || has_modrm(opcode->form);
}

static void print_cell(unsigned int nr, unsigned int group, unsigned int width, bool memory,
		       u64 count)
{
	printf("  %s%02x", nr >= 256 ? "0f " : "", nr & 0xff);
	if (is_group(opcode_of(nr)->op))
		printf(" /%u", group);
	printf(", %u bit%s: %" PRIu64 "\n", 8 * width, memory ? ", memory" : "", count);
}

/* How many forms were run; names each, or those that were not. Were all of them? */
bool forms_print(bool all)
{
	unsigned int cell, nr, wanted = NR_CELLS - F3_CELL, missing = 0;
	u64 fewest = ~0ULL;

	for (cell = F3_CELL; cell < NR_CELLS; cell++)
		missing += !counts[cell];
	for (cell = 0; cell < F3_CELL; cell++) {
		unsigned int group = cell / 2 / WIDTHS % 8, width = 1 << cell / 2 % WIDTHS;

		nr = cell / 2 / WIDTHS / 8;
		if (!must_run(opcode_of(nr), group, width, cell & 1))
			continue;
		wanted++;
		missing += !counts[cell];
		if (counts[cell] < fewest)
			fewest = counts[cell];
		if (all || !counts[cell])
			print_cell(nr, group, width, cell & 1, counts[cell]);
	}
	if (all || missing)
		printf("  f3 0f 1e fa: %" PRIu64 ", f3 90: %" PRIu64 ", 65 8b: %" PRIu64 "\n",
		       counts[F3_CELL], counts[F3_CELL + 1], counts[GS_CELL]);
	printf("fuzz: %u of %u forms, each %" PRIu64 " times or more\n", wanted - missing, wanted,
	       fewest);
	return !missing;
}
