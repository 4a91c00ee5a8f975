// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusing callers that copy word by word, x86-64.
 *
 * strncpy_from_user() and put_cmsg() call no function that could be skipped, and what they do
 * after the check cannot be skipped as a whole: their frames can be taken down by themselves
 * alone. But both return -EFAULT at the first access of user memory that faults, before they
 * have read or written any other byte. So such a function is followed up to its first access of
 * user memory, and goes on there with another user address in its register: one in the last page
 * of user space, which nobody can map. The exception table does the rest.
 *
 * A changed register harms nobody: until these functions return they use it for user addresses
 * alone, and their callers get back the ones that they had saved. That was seen in the code of
 * these two, and holds for no function that is not in the list.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "interpret.h"
#include "words.h"

/**
 * struct word_copier - a function that copies word by word
 * @entry:	its address
 * @size:	bytes of its code; 0 if that is not known
 * @name:	for the status file
 */
struct word_copier {
	unsigned long entry;
	unsigned long size;
	const char *name;
};

static struct word_copier copiers[] = {
	{ (unsigned long)strncpy_from_user, 0, "strncpy_from_user" },
#ifdef CONFIG_NET
	{ (unsigned long)put_cmsg, 0, "put_cmsg" },
#endif
};

/**
 * ucg_words_init - find out where these functions end
 *
 * Context: process.
 */
void ucg_words_init(void)
{
	char symbol[KSYM_SYMBOL_LEN], *size;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copiers); i++) {
		struct word_copier *c = &copiers[i];

		/* "name+0x0/0xSIZE": what is behind other functions' symbols is not exported. */
		sprint_symbol(symbol, c->entry);
		size = strchr(symbol, '/');
		if (strncmp(symbol, c->name, strlen(c->name)) || !size ||
		    kstrtoul(size + 1, 16, &c->size))
			c->size = 0;
	}
}

static bool copies_words(unsigned long ip)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copiers); i++)
		if (ip - copiers[i].entry < copiers[i].size)
			return true;
	return false;
}

/**
 * ucg_words_deny - if the next instruction accesses user memory, have it fault
 * @cpu:	a caller, at UCG_STEP_MEMORY
 *
 * Context: any, NMI too.
 * Return: false if this is no function that copies word by word, or no user memory.
 */
bool ucg_words_deny(struct ucg_cpu *cpu)
{
	if (!copies_words(cpu->ip) || cpu->address >= TASK_SIZE_MAX || cpu->base >= UCG_NR_REGS ||
	    cpu->base == UCG_SP)
		return false;
	/* Into the middle of the page, whatever the instruction's width. */
	cpu->r[cpu->base] += TASK_SIZE_MAX + PAGE_SIZE / 2 - cpu->address;
	return true;
}

/**
 * ucg_words_describe - names of these functions, for the status file
 * @m:		where to print
 * @known:	those that can be refused, or those that cannot
 *
 * Context: process.
 */
void ucg_words_describe(struct seq_file *m, bool known)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copiers); i++)
		if (!!copiers[i].size == known)
			seq_printf(m, " %s", copiers[i].name);
}
