/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint usercopy_guard:usercopy_change, fired when somebody has changed a switch or the rules.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM usercopy_guard

#if !defined(_UCG_TRACE_CHANGE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UCG_TRACE_CHANGE_H

#include <linux/tracepoint.h>

#include "compat.h"

/**
 * trace_usercopy_change - somebody changed a switch or the rules
 * @what:	what
 * @before:	what it was
 * @now:	what it is
 *
 * Context: process.
 */
TRACE_EVENT(usercopy_change,
	TP_PROTO(const char *what, const char *before, const char *now),

	TP_ARGS(what, before, now),

	TP_STRUCT__entry(
		__string(what,		what)
		__string(before,	before)
		__string(now,		now)
	),

	TP_fast_assign(
		ucg_assign_str(what, what);
		ucg_assign_str(before, before);
		ucg_assign_str(now, now);
	),

	/* No \" in it: perf and trace-cmd do not parse that. */
	TP_printk("what=%s before='%s' now='%s'", __get_str(what), __get_str(before),
		  __get_str(now))
);

#endif /* _UCG_TRACE_CHANGE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_change
#include <trace/define_trace.h>
