/* SPDX-License-Identifier: GPL-2.0-only */
/* Where violations come from: the running kernel, the history, both, or a file. */
#ifndef CTL_SOURCE_H
#define CTL_SOURCE_H

#include "filter.h"
#include "option.h"
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
	{ "--history", .on = &(source).history, .help = "of all boots" },				\
	{ "--both", .on = &(source).both, .help = "... and what came since it was recorded" },		\
	{ "--since", .value = &(source).filter.since, .takes = WORD_TIME,				\
	  .help = "from then on: 2026-11-24, 7d" },							\
	{ "--boot", .value = &(source).filter.boot, .help = "of this boot: 0 is the last one" },	\
	{ "--kernel", .value = &(source).filter.kernel, .help = "with this kernel" },			\
	{ "--cache", .value = &(source).filter.cache, .takes = WORD_CACHE, .help = "of this slab cache" }, \
	{ "--kind", .value = &(source).filter.kind, .takes = WORD_KIND, .help = "of this kind" },	\
	{ "--module", .value = &(source).filter.module, .takes = WORD_MODULE, .help = "by this module" }, \
	{ "--outcome", .value = &(source).filter.outcome, .takes = WORD_OUTCOME,			\
	  .help = "allowed, refused, unrefusable or killed" }

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
 * source_loaded() - is the guard there?
 *
 * Return: true when the kernel's own violations can be asked for.
 */
bool source_loaded(void);

/**
 * source_history() - read the violations of a history
 * @history: open
 * @f: which boot and kernel, and since when; the rest is filter_apply()'s
 * @set: filled in on success
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int source_history(struct sql *history, const struct filter *f, struct violation_set *set);

/**
 * source_unlisted() - ask the kernel for the violations that it had no room to list
 *
 * Return: copies since the module was loaded; 0 when the kernel does not say.
 */
uint64_t source_unlisted(void);

/**
 * source_record() - bring a history up to date with the running kernel
 * @history: open, to be written
 *
 * Return: an enum ctl_exit. What is malformed has been said; the rest was recorded.
 */
int source_record(struct sql *history);

/**
 * source_copy() - open a copy of the history that is up to date with the running kernel, if the guard
 *	is there
 * @history: filled in; the caller has history_close() to call, whatever is returned
 * @ret: set to an enum ctl_exit; what went wrong has been said
 *
 * Return: true when the copy is good to be shown. @ret is CTL_BAD_INPUT then when a line of the
 * kernel's could not be read, which keeps nothing else out.
 */
bool source_copy(struct sql *history, int *ret);

#endif
