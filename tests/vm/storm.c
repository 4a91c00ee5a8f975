// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm SECONDS PROCESSES TRACED [WAY] - very many processes of an unprivileged user that all try to
 * get copies through that shall be refused, by every way to copy, or by those with WAY in their name
 *
 * So many of the processes are traced, by PTRACE_SINGLEBLOCK.
 *
 * Prints what became of the copies by each way, and in all. Exit status: 0 if each was refused and
 * no byte has changed anywhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ucg_test.h"

/* glibc has no name for it. */
#define SINGLEBLOCK	33

#define NOBODY	65534
#define LEN	64
/* The text serves one process at a time: that many try it, and the others wait for nobody. */
#define TEXT_EVERY	25

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct way {
	const char *name;
	__u32 kind;
	__u32 how;
	__u32 from;
} ways[] = {
	{ "copy_to_user()",		UCG_TEST_STACK, UCG_TEST_COPY, 0 },
	{ "copy_from_user()",		UCG_TEST_STACK, UCG_TEST_COPY, 1 },
	{ "copy_to_iter()",		UCG_TEST_STACK, UCG_TEST_ITER, 0 },
	{ "copy_from_iter()",		UCG_TEST_STACK, UCG_TEST_ITER, 1 },
	{ "copy_from_iter_full()",	UCG_TEST_STACK, UCG_TEST_ITER_FULL, 1 },
	{ "copy_from_iter_nocache()",	UCG_TEST_STACK, UCG_TEST_ITER_NOCACHE, 1 },
	{ "inline, to user space",	UCG_TEST_STACK, UCG_TEST_RAW, 0 },
	{ "inline, from user space",	UCG_TEST_STACK, UCG_TEST_RAW, 1 },
	{ "inatomic, to user space",	UCG_TEST_STACK, UCG_TEST_INATOMIC, 0 },
	{ "inatomic, from user space",	UCG_TEST_STACK, UCG_TEST_INATOMIC, 1 },
	{ "strncpy_from_user()",	UCG_TEST_STACK, UCG_TEST_STRNCPY, 1 },
	{ "put_cmsg()",			UCG_TEST_STACK, UCG_TEST_CMSG, 0 },
	{ "others run in between",	UCG_TEST_STACK, UCG_TEST_RESCHED, 0 },
	{ "a static key in between",	UCG_TEST_STACK, UCG_TEST_KEY, 0 },
	{ "text, by copy_to_user()",	UCG_TEST_TEXT, UCG_TEST_COPY, 0 },
};

/* What became of copies. */
struct count {
	uint64_t attempted, refused, changed, errors;
};

/* What all processes share. */
static struct shared {
	int stop;
	uint64_t steps, tracees_left;
	struct count ways[ARRAY_SIZE(ways)];
} *shared;

static int device;
/* What is in the name of each way that is taken, or NULL. */
static const char *only;
/* A pipe that ends when all shall begin. */
static int start[2];

static int stopped(void)
{
	return __atomic_load_n(&shared->stop, __ATOMIC_RELAXED);
}

static int is_taken(unsigned int way)
{
	return !only || strstr(ways[way].name, only);
}

static void add(uint64_t *to, uint64_t n)
{
	__atomic_add_fetch(to, n, __ATOMIC_RELAXED);
}

/* A few copies by one way. */
static void copy(unsigned int nr, unsigned int times)
{
	const struct way *way = &ways[nr];
	struct count *count = &shared->ways[nr];
	unsigned char user[LEN];
	/* Before it copies in atomic context, the driver itself clears the buffer. */
	unsigned char fill = way->how == UCG_TEST_INATOMIC && !way->from ? 0 : 0x5c;
	struct ucg_test_copy c = {
		.kind = way->kind, .how = way->how, .from = way->from,
		.offset = way->kind == UCG_TEST_STACK ? 1024 : 0,
		.len = LEN, .user = (uintptr_t)user, .times = times,
	};
	uint64_t changed = 0;
	int i;

	memset(user, fill, sizeof(user));
	if (ioctl(device, UCG_TEST_IOC_COPY, &c) && errno != EFAULT) {
		add(&count->errors, 1);
		return;
	}
	for (i = 0; i < LEN; i++)
		changed += user[i] != fill;
	add(&count->attempted, times);
	add(&count->refused, c.refused);
	add(&count->changed, changed + c.changed);
}

static void work(unsigned int nr)
{
	unsigned int way = nr, round;
	char byte;

	close(start[1]);
	while (read(start[0], &byte, 1) > 0)
		;
	for (round = 0; !stopped(); round++) {
		way = (way + 1) % ARRAY_SIZE(ways);
		if (!is_taken(way) || (ways[way].kind == UCG_TEST_TEXT && (nr + 1) % TEXT_EVERY))
			continue;
		copy(way, round % 2 ? 8 : 1);
	}
	_exit(0);
}

/* Has one process of its own, and stops it at each branch. */
static void trace(unsigned int nr)
{
	uint64_t steps = 0;
	int status;
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		work(nr);
	}
	close(start[1]);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		steps++;
		if (ptrace(stopped() ? PTRACE_CONT : SINGLEBLOCK, pid, 0, 0))
			break;
	}
	add(&shared->steps, steps);
	if (!WIFEXITED(status))
		add(&shared->tracees_left, 1);
	_exit(0);
}

static void become_nobody(unsigned int processes)
{
	struct rlimit limit = { .rlim_cur = 2 * processes + 100, .rlim_max = 2 * processes + 100 };

	/* One that begins and ends all this among so many must get the CPU. */
	setpriority(PRIO_PROCESS, 0, -15);
	if (setrlimit(RLIMIT_NPROC, &limit) || setgroups(0, NULL) || setgid(NOBODY) ||
	    setuid(NOBODY)) {
		perror("storm: becoming nobody");
		exit(2);
	}
}

static int report(void)
{
	struct count all = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		const struct count *c = &shared->ways[i];

		if (!is_taken(i))
			continue;
		printf("storm: %-25s %9llu attempted, %9llu refused, %llu let through, %llu bytes changed, %llu errors\n",
		       ways[i].name, (unsigned long long)c->attempted,
		       (unsigned long long)c->refused,
		       (unsigned long long)(c->attempted - c->refused),
		       (unsigned long long)c->changed, (unsigned long long)c->errors);
		all.attempted += c->attempted;
		all.refused += c->refused;
		all.changed += c->changed;
		all.errors += c->errors;
	}
	printf("storm: in all: attempted=%llu refused=%llu through=%llu changed=%llu errors=%llu steps=%llu lost=%llu\n",
	       (unsigned long long)all.attempted, (unsigned long long)all.refused,
	       (unsigned long long)(all.attempted - all.refused), (unsigned long long)all.changed,
	       (unsigned long long)all.errors, (unsigned long long)shared->steps,
	       (unsigned long long)shared->tracees_left);
	return all.attempted != all.refused || all.changed || all.errors || shared->tracees_left;
}

int main(int argc, char **argv)
{
	unsigned int processes, traced, i;

	if (argc != 4 && argc != 5)
		return 2;
	only = argv[4];
	processes = atoi(argv[2]);
	traced = atoi(argv[3]);
	device = open("/dev/ucg_test", O_RDWR);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (device < 0 || shared == MAP_FAILED || pipe(start)) {
		perror("storm");
		return 2;
	}
	become_nobody(processes);
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (!pid)
			setpriority(PRIO_PROCESS, 0, 0);
		if (!pid && i < traced)
			trace(i);
		else if (!pid)
			work(i);
		else if (pid < 0)
			break;
	}
	printf("storm: %u processes\n", i);
	fflush(stdout);
	close(start[1]);
	sleep(atoi(argv[1]));
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELAXED);
	while (wait(NULL) > 0)
		;
	return report() || i < processes;
}
