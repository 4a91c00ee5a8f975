/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a fleet is judged by, in the text format of Prometheus.
 *
 * Labels are cache, kind and outcome alone: a machine has a bounded number of each. Callers and
 * processes stay in its history.
 */
#ifndef CTL_EXPORT_H
#define CTL_EXPORT_H

#include "sql.h"

/* What all the names begin with. */
#define EXPORT_PREFIX	"usercopy_guard_"

/* The metrics that "graduate --prometheus" asks a server for. */
#define EXPORT_USED	EXPORT_PREFIX "observations_total"
#define EXPORT_VIOLATED	EXPORT_PREFIX "observations_violated"
#define EXPORT_WRITTEN	EXPORT_PREFIX "exported_timestamp_seconds"
#define EXPORT_WATCHED	EXPORT_PREFIX "watched_seconds_total"
#define EXPORT_EVIDENCE	EXPORT_PREFIX "evidence_enabled"
#define EXPORT_LISTED	EXPORT_PREFIX "listed_days"
#define EXPORT_MENDED	EXPORT_PREFIX "mended_by_rules"

/**
 * export_prometheus() - print a history, and what the guard is doing now, on standard output
 * @history: open, and up to date
 * @loaded: is the guard there?
 *
 * Return: an enum ctl_exit; what went wrong has been said.
 */
int export_prometheus(struct sql *history, bool loaded);

#endif
