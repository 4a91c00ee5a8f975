// SPDX-License-Identifier: GPL-2.0-only
#include "when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "place.h"
#include "say.h"

static int64_t clock_usec(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * USEC + t.tv_nsec / 1000;
}

/* When the machine was started, seconds since 1970; -1: it does not say. */
static int64_t started(void)
{
	char *path = place(PLACE_STAT), *line = NULL;
	int64_t seconds = -1;
	struct blob b;

	if (!blob_read(path, &b)) {
		line = strstr(b.data, "btime ");
		if (line)
			seconds = strtoll(line + strlen("btime "), NULL, 10);
		free(b.data);
	}
	free(path);
	return seconds;
}

void when_now(struct moment *now)
{
	int64_t since = place_is_real() ? -1 : started();
	char *uptime = place_is_real() ? NULL : place_word(PLACE_UPTIME);

	now->real = clock_usec(CLOCK_REALTIME);
	now->boot = clock_usec(CLOCK_BOOTTIME);
	now->awake = clock_usec(CLOCK_MONOTONIC);
	if (uptime)
		now->boot = now->awake = (int64_t)(strtod(uptime, NULL) * USEC);
	if (since >= 0)
		now->real = since * USEC + now->boot;
	free(uptime);
}

int64_t when_real(enum violation_times times, uint64_t usec)
{
	struct moment now;

	if (times == TIMES_OF_SOME_BOOT)
		return 0;
	if (times == TIMES_OF_DAY)
		return (int64_t)usec;
	when_now(&now);
	return now.real - now.boot + (int64_t)usec;
}

static bool ago(const char *text, int64_t *usec)
{
	static const struct {
		char letter;
		int64_t seconds;
	} unit[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	struct moment now;
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || n < 0 || n > 1000000 || strlen(end) != 1)
		return false;
	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		if (*end != unit[i].letter)
			continue;
		when_now(&now);
		*usec = now.real - n * unit[i].seconds * USEC;
		return true;
	}
	return false;
}

bool when_parse(const char *text, int64_t *usec)
{
	struct tm tm = { .tm_isdst = -1 };
	char more;
	time_t t;
	int n;

	if (*text == '@') {
		char *end;
		long long seconds = strtoll(text + 1, &end, 10);

		*usec = seconds * USEC;
		return end > text + 1 && !*end && seconds >= 0 && seconds < INT64_MAX / USEC;
	}
	n = sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &more);
	if (n != 3 && n != 5 && n != 6)
		return ago(text, usec);
	if ((n == 3 && strlen(text) > 10) || tm.tm_year < 1970 || tm.tm_mon < 1 ||
	    tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	t = mktime(&tm);
	*usec = (int64_t)t * USEC;
	return t != (time_t)-1;
}

static bool local(int64_t real, bool zone, char *text, size_t size)
{
	time_t t = real / USEC;
	struct tm tm;

	if (!localtime_r(&t, &tm))
		return false;
	return zone ? strftime(text, size, "%Y-%m-%d %H:%M:%S %z", &tm)
		    : strftime(text, size, "%Y-%m-%d %H:%M:%S", &tm);
}

void put_dates(enum violation_times times, uint64_t first, uint64_t last)
{
	/* One look at the clocks: a second one may see another second. */
	int64_t from = when_real(times, first), to = from + (int64_t)(last - first);
	char text[64];

	if (times == TIMES_OF_SOME_BOOT)
		return;
	fputs(" (", stdout);
	if (from / USEC != to / USEC && local(from, false, text, sizeof(text)))
		printf("%s to ", text);
	if (local(to, true, text, sizeof(text)))
		fputs(text, stdout);
	putchar(')');
}

void json_date(const char *key, enum violation_times times, uint64_t usec)
{
	time_t date = when_real(times, usec) / USEC;
	char text[64];
	struct tm tm;

	if (times == TIMES_OF_SOME_BOOT)
		return;
	if (gmtime_r(&date, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		json_string(key, text);
	else
		json_string(key, NULL);
}

char *when_text(int64_t real)
{
	char text[64];

	return xformat("%s", local(real, false, text, sizeof(text)) ? text : "?");
}
