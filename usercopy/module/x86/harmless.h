/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that code between a check and its copy may call without a refusal having to know what
 * they do: they give up the CPU, or watch. Of what their caller goes on to use, they change nothing
 * but the registers that any call may change. When a refusal leaves out such a call, a reschedule
 * or a warning is lost, where both could as well have been due a moment later.
 *
 * Included inside of the initializer of an array, with UCG_HARMLESS() as an element's value; also
 * by the programs that interpret every call site (tests/interpret/). Not every kernel has them all.
 */
UCG_HARMLESS(__cond_resched),
UCG_HARMLESS(__might_fault),
UCG_HARMLESS(__might_sleep),
UCG_HARMLESS(__might_resched),
UCG_HARMLESS(__kasan_check_read),
UCG_HARMLESS(__kasan_check_write),
UCG_HARMLESS(preempt_schedule),
UCG_HARMLESS(preempt_schedule_notrace),
UCG_HARMLESS(preempt_schedule_thunk),
UCG_HARMLESS(preempt_schedule_notrace_thunk),
UCG_HARMLESS(__sanitizer_cov_trace_pc),
