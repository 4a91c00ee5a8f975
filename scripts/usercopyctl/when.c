// SPDX-License-Identifier: GPL-2.0-only
#include "when.h"

#include <stdio.h>
#include <time.h>

#include "json.h"

/* A clock set anew since then moves the date along: the kernel has no other. */
static time_t date_of(uint64_t usec)
{
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	return now.tv_sec - up.tv_sec + (time_t)(usec / 1000000) -
	       (now.tv_nsec < up.tv_nsec);
}

static void put_dates_of(time_t from, time_t to)
{
	char text[64];
	struct tm tm;

	if (from != to && localtime_r(&from, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		printf("%s to ", text);
	if (localtime_r(&to, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z", &tm))
		fputs(text, stdout);
}

void put_dates(uint64_t first, uint64_t last)
{
	fputs(" (", stdout);
	put_dates_of(date_of(first), date_of(last));
	putchar(')');
}

void json_date(const char *key, uint64_t usec)
{
	time_t date = date_of(usec);
	char text[64];
	struct tm tm;

	if (gmtime_r(&date, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		json_string(key, text);
	else
		json_string(key, NULL);
}
