/* SPDX-License-Identifier: GPL-2.0-only */
/* Pieces of a page on standard output. Whatever comes from outside goes through html_text(). */
#ifndef CTL_HTML_H
#define CTL_HTML_H

#include <stddef.h>
#include <stdint.h>

/**
 * html_text() - a string of unknown origin, as text of a page or of an attribute in quotes
 * @s: the string; what is not printable ASCII becomes ``\ooo``
 */
void html_text(const char *s);

/**
 * html_begin() - the page up to its first heading
 * @title: of the page
 *
 * The page loads nothing and runs nothing, and tells the browser to keep to that.
 */
void html_begin(const char *title);

/**
 * html_end() - the end of the page
 */
void html_end(void);

/**
 * struct bar - one bar of a plot
 * @label: what it is for; owned by the caller
 * @value: how much of each part
 */
struct bar {
	char *label;
	uint64_t value[2];
};

/**
 * html_columns() - a plot of upright bars, such as days
 * @bar: the bars, from the left to the right
 * @n: how many
 * @part: what the two parts are called
 */
void html_columns(const struct bar *bar, size_t n, const char * const part[2]);

/**
 * html_rows() - a plot of lying bars with their names, the longest as wide as there is room
 * @bar: the bars, from the top down
 * @n: how many
 * @part: what the two parts are called
 */
void html_rows(const struct bar *bar, size_t n, const char * const part[2]);

#endif
