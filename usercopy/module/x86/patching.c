// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code that is being patched, x86-64.
 *
 * Who patches code that may be running, a static key or a static call, puts a breakpoint there
 * first and takes it away last. In between he waits for all CPUs, which is a matter of
 * microseconds; but he may also be preempted, and among many tasks it is seconds until he goes on.
 * Nobody else can tell what the code was, or will be. So it is waited for: by looking again, and
 * where the caller of the check may be preempted, by letting others run. That is a preemption and
 * no sleep: whoever waits for tasks to leave a trampoline goes on waiting for this one.
 *
 * A probe is a breakpoint, too, and stays. That it has stayed is remembered for a while, lest each
 * copy of that caller wait anew.
 */
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/processor.h>

#include "usercopy/compat.h"

#include "patching.h"

/**
 * struct probed - a breakpoint that has stayed
 * @ip:		where
 * @until:	when it is waited for again, jiffies
 *
 * Written and read without a lock: if the two do not belong together, it is waited for once more,
 * or for some seconds less.
 */
struct probed {
	unsigned long	ip;
	unsigned long	until;
};

static struct probed probed[1 << UCG_PROBED_BITS];

static struct probed *probed_place(unsigned long ip)
{
	return &probed[hash_long(ip, UCG_PROBED_BITS)];
}

static bool has_stayed(unsigned long ip)
{
	const struct probed *p = probed_place(ip);

	return READ_ONCE(p->ip) == ip && time_before(jiffies, READ_ONCE(p->until));
}

static void note_stays(unsigned long ip)
{
	struct probed *p = probed_place(ip);

	WRITE_ONCE(p->until, jiffies + UCG_PROBED_SECONDS * HZ);
	WRITE_ONCE(p->ip, ip);
}

/**
 * ucg_patching_wait - there is a breakpoint; is it worth another look?
 * @patience:	on this way so far
 * @ip:		where it is
 *
 * Other tasks may run before it returns, if the caller of the check may be preempted.
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: false if it will not go away.
 */
bool ucg_patching_wait(struct ucg_patience *patience, unsigned long ip)
{
	if (patience->looks) {
		patience->looks--;
		cpu_relax();
		return true;
	}
	if (!preemptible() || has_stayed(ip))
		return false;
	if (!patience->since)
		patience->since = jiffies | 1;
	if (time_after(jiffies, patience->since + UCG_PATCHING_SECONDS * HZ)) {
		note_stays(ip);
		return false;
	}
	ucg_let_others_run();
	return true;
}
