/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policy: from what was found to what is done about it. One table of words
 * serves the module parameter, the sysctl, the rules and the reports.
 */
#ifndef _UCG_POLICY_H
#define _UCG_POLICY_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#endif

/**
 * enum ucg_policy - how strict, from loose to strict
 */
enum ucg_policy {
	/** @UCG_WARN: report every violation, refuse none; the default */
	UCG_WARN,
	/** @UCG_FALLBACK: refuse what leaves its object, area or stack */
	UCG_FALLBACK,
	/** @UCG_ENFORCE: refuse what leaves the whitelisted region as well */
	UCG_ENFORCE,
	/** @UCG_NR_POLICIES: how many there are */
	UCG_NR_POLICIES,
};

/**
 * enum ucg_kind - what is wrong with a copy
 */
enum ucg_kind {
	/** @UCG_FINE: nothing */
	UCG_FINE,
	/** @UCG_WHITELIST: leaves the whitelisted region, stays in its slab object */
	UCG_WHITELIST,
	/** @UCG_OBJECT: leaves its slab object */
	UCG_OBJECT,
	/** @UCG_REDZONE: starts in the red zone before a slab object */
	UCG_REDZONE,
	/** @UCG_VMALLOC: leaves its vmalloc area, or starts in none */
	UCG_VMALLOC,
	/** @UCG_PAGE: leaves its compound page */
	UCG_PAGE,
	/** @UCG_KMAP: leaves its kmap page */
	UCG_KMAP,
	/** @UCG_STACK: overlaps the stack's end, or lies in no live frame */
	UCG_STACK,
	/** @UCG_TEXT: touches the kernel's text */
	UCG_TEXT,
	/** @UCG_MODULE_TEXT: touches a module's text */
	UCG_MODULE_TEXT,
	/** @UCG_WRAP: runs past the end of the address space */
	UCG_WRAP,
	/** @UCG_NULL: is NULL, or what an allocation of no bytes gives */
	UCG_NULL,
	/** @UCG_NR_KINDS: how many there are */
	UCG_NR_KINDS,
};

/**
 * enum ucg_subject - whom a policy is for, from general to particular: the last one decides
 */
enum ucg_subject {
	/** @UCG_SUBJECT_ALL: every copy: the global policy */
	UCG_SUBJECT_ALL,
	/** @UCG_SUBJECT_KIND: a kind of violation */
	UCG_SUBJECT_KIND,
	/** @UCG_SUBJECT_CACHE: a slab cache */
	UCG_SUBJECT_CACHE,
	/** @UCG_SUBJECT_MODULE: what a module copies, or has copied */
	UCG_SUBJECT_MODULE,
	/** @UCG_SUBJECT_CALLER: what a function copies */
	UCG_SUBJECT_CALLER,
	/** @UCG_NR_SUBJECTS: how many there are */
	UCG_NR_SUBJECTS,
};

/**
 * enum ucg_action - what is done about a violation
 */
enum ucg_action {
	/** @UCG_ACTION_ALLOW: the copy goes ahead as if nothing had been checked */
	UCG_ACTION_ALLOW,
	/** @UCG_ACTION_REFUSE: no byte is copied, the caller sees a bad user address */
	UCG_ACTION_REFUSE,
	/** @UCG_ACTION_KILL: what is refused is handed to the kernel's usercopy_abort() */
	UCG_ACTION_KILL,
	/** @UCG_NR_ACTIONS: how many there are */
	UCG_NR_ACTIONS,
};

extern const char * const ucg_policy_words[UCG_NR_POLICIES];
extern const char * const ucg_kind_words[UCG_NR_KINDS];
extern const char * const ucg_subject_words[UCG_NR_SUBJECTS];
extern const char * const ucg_action_words[UCG_NR_ACTIONS];

int ucg_policy_parse(const char *word);
enum ucg_policy ucg_policy_get(void);
int ucg_policy_set(enum ucg_policy policy);
int ucg_policy_set_kill(bool on);
enum ucg_action ucg_policy_action(enum ucg_kind kind, enum ucg_policy policy);
bool ucg_policy_locked(void);
bool ucg_policy_kills(void);
void ucg_policy_hold(void);
void ucg_policy_release(void);
void ucg_policy_start(enum ucg_policy policy, bool kill);
void ucg_policy_offer_evidence(bool (*get)(void), int (*set)(bool on));
int ucg_policy_init(void);
void ucg_policy_exit(void);

#endif /* _UCG_POLICY_H */
