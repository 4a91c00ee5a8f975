// SPDX-License-Identifier: GPL-2.0-only
/*
 * decade ROOT DAYS SITES - what a machine records that violates once a minute
 *
 * Each of SITES call sites does so in turn. The machine starts again every thirty days, with counters
 * from zero. The history is written by the program's own code; only the clock is this one's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "history.h"
#include "say.h"

#define MINUTES_A_DAY	1440
#define DAYS_A_BOOT	30
#define START		1500000000LL

static void start(const char *root, int boot)
{
	char *path = xformat("%s/proc/sys/kernel/random/boot_id", root);
	FILE *f = fopen(path, "w");

	if (!f || fprintf(f, "boot-%d\n", boot) < 0 || fclose(f))
		exit(CTL_NO_FILE);
	free(path);
}

static void violate(struct violation_set *set, int sites, int boot, int64_t up)
{
	for (int i = 0; i < sites; i++) {
		struct violation *v = &set->v[i];

		if (!up) {
			*v = (struct violation){
				.id = (uint64_t)i + 1, .kind = (char *)"whitelist", .to_user = true,
				.cache = xformat("cache-of-driver-%d", i % 20), .objsize = 1024,
				.usersize = 64, .min = 64, .max = 128, .minsize = 64, .maxsize = 64,
				.comm = (char *)"daemon", .module = (char *)"driver",
				.caller = xformat("driver_function_%d+0x10/0x200[driver]", i),
				.first = (uint64_t)boot + 1,
			};
		}
		v->allowed += (uint64_t)(MINUTES_A_DAY / sites);
		v->count = v->allowed;
		v->last = (uint64_t)(up + USEC_PER_DAY);
	}
}

int main(int argc, char **argv)
{
	int days = argc == 4 ? atoi(argv[2]) : 0, sites = argc == 4 ? atoi(argv[3]) : 0;
	struct violation_set set = { .n = (size_t)sites };
	struct cache_set caches = { 0 };
	struct sql history;

	if (days < 1 || sites < 1)
		return CTL_USAGE;
	place_set_root(argv[1]);
	set.v = xalloc(set.n, sizeof(*set.v));
	if (history_open(&history, HISTORY_WRITE))
		return CTL_NO_FILE;
	for (int day = 0; day < days; day++) {
		int64_t up = day % DAYS_A_BOOT * USEC_PER_DAY;
		struct moment now = { .boot = up + USEC_PER_DAY, .awake = up + USEC_PER_DAY };

		now.real = (START + 86400LL * (day + 1)) * USEC;
		if (!up)
			start(argv[1], day / DAYS_A_BOOT);
		violate(&set, sites, day / DAYS_A_BOOT, up);
		if (!history_begin(&history) || history_record(&history, &set, &caches, &now))
			return CTL_NO_FILE;
	}
	history_close(&history);
	return CTL_OK;
}
