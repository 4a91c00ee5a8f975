// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts, without dying of them: while one is asked for, usercopy_abort()
 * (see scripts/tree/record.cocci) goes back to where it was asked.
 *
 * Nothing is held where the kernel's check or the guard gives up, so leaving
 * their frames behind leaves nothing undone.
 */
#include <linux/kasan.h>
#include <linux/objtool.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "fixture.h"

/* Declared where mm/usercopy.c calls it. */
void usercopy_guard_test_abort(const char *name, const char *detail, bool to_user,
			       unsigned long offset, unsigned long len);

static struct task_struct *recording;
static void *way_back[5];

/* What __builtin_setjmp() saves is enough for this one place in this one task. */
static noinline void go_back(void)
{
	__builtin_longjmp(way_back, 1);
}

STACK_FRAME_NON_STANDARD(go_back);

/**
 * usercopy_guard_test_abort - called at the start of usercopy_abort()
 * @name:	what was found
 * @detail:	its name
 * @to_user:	direction
 * @offset:	bytes
 * @len:	bytes
 *
 * Context: any. Returns only while no test asks for a verdict in this task.
 */
void usercopy_guard_test_abort(const char *name, const char *detail, bool to_user,
			       unsigned long offset, unsigned long len)
{
	if (READ_ONCE(recording) != current || in_interrupt())
		return;
	WRITE_ONCE(recording, NULL);
	go_back();
}

/* The compiler sees that go_back() does not return; objtool does not. */
STACK_FRAME_NON_STANDARD(usercopy_guard_test_abort);

#ifdef CONFIG_KASAN_STACK
/* mm/kasan/kasan.h has it, and all else of KASAN's. */
asmlinkage void kasan_unpoison_task_stack_below(const void *watermark);
#define unpoison_below(sp)	kasan_unpoison_task_stack_below(sp)
#else
#define unpoison_below(sp)	do { } while (0)
#endif

static noinline enum ucg_test_verdict ask(bool kernel, const void *ptr, unsigned long n,
					  bool to_user)
{
	enum ucg_test_verdict verdict = UCG_TEST_GO;

	if (__builtin_setjmp(way_back)) {
		/* Frames that were left without a return; those above are alive, and tagged. */
		unpoison_below(__builtin_frame_address(0));
		return UCG_TEST_ABORTED;
	}
	WRITE_ONCE(recording, current);
	barrier();
	if (kernel)
		__check_object_size(ptr, n, to_user);
	else if (!check_object_size(ptr, n, to_user))
		verdict = UCG_TEST_REFUSED;
	barrier();
	WRITE_ONCE(recording, NULL);
	return verdict;
}

STACK_FRAME_NON_STANDARD(ask);

/**
 * ucg_test_guard_verdict - the guard's verdict, as check_object_size() gives it
 * @ptr:	kernel address of the copy
 * @n:		its bytes
 * @to_user:	direction
 *
 * Context: process; one at a time.
 */
enum ucg_test_verdict ucg_test_guard_verdict(const void *ptr, unsigned long n, bool to_user)
{
	return ask(false, ptr, ucg_test_hide(n), to_user);
}

/**
 * ucg_test_kernel_verdict - the verdict of the kernel's own check
 * @ptr:	kernel address of the copy
 * @n:		its bytes
 * @to_user:	direction
 *
 * Context: process; one at a time.
 */
enum ucg_test_verdict ucg_test_kernel_verdict(const void *ptr, unsigned long n, bool to_user)
{
	return ask(true, ptr, n, to_user);
}
