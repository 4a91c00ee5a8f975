/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was seen in all boots and by all kernels of one machine: a SQLite data base.
 *
 * Keys are words (cache, kind, direction, function and offset, module, srcversion), never
 * addresses. Copies are counted per boot and machine-day. A machine-day is 24 hours for which
 * the guard was there and the machine awake, whatever its clock said meanwhile: a clock that jumps
 * makes no evidence, and a machine that is off every night needs more nights.
 */
#ifndef CTL_HISTORY_H
#define CTL_HISTORY_H

#include "cache.h"
#include "sql.h"
#include "violation.h"
#include "when.h"

/* Counts of machine-days older than this are added up by months. */
#define HISTORY_FINE_DAYS	400
#define HISTORY_MONTH		30

/**
 * enum history_mode - what a history is opened for
 */
enum history_mode {
	/** @HISTORY_READ: to be read; it must be there */
	HISTORY_READ,
	/** @HISTORY_WRITE: to be written; it is made when it is not there */
	HISTORY_WRITE,
	/** @HISTORY_COPY: to be changed without a trace: a copy in memory, empty when there is none */
	HISTORY_COPY,
};

/**
 * history_open() - open this machine's history, and bring it to the present schema
 * @history: filled in
 * @mode: what for
 *
 * Says what is wrong: a damaged file, one of a newer usercopyctl, another machine's.
 *
 * Return: an enum ctl_exit.
 */
int history_open(struct sql *history, enum history_mode mode);

/**
 * history_close() - the end of history_open()
 * @history: the history; also one that could not be opened
 */
void history_close(struct sql *history);

/**
 * history_begin() - what is recorded next is read from the kernel from now on
 * @history: opened for HISTORY_WRITE or HISTORY_COPY
 *
 * Nobody else can record until history_record() or history_cancel().
 *
 * Return: false when that cannot be done; it has been said.
 */
bool history_begin(struct sql *history);

/**
 * history_cancel() - the end of history_begin() when nothing is recorded
 * @history: the history
 */
void history_cancel(struct sql *history);

/**
 * history_record() - add what the running kernel has seen since it was recorded last
 * @history: after history_begin(), which this is the end of
 * @set: all violations of the kernel
 * @caches: all its caches
 * @now: when they were read
 *
 * All or nothing: what fails leaves the history as it was. Says what is wrong.
 *
 * Return: an enum ctl_exit.
 */
int history_record(struct sql *history, const struct violation_set *set,
		   const struct cache_set *caches, const struct moment *now);

#endif
