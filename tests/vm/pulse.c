// SPDX-License-Identifier: GPL-2.0-only
/*
 * pulse FILE - a heartbeat on each CPU, before all ordinary tasks, until FILE is there
 *
 * Each beats every millisecond. Prints "pulse: CPU N: B beats, longest gap G us" for each: for so long
 * nobody else could run there.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CPUS_MAX	64
#define BEAT_NS		1000000

static const char *file;
static struct {
	uint64_t beats, longest_ns;
} pulses[CPUS_MAX];

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void *beat(void *arg)
{
	const struct timespec rest = { .tv_nsec = BEAT_NS };
	struct sched_param priority = { .sched_priority = 50 };
	long cpu = (long)arg;
	cpu_set_t set;
	uint64_t last, at;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) || sched_setscheduler(0, SCHED_FIFO, &priority)) {
		perror("pulse");
		exit(1);
	}
	for (last = now(); ; last = at) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
		at = now();
		if (at - last > pulses[cpu].longest_ns)
			pulses[cpu].longest_ns = at - last;
		if (!(++pulses[cpu].beats % 64) && !access(file, F_OK))
			return NULL;
	}
}

int main(int argc, char **argv)
{
	long cpu, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t threads[CPUS_MAX];

	if (argc != 2 || cpus > CPUS_MAX) {
		fprintf(stderr, "usage: pulse FILE\n");
		return 1;
	}
	file = argv[1];
	for (cpu = 0; cpu < cpus; cpu++)
		pthread_create(&threads[cpu], NULL, beat, (void *)cpu);
	for (cpu = 0; cpu < cpus; cpu++) {
		pthread_join(threads[cpu], NULL);
		printf("pulse: CPU %ld: %llu beats, longest gap %llu us\n", cpu,
		       (unsigned long long)pulses[cpu].beats,
		       (unsigned long long)pulses[cpu].longest_ns / 1000);
	}
	return 0;
}
