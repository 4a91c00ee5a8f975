/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the kernel's page tables without a lock, x86-64: what is certain about an address
 * without asking the vmalloc allocator, and its lock.
 *
 * A page table that is being freed
 *
 * Tables of page middle entries (PMD) and of page entries (PTE) of the vmalloc and module
 * spaces are freed where one large page takes the place of the small ones:
 *
 * - What was mapped by small ones is unmapped, and a large page shall be mapped there
 *   (pmd_free_pte_page(), pud_free_pmd_page()). A good copy does not meet this. A bad one may,
 *   through a pointer to what is gone or by running out of its area, at any moment.
 * - The small ones of a piece of code are in use, and become a large page as they are (newer
 *   kernels, 7.3 for one: set_memory_rox() of what modules' code is allocated from). This, good
 *   copies meet as well: the entry that led to the table maps the same memory from then on.
 *
 * Interrupts that are off hold both back only on CPUs that flush their TLBs by interrupts. So:
 *
 * - An entry of such a table is read by an instruction with an exception entry: if the page
 *   is gone from the direct map, what is read is 0, not present.
 * - What was read counts only if, after that, all the entries that led there are what they were,
 *   that nearest to it being asked first: the tables were in their places then, and x86 makes
 *   loads in order. It takes all of them, since a table of PMD may be taken out with its entries
 *   as they are, and the tables of PTE that they point to be freed with it (7.3). Where one has
 *   changed, it is looked at anew. (To be mistaken takes a page that in between two loads is taken
 *   out, freed, and used for something that has the very same entry in the very same place.)
 *
 * All tables above, that of the modules' PMD, and the kernel's image are never freed: in the
 * vmalloc space those that the top level points to are made at boot, and on x86-64 there is
 * no page so large that it could take the place of a table of PUD (p4d_free_pud_page()); that of
 * the modules' PMD would be replaced if a whole gigabyte were code, in one piece.
 */
#ifndef _UCG_PAGETABLE_H
#define _UCG_PAGETABLE_H

#include <linux/compiler.h>
#include <linux/mm.h>

#include <asm/asm.h>
#include <asm/pgtable.h>

/* An entry, as the CPU reads it; 0 if its table is gone. */
static __always_inline u64 ucg_read_entry(const u64 *entry)
{
	u64 val;

	asm volatile("1:	movq %[entry], %[val]\n"
		     "2:\n"
		     _ASM_EXTABLE_TYPE_REG(1b, 2b, EX_TYPE_ZERO_REG, %[val])
		     : [val] "=r" (val) : [entry] "m" (*entry) : "memory");
	return val;
}

/* Is an entry still what it was? No, if its table is gone. */
static __always_inline bool ucg_same_entry(const u64 *entry, u64 val)
{
	asm goto("1:	cmpq %[val], %[entry]\n"
		 "	jne %l[differs]\n"
		 _ASM_EXTABLE(1b, %l[differs])
		 : : [val] "r" (val), [entry] "m" (*entry) : "cc", "memory" : differs);
	return true;
differs:
	return false;
}

/* Does an entry of the last level map a page? No, if its table is gone. */
static __always_inline bool ucg_entry_present(const u64 *entry)
{
	asm goto("1:	testb %[present], %[entry]\n"
		 "	jz %l[absent]\n"
		 _ASM_EXTABLE(1b, %l[absent])
		 : : [present] "i" (_PAGE_PRESENT), [entry] "m" (*(const u8 *)entry)
		 : "cc" : absent);
	return true;
absent:
	return false;
}

/* Does an entry above the last level point to a table? Else it is empty or maps a large page. */
static __always_inline bool ucg_entry_is_table(u64 entry)
{
	/* In one: not present makes the lowest bit of the difference 1. */
	return !((entry - _PAGE_PRESENT) & (_PAGE_PRESENT | _PAGE_PSE));
}

static __always_inline bool ucg_entry_is_large(u64 entry)
{
	return (entry & (_PAGE_PRESENT | _PAGE_PSE)) == (_PAGE_PRESENT | _PAGE_PSE);
}

#define UCG_AND_ENTRY(i)						\
	"1:	andq 8*(" #i ")(%[entry]), %[all]\n"			\
	_ASM_EXTABLE_TYPE_REG(1b, 2f, EX_TYPE_ZERO_REG, %[all])
#define UCG_AND_4_ENTRIES(i)						\
	UCG_AND_ENTRY(i) UCG_AND_ENTRY(i + 1) UCG_AND_ENTRY(i + 2) UCG_AND_ENTRY(i + 3)
#define UCG_AND_8_ENTRIES(i)	UCG_AND_4_ENTRIES(i) UCG_AND_4_ENTRIES(i + 4)

/* Eight of them, from the one with number @first on. More would be too long a string for sparse. */
#define ucg_and_8_entries(all, entry, first)				\
	asm volatile(UCG_AND_8_ENTRIES(first)				\
		     "2:\n" : [all] "+r" (all) : [entry] "r" (entry) : "cc")

/*
 * What is set in every one of @entries, 1 or more, from @entry on, of one table: one
 * instruction for each, and few beside. Nothing, if their table is gone.
 */
static __always_inline u64 ucg_and_entries(const u64 *entry, unsigned long entries)
{
	u64 all = ~0ULL;

	while (entries >= 32) {
		ucg_and_8_entries(all, entry, 0);
		ucg_and_8_entries(all, entry, 8);
		ucg_and_8_entries(all, entry, 16);
		ucg_and_8_entries(all, entry, 24);
		entry += 32;
		entries -= 32;
		/* Count as it stands here, not by what the compiler makes of it. */
		OPTIMIZER_HIDE_VAR(entries);
	}
	while (entries >= 4) {
		asm volatile(UCG_AND_4_ENTRIES(0)
			     "2:\n" : [all] "+r" (all) : [entry] "r" (entry) : "cc");
		entry += 4;
		entries -= 4;
		OPTIMIZER_HIDE_VAR(entries);
	}
	while (entries) {
		asm volatile(UCG_AND_ENTRY(0)
			     "2:\n" : [all] "+r" (all) : [entry] "r" (entry) : "cc");
		entry++;
		entries--;
		OPTIMIZER_HIDE_VAR(entries);
	}
	return all;
}

#endif /* _UCG_PAGETABLE_H */
