/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All ways that interpret.c finds from a call of the check to a copy.
 */
#ifndef _UCG_INTERPRET_PATHS_H
#define _UCG_INTERPRET_PATHS_H

#include "image.h"

/* Instructions on one path, and paths from one call site. */
#define PATH_MAX_LENGTH	64
#define PATHS_MAX	1024

/**
 * enum path_end - how a path ends
 * @END_COPY:	at a copy
 * @END_RETURN:	in leaving the function without a copy
 * @END_LOST:	where the interpreter knows no further
 */
enum path_end { END_COPY, END_RETURN, END_LOST };

/**
 * struct paths - what was found from one call site
 * @copies:	paths that end in a copy
 * @returns:	paths that leave the function without one
 * @lost:	paths that end before that
 * @shortest:	instructions up to a copy, on the shortest path to one
 * @longest:	... on the longest
 * @copy:	where the shortest ends
 * @patched:	a place on one of them that the kernel patches at run time, or 0
 * @reason:	why one of @lost ended
 */
struct paths {
	unsigned int	copies;
	unsigned int	returns;
	unsigned int	lost;
	unsigned int	shortest;
	unsigned int	longest;
	const char	*copy;
	u64		patched;
	char		reason[128];
};

void paths_follow(const struct image *image, enum cpu_kind kind, u64 from, struct paths *paths);

#endif /* _UCG_INTERPRET_PATHS_H */
