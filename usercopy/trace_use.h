/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint usercopy_guard:usercopy_ruled, fired for every copy that only a rule lets through.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM usercopy_guard

#if !defined(_UCG_TRACE_USE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UCG_TRACE_USE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "finding.h"
#include "layout.h"
#include "limits.h"

/**
 * usercopy_ruled - a copy was let through that only a rule allows
 * @f:		what was found; a slab cache's object
 * @caller:	call site
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 */
TRACE_EVENT(usercopy_ruled,
	TP_PROTO(const struct ucg_finding *f, unsigned long caller),

	TP_ARGS(f, caller),

	TP_STRUCT__entry(
		__field(bool,		to_user)
		__array(char,		cache, UCG_TRACE_NAME)
		__field(unsigned long,	offset)
		__field(unsigned long,	n)
		__field(unsigned long,	caller)
	),

	TP_fast_assign(
		__entry->to_user = f->to_user;
		strscpy_pad(__entry->cache, ucg_cache_name(f->cache), sizeof(__entry->cache));
		__entry->offset = f->offset;
		__entry->n = f->n;
		__entry->caller = caller;
	),

	TP_printk("dir=%s cache=%s offset=%lu size=%lu caller=%pS",
		  __entry->to_user ? "to" : "from", __entry->cache, __entry->offset, __entry->n,
		  (void *)__entry->caller)
);

#endif /* _UCG_TRACE_USE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_use
#include <trace/define_trace.h>
