/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times of the kernel, which counts from its start, as people and programs read them.
 */
#ifndef CTL_WHEN_H
#define CTL_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "violation.h"

#define USEC		1000000
#define USEC_PER_DAY	(86400LL * USEC)

/**
 * struct moment - now, by three clocks, in microseconds
 * @real: since 1970; may be set, forwards and back
 * @boot: since this machine was started, also while it slept: the kernel's times are these
 * @awake: likewise, but for when it slept
 */
struct moment {
	int64_t real, boot, awake;
};

/**
 * when_now() - ask the clocks
 * @now: filled in; below --root the last two are those of the folder's /proc/uptime, if it has one, and the
 *	first is that of the line "btime" in its /proc/stat and of the second, if it has one
 */
void when_now(struct moment *now);

/**
 * when_real() - what a violation's time is on the calendar
 * @times: what it counts from
 * @usec: the time
 *
 * A clock that was set anew since then moves the date along: the kernel has no other.
 *
 * Return: microseconds since 1970; 0 for TIMES_OF_SOME_BOOT, since nobody knows.
 */
int64_t when_real(enum violation_times times, uint64_t usec);

/**
 * when_parse() - read a time that somebody typed
 * @text: "YYYY-MM-DD", with " HH:MM" or " HH:MM:SS" behind it, "@SECONDS", or a number with s, m,
 *	h, d or w for so long ago
 * @usec: set to the time, microseconds since 1970
 *
 * Return: false when it is none of these.
 */
bool when_parse(const char *text, int64_t *usec);

/**
 * put_dates() - print a span of time in local time, as " (2026-11-24 20:01:03 +0100)"
 * @times: what the times count from; nothing is printed where nobody knows
 * @first: its start
 * @last: its end; left out where it is the same second
 */
void put_dates(enum violation_times times, uint64_t first, uint64_t last);

/**
 * json_date() - a time as a string of RFC 3339, in UTC
 * @key: the key
 * @times: what the time counts from; there is no such key where nobody knows
 * @usec: the time
 */
void json_date(const char *key, enum violation_times times, uint64_t usec);

/**
 * when_text() - a time on the calendar in local time, as "2026-11-24 20:01:03"
 * @real: microseconds since 1970
 *
 * Return: the text, the caller's to free().
 */
char *when_text(int64_t real);

#endif
