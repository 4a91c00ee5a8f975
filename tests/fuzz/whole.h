/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the cases of the whole whitelist share.
 */
#ifndef _UCG_FUZZ_WHOLE_H
#define _UCG_FUZZ_WHOLE_H

#include "standin.h"

/* Allocations until one fails; 0 for never. */
extern unsigned int until_failure;

/* whole.c */
void begin(void);
void stop(void);
void ok(bool good, const char *what);
bool are(const char *expected);
int write_rules(const char *text);
bool says(const char *part);
bool allowed(const char *name, const char *merge_id);
bool all_or_nothing(int (*what)(void), const char *before, const char *after);

/* whole_names.c */
void merged_caches(void);
void followed_names(void);
void locked_names(void);
void folders(void);
void names(void);

#endif /* _UCG_FUZZ_WHOLE_H */
