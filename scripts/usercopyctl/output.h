/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are there whole, or as they were before. */
#ifndef CTL_OUTPUT_H
#define CTL_OUTPUT_H

#include <stdbool.h>

/**
 * struct output - a file that is being written
 * @path: its name, no symbolic link's; owned
 * @temporary: the name it has until it is done; owned; NULL for what is no file: a device, a pipe
 * @standard: standard output as it was before output_begin(), or -1
 */
struct output {
	char *path;
	char *temporary;
	int standard;
};

/**
 * output_begin() - have standard output go into a new file
 * @output: filled in
 * @path: the file; NULL: standard output stays what it is. Where it is a symbolic link, the file that it
 *	leads to; what is there and is no file is written to as it is
 *
 * Return: false when that cannot be done; it has been said.
 */
bool output_begin(struct output *output, const char *path);

/**
 * output_end() - put the new file in the place of the old one, and standard output back
 * @output: from output_begin()
 * @keep: false: drop what was written
 *
 * It is on the disk before it takes the old one's name.
 *
 * Return: false when that cannot be done; it has been said, and the old file is there as it was.
 */
bool output_end(struct output *output, bool keep);

#endif
