/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times of the kernel, which counts from its start, as people and programs read them.
 * Only for what the running kernel says now: when another machine was started, or this
 * one the last time, nobody knows.
 */
#ifndef CTL_WHEN_H
#define CTL_WHEN_H

#include <stdint.h>

/**
 * put_dates() - print a span of time in local time, as " (2026-11-24 20:01:03 +0100)"
 * @first: its start, microseconds after boot
 * @last: its end, likewise; left out where it is the same second
 */
void put_dates(uint64_t first, uint64_t last);

/**
 * json_date() - a time as a string of RFC 3339, in UTC
 * @key: the key
 * @usec: microseconds after boot
 */
void json_date(const char *key, uint64_t usec);

#endif
