/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What usercopy/module/x86/interpret.c needs of the kernel, for user space.
 */
#ifndef _UCG_INTERPRET_KERNEL_H
#define _UCG_INTERPRET_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define fallthrough __attribute__((__fallthrough__))

#endif /* _UCG_INTERPRET_KERNEL_H */
