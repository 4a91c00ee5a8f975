/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON on standard output, in the order in which it is said; it is printed when its outermost
 * object or array ends. Every function takes the key, or NULL inside an array and at the top.
 */
#ifndef CTL_JSON_H
#define CTL_JSON_H

#include <stdbool.h>
#include <stdint.h>

void json_lines(void);			/* from now on, one line each */
void json_object_begin(const char *key);	/* { … until json_end() */
void json_array_begin(const char *key);	/* [ … until json_end() */
void json_end(void);
void json_number(const char *key, uint64_t value);
void json_real(const char *key, double value);
void json_flag(const char *key, bool value);

/**
 * json_seconds() - a time as a number with six decimals
 * @key: as above
 * @usec: microseconds
 */
void json_seconds(const char *key, uint64_t usec);

/**
 * json_string() - a string, valid whatever bytes are in it
 * @key: as above
 * @s: any bytes; valid UTF-8 is kept, any other byte above 127 becomes U+FFFD; NULL
 *     gives null
 */
void json_string(const char *key, const char *s);

#endif
