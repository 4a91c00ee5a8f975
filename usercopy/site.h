/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a violation came from: the function that copies, and the nearest module on the stack. As
 * text, made while both are there, since addresses say nothing when a module has gone.
 */
#ifndef _UCG_SITE_H
#define _UCG_SITE_H

#include <linux/types.h>

#include "limits.h"

/**
 * struct ucg_site - where a violation came from
 * @address:	where the function that copies goes on behind its check
 * @stack:	return addresses from there on
 * @stack_len:	how many; 0 if the stack was not looked at, or cannot be
 * @function:	name of the function; empty when there is no symbol, cut when it is longer
 * @caller:	FUNCTION@MODULE as rules have it; empty when it is in no module, or longer
 * @offset:	bytes from the function's start to @address
 * @size:	bytes of the function
 * @module:	the nearest module on the stack, empty if there is none
 * @srcversion:	of that module, empty if it has none
 */
struct ucg_site {
	unsigned long	address;
	unsigned long	stack[UCG_STACK_LEN];
	unsigned int	stack_len;
	char		function[UCG_NAME_MAX + 1];
	char		caller[UCG_NAME_MAX + 1];
	u32		offset;
	u32		size;
	char		module[UCG_OWNER_NAME];
	char		srcversion[UCG_SRCVERSION_LEN];
};

void ucg_site_walk(struct ucg_site *site);
void ucg_site_find_module(struct ucg_site *site);
void ucg_site_name(struct ucg_site *site);
const char *ucg_site_text(char *to, size_t size, const struct ucg_site *site, const char *blank);
const char *ucg_site_module(const struct ucg_site *site);

#endif /* _UCG_SITE_H */
