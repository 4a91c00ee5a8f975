/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long one copy takes, in ticks of the TSC; under qemu -icount these are instructions.
 */
#ifndef _UCG_TIMING_H
#define _UCG_TIMING_H

#include <linux/irqflags.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uaccess.h>

/* Copies of one batch: enough for what happens once a batch not to count. */
#define BATCH		64
/* Of long copies, which are instructions enough each. */
#define BATCH_LONG	4
/* Batches: the first ones bring everything in, and one in many meets an interrupt. */
#define BATCHES		24

/**
 * struct row - memory to copy from and to
 * @name:	of the row; the direction and @len follow it
 * @addr:	where the copy starts
 * @len:	bytes
 */
struct row {
	const char *name;
	void *addr;
	unsigned long len;
};

static __always_inline u64 ticks(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (u64)high << 32 | low;
}

/*
 * One batch. Neither @n nor what @kernel points to may be known to the compiler: it
 * would do the check by itself.
 */
static noinline u64 time_to_user(void __user *user, const void *kernel, unsigned long n,
				 unsigned int copies, unsigned long *left)
{
	u64 start = ticks();

	while (copies--)
		*left += copy_to_user(user, kernel, n);
	return ticks() - start;
}

static noinline u64 time_from_user(void *kernel, const void __user *user, unsigned long n,
				   unsigned int copies, unsigned long *left)
{
	u64 start = ticks();

	while (copies--)
		*left += copy_from_user(kernel, user, n);
	return ticks() - start;
}

/* The least ticks of a batch of @copies; U64_MAX if a copy was not complete. */
static u64 time_copies(const struct row *row, void __user *user, bool to_user,
		       unsigned int copies)
{
	void *addr = READ_ONCE(row->addr);
	unsigned long len = READ_ONCE(row->len), left = 0, flags;
	u64 least = U64_MAX, took;
	unsigned int i;

	for (i = 0; i < BATCHES; i++) {
		local_irq_save(flags);
		if (to_user)
			took = time_to_user(user, addr, len, copies, &left);
		else
			took = time_from_user(addr, user, len, copies, &left);
		local_irq_restore(flags);
		least = min(least, took);
		cond_resched();
	}
	return left ? U64_MAX : least;
}

#endif /* _UCG_TIMING_H */
