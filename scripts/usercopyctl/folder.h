/* SPDX-License-Identifier: GPL-2.0-only */
/* Folders of rules files. */
#ifndef CTL_FOLDER_H
#define CTL_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/**
 * folder_rules() - all *.rules of a folder, in the order of their bytes whatever the locale
 * @dir: the folder
 * @files: set to their paths; the caller's to free(), and each of them
 * @n: how many
 *
 * Return: false with errno set when the folder cannot be read.
 */
bool folder_rules(const char *dir, char ***files, size_t *n);

#endif
