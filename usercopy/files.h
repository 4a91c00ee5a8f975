/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The securityfs folder usercopy_guard/.
 */
#ifndef _UCG_FILES_H
#define _UCG_FILES_H

int ucg_files_init(void);
void ucg_files_exit(void);

#endif /* _UCG_FILES_H */
