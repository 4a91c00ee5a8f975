/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report: a distinct violation is told once, in the log and to audit; what
 * follows is counted, and summed up once a minute. No WARN(): a warning would
 * kill a machine with panic_on_warn=1.
 */
#ifndef _UCG_REPORT_H
#define _UCG_REPORT_H

#include <linux/kallsyms.h>

#include "limits.h"

struct ucg_decision;
struct ucg_violation;

/* Buffers for ucg_symbol(), ucg_site_text() and ucg_report_by(). */
#define UCG_SYMBOL_LEN	KSYM_SYMBOL_LEN
#define UCG_SITE_LEN	(UCG_NAME_MAX + UCG_OWNER_NAME + 32)
#define UCG_BY_LEN	(UCG_NAME_MAX + 16)

int ucg_report_init(void);
void ucg_report_exit(void);
void ucg_report_new(void);
void ucg_report_again(void);
void ucg_report_now(void);
const char *ucg_report_by(char *to, size_t size, const struct ucg_violation *v,
			  const struct ucg_decision *decision);
#ifdef CONFIG_USERCOPY_GUARD_KUNIT_TEST
void ucg_report_settle(void);
#endif
const char *ucg_symbol(char *buffer, unsigned long address);

#endif /* _UCG_REPORT_H */
