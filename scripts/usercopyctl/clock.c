// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <inttypes.h>
#include <stdlib.h>

#include "place.h"
#include "say.h"

/* Clocks are set by less all the time. */
#define JUMP		(3600LL * USEC)

/* A machine that was off for longer has its clock looked at before it is believed. */
#define OFF_MAX		(30 * USEC_PER_DAY)

/**
 * struct reading - what the clocks said when it was recorded last
 * @boot: row of that boot, or -1: never
 * @real: the wall's
 * @up: since that boot
 * @settled: how long the guard had watched when the wall's had jumped last, or -1: never
 */
struct reading {
	int64_t boot, real, up, settled;
};

static bool read_last(struct sql *history, struct reading *last)
{
	*last = (struct reading){ .boot = -1, .settled = -1 };
	return sql_number(history, &last->boot, "SELECT value FROM meta WHERE key = 'clock_boot'", "") &&
	       sql_number(history, &last->real, "SELECT value FROM meta WHERE key = 'clock_real'", "") &&
	       sql_number(history, &last->up, "SELECT value FROM meta WHERE key = 'clock_up'", "") &&
	       sql_number(history, &last->settled, "SELECT value FROM meta WHERE key = 'clock_settled'", "");
}

/* By how much it has jumped, microseconds; 0: it has not. */
static int64_t jump(const struct reading *last, int64_t boot, const struct moment *now)
{
	int64_t by;

	if (last->boot < 0)
		return 0;
	by = now->real - last->real;
	/* Nobody knows how long it was off. */
	if (last->boot != boot)
		return by < -JUMP || by > OFF_MAX ? by : 0;
	by -= now->boot - last->up;
	return by < -JUMP || by > JUMP ? by : 0;
}

static bool keep(struct sql *history, const char *key, int64_t value)
{
	return sql_run(history, "INSERT OR REPLACE INTO meta VALUES(?, ?)", "ti", key, value);
}

bool clock_note(struct sql *history, int64_t boot, const struct moment *now, int64_t watched)
{
	struct reading last;

	return read_last(history, &last) &&
	       (!jump(&last, boot, now) || keep(history, "clock_settled", watched)) &&
	       keep(history, "clock_boot", boot) && keep(history, "clock_real", now->real) &&
	       keep(history, "clock_up", now->boot);
}

char *clock_doubt(struct sql *history, const struct moment *now)
{
	int64_t boot = 0, watched = 0, by;
	char *id = place_word(PLACE_BOOT_ID), *date, *why;
	struct reading last;
	bool ok;

	ok = read_last(history, &last) &&
	     sql_number(history, &boot, "SELECT id FROM boot WHERE boot_id = ?", "t", id) &&
	     sql_number(history, &watched, "SELECT value FROM meta WHERE key = 'watched'", "");
	free(id);
	if (!ok)
		return xformat("the clock of this machine cannot be checked");
	by = jump(&last, boot, now);
	if (by) {
		int64_t hours = (by < 0 ? -by : by) / JUMP;

		date = when_text(last.real);
		why = xformat("the clock of this machine has gone %s by %" PRId64 " hours since it was recorded at %s",
			      by < 0 ? "back" : "ahead", hours, date);
		free(date);
		return why;
	}
	if (last.settled >= 0 && watched - last.settled < USEC_PER_DAY)
		return xformat("the clock of this machine has jumped, and has not been steady for a day since");
	return NULL;
}
