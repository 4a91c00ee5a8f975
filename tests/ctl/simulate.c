// SPDX-License-Identifier: GPL-2.0-only
/*
 * simulate - what would have become of caches that were promoted?
 *
 * A thousand machines for 400 days, with twenty caches each: some never violate, some do so with
 * rates from hopeless to hardly ever; some are used daily, some hardly. Machines vanish. Each day
 * each is judged by the program's own judge(), and who is promoted and violates within the window
 * that follows is counted: over the mixture, and for each rate by itself, since nobody knows the
 * mixture; and for fleets of ten, which are judged together. The seed is fixed.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "judge.h"

#define MACHINES	1000
#define DAYS		400
#define CACHES		20
#define FLEET		10

static uint64_t state = 20261125;

/* A number in [0, 1). */
static double chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) / 9007199254740992.0;
}

/* One cache, on one machine or on all of a fleet. */
struct life {
	double rate, use;
	struct evidence e;
	int promoted;		/* day, or -1 */
	int64_t used_then;
	bool bad;
};

struct outcome {
	long lives, promoted, bad, blind;
};

static struct terms terms;

static void day(struct life *l, int today, int machines)
{
	bool used = false, violated = false;

	for (int m = 0; m < machines; m++) {
		bool here = chance() < l->use, wrong = here && chance() < l->rate;

		l->e.used += here;
		l->e.violated += wrong;
		used |= here;
		violated |= wrong;
		if (here)
			l->e.quiet = wrong ? 0 : l->e.quiet + 1;
	}
	if (l->promoted >= 0) {
		l->bad |= violated && (double)(l->e.used - l->used_then) <=
				      terms.window * machines;
		return;
	}
	if (used && judge(&terms, &l->e) == JUDGED_PROMOTE) {
		l->promoted = today;
		l->used_then = l->e.used;
	}
}

static void count(struct outcome *o, const struct life *l)
{
	o->lives++;
	o->promoted += l->promoted >= 0;
	o->bad += l->bad;
	o->blind += l->promoted >= 0 && (double)l->used_then < terms.days * (double)l->e.machines;
}

static struct life birth(double rate, double use, int machines)
{
	return (struct life){ .rate = rate, .use = use, .promoted = -1,
			      .e = { .machines = machines } };
}

static void live(struct outcome *o, double rate, double use, int machines)
{
	struct life l = birth(rate, use, machines);
	/* One machine in three vanishes somewhen. */
	int end = chance() < 0.33 ? (int)(chance() * DAYS) : DAYS;

	for (int today = 0; today < end; today++)
		day(&l, today, machines);
	count(o, &l);
}

/* Half of all caches never violate; the rates of the others are spread over five powers of ten. */
static double some_rate(int cache)
{
	return cache % 2 ? pow(10, -5 * chance()) : 0;
}

static double some_use(int cache)
{
	static const double uses[] = { 1, 0.9, 0.5, 0.1, 0.01 };

	return uses[cache / 2 % 5];
}

static void mixture(struct outcome *o, int groups, int machines)
{
	for (int g = 0; g < groups; g++)
		for (int c = 0; c < CACHES; c++)
			live(o, some_rate(c), some_use(c), machines);
}

static void print(const char *what, const struct outcome *o, double of)
{
	printf("%s lives %ld promoted %ld violated %ld share %.4f blind %ld\n", what, o->lives,
	       o->promoted, o->bad, of > 0 ? (double)o->bad / of : 0, o->blind);
}

int main(void)
{
	struct outcome alone = { 0 }, fleet = { 0 };

	terms = terms_make(TERMS_RISK, TERMS_WINDOW);
	mixture(&alone, MACHINES, 1);
	print("machines", &alone, (double)alone.promoted);
	mixture(&fleet, MACHINES / FLEET, FLEET);
	print("fleets", &fleet, (double)fleet.promoted);
	/* Whatever the rate is: of all caches with it. */
	for (int i = 1; i <= 12; i++) {
		struct outcome one = { 0 };
		double rate = pow(10, -i / 3.0);

		for (int k = 0; k < 10 * MACHINES; k++)
			live(&one, rate, 1, 1);
		print("rate", &one, (double)one.lives);
	}
	return 0;
}
