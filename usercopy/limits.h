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

/* --- refusal: the caller is interpreted, x86-64 --- */

/*
 * Instructions after the check within which the copy must begin. 18 were seen at the most in
 * Debian's kernels; kernels that are built to be debugged may have several times as many. The
 * bound is what a copy that cannot be refused costs at the most.
 */
#define UCG_STEPS_MAX		128
/*
 * Looks at an instruction that is a breakpoint: code that is being patched is one for as long as
 * all CPUs take to notice, some microseconds. A probe is one for ever.
 */
#define UCG_BREAKPOINT_LOOKS	2000
/*
 * Writes to the stack that can be remembered. Four were seen on one path at the most; each takes
 * 24 bytes of the stack that the hook runs on.
 */
#define UCG_WRITES_MAX		16
/*
 * Bytes of the stack between the caller's frame and what the trampoline keeps: room for what a
 * caller pushes on its way. 8 were seen, on kernels with frame pointers.
 */
#define UCG_CALLER_ROOM		256
/* Words of the function graph tracer's own stack in which the last function's entry is: it has six. */
#define UCG_TRACED_WORDS	24

#endif /* _UCG_LIMITS_H */
