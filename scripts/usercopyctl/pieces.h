/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of a structure that some bytes belong to, wherever it is described. */
#ifndef CTL_PIECES_H
#define CTL_PIECES_H

#include <stddef.h>
#include <stdint.h>

/* Structures within structures; no kernel has so many. */
#define PIECES_DEPTH	16

/**
 * struct piece - a member
 * @name: with those it is in; owned
 * @min: its first byte
 * @max: one past its last
 * @element: bytes of an element, if it is an array; or 0
 */
struct piece {
	char *name;
	uint64_t min, max, element;
};

/**
 * struct pieces - members, in the order of the structure
 * @p: the members
 * @n: how many
 */
struct pieces {
	struct piece *p;
	size_t n;
};

/**
 * pieces_add() - append a member
 * @pieces: where to
 * @piece: copied; its name is theirs from now on
 */
void pieces_add(struct pieces *pieces, const struct piece *piece);

/**
 * pieces_name() - the name of a member of a member
 * @before: the name of what it is in; empty for the structure itself
 * @name: its own name; NULL or empty when it has none
 *
 * Return: such as "pair.a", the caller's to free().
 */
char *pieces_name(const char *before, const char *name);

/**
 * pieces_text() - name them
 * @pieces: the members that the bytes belong to
 * @min: the first byte
 * @max: one past the last
 *
 * Return: such as "i_data[0..7] of 32" or "count, flags", the caller's to free().
 */
char *pieces_text(const struct pieces *pieces, uint64_t min, uint64_t max);

/**
 * pieces_free() - give back what they own
 * @pieces: the members
 */
void pieces_free(struct pieces *pieces);

#endif
