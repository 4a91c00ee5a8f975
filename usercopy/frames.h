/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of the stack, where the kernel has frame pointers: there its own check refuses a copy that
 * does not stay in one of them.
 */
#ifndef _UCG_FRAMES_H
#define _UCG_FRAMES_H

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/thread_info.h>

/* Only x86 looks at them. */
static __always_inline bool ucg_frames_are_known(void)
{
	return IS_ENABLED(CONFIG_X86) && IS_ENABLED(CONFIG_FRAME_POINTER);
}

/**
 * ucg_frames_hold - does one live frame hold all of a copy?
 * @addr:	where it begins
 * @n:		its length in bytes
 * @sp:		stack pointer of the function that copies
 * @frame:	its frame pointer: where the frame pointer of its caller is, with the return address
 *		behind that; and so on, up to one that leads out of the stack
 *
 * Asks nothing but the stack that @sp is on. Frame pointers are followed upwards only, so this
 * comes to an end.
 *
 * Context: any, NMI too.
 */
static __always_inline bool ucg_frames_hold(unsigned long addr, unsigned long n, unsigned long sp,
					    unsigned long frame)
{
	unsigned long low = sp;

	while ((frame ^ sp) < THREAD_SIZE && frame >= low) {
		if (addr < frame && n <= frame - addr)
			return addr >= low;
		/*
		 * Not aligned, it is a mark: what interrupts and system calls leave
		 * at their entry.
		 */
		if (frame % sizeof(frame))
			return false;
		low = frame + 2 * sizeof(frame);
		frame = *(const unsigned long *)frame;
	}
	return false;
}

#endif /* _UCG_FRAMES_H */
