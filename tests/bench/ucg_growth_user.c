// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's side of ucg_growth.ko:
 *
 *   ucg_growth_user caches|violate NUMBER	see ucg_growth.c
 *   ucg_growth_user time WHAT NUMBER		times, where so many of WHAT are there
 *   ucg_growth_user cpus MAX			times 1 to MAX CPUs that copy at the same time
 *
 * The last two print lines "growth: WHAT NUMBER good|violation TICKS COPIES".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES		"/sys/kernel/debug/usercopy_growth/"
/* What is copied lies behind the number that is written. */
#define BUFFER_BYTES	4096
/* Long enough for the start and the end of a process not to count. */
#define GOOD_COPIES	50000
#define BAD_COPIES	5000
#define CPUS_MAX	64

static char *buffer;

static void die(const char *what)
{
	printf("ucg_growth_user: %s: %s\n", what, strerror(errno));
	exit(1);
}

static inline uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static int open_file(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), FILES "%s", name);
	fd = open(path, O_RDWR);
	if (fd < 0)
		die(path);
	return fd;
}

static void write_number(int fd, unsigned long number)
{
	int n = snprintf(buffer, BUFFER_BYTES, "%lu", number);

	if (write(fd, buffer, n) != n)
		die("write");
}

static void time_rows(const char *what, const char *number)
{
	int fd = open_file("time");
	char text[512];
	char *line;
	ssize_t n;

	write_number(fd, 0);
	n = pread(fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		die("read");
	text[n] = 0;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		printf("growth: %s %s %s\n", what, number, line);
}

/* Each waits on its CPU until it is told to go. */
static void start_child(int cpu, const int *go, const char *name, unsigned long copies)
{
	int fd = open_file(name);
	cpu_set_t set;
	char c;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
	/* Brings in what is to be there. */
	write_number(fd, 1);
	close(go[1]);
	/* Nothing is written: the end of the file is what all wait for. */
	if (read(go[0], &c, 1))
		die("pipe");
	write_number(fd, copies);
	_exit(0);
}

static void time_cpus(int cpus, const char *name, const char *row, unsigned long copies)
{
	uint64_t start;
	int go[2], i, status;

	if (pipe(go))
		die("pipe");
	for (i = 0; i < cpus; i++) {
		switch (fork()) {
		case -1:
			die("fork");
		case 0:
			start_child(i, go, name, copies);
		}
	}
	/* They are all waiting long before. */
	usleep(100000);
	start = ticks();
	close(go[0]);
	close(go[1]);
	for (i = 0; i < cpus; i++)
		if (wait(&status) < 0 || status)
			die("a child");
	printf("growth: cpus %d %s %llu %lu\n", cpus, row, (unsigned long long)(ticks() - start),
	       copies * cpus);
}

int main(int argc, char **argv)
{
	int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (buffer == MAP_FAILED)
		die("mmap");
	if (argc == 4 && !strcmp(argv[1], "time")) {
		time_rows(argv[2], argv[3]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "cpus")) {
		for (i = 1; i <= atoi(argv[2]) && i <= CPUS_MAX; i++) {
			time_cpus(i, "good", "good", GOOD_COPIES);
			time_cpus(i, "bad", "violation", BAD_COPIES);
		}
		return 0;
	}
	if (argc != 3) {
		printf("usage: ucg_growth_user caches|violate|cpus NUMBER, or time WHAT NUMBER\n");
		return 2;
	}
	write_number(open_file(argv[1]), strtoul(argv[2], NULL, 10));
	return 0;
}
