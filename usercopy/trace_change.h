/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint usercopy_guard:usercopy_change, fired when somebody has changed a switch or the rules.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM usercopy_guard

#if !defined(_UCG_TRACE_CHANGE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UCG_TRACE_CHANGE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "limits.h"

/**
 * usercopy_change - somebody changed a switch or the rules
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
		__array(char,		what, UCG_TRACE_WORD_LEN)
		__array(char,		before, UCG_TRACE_NAME)
		__array(char,		now, UCG_TRACE_NAME)
	),

	TP_fast_assign(
		strscpy_pad(__entry->what, what, sizeof(__entry->what));
		strscpy_pad(__entry->before, before, sizeof(__entry->before));
		strscpy_pad(__entry->now, now, sizeof(__entry->now));
	),

	/* No \" in it: perf and trace-cmd do not parse that. */
	TP_printk("what=%s before='%s' now='%s'", __entry->what, __entry->before,
		  __entry->now)
);

#endif /* _UCG_TRACE_CHANGE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_change
#include <trace/define_trace.h>
