/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who changed what an administrator can change: a line of the log, a record of audit, and the
 * tracepoint, for each change of policy, rules, kill, lock.
 */
#ifndef _UCG_CHANGE_H
#define _UCG_CHANGE_H

void ucg_change_tell(const char *what, const char *before, const char *now);

#endif /* _UCG_CHANGE_H */
