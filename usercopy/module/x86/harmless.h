/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that code between a check and its copy may call without a refusal having to know what
 * they do: they give up the CPU, or watch. Of what their caller goes on to use, they change nothing
 * but the registers that any call may change. When a refusal leaves out such a call, a reschedule
 * or a warning is lost, where both could as well have been due a moment later.
 *
 * Included inside of the initializer of an array, with UCG_HARMLESS() as an element's value; also
 * by the programs that interpret every call site (tests/interpret/).
 */
#if UCG_HAVE_COND_RESCHED
UCG_HARMLESS(__cond_resched),
#endif
#ifdef CONFIG_HAVE_STATIC_CALL_INLINE
/* What that is when the kernel needs it not. Mostly it is no call then, but where calls are counted. */
UCG_HARMLESS(__static_call_return0),
#endif
#if defined(CONFIG_PROVE_LOCKING) || defined(CONFIG_DEBUG_ATOMIC_SLEEP)
UCG_HARMLESS(__might_fault),
#endif
#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
UCG_HARMLESS(__might_sleep),
UCG_HARMLESS(__might_resched),
#endif
#ifdef CONFIG_KASAN
UCG_HARMLESS(__kasan_check_read),
UCG_HARMLESS(__kasan_check_write),
#endif
