// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU itself (native.h). Code ends at what native_put_exit() has written, which changes no
 * register and no flag; everything else that it might run into is a breakpoint.
 */
#include "native.h"

struct native native;

_Static_assert(offsetof(struct native, flags) == 128, "enter.S knows the offsets");
_Static_assert(offsetof(struct native, entry) == 136, "enter.S knows the offsets");
_Static_assert(offsetof(struct native, host_sp) == 144, "enter.S knows the offsets");

/* "jmp *0(%rip)", and where to. */
void native_put_exit(u8 *code)
{
	static const u8 jump[] = { 0xff, 0x25, 0, 0, 0, 0 };
	u64 to = (u64)native_leave;

	memcpy(code, jump, sizeof(jump));
	memcpy(code + sizeof(jump), &to, sizeof(to));
}
