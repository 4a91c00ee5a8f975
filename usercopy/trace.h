/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoint usercopy_guard:usercopy_violation, fired for every violation, the
 * ones that are only counted in the log included.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM usercopy_guard

#if !defined(_UCG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UCG_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "finding.h"
#include "layout.h"
#include "limits.h"
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
 * usercopy_violation - a copy violated
 * @f:		what was found
 * @action:	what the policy calls for
 * @policy:	that policy
 * @site:	what is known of the call site, NULL if there is no record
 * @caller:	call site
 *
 * Kind, action and call site are there as text, too, for programs that do not format events. Text
 * is in fields of a fixed length: bpftrace 0.21 to 0.23 looks for others in the wrong place
 * (bpftrace's pull request 4238). A name that is longer is cut; the file has all of it.
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
		__array(char,		cache, UCG_TRACE_NAME)
		__field(unsigned long,	offset)
		__field(unsigned long,	n)
		__field(unsigned long,	object_size)
		__field(u32,		useroffset)
		__field(u32,		usersize)
		__field(unsigned long,	caller)
		__field(u32,		site_offset)
		__array(char,		kind_word, UCG_TRACE_WORD_LEN)
		__array(char,		action_word, UCG_TRACE_WORD_LEN)
		__array(char,		policy, UCG_TRACE_WORD_LEN)
		__array(char,		function, UCG_TRACE_FUNCTION)
		__array(char,		module, UCG_OWNER_NAME)
	),

	TP_fast_assign(
		__entry->kind = f->kind;
		__entry->action = action;
		__entry->to_user = f->to_user;
		strscpy_pad(__entry->cache, f->cache ? ucg_cache_name(f->cache) : "-",
			    sizeof(__entry->cache));
		__entry->offset = f->offset;
		__entry->n = f->n;
		__entry->object_size = f->object_size;
		__entry->useroffset = f->useroffset;
		__entry->usersize = f->usersize;
		__entry->caller = caller;
		__entry->site_offset = site ? site->offset : 0;
		strscpy_pad(__entry->kind_word, ucg_kind_words[f->kind],
			    sizeof(__entry->kind_word));
		strscpy_pad(__entry->action_word, ucg_action_words[action],
			    sizeof(__entry->action_word));
		strscpy_pad(__entry->policy, ucg_policy_words[policy], sizeof(__entry->policy));
		strscpy_pad(__entry->function, site && site->function[0] ? site->function : "-",
			    sizeof(__entry->function));
		strscpy_pad(__entry->module, site && site->module[0] ? site->module : "-",
			    sizeof(__entry->module));
	),

	TP_printk("kind=%s dir=%s cache=%s offset=%lu size=%lu objsize=%lu useroffset=%u usersize=%u action=%s policy=%s function=%s+0x%x module=%s caller=%pS",
		  __print_symbolic(__entry->kind, UCG_TRACE_KINDS),
		  __entry->to_user ? "to" : "from",
		  __entry->cache,
		  __entry->offset, __entry->n, __entry->object_size,
		  __entry->useroffset, __entry->usersize,
		  __print_symbolic(__entry->action, UCG_TRACE_ACTIONS),
		  __entry->policy, __entry->function, __entry->site_offset,
		  __entry->module, (void *)__entry->caller)
);

#endif /* _UCG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
