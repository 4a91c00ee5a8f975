/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows when it is known what became of a copy: the store counts it, then the report is
 * told. Whoever concludes comes here, so that the store knows nothing of the report.
 */
#ifndef _UCG_CONCLUDE_H
#define _UCG_CONCLUDE_H

#include "report.h"
#include "violation.h"

/**
 * ucg_conclude - what became of a copy is known
 * @v:		record of the violation, or NULL if there was no room for it
 * @outcome:	what became of it
 * @decision:	what decided about it
 *
 * Context: any, NMI too.
 */
static inline void ucg_conclude(struct ucg_violation *v, enum ucg_outcome outcome,
				const struct ucg_decision *decision)
{
	if (unlikely(!v))
		ucg_violation_conclude_unlisted(outcome);
	if (v && unlikely(ucg_violation_conclude(v, outcome, decision)))
		ucg_report_new();
	else
		ucg_report_again();
}

#endif /* _UCG_CONCLUDE_H */
