/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint usercopy_guard:usercopy_violation, fired for every violation, the
 * ones that are only counted in the log included.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM usercopy_guard

#if !defined(_UCG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UCG_TRACE_H

#include <linux/tracepoint.h>

#include "compat.h"
#include "finding.h"
#include "layout.h"
#include "policy.h"

/**
 * trace_usercopy_violation - a copy violated
 * @f:		what was found
 * @action:	what the policy calls for
 * @caller:	call site
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 */
TRACE_EVENT(usercopy_violation,
	TP_PROTO(const struct ucg_finding *f, enum ucg_action action, unsigned long caller),

	TP_ARGS(f, action, caller),

	TP_STRUCT__entry(
		__field(unsigned int,	kind)
		__field(unsigned int,	action)
		__field(bool,		to_user)
		__string(cache,		f->cache ? ucg_cache_name(f->cache) : "-")
		__field(unsigned long,	offset)
		__field(unsigned long,	n)
		__field(unsigned long,	object_size)
		__field(u32,		useroffset)
		__field(u32,		usersize)
		__field(unsigned long,	caller)
	),

	TP_fast_assign(
		__entry->kind = f->kind;
		__entry->action = action;
		__entry->to_user = f->to_user;
		ucg_assign_str(cache, f->cache ? ucg_cache_name(f->cache) : "-");
		__entry->offset = f->offset;
		__entry->n = f->n;
		__entry->object_size = f->object_size;
		__entry->useroffset = f->useroffset;
		__entry->usersize = f->usersize;
		__entry->caller = caller;
	),

	TP_printk("kind=%s dir=%s cache=%s offset=%lu size=%lu objsize=%lu useroffset=%u usersize=%u action=%s caller=%pS",
		  __print_symbolic(__entry->kind,
				   { UCG_WHITELIST,	"whitelist" },
				   { UCG_OBJECT,	"object" },
				   { UCG_REDZONE,	"redzone" },
				   { UCG_VMALLOC,	"vmalloc" },
				   { UCG_PAGE,		"page" },
				   { UCG_KMAP,		"kmap" },
				   { UCG_STACK,		"stack" },
				   { UCG_TEXT,		"text" },
				   { UCG_MODULE_TEXT,	"module-text" },
				   { UCG_WRAP,		"wrap" },
				   { UCG_NULL,		"null" }),
		  __entry->to_user ? "to" : "from",
		  __get_str(cache),
		  __entry->offset, __entry->n, __entry->object_size,
		  __entry->useroffset, __entry->usersize,
		  __print_symbolic(__entry->action,
				   { UCG_ACTION_ALLOW,	"allow" },
				   { UCG_ACTION_REFUSE,	"refuse" },
				   { UCG_ACTION_KILL,	"kill" }),
		  (void *)__entry->caller)
);

#endif /* _UCG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
