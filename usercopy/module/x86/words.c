// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refusing callers that copy word by word, x86-64.
 *
 * strncpy_from_user() and put_cmsg() call no function that could be skipped, and what they do
 * after the check cannot be skipped as a whole: their frames can be taken down by themselves
 * alone. But both return -EFAULT at the first access of user memory that faults, before they
 * have read or written any other byte. So, while such a function is being stepped, the register
 * that holds the user address is changed right before the access: into the last page of user
 * space, which nobody can map. The exception table does the rest.
 *
 * A changed register harms nobody: until these functions return they use it for user addresses
 * alone, and their callers get back the ones that they had saved. That was seen in the code of
 * these two, and holds for no function that is not in the list.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/seq_file.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/uaccess.h>

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

/**
 * ucg_words_copies - is this in a function that copies word by word?
 * @ip:	address of code
 *
 * Context: any, NMI too.
 */
bool ucg_words_copies(unsigned long ip)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copiers); i++)
		if (ip - copiers[i].entry < copiers[i].size)
			return true;
	return false;
}

/* The registers in the order in which instructions count them. */
static unsigned long *reg(struct pt_regs *regs, unsigned int nr)
{
	switch (nr) {
	case 0: return &regs->ax;
	case 1: return &regs->cx;
	case 2: return &regs->dx;
	case 3: return &regs->bx;
	case 4: return &regs->sp;
	case 5: return &regs->bp;
	case 6: return &regs->si;
	case 7: return &regs->di;
	case 8: return &regs->r8;
	case 9: return &regs->r9;
	case 10: return &regs->r10;
	case 11: return &regs->r11;
	case 12: return &regs->r12;
	case 13: return &regs->r13;
	case 14: return &regs->r14;
	default: return &regs->r15;
	}
}

/* REX: bits that go in front of the numbers of registers. */
#define REX_X	0x2
#define REX_B	0x1

/* Behind prefixes, is this a MOV between memory and a register, or of a constant to memory? */
static const u8 *skip_mov_opcode(const u8 *insn)
{
	switch (insn[0]) {
	case 0x88 ... 0x8b:
	case 0xc6 ... 0xc7:
		return insn + 1;
	case 0x0f:
		/* MOVZX, MOVSX */
		if (insn[1] == 0xb6 || insn[1] == 0xb7 || insn[1] == 0xbe || insn[1] == 0xbf)
			return insn + 2;
	}
	return NULL;
}

/**
 * mov_address - where in memory the next instruction moves from or to
 * @regs:	registers before it
 * @base:	set to the register that the address is counted from
 *
 * The SDM's volume 2, chapter 2 has the encoding.
 *
 * Return: the address; 0 if it is no plain MOV of memory, or its address is not counted from a
 * register other than the stack pointer.
 */
static unsigned long mov_address(struct pt_regs *regs, unsigned long **base)
{
	const u8 *insn = (const u8 *)regs->ip;
	unsigned int rex = 0, mod, rm, sib, index;
	unsigned long address;

	if (*insn == 0x66)
		insn++;
	if ((*insn & 0xf0) == 0x40)
		rex = *insn++;
	insn = skip_mov_opcode(insn);
	if (!insn)
		return 0;

	mod = *insn >> 6;
	rm = *insn++ & 7;
	/* No memory, or counted from the instruction or from nothing. */
	if (mod == 3 || (mod == 0 && rm == 5))
		return 0;
	address = 0;
	if (rm == 4) {
		sib = *insn++;
		rm = sib & 7;
		index = (sib >> 3 & 7) | (rex & REX_X ? 8 : 0);
		if (mod == 0 && rm == 5)
			return 0;
		if (index != 4)
			address = *reg(regs, index) << (sib >> 6);
	}
	rm |= rex & REX_B ? 8 : 0;
	if (rm == 4)
		return 0;
	*base = reg(regs, rm);
	address += **base;
	if (mod == 1)
		address += *(const s8 *)insn;
	else if (mod == 2)
		address += *(const s32 *)insn;
	return address;
}

/**
 * ucg_words_deny - if the next instruction accesses user memory, have it fault
 * @regs:	of a task that is in a function that copies word by word
 *
 * Context: debug exception.
 * Return: true if it will fault.
 */
bool ucg_words_deny(struct pt_regs *regs)
{
	unsigned long *base, address = mov_address(regs, &base);

	if (!address || address >= TASK_SIZE_MAX)
		return false;
	/* Into the middle of the page, whatever the instruction's width. */
	*base += TASK_SIZE_MAX + PAGE_SIZE / 2 - address;
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
