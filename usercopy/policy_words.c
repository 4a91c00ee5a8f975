// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words for policies, kinds and whom a policy is for. Also compiled into the programs of user
 * space that read and write them.
 */
#include "policy.h"

const char * const ucg_policy_words[UCG_NR_POLICIES] = {
	[UCG_WARN]	= "warn",
	[UCG_FALLBACK]	= "fallback",
	[UCG_ENFORCE]	= "enforce",
};

const char * const ucg_kind_words[UCG_NR_KINDS] = {
	[UCG_FINE]		= "fine",
	[UCG_WHITELIST]		= "whitelist",
	[UCG_OBJECT]		= "object",
	[UCG_REDZONE]		= "redzone",
	[UCG_VMALLOC]		= "vmalloc",
	[UCG_PAGE]		= "page",
	[UCG_KMAP]		= "kmap",
	[UCG_STACK]		= "stack",
	[UCG_TEXT]		= "text",
	[UCG_MODULE_TEXT]	= "module-text",
	[UCG_WRAP]		= "wrap",
	[UCG_NULL]		= "null",
};

const char * const ucg_subject_words[UCG_NR_SUBJECTS] = {
	[UCG_SUBJECT_ALL]	= "global",
	[UCG_SUBJECT_KIND]	= "kind",
	[UCG_SUBJECT_CACHE]	= "cache",
	[UCG_SUBJECT_MODULE]	= "module",
	[UCG_SUBJECT_CALLER]	= "caller",
};

const char * const ucg_action_words[UCG_NR_ACTIONS] = {
	[UCG_ACTION_ALLOW]	= "allow",
	[UCG_ACTION_REFUSE]	= "refuse",
	[UCG_ACTION_KILL]	= "kill",
};
