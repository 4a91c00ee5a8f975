/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages, and strings of unknown origin on their way to a terminal. */
#ifndef CTL_SAY_H
#define CTL_SAY_H

#include <stddef.h>
#include <stdio.h>

#define __printf(a, b) __attribute((format(printf, a, b)))

/**
 * say() - one message line on standard error, "usercopyctl: …"
 * @fmt: as for printf(), without the newline
 *
 * Bytes that could drive a terminal are shown as ``\ooo``.
 */
void say(const char *fmt, ...) __printf(1, 2);

/**
 * put_plain() - print a string of unknown origin on one line, harmlessly
 * @f: where to
 * @s: the string; control bytes, and bytes above 126, become ``\ooo``; so does the
 *     second byte of an end-of-comment mark, so that C comments can hold it
 */
void put_plain(FILE *f, const char *s);

/**
 * put_brief() - put_plain() for a comment, cut off where it gets long
 * @f: where to
 * @s: the string; at most 128 bytes of it are printed, then "..."
 */
void put_brief(FILE *f, const char *s);

/**
 * out_of_memory() - end the program, with a message
 */
_Noreturn void out_of_memory(void);

/**
 * xalloc() - calloc() that ends the program with a message instead of failing
 * @n: number of elements, not 0
 * @size: bytes of one element
 *
 * Return: zeroed memory, the caller's to free().
 */
void *xalloc(size_t n, size_t size);

/**
 * xgrow() - make room for one more element at the end of an array
 * @array: the array, or NULL when @n is 0
 * @n: elements in use
 * @size: bytes of one element
 *
 * Grows at powers of two, so that appending costs constant time on average.
 *
 * Return: the array, perhaps elsewhere, with room for @n + 1 elements.
 */
void *xgrow(void *array, size_t n, size_t size);

/**
 * xformat() - sprintf() into memory of its own
 * @fmt: as for printf()
 *
 * Return: the string, the caller's to free().
 */
char *xformat(const char *fmt, ...) __printf(1, 2);

#endif
