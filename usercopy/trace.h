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
#include "site.h"

/* So that programs which read a trace elsewhere know the numbers behind these. */
#define UCG_TRACE_KINDS \
	UCG_TRACE_WORD(UCG_WHITELIST, "whitelist") \
	UCG_TRACE_WORD(UCG_OBJECT, "object") \
	UCG_TRACE_WORD(UCG_REDZONE, "redzone") \
	UCG_TRACE_WORD(UCG_VMALLOC, "vmalloc") \
	UCG_TRACE_WORD(UCG_PAGE, "page") \
	UCG_TRACE_WORD(UCG_KMAP, "kmap") \
	UCG_TRACE_WORD(UCG_STACK, "stack") \
	UCG_TRACE_WORD(UCG_TEXT, "text") \
	UCG_TRACE_WORD(UCG_MODULE_TEXT, "module-text") \
	UCG_TRACE_WORD(UCG_WRAP, "wrap") \
	UCG_TRACE_LAST(UCG_NULL, "null")
#define UCG_TRACE_ACTIONS \
	UCG_TRACE_WORD(UCG_ACTION_ALLOW, "allow") \
	UCG_TRACE_WORD(UCG_ACTION_REFUSE, "refuse") \
	UCG_TRACE_LAST(UCG_ACTION_KILL, "kill")

#undef UCG_TRACE_WORD
#undef UCG_TRACE_LAST
#define UCG_TRACE_WORD(value, word)	TRACE_DEFINE_ENUM(value);
#define UCG_TRACE_LAST(value, word)	TRACE_DEFINE_ENUM(value);
UCG_TRACE_KINDS
UCG_TRACE_ACTIONS
#undef UCG_TRACE_WORD
#undef UCG_TRACE_LAST
#define UCG_TRACE_WORD(value, word)	{ value, word },
#define UCG_TRACE_LAST(value, word)	{ value, word }

/**
 * trace_usercopy_violation - a copy violated
 * @f:		what was found
 * @action:	what the policy calls for
 * @policy:	that policy
 * @site:	what is known of the call site, NULL if there is no record
 * @caller:	call site
 *
 * Kind, action and call site are there as text, too, for programs that do not format events.
 *
 * Context: any, NMI too; runs in a trampoline, with preemption off.
 */
TRACE_EVENT(usercopy_violation,
	TP_PROTO(const struct ucg_finding *f, enum ucg_action action, enum ucg_policy policy,
		 const struct ucg_site *site, unsigned long caller),

	TP_ARGS(f, action, policy, site, caller),

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
		__field(u32,		site_offset)
		__string(kind_word,	ucg_kind_words[f->kind])
		__string(action_word,	ucg_action_words[action])
		__string(policy,	ucg_policy_words[policy])
		__string(function,	site && site->function[0] ? site->function : "-")
		__string(module,	site && site->module[0] ? site->module : "-")
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
		__entry->site_offset = site ? site->offset : 0;
		ucg_assign_str(kind_word, ucg_kind_words[f->kind]);
		ucg_assign_str(action_word, ucg_action_words[action]);
		ucg_assign_str(policy, ucg_policy_words[policy]);
		ucg_assign_str(function, site && site->function[0] ? site->function : "-");
		ucg_assign_str(module, site && site->module[0] ? site->module : "-");
	),

	TP_printk("kind=%s dir=%s cache=%s offset=%lu size=%lu objsize=%lu useroffset=%u usersize=%u action=%s policy=%s function=%s+0x%x module=%s caller=%pS",
		  __print_symbolic(__entry->kind, UCG_TRACE_KINDS),
		  __entry->to_user ? "to" : "from",
		  __get_str(cache),
		  __entry->offset, __entry->n, __entry->object_size,
		  __entry->useroffset, __entry->usersize,
		  __print_symbolic(__entry->action, UCG_TRACE_ACTIONS),
		  __get_str(policy), __get_str(function), __entry->site_offset,
		  __get_str(module), (void *)__entry->caller)
);

#endif /* _UCG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
