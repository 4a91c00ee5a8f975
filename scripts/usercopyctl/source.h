/* SPDX-License-Identifier: GPL-2.0-only */
/* Where violations come from: the running kernel, the history, both, or a file. */
#ifndef CTL_SOURCE_H
#define CTL_SOURCE_H

#include "filter.h"
#include "sql.h"

/**
 * struct source - what to read
 * @file: a file, "-" for standard input; NULL: the running kernel, unless
 * @history: the history
 * @both: the history, and what the kernel has seen since it was recorded last
 * @filter: what of it
 */
struct source {
	const char *file;
	bool history, both;
	struct filter filter;
};

/* The options that fill in a struct source called @source, for an array of struct option_word. */
#define SOURCE_OPTIONS(source)						\
	{ "--history", .on = &(source).history },			\
	{ "--both", .on = &(source).both },				\
	{ "--since", .value = &(source).filter.since },			\
	{ "--boot", .value = &(source).filter.boot },			\
	{ "--kernel", .value = &(source).filter.kernel },		\
	{ "--cache", .value = &(source).filter.cache },			\
	{ "--kind", .value = &(source).filter.kind },			\
	{ "--module", .value = &(source).filter.module },		\
	{ "--outcome", .value = &(source).filter.outcome }

/**
 * source_get() - read the violations that are wanted, in order of time
 * @source: what was asked for
 * @set: filled in on success
 *
 * Says what is wrong.
 *
 * Return: an enum ctl_exit.
 */
int source_get(struct source *source, struct violation_set *set);

/**
 * source_record() - bring a history up to date with the running kernel
 * @history: open, to be written
 *
 * Return: an enum ctl_exit. What is malformed has been said; the rest was recorded.
 */
int source_record(struct sql *history);

#endif
