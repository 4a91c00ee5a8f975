/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers in text that nobody vouches for. */
#ifndef CTL_NUMBER_H
#define CTL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * number_read() - read decimal digits
 * @s: where they begin; moved behind them
 * @end: where the text ends
 * @value: set to the number
 *
 * Return: false when there is none, or it is above 2^64 - 1.
 */
bool number_read(const char **s, const char *end, uint64_t *value);

#endif
