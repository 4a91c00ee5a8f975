/* SPDX-License-Identifier: GPL-2.0-only */
/* What whitelist/rule.c takes from the kernel, for a program. */
#ifndef CTL_KERNEL_H
#define CTL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#endif
