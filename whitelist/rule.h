/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of the rule language.
 *
 *   allow  CACHE OFFSET LENGTH [to|from|both]     widen the whitelist (both when not said)
 *   deny   CACHE [OFFSET LENGTH]                  narrow it (without a range: no usercopy at all)
 *   policy CACHE warn|fallback|enforce            a policy for this cache alone
 *   policy caller:FUNCTION[@MODULE] WORD          ... for what this function copies
 *   policy module:MODULE WORD                     ... for what the module copies, or has copied
 *   policy kind:KIND WORD                         ... for a kind of violation
 *   delete RULE                                   take one of these back
 *   flush                                         drop every rule read so far
 *
 * Fields are separated by blanks or tabs; "#" starts a comment. OFFSET and LENGTH are bytes,
 * decimal or 0x hexadecimal, counted from the start of the object. A byte of a cache's name that
 * is a blank, a "#", a backslash or not printable is written as a backslash and three octal
 * digits ("\040" is a blank), as in /proc/mounts. So is the colon of a cache whose name begins with
 * "caller:", "module:" or "kind:".
 *
 * rule.c is compiled into the kernel and into the fuzzer: one source, no copy.
 */
#ifndef _UCG_RULE_H
#define _UCG_RULE_H

#include "portable.h"

#include "../usercopy/limits.h"
#include "../usercopy/policy.h"

#include "name.h"

/* Directions of a copy, as a set. */
#define UCG_TO_USER	0x1
#define UCG_FROM_USER	0x2
#define UCG_BOTH	(UCG_TO_USER | UCG_FROM_USER)

/**
 * enum ucg_verb - what a line asks for
 */
enum ucg_verb {
	/** @UCG_VERB_BLANK: nothing: the line is empty or a comment */
	UCG_VERB_BLANK,
	/** @UCG_VERB_ALLOW: widen the whitelist */
	UCG_VERB_ALLOW,
	/** @UCG_VERB_DENY: narrow what the kernel's own whitelist allows */
	UCG_VERB_DENY,
	/** @UCG_VERB_POLICY: give a cache, caller, module or kind a policy of its own */
	UCG_VERB_POLICY,
	/** @UCG_VERB_FLUSH: drop every rule read so far */
	UCG_VERB_FLUSH,
};

/**
 * struct ucg_rule - one parsed line
 * @verb: what it asks for; says which of the other members are meaningful
 * @dirs: for allow: UCG_TO_USER, UCG_FROM_USER or both
 * @policy: for policy: enum ucg_policy
 * @subject: enum ucg_subject: whom it is for; for allow and deny a cache
 * @remove: take this rule back
 * @offset: for allow and deny: first byte of the region, from the start of the object
 * @len: for allow and deny: length in bytes, never 0, @offset + @len <= UCG_REGION_MAX;
 *	a deny without a range has the region [0, UCG_REGION_MAX)
 * @name: name of the cache, module or kind, or FUNCTION[@MODULE]; unescaped, not empty. A module's
 *	with "_" for "-", as the kernel has it
 */
struct ucg_rule {
	enum ucg_verb verb;
	u8 dirs;
	u8 policy;
	u8 subject;
	bool remove;
	u32 offset;
	u64 len;
	char name[UCG_NAME_MAX + 1];
};

const char *ucg_rule_parse(const char *line, size_t len, struct ucg_rule *rule);

#endif /* _UCG_RULE_H */
