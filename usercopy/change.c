// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tell of changes (change.h).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uidgid.h>

#include "change.h"

#define CREATE_TRACE_POINTS
#include "trace_change.h"

static void tell_audit(const char *what, const char *before, const char *now)
{
	struct audit_buffer *ab;

	if (!audit_enabled)
		return;
	/* With the system call that made the change, if those are recorded. */
	ab = audit_log_start(audit_context(), GFP_KERNEL, AUDIT_CONFIG_CHANGE);
	if (!ab)
		return;
	audit_log_format(ab, "op=usercopy_guard_%s old=\"%s\" new=\"%s\"", what, before, now);
	audit_log_task_info(ab);
	audit_log_format(ab, " res=1");
	audit_log_end(ab);
}

/**
 * ucg_change_tell - tell that the current process has changed something
 * @what:	what: "policy", "kill" ...
 * @before:	what it was; printable
 * @now:	what it is
 *
 * Context: process, may sleep; when the change is in force.
 */
void ucg_change_tell(const char *what, const char *before, const char *now)
{
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, current);
	pr_info("%s is %s, was %s; by process %*pE[%d], uid %u, auid %u\n", what, now, before,
		(int)strlen(comm), comm, current->pid, from_kuid(&init_user_ns, current_uid()),
		from_kuid(&init_user_ns, audit_get_loginuid(current)));
	tell_audit(what, before, now);
	trace_usercopy_change(what, before, now);
}
