/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every limit, each with its reason.
 *
 * Numbers only, so that programs of user space that share sources with the module can include
 * this as well.
 */
#ifndef _UCG_LIMITS_H
#define _UCG_LIMITS_H

/* --- policy --- */

/* The longest word of a switch or a policy ("enforce"), with room to see that one is too long. */
#define UCG_WORD_LEN		16

/* --- the store of violations --- */

/* Distinct violations that are kept: room for far more call sites than a kernel has wrong. */
#define UCG_VIOLATIONS_DEFAULT	512
/* Fewer would be full before the first report is read; more is memory that nobody reads. */
#define UCG_VIOLATIONS_MIN	16
#define UCG_VIOLATIONS_MAX	65536
/* Records looked at before a violation is not listed: 32 in a table at most 3/4 full. */
#define UCG_VIOLATION_PROBES	32
/* Frames of a stack that are kept, from the caller on: the system call is among them. */
#define UCG_STACK_LEN		16

/* --- the report --- */

/*
 * Reports at once, and seconds until so many may follow: a machine on which many call sites
 * violate at once fills a page of the log every few seconds, not all of it.
 */
#define UCG_REPORT_BURST	20
#define UCG_REPORT_SECONDS	10
/* Violations that are known already are summed up this often. */
#define UCG_SUMMARY_SECONDS	60

/* --- the module on a stock kernel --- */

/* Pages on either side of an address that are searched for its area's ends: 1 MiB. */
#define UCG_AREA_PAGES		256
/* Bytes from the kernel's check on within which ftrace's call at its entry ends, ENDBR included. */
#define UCG_CHECK_ENTRY_LEN	16

/* --- refusal by single steps, x86-64 --- */

/*
 * Instructions after the check within which the copy must begin. 8 to 18 were seen
 * on quiet kernels. Tracers add to that, since their code on the way is stepped as
 * well: the function graph tracer some hundreds. The bound is what a copy that can't
 * be refused costs at the most.
 */
#define UCG_STEPS_MAX		8192
/*
 * Instructions after the caller has begun to return within which it may still jump
 * to the copy function, as a tail call. Seen: pops and the jump.
 */
#define UCG_TAIL_STEPS		16
/*
 * Tasks that can be refused a copy at the same moment: at least so many, and so many for each
 * CPU. A task is being stepped for microseconds of CPU, but it may be preempted meanwhile; who
 * started threads by the hundred to fill the table would have to catch most of them in there.
 */
#define UCG_STEPPERS_MIN	256
#define UCG_STEPPERS_PER_CPU	16
/* Places where a task's entry may be: a table that is rarely more than empty. */
#define UCG_STEPPER_PROBES	32
/* Seconds that unloading waits for tasks that are being stepped. Each takes milliseconds of CPU. */
#define UCG_DRAIN_SECONDS	60

#endif /* _UCG_LIMITS_H */
