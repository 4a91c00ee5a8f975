// SPDX-License-Identifier: GPL-2.0-only
/*
 * sampler SECONDS - sample all CPUs as "perf record -a -g --call-graph dwarf" does: an interrupt
 * a millisecond, with the kernel's and the user's stack
 *
 * Prints how many samples the kernel took.
 */
#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Data pages of a ring buffer; a power of two. */
#define PAGES	64

static struct perf_event_mmap_page *ring_of(int cpu)
{
	struct perf_event_attr attr = {
		.size			= sizeof(attr),
		.type			= PERF_TYPE_SOFTWARE,
		.config			= PERF_COUNT_SW_CPU_CLOCK,
		.freq			= 1,
		.sample_freq		= 1000,
		.sample_type		= PERF_SAMPLE_TID | PERF_SAMPLE_CALLCHAIN |
					  PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.sample_regs_user	= 1 << 6 | 1 << 7 | 1 << 8,	/* bp, sp, ip */
		.sample_stack_user	= 1024,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);
	void *ring;

	if (fd < 0) {
		perror("sampler: perf_event_open");
		exit(1);
	}
	ring = mmap(NULL, (PAGES + 1) * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED) {
		perror("sampler: mmap");
		exit(1);
	}
	return ring;
}

/* Counts the samples in a ring and frees their room. */
static long drain(struct perf_event_mmap_page *ring)
{
	const char *data = (const char *)ring + 4096;
	uint64_t head = __atomic_load_n(&ring->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = ring->data_tail;
	long samples = 0;

	while (tail < head) {
		struct perf_event_header header;

		/* Records are aligned to their header's size, so it does not wrap. */
		memcpy(&header, data + tail % (PAGES * 4096), sizeof(header));
		samples += header.type == PERF_RECORD_SAMPLE;
		tail += header.size;
	}
	__atomic_store_n(&ring->data_tail, tail, __ATOMIC_RELEASE);
	return samples;
}

int main(int argc, char **argv)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN), i, rounds;
	struct perf_event_mmap_page *rings[64];
	long samples = 0;

	if (argc != 2 || cpus > 64)
		return 2;
	for (i = 0; i < cpus; i++)
		rings[i] = ring_of(i);
	for (rounds = 20 * atoi(argv[1]); rounds; rounds--) {
		usleep(50000);
		for (i = 0; i < cpus; i++)
			samples += drain(rings[i]);
	}
	printf("sampler: %ld samples\n", samples);
	return !samples;
}
