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
/*
 * Ranges of bytes that are kept of a violation: a call site that copies more parts than that of one
 * object wants the object's whitelist looked at, not a rule for each.
 */
#define UCG_RANGES		8
/* A module's srcversion has 23 digits; and a NUL. */
#define UCG_SRCVERSION_LEN	25
/* As much of a module's name as is kept, with a NUL; like the kernel's MODULE_NAME_LEN. */
#define UCG_OWNER_NAME		56
/* Frames of a stack that are kept, from the caller on: the system call is among them. */
#define UCG_STACK_LEN		16
/* The guard's own frames, and the check's, which come before them: seven with frame pointers. */
#define UCG_STACK_OWN		8

/* --- the tracepoints --- */

/*
 * Text in an event, NUL included: a word; a cache's name, or what a switch was; a function's name.
 * Longer ones are cut. Each event has all the room, and bpftrace 0.17 copies what it prints to
 * BPF's stack of 512 bytes, twice.
 */
#define UCG_TRACE_WORD_LEN	12
#define UCG_TRACE_NAME		40
#define UCG_TRACE_FUNCTION	64

/* --- how slab caches are used --- */

/* Caches of which that is kept: a machine has some two hundred. And places to find them by. */
#define UCG_USES_MAX		512
#define UCG_USE_SLOTS		1024
/*
 * Good copies are sampled for so long, and then not for so long: a five-hundredth of them, and a
 * daily job of a minute is met a dozen times.
 */
#define UCG_SAMPLE_MS		10
#define UCG_SAMPLE_SECONDS	5

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
 * Looks at an instruction that is a breakpoint before others are let run: code that is being
 * patched is one for as long as all CPUs take to notice, some microseconds.
 */
#define UCG_BREAKPOINT_LOOKS	2000
/*
 * Seconds for which it is waited for who patches the code, if he was preempted: among 1500 tasks
 * that all want the CPU he has it again after three or four.
 */
#define UCG_PATCHING_SECONDS	10
/* A probe is a breakpoint that stays. How long it is not waited for again... */
#define UCG_PROBED_SECONDS	60
/* ... and how many are known, as a power of two: more than are put on the ways of bad copies. */
#define UCG_PROBED_BITS		4
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
/*
 * Words of the function graph tracer's own stack in which the last function's entry is: it has
 * six.
 */
#define UCG_TRACED_WORDS	24

/* --- rules --- */

/* A cache is a folder in /sys/kernel/slab, where a file name has at most 255 bytes (NAME_MAX). */
#define UCG_NAME_MAX		255

/* A name with every byte escaped, and its terminating NUL. */
#define UCG_ESCAPED_MAX		(4 * UCG_NAME_MAX + 1)

/*
 * The longest line that says something is "allow", a name with every byte escaped (1020) and
 * three more fields; what is over 1280 bytes is no rule, whatever it is.
 */
#define UCG_LINE_MAX		1280

/* The end of the largest region: offsets are 32 bits wide in the slab allocator. */
#define UCG_REGION_MAX		0x100000000ULL

/*
 * The largest number of rules. At 16384 a set takes a few megabytes, ten times what any system
 * has caches for; a loop that adds rules by mistake ends there and not at the end of the memory.
 */
#define UCG_RULES_MAX		16384

/*
 * Rules of drivers, of each and of all: a driver has some caches with some regions. They do not
 * count among the administrator's, nor can a driver that adds rules in a loop use up the others'.
 */
#define UCG_DRIVER_RULES_EACH	256
#define UCG_DRIVER_RULES_MAX	4096

/* What a rule usually takes as text, in bytes. */
#define UCG_RULE_BYTES		64

/* The largest write in bytes: as many rules as there may be, each twice as long as usual. */
#define UCG_WRITE_MAX		(UCG_RULES_MAX * 2 * UCG_RULE_BYTES)

/* How much of a bad line the log shows, in bytes: with the reason, it stays one line there. */
#define UCG_EXCERPT_MAX		60

/* SLUB's merge ids are 31 bytes long at the most, and a NUL. */
#define UCG_MERGE_ID_MAX	31

/* As much of the names that lead to a merged cache as is kept, with a NUL: a line of a log. */
#define UCG_MERGED_NAMES	400

/* More names than any machine has; a folder that long is not SLUB's. */
#define UCG_ALIASES_MAX		65536

/*
 * Where arrays begin to grow from, by doubling: a table of so few slots takes a cache line, few
 * systems with rules have more merged caches, and most have fewer aliases.
 */
#define UCG_SLOTS_FEWEST	16
#define UCG_MERGED_FEWEST	8U
#define UCG_ALIASES_FEWEST	128U

/* So many replaced sets of rules may wait for their readers; then writers wait as well. */
#define UCG_RETIRED_MAX		16

/* Names are followed at most once in so many seconds: caches may come, and violate, at any rate. */
#define UCG_FOLLOW_SECONDS	1

#endif /* _UCG_LIMITS_H */
