/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The securityfs file "whitelist": the rules, to read and to write.
 *
 * A write(2) is a transaction: all of its lines take effect at once, or none does. It is parsed as
 * a whole, whatever the position in the file, and must end with a newline: what does not has been
 * cut somewhere. Reading gives back what would restore the rules, in one piece.
 */
#ifndef _UCG_WHITELIST_FILE_H
#define _UCG_WHITELIST_FILE_H

#include <linux/fs.h>

/* Of the file, in use from ucg_whitelist_start() on. */
extern const struct file_operations ucg_whitelist_fops;

int ucg_whitelist_write(const char *buf, size_t len);

#endif /* _UCG_WHITELIST_FILE_H */
