// SPDX-License-Identifier: GPL-2.0-only
/*
 * All ways from a call of the check to a copy (paths.h). interpret.c is compiled as a part of this
 * file, with branches that go where they are told, whatever the flags say. One path after the other
 * is followed from its beginning, until each branch has gone both ways.
 */
#include <stdio.h>

#include "image.h"
#include "paths.h"

struct ucg_cpu;
static int go_both_ways(const struct ucg_cpu *cpu, unsigned int cc);
#define UCG_CONDITION(cpu, cc) go_both_ways(cpu, cc)

#include "../../usercopy/module/x86/decode.c"
#include "../../usercopy/module/x86/interpret.c"

/* As a kernel that is built to be debugged has them: all. */
#define UCG_HAVE_COND_RESCHED 1
#define CONFIG_DEBUG_ATOMIC_SLEEP
#define CONFIG_KASAN
#define CONFIG_HAVE_STATIC_CALL_INLINE
#define UCG_HARMLESS(function) #function

static const char * const harmless[] = {
#include "../../usercopy/module/x86/harmless.h"
};

/* In front of what reads the preemption count. */
#define GS_PREFIX 0x65

/* Functions that copy, of all kernels. */
static const char * const copies[] = {
	"_copy_to_user", "_copy_from_user", "_copy_to_iter", "_copy_from_iter",
	"_copy_from_iter_nocache", "_copy_from_iter_flushcache", "_copy_mc_to_iter",
	"copy_user_generic_unrolled", "copy_user_generic_string",
	"copy_user_enhanced_fast_string", "__copy_user_nocache", "rep_movs_alternative",
};

/* Functions that copy word by word, themselves. */
static const char * const word_copiers[] = {
	"strncpy_from_user", "do_strncpy_from_user", "put_cmsg",
};

/* A function returns by jumping to one of these, or by RET. */
static const char * const returns[] = { "__x86_return_thunk" };

/* Which way each branch of this path goes, and how many of them it has met. */
static bool taken[PATH_MAX_LENGTH];
static unsigned int nr_taken, met;
/* The preemption count was read: the next branch asks whether this is a task, and it is one. */
static bool asks_for_task;

static int go_both_ways(const struct ucg_cpu *cpu, unsigned int cc)
{
	int is = asks_for_task ? condition(cpu, cc) : -1;

	asks_for_task = false;
	if (is >= 0)
		return is;
	if (met == nr_taken)
		taken[nr_taken++] = false;
	return taken[met++];
}

/* The next path: the last branch that has gone one way only goes the other. */
static bool turn_back(void)
{
	while (nr_taken && taken[nr_taken - 1])
		nr_taken--;
	if (!nr_taken)
		return false;
	taken[nr_taken - 1] = true;
	return true;
}

/* The name that @address has among @names, or NULL. */
static const char *find(const struct image *image, u64 address, const char * const *names,
			unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (image_is(image, address, names[i]))
			return names[i];
	return NULL;
}

#define FIND(image, address, names) find(image, address, names, ARRAY_SIZE(names))

/* Registers as they may be: a stack, perhaps a frame on it, and addresses of something else. */
static void start(struct ucg_cpu *cpu, u64 from, u64 preempt_at, bool frame)
{
	static u64 stack[8192];
	unsigned int i;

	*cpu = (struct ucg_cpu){
		.ip = from, .flags = 0x202, .preempt_at = preempt_at, .preempt = 0x80000000,
	};
	asks_for_task = false;
	for (i = 0; i < UCG_NR_REGS; i++)
		cpu->r[i] = 0xffff888000000000 + 0x1000000 * i;
	cpu->stack_low = (u64)&stack[2048];
	cpu->stack_end = (u64)&stack[8192];
	cpu->r[UCG_SP] = cpu->stack_low;
	if (frame)
		cpu->r[UCG_BP] = cpu->stack_low + 0x2000;
}

/* What a call leaves behind in the registers that it need not keep. */
static void skip_call(struct ucg_cpu *cpu)
{
	static const u8 changed[] = {
		UCG_AX, UCG_CX, UCG_DX, UCG_SI, UCG_DI, UCG_R8, UCG_R9, UCG_R10, UCG_R11,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(changed); i++)
		cpu->r[changed[i]] = 0xdead000000000000;
	cpu->known = 0;
	cpu->ip = cpu->next;
}

/**
 * struct path - one path
 * @image:	that it is in
 * @kind:	of CPU
 * @from:	where it begins
 * @frame:	its function has a frame pointer
 * @length:	instructions that it has been followed for
 * @copy:	the copy at its end
 * @patched:	the last place on it that is patched at run time, or 0
 * @reason:	why it is lost
 */
struct path {
	const struct image	*image;
	enum cpu_kind		kind;
	u64			from;
	bool			frame;
	unsigned int		length;
	const char		*copy;
	u64			patched;
	char			reason[128];
};

static enum path_end lose(struct path *path, const char *why, u64 address)
{
	const struct symbol *symbol = image_symbol_at(path->image, address);

	snprintf(path->reason, sizeof(path->reason), "%s %s", why,
		 symbol ? symbol->name : "what has no name");
	return END_LOST;
}

static enum path_end lose_instruction(struct path *path, const char *why, u64 ip)
{
	const u8 *code = (const u8 *)ip;

	if (*code == 0xc3)
		return END_RETURN;
	snprintf(path->reason, sizeof(path->reason), "%s %02x %02x %02x %02x %02x %02x", why,
		 code[0], code[1], code[2], code[3], code[4], code[5]);
	return END_LOST;
}

static enum path_end meet_memory(struct path *path, const struct ucg_cpu *cpu)
{
	const struct symbol *function = image_function_of(path->image, path->from);

	if (!function || !FIND(path->image, function->address, word_copiers))
		return lose_instruction(path, "access of other memory:", cpu->ip);
	/* With SMAP, user memory is open only behind STAC. */
	if (path->kind == CPU_MODERN && !(cpu->flags & UCG_AC))
		return lose_instruction(path, "access without STAC:", cpu->ip);
	path->copy = "a word's access";
	return END_COPY;
}

/* Code that it has jumped to; true if the path ends there. */
static bool arrive(struct path *path, u64 ip, enum path_end *end)
{
	path->copy = FIND(path->image, ip, copies);
	if (path->copy)
		*end = END_COPY;
	else if (FIND(path->image, ip, returns))
		*end = END_RETURN;
	else if (!image_runs(path->image, ip))
		*end = lose(path, "jump to", ip);
	else
		return false;
	return true;
}

/* A static key is on and off, whatever the file has; true if the path goes on elsewhere. */
static bool pass_patched(struct path *path, struct ucg_cpu *cpu)
{
	const struct patched *patched = image_patched_at(path->image, cpu->ip);
	u8 first = *(const u8 *)cpu->ip;

	if (!patched)
		return false;
	path->patched = cpu->ip;
	if (!patched->target)
		return false;
	/* Two bytes, if that is enough to jump there. */
	if (go_both_ways(cpu, 0))
		cpu->ip = patched->target;
	else
		cpu->ip += first == 0x66 || first == 0xeb ? 2 : 5;
	return true;
}

static enum path_end follow(struct path *path)
{
	enum path_end end;
	struct ucg_cpu cpu;

	start(&cpu, path->from, path->image->preempt_at, path->frame);
	path->patched = 0;
	for (path->length = 0; path->length < PATH_MAX_LENGTH; path->length++) {
		if (arrive(path, cpu.ip, &end))
			return end;
		if (pass_patched(path, &cpu))
			continue;
		asks_for_task |= *(const u8 *)cpu.ip == GS_PREFIX;
		switch (ucg_cpu_step(&cpu)) {
		case UCG_STEP_DONE:
			break;
		case UCG_STEP_CALL:
			path->copy = FIND(path->image, cpu.target, copies);
			if (path->copy)
				return END_COPY;
			if (!FIND(path->image, cpu.target, harmless))
				return lose(path, "call of", cpu.target);
			skip_call(&cpu);
			break;
		case UCG_STEP_MOVSB:
			path->copy = "rep movsb";
			return END_COPY;
		case UCG_STEP_MEMORY:
			return meet_memory(path, &cpu);
		case UCG_STEP_BREAKPOINT:
			return lose_instruction(path, "breakpoint:", cpu.ip);
		default:
			return lose_instruction(path, "unknown:", cpu.ip);
		}
	}
	snprintf(path->reason, sizeof(path->reason), "more than %u instructions",
		 PATH_MAX_LENGTH);
	return END_LOST;
}

static void count(struct paths *paths, const struct path *path, enum path_end end)
{
	if (path->patched)
		paths->patched = path->patched;
	switch (end) {
	case END_COPY:
		if (!paths->copies++ || path->length < paths->shortest) {
			paths->shortest = path->length;
			paths->copy = path->copy;
		}
		if (path->length > paths->longest)
			paths->longest = path->length;
		break;
	case END_RETURN:
		paths->returns++;
		break;
	default:
		paths->lost++;
		memcpy(paths->reason, path->reason, sizeof(paths->reason));
	}
}

static void follow_all(struct path *path, struct paths *paths)
{
	unsigned int n = 0;

	*paths = (struct paths){ 0 };
	nr_taken = 0;
	do {
		met = 0;
		count(paths, path, follow(path));
	} while (++n < PATHS_MAX && turn_back());
	if (n == PATHS_MAX) {
		paths->lost++;
		snprintf(paths->reason, sizeof(paths->reason), "more than %u paths", PATHS_MAX);
	}
}

/* RBP is what it is for the function: just a register, or, if that leads nowhere, a frame. */
void paths_follow(const struct image *image, enum cpu_kind kind, u64 from, struct paths *paths)
{
	struct path path = { .image = image, .kind = kind, .from = from };

	follow_all(&path, paths);
	if (!paths->lost)
		return;
	path.frame = true;
	follow_all(&path, paths);
}
