// SPDX-License-Identifier: GPL-2.0-only
/*
 * clocks ROOT - does a clock that jumps make evidence, or take it away?
 *
 * Machines live for 400 days, recorded by the program's own code four times a day. Each has a twin that does
 * the same, with a clock that is right. The other's goes back and ahead by hours to years, also while
 * the machine is off. At the end both must have the same evidence and the same copies; and whenever
 * its clock has jumped within the last machine-day, it must be in doubt, the twin's never.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "exit.h"
#include "history.h"
#include "judge.h"
#include "say.h"
#include "subject.h"

#define MACHINES	3
#define DAYS		400
#define ROUNDS		4	/* a day */
#define CACHES		6
#define START		(1700000000LL * USEC)
#define STEP		(USEC_PER_DAY / ROUNDS)

static uint64_t state = 20261126;

static double chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) / 9007199254740992.0;
}

/**
 * struct machine - one, or its twin
 * @history: its own
 * @off: how far its clock is off, microseconds
 * @steady: watched since it has jumped last; a negative number: it never has
 * @jumped: just now
 * @wrong: what was not as it should be
 */
struct machine {
	struct sql history;
	int64_t off, steady;
	bool jumped;
	long wrong;
};

/**
 * struct world - what happens to both
 * @cache: the lines of caches
 * @v: a violation of each cache
 * @boot: number of this boot
 * @up: since then
 * @real: the true time
 */
struct world {
	struct cache cache[CACHES];
	struct violation v[CACHES];
	int boot;
	int64_t up, real;
};

static void put(const char *root, const char *name, const char *text)
{
	char *path = xformat("%s/proc/sys/kernel/%s", root, name);
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(CTL_NO_FILE);
	free(path);
}

static void start_again(const char *root, struct world *w)
{
	char *id = xformat("boot-%d", ++w->boot);

	put(root, "random/boot_id", id);
	free(id);
	w->up = STEP;
	for (int i = 0; i < CACHES; i++) {
		w->cache[i] = (struct cache){ .name = xformat("cache%d", i), .policy = (char *)"" };
		w->v[i] = (struct violation){
			.id = (uint64_t)i + 1, .kind = (char *)"whitelist", .cache = w->cache[i].name,
			.caller = (char *)"drv_ioctl+0x10/0x40[drv]", .module = (char *)"drv",
			.srcversion = (char *)"", .objsize = 64, .max = 8, .ranges = { .n = 1, .r = { { 0, 8 } } },
		};
	}
}

/* What happens in a quarter of a day: the first caches are clean, the last ones violate now and then. */
static void happen(struct world *w)
{
	for (int i = 0; i < CACHES; i++) {
		uint64_t at = (uint64_t)(w->up - (int64_t)(chance() * (double)STEP));

		if (chance() < 0.1 * i)
			continue;
		w->cache[i].used_to = at;
		if (i < CACHES / 2 || chance() > 0.01)
			continue;
		if (!w->v[i].count)
			w->v[i].first = at;
		w->v[i].last = at;
		w->v[i].count++;
		w->v[i].allowed++;
	}
}

/* Hours to twenty years, either way; or right again. */
static void jump(struct machine *m, int64_t real, bool booted)
{
	int64_t by = (int64_t)(2 * chance() * 3600 * USEC) + 3601LL * USEC;

	while (chance() < 0.7 && by < 20 * 365 * USEC_PER_DAY)
		by *= 10;
	if (chance() < 0.5)
		by = -by;
	if (chance() < 0.2)
		by = -m->off;
	/* Not before 1970, and a jump that is none does not count. */
	if (real + m->off + by < USEC_PER_DAY || (by < 3601LL * USEC && by > -3601LL * USEC))
		return;
	m->off += by;
	/* What a machine that was off could have slept through cannot be known for a jump. */
	m->jumped = !booted || by + STEP < -3600LL * USEC || by + STEP > 30 * USEC_PER_DAY;
}

static void record(struct machine *m, const struct world *w, bool booted)
{
	struct violation_set violations = { .times = TIMES_OF_THIS_BOOT };
	struct cache_set caches = { .c = (struct cache *)w->cache, .n = CACHES };
	struct moment now = { .real = w->real + m->off, .boot = w->up, .awake = w->up };
	char *doubt;

	for (int i = 0; i < CACHES; i++)
		if (w->v[i].count)
			violation_add(&violations, &w->v[i]);
	/* What is not recorded yet is seen, too. */
	doubt = clock_doubt(&m->history, &now);
	m->wrong += !doubt && m->jumped;
	free(doubt);
	if (!history_begin(&m->history) || history_record(&m->history, &violations, &caches, &now))
		exit(CTL_NO_FILE);
	if (m->jumped)
		m->steady = 0;
	else if (m->steady >= 0 && !booted)
		m->steady += STEP;
	m->jumped = false;
	doubt = clock_doubt(&m->history, &now);
	m->wrong += (doubt != NULL) != (m->steady >= 0 && m->steady < USEC_PER_DAY);
	free(doubt);
	free(violations.v);
}

static long compare(struct machine *a, struct machine *b)
{
	struct alias_set aliases = { 0 };
	struct active rules = { 0 };
	struct subject_set x, y;
	struct terms terms = terms_make(TERMS_RISK, TERMS_WINDOW);
	long wrong = subjects_read(&a->history, &aliases, &rules, &x) ||
		     subjects_read(&b->history, &aliases, &rules, &y);
	int promoted = 0, held = 0;

	wrong += x.n != y.n || x.watched != y.watched || x.watched < DAYS * 9 / 10;
	for (size_t i = 0; !wrong && i < x.n; i++) {
		const struct evidence *e = &x.s[i].evidence, *f = &y.s[i].evidence;

		wrong += strcmp(x.s[i].rule, y.s[i].rule) || e->used != f->used ||
			 e->violated != f->violated || e->quiet != f->quiet ||
			 x.s[i].enforce != y.s[i].enforce || judge(&terms, e) != judge(&terms, f);
		promoted += x.s[i].cache && judge(&terms, e) == JUDGED_PROMOTE;
		held += x.s[i].cache && judge(&terms, e) == JUDGED_HOLD;
	}
	printf("machine watched %" PRId64 " promote %d hold %d wrong %ld\n", x.watched, promoted, held,
	       wrong);
	subjects_free(&x);
	subjects_free(&y);
	return wrong;
}

static long live(const char *root)
{
	struct machine m[2] = { { .steady = -1 }, { .steady = -1 } };
	struct world w = { .real = START };
	long jumps = 0, wrong;

	for (int i = 0; i < 2; i++)
		if (history_open(&m[i].history, HISTORY_COPY))
			exit(CTL_NO_FILE);
	for (int round = 0; round < DAYS * ROUNDS; round++) {
		bool booted = !round || chance() < 0.005;

		if (booted)
			start_again(root, &w);
		else
			happen(&w);
		if (round && chance() < 0.02) {
			jump(&m[1], w.real, booted);
			jumps += m[1].jumped;
		}
		for (int i = 0; i < 2; i++)
			record(&m[i], &w, booted);
		w.up += STEP;
		w.real += STEP;
	}
	wrong = m[0].wrong + m[1].wrong + compare(&m[0], &m[1]);
	printf("jumps %ld wrong %ld\n", jumps, wrong);
	for (int i = 0; i < 2; i++)
		history_close(&m[i].history);
	return wrong + (jumps < 5);
}

int main(int argc, char **argv)
{
	long wrong = 0;

	if (argc != 2)
		return CTL_USAGE;
	place_set_root(argv[1]);
	put(argv[1], "osrelease", "6.1.0");
	for (int i = 0; i < MACHINES; i++)
		wrong += live(argv[1]);
	return wrong ? CTL_LOOK : CTL_OK;
}
