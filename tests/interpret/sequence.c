// SPDX-License-Identifier: GPL-2.0-only
/*
 * A short sequence of instructions (sequence.h).
 *
 * Jumps lead to anywhere in the arena, and the sequence goes on there; where it does not go is full
 * of breakpoints. So the CPU ends where the interpreter has ended, or in a signal.
 */
#include "generate.h"
#include "native.h"
#include "sequence.h"

/* What has to be free where an instruction is placed: for itself and what leaves the sequence. */
#define ROOM	(MADE_MAX + NATIVE_EXIT)

static bool is_free(const struct arena *arena, u64 ip, unsigned int size)
{
	u64 offset = ip - (u64)arena->code;
	unsigned int i;

	if (offset >= CODE_SIZE || CODE_SIZE - offset < size)
		return false;
	for (i = 0; i < size; i++)
		if (arena->used[offset + i])
			return false;
	return true;
}

static void use(struct arena *arena, u64 ip, unsigned int size)
{
	memset(&arena->used[ip - (u64)arena->code], 1, size);
}

/* Registers at the edges or on the stack; the stack pointer nearly always there. */
static void random_state(struct sequence *seq)
{
	u64 low = (u64)seq->arena->stack + STACK_MARGIN;
	struct ucg_cpu *cpu = &seq->start;
	unsigned int i;

	*cpu = (struct ucg_cpu){ .stack_low = low, .stack_end = low + STACK_SIZE };
	if (one_in(3))
		cpu->stack_low += below(STACK_SIZE / 2);
	if (one_in(3))
		cpu->stack_end -= below(STACK_SIZE / 4);
	for (i = 0; i < UCG_NR_REGS; i++)
		cpu->r[i] = one_in(3) ? random_address(cpu) : random_number();
	cpu->r[UCG_SP] = cpu->stack_low + 64 + below(STACK_SIZE / 4 - 64);
	if (!one_in(4))
		cpu->r[UCG_SP] &= ~7UL;
	if (one_in(50))
		cpu->r[UCG_SP] = random_address(cpu);
	if (one_in(2))
		cpu->r[UCG_BP] = random_address(cpu);
	cpu->ip = (u64)seq->arena->code + CODE_SIZE / 4 + below(CODE_SIZE / 2);
	cpu->preempt_at = (u64)seq->arena->preempt - GS_BASE;
	cpu->preempt = random_number();
	*seq->arena->preempt = cpu->preempt;
	/* Bit 1 is always set, bit 9 is for interrupts. */
	cpu->flags = 0x202 | (random64() & UCG_ARITH_FLAGS);
}

/* The flags that the interpreter is not told are wrong in its state. */
static void hide_flags(struct sequence *seq)
{
	seq->known = one_in(4) ? random64() & UCG_ARITH_FLAGS : UCG_ARITH_FLAGS;
	seq->cpu = seq->start;
	seq->cpu.known = seq->known;
	seq->cpu.flags ^= UCG_ARITH_FLAGS & ~seq->known;
	seq->ac = one_in(2) ? UCG_AC : 0;
	seq->cpu.flags |= seq->ac;
}

static void random_stack(struct sequence *seq)
{
	u64 value;
	unsigned int i;

	for (i = 0; i < STACK_AREA; i += sizeof(value)) {
		value = one_in(4) ? random_address(&seq->start) : random64();
		memcpy(seq->stack + i, &value, sizeof(value));
	}
	memcpy(seq->arena->stack, seq->stack, STACK_AREA);
}

static void erase(u64 ip, unsigned int size)
{
	memset((void *)ip, 0xcc, size);
}

/* The CPU cannot be asked to execute STAC and CLAC: say what they do, and have it skip them. */
static void place_alignment(struct sequence *seq, const struct placed *placed)
{
	u8 *code = (u8 *)placed->ip;

	seq->ac = code[placed->length - 1] == 0xcb ? UCG_AC : 0;
	memset(code, 0x90, placed->length);
}

/* The interpreter has given itself away by the last instruction. */
static void blame(struct sequence *seq, const struct ucg_cpu *before, const char *what)
{
	struct placed *placed = &seq->placed[seq->length++];

	placed->ip = before->ip;
	placed->length = sizeof(placed->bytes);
	memcpy(placed->bytes, (void *)placed->ip, placed->length);
	seq->wrong = what;
}

/* The instruction was executed: it stays, and the CPU will execute it, too. */
static bool place(struct sequence *seq, const struct ucg_cpu *before,
		  const struct taken_apart *taken)
{
	struct placed *placed = &seq->placed[seq->length];

	if (taken->length > 15) {
		blame(seq, before, "executed more than 15 bytes");
		return true;
	}
	use(seq->arena, before->ip, taken->length);
	if (!is_free(seq->arena, seq->cpu.ip, ROOM)) {
		memset(&seq->arena->used[before->ip - (u64)seq->arena->code], 0, taken->length);
		return false;
	}
	*placed = (struct placed){
		.ip = before->ip, .length = taken->length, .cell = taken->cell,
	};
	memcpy(placed->bytes, (void *)placed->ip, placed->length);
	erase(placed->ip + placed->length, MADE_MAX - placed->length);
	if (taken->alignment)
		place_alignment(seq, placed);
	seq->length++;
	return true;
}

/*
 * A move from or to other memory: instead of it, LEA of the same operand. That is executed by both
 * and must come to the address that was told.
 */
static bool place_lea(struct sequence *seq, const struct ucg_cpu *before, const struct made *made)
{
	unsigned long address = seq->cpu.address;
	struct taken_apart taken;
	u8 *code = (u8 *)before->ip;

	if (made->base != seq->cpu.base)
		blame(seq, before, "told another base register");
	seq->memory++;
	erase(before->ip, MADE_MAX);
	code[0] = 0x48 | made->rex;
	code[1] = 0x8d;
	memcpy(code + 2, made->bytes + made->modrm, made->modrm_length);
	seq->cpu = *before;
	if (!form_take_apart(before, &taken) || ucg_cpu_step(&seq->cpu) != UCG_STEP_DONE)
		blame(seq, before, "told an address that LEA cannot have");
	else if (seq->cpu.r[taken.reg] != address)
		blame(seq, before, "told another address than LEA has");
	return place(seq, before, &taken);
}

/* What is not executed tells where it leads to. */
static void confirm(struct sequence *seq, const struct ucg_cpu *before, const struct made *made,
		    enum ucg_step step)
{
	const u8 *code = (const u8 *)before->ip;

	switch (step) {
	case UCG_STEP_CALL:
		if (made->whole && (seq->cpu.next != before->ip + made->length ||
				    seq->cpu.target != seq->cpu.next + made->jump))
			blame(seq, before, "told another target of a call");
		break;
	case UCG_STEP_MOVSB:
		if (code[0] != 0xf3 || code[1] != 0xa4 || seq->cpu.next != before->ip + 2)
			blame(seq, before, "took something else for rep movsb");
		break;
	default:
		return;
	}
	seq->calls++;
}

/* One more instruction; false if the one that was made is none, or leads nowhere. */
static bool extend(struct sequence *seq)
{
	struct ucg_cpu before = seq->cpu;
	struct taken_apart taken;
	enum ucg_step step;
	struct made made;
	bool known;

	make_instruction(&before, &made);
	memcpy((void *)before.ip, made.bytes, made.length);
	known = form_take_apart(&before, &taken);
	step = ucg_cpu_step(&seq->cpu);
	switch (step) {
	case UCG_STEP_DONE:
		if (!known)
			blame(seq, &before, "executed what it does not know");
		else if (place(seq, &before, &taken))
			return true;
		break;
	case UCG_STEP_MEMORY:
		if (made.whole && place_lea(seq, &before, &made))
			return true;
		break;
	default:
		confirm(seq, &before, &made, step);
	}
	seq->refused++;
	erase(before.ip, MADE_MAX);
	seq->cpu = before;
	return false;
}

static unsigned int random_length(void)
{
	/* Now and then more than there is room for in the log. */
	return one_in(200) ? SEQUENCE_MAX : 1 + below(6);
}

/* A sequence of random length, interpreted, its last state not yet committed. */
void sequence_make(struct sequence *seq, struct arena *arena)
{
	unsigned int length = random_length(), tries = 0;

	seq->arena = arena;
	seq->length = 0;
	seq->refused = 0;
	seq->memory = 0;
	seq->calls = 0;
	seq->wrong = NULL;
	random_state(seq);
	random_stack(seq);
	hide_flags(seq);
	while (seq->length < length && !seq->wrong && tries++ < 8 * SEQUENCE_MAX)
		extend(seq);
	use(arena, seq->cpu.ip, NATIVE_EXIT);
	native_put_exit((u8 *)seq->cpu.ip);
}

void sequence_erase(struct sequence *seq)
{
	unsigned int i;

	for (i = 0; i < seq->length; i++) {
		erase(seq->placed[i].ip, seq->placed[i].length);
		memset(&seq->arena->used[seq->placed[i].ip - (u64)seq->arena->code], 0,
		       seq->placed[i].length);
	}
	erase(seq->cpu.ip, NATIVE_EXIT);
	memset(&seq->arena->used[seq->cpu.ip - (u64)seq->arena->code], 0, NATIVE_EXIT);
}
