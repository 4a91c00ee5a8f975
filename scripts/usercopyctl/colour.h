/* SPDX-License-Identifier: GPL-2.0-only */
/* Colours, on a terminal only, and not where NO_COLOR is set. */
#ifndef CTL_COLOUR_H
#define CTL_COLOUR_H

#include <stdio.h>

/**
 * enum colour - what is to be said by a colour
 */
enum colour {
	/** @COLOUR_TITLE: where something begins */
	COLOUR_TITLE,
	/** @COLOUR_GOOD: as it should be */
	COLOUR_GOOD,
	/** @COLOUR_CARE: somebody might look at it */
	COLOUR_CARE,
	/** @COLOUR_BAD: somebody must */
	COLOUR_BAD,
};

/**
 * put_coloured() - print a text in a colour, where there are colours
 * @f: where to
 * @colour: the colour
 * @s: the text; of no unknown origin
 */
void put_coloured(FILE *f, enum colour colour, const char *s);

#endif
