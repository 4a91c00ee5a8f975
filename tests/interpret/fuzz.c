// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz - hold usercopy/module/x86/interpret.c against the CPU that runs this
 *
 * Random sequences of 1 to 6 instructions are interpreted, and then executed natively with the same
 * registers, flags and stack. Registers, the stack, the flags that the interpreter says it knows,
 * and where it all ends must be the same. What the interpreter refuses is not executed; what it
 * executes and the CPU does not ends in a signal, which is a difference, too.
 *
 * usage: fuzz [--seed N] [--count N] [--forms]
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "generate.h"
#include "native.h"
#include "sequence.h"

/* EFLAGS: the adjust flag, which nothing asks for. */
#define AF	0x10UL

static const char * const names[UCG_NR_REGS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

static struct {
	u64	instructions, sequences, refused, memory, calls;
} totals;

static struct sequence seq;
/* The stack area, as the interpreter and as the CPU have left it. */
static u8 interpreted[STACK_AREA], executed[STACK_AREA];
static u64 seed;
static int caught;

static void print_bytes(void)
{
	unsigned int i, j;

	for (i = 0; i < seq.length; i++) {
		printf("  %012" PRIx64 ": ", seq.placed[i].ip);
		for (j = 0; j < seq.placed[i].length; j++)
			printf(" %02x", seq.placed[i].bytes[j]);
		printf("\n");
	}
}

/* The first bytes of the stack that differ. */
static void print_stack(void)
{
	u64 at = (u64)seq.arena->stack;
	unsigned int i, n = 0;

	for (i = 0; i < STACK_AREA && n < 16; i++) {
		if (interpreted[i] == executed[i])
			continue;
		n++;
		printf("  %012" PRIx64 ": %02x at first, interpreted %02x, CPU %02x\n", at + i,
		       seq.stack[i], interpreted[i], executed[i]);
	}
}

static void print_registers(void)
{
	unsigned int i;

	printf("  %-5s %-16s  %-16s  %-16s\n", "", "at first", "interpreted", "CPU");
	for (i = 0; i < UCG_NR_REGS; i++)
		printf("  %-5s %016lx  %016lx  %016" PRIx64 "%s\n", names[i], seq.start.r[i],
		       seq.cpu.r[i], native.r[i], seq.cpu.r[i] != native.r[i] ? "  <" : "");
	printf("  flags %016lx  %016lx  %016" PRIx64 "\n", seq.start.flags, seq.cpu.flags,
	       native.flags);
	printf("  known %016lx  %016lx\n", seq.known, seq.cpu.known);
}

/* All that is needed to see what went wrong, and the end. */
static void differ(const char *what)
{
	printf("fuzz: %s; sequence %" PRIu64 " of --seed %" PRIu64 "\n", what, totals.sequences,
	       seed);
	print_bytes();
	printf("  stack %lx to %lx\n", seq.start.stack_low, seq.start.stack_end);
	/* Where the interpreter has given itself away, the CPU was not asked. */
	if (!seq.wrong) {
		print_registers();
		printf("  ends at %lx\n", seq.cpu.ip);
		if (!caught)
			print_stack();
	}
	printf("fuzz: %" PRIu64 " instructions, 1 difference\n", totals.instructions);
	fflush(stdout);
	_exit(1);
}

static void on_signal(int nr, siginfo_t *info, void *context)
{
	u64 ip = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];

	caught = nr;
	printf("fuzz: the CPU raised signal %d at %" PRIx64 ", address %p\n", nr, ip,
	       info->si_addr);
	differ("the CPU did not do what was interpreted");
}

/* On a stack of their own: that of the code may be anywhere. */
static void catch_signals(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE };
	static char stack[64 * 1024];
	struct sigaction action = {
		.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND,
	};
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	unsigned int i;

	sigaltstack(&ss, NULL);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
}

static u8 *map(u64 address, unsigned int size, int protection)
{
	u8 *at = mmap((void *)address, size, protection,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (at == MAP_FAILED) {
		perror("fuzz: mmap");
		exit(2);
	}
	return at;
}

/*
 * Always at the same addresses, so that a seed tells all. Below 2 GB a stack can be named without a
 * register; above, addresses have all their bits.
 */
static void map_arena(struct arena *arena, bool low)
{
	u64 code = low ? 0x30000000 : 0x2aaaaaaaa000, stack = low ? 0x7fff0000 : 0x5aaa7fffe000;

	arena->preempt = (u32 *)map(code - 2 * CODE_SIZE, CODE_SIZE, PROT_READ | PROT_WRITE);
	arena->code = map(code, 3 * CODE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC) + CODE_SIZE;
	memset(arena->code - CODE_SIZE, 0xcc, 3 * CODE_SIZE);
	arena->stack = map(stack, STACK_AREA, PROT_READ | PROT_WRITE);
}

static void run_on_cpu(void)
{
	memcpy(native.r, seq.start.r, sizeof(native.r));
	native.flags = seq.start.flags | (one_in(2) ? AF : 0);
	native.entry = seq.start.ip;
	native_run();
}

/* Of the stack, what lies below its pointer at the end: the CPU may have used it. */
static unsigned int nobodys(void)
{
	u64 low = (u64)seq.arena->stack, sp = seq.cpu.r[UCG_SP];

	if (sp <= low + STACK_MARGIN)
		return STACK_MARGIN;
	return sp >= low + STACK_MARGIN + STACK_SIZE ? STACK_MARGIN + STACK_SIZE : sp - low;
}

static void compare_stack(void)
{
	unsigned int from = nobodys();

	if (memcmp(interpreted, seq.stack, from))
		differ("something was committed below the stack pointer");
	if (memcmp(executed, seq.stack, STACK_MARGIN))
		differ("the CPU wrote below the stack");
	if (memcmp(executed + from, interpreted + from, STACK_AREA - from))
		differ("the stack differs");
}

static void compare(void)
{
	unsigned long known = seq.cpu.known & UCG_ARITH_FLAGS;

	if (memcmp(seq.cpu.r, native.r, sizeof(native.r)))
		differ("a register differs");
	if ((seq.cpu.flags ^ native.flags) & known)
		differ("a known flag differs");
	if ((seq.cpu.flags ^ seq.start.flags ^ seq.ac) & ~UCG_ARITH_FLAGS)
		differ("another flag was changed, or AC is wrong");
	compare_stack();
}

static void run_sequence(struct arena *arena)
{
	unsigned int i;

	sequence_make(&seq, arena);
	ucg_cpu_commit(&seq.cpu);
	memcpy(interpreted, arena->stack, STACK_AREA);
	memcpy(arena->stack, seq.stack, STACK_AREA);
	totals.sequences++;
	if (seq.wrong)
		differ(seq.wrong);
	run_on_cpu();
	memcpy(executed, arena->stack, STACK_AREA);
	compare();
	for (i = 0; i < seq.length; i++)
		form_count(seq.placed[i].cell);
	totals.instructions += seq.length;
	totals.refused += seq.refused;
	totals.memory += seq.memory;
	totals.calls += seq.calls;
	sequence_erase(&seq);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static u64 value_of(int argc, char **argv, int i)
{
	if (i + 1 >= argc) {
		fprintf(stderr, "fuzz: %s needs a number\n", argv[i]);
		exit(2);
	}
	return strtoull(argv[i + 1], NULL, 0);
}

int main(int argc, char **argv)
{
	struct arena *arenas = calloc(2, sizeof(*arenas));
	bool all_forms = false, complete;
	u64 count = 1000000;
	double start;
	int i;

	seed = time(NULL) ^ (u64)getpid() << 32;
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--seed")) {
			seed = value_of(argc, argv, i++);
		} else if (!strcmp(argv[i], "--count")) {
			count = value_of(argc, argv, i++);
		} else if (!strcmp(argv[i], "--forms")) {
			all_forms = true;
		} else {
			fprintf(stderr, "usage: fuzz [--seed N] [--count N] [--forms]\n");
			return 2;
		}
	}
	printf("fuzz: --seed %" PRIu64 " --count %" PRIu64 "\n", seed, count);
	random_seed(seed);
	map_arena(&arenas[0], false);
	map_arena(&arenas[1], true);
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE)) {
		perror("fuzz: arch_prctl");
		return 2;
	}
	catch_signals();
	start = seconds();
	while (totals.instructions < count)
		run_sequence(&arenas[below(2)]);
	complete = forms_print(all_forms);
	printf("fuzz: %" PRIu64 " sequences, %" PRIu64 " made and not executed, of them %" PRIu64
	       " calls and rep movsb; %" PRIu64 " addresses of other memory\n", totals.sequences,
	       totals.refused, totals.calls, totals.memory);
	printf("fuzz: %" PRIu64 " instructions, 0 differences, %.1f s\n", totals.instructions,
	       seconds() - start);
	return !complete;
}
