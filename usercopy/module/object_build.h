/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object lookup of the module, x86-64.
 *
 * virt_addr_valid(), find_vmap_area() and the bounds of the kernel's text cost a
 * call and a lock, or are not exported. The same certainty comes from a table of
 * the memory sections that are online, from the page tables, and from bounds
 * that are measured once.
 */
#ifndef _UCG_OBJECT_BUILD_H
#define _UCG_OBJECT_BUILD_H

#include <linux/build_bug.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/uaccess.h>

#include "usercopy/compat.h"
#include "usercopy/limits.h"

#include "x86/pagetable.h"

#ifndef CONFIG_X86_64
#error \
	"usercopy_guard: the module is for x86-64; build it into the kernel tree instead (scripts/add-to-kernel-tree)"
#endif
/* Every configuration of a distribution has it; in others pages are not in one array. */
#ifndef CONFIG_SPARSEMEM_VMEMMAP
#error \
	"usercopy_guard: this kernel has no CONFIG_SPARSEMEM_VMEMMAP, which the module finds pages by; build it into the kernel tree instead (scripts/add-to-kernel-tree)"
#endif

/**
 * struct ucg_map - where this kernel keeps what; constant once loaded
 * @page_offset:	start of the direct map
 * @direct_bytes:	bytes of the direct map that @sections tells about
 * @pages:		struct page of physical address 0
 * @sections:		a byte for each memory section of the direct map: not 0 if
 *			it is online, so that every page of it has a struct page
 * @text_phys:		physical address of the kernel's text
 * @text_offset:	the text's start, from __START_KERNEL_map
 * @text_bytes:		the text's size, whole pages
 * @data_end:		where the kernel's image ends
 * @data_bytes:		bytes from the end of the text to there
 *
 * @vmalloc_start:	start of the vmalloc space
 * @vmalloc_bytes:	its size
 * @near_bytes:		bytes from @vmalloc_start on that @near_puds has the entries of;
 *			areas are made from the bottom up, so this is where they are
 * @near_puds:		a table of page upper entries (PUD)
 * @module_pmds:	the table of page middle entries (PMD) of the modules' space
 * @table_mask:		what of a page table's entry is a physical address
 *
 * Two cache lines, and the only data of our own on the path of a good copy. What is mapped
 * page by page takes the second one; all else makes do with the first.
 */
struct ucg_map {
	unsigned long	page_offset;
	unsigned long	direct_bytes;
	struct page	*pages;
	u8		*sections;
	unsigned long	text_phys;
	u32		text_offset;
	u32		text_bytes;
	unsigned long	data_end;
	unsigned long	data_bytes;

	unsigned long	vmalloc_start;
	unsigned long	vmalloc_bytes;
	unsigned long	near_bytes;
	const u64	*near_puds;
	const u64	*module_pmds;
	u64		table_mask;
} ____cacheline_aligned;

extern struct ucg_map ucg_map;

int ucg_object_init(void);
void ucg_object_exit(void);

/**
 * ucg_direct_page - the struct page of an address in the direct map
 * @addr:	any address
 * @page:	set to the page
 *
 * Context: any, NMI too.
 * Return: false where a slower look is needed: @addr is not in the direct map, or its
 * section is not known to be online.
 */
static __always_inline bool ucg_direct_page(unsigned long addr, struct page **page)
{
	unsigned long phys = addr - ucg_map.page_offset;

	if (phys >= ucg_map.direct_bytes)
		return false;
	*page = ucg_map.pages + (phys >> PAGE_SHIFT);
	return READ_ONCE(ucg_map.sections[phys >> SECTION_SIZE_BITS]);
}

/**
 * ucg_page_address - first byte of a page of the direct map
 * @page:	a page that ucg_direct_page() gave, or its folio's first
 *
 * Context: any, NMI too.
 */
static __always_inline unsigned long ucg_page_address(const struct page *page)
{
	/* As page_to_virt(), in one shift where the compiler must not make two into one. */
	unsigned long bytes = (unsigned long)page - (unsigned long)ucg_map.pages;

	BUILD_BUG_ON(PAGE_SIZE % sizeof(struct page));
	return ucg_map.page_offset + bytes * (PAGE_SIZE / sizeof(struct page));
}

/**
 * ucg_valid_page - the struct page of an address, if it has one
 * @addr:	any address
 *
 * Context: any, NMI too. Slower than ucg_direct_page(), and complete: memory that
 * came after the module, and the kernel's image.
 * Return: the page, or NULL.
 */
static inline struct page *ucg_valid_page(unsigned long addr)
{
	return virt_addr_valid((void *)addr) ? virt_to_page((void *)addr) : NULL;
}

static __always_inline bool ucg_in_vmalloc(unsigned long addr)
{
	return addr - ucg_map.vmalloc_start < ucg_map.vmalloc_bytes;
}

/* Does [addr, addr + n) touch the @bytes from @low on? Nothing of it may wrap. */
static __always_inline bool ucg_overlaps(unsigned long addr, unsigned long n,
					 unsigned long low, unsigned long bytes)
{
	return addr < low + bytes && addr + n > low;
}

static __always_inline bool ucg_overlaps_text(unsigned long addr, unsigned long n)
{
	return ucg_overlaps(addr, n, __START_KERNEL_map + ucg_map.text_offset, ucg_map.text_bytes);
}

static __always_inline bool ucg_overlaps_text_alias(unsigned long addr, unsigned long n)
{
	return ucg_overlaps(addr, n, ucg_map.page_offset + ucg_map.text_phys, ucg_map.text_bytes);
}

static inline unsigned long ucg_text_start(void)
{
	return __START_KERNEL_map + ucg_map.text_offset;
}

static inline unsigned long ucg_text_alias_start(void)
{
	return ucg_map.page_offset + ucg_map.text_phys;
}

/* No code is in the vmalloc space of x86-64: image and modules have places of their own. */
static __always_inline bool ucg_vmalloc_text(unsigned long addr, unsigned long n)
{
	return false;
}

static __always_inline bool ucg_in_module_space(unsigned long addr)
{
	return addr - MODULES_VADDR < MODULES_LEN;
}

/* Bytes from an address to the next multiple of @size, a power of two. */
static __always_inline unsigned long ucg_bytes_left(unsigned long addr, unsigned long size)
{
	return -(addr | -size);
}

/* The table that an entry points to. */
static __always_inline const u64 *ucg_table(u64 entry)
{
	return (const u64 *)(ucg_map.page_offset + (entry & ucg_map.table_mask));
}

/*
 * Does one area of the vmalloc space hold all of a copy? Areas have a page between them that
 * is not mapped, so it does if every page of the copy is mapped (but for neighbours made by
 * vm_map_ram(), see Documentation/internals.rst). @addr: in near_bytes.
 * False if it is not that simple: it may be so all the same.
 */
static __always_inline bool ucg_near_area_holds(unsigned long addr, unsigned long n)
{
	const u64 *pud = ucg_map.near_puds + pud_index(addr), *pmd, *pte;
	u64 pud_val = READ_ONCE(*pud), pmd_val;

	if (unlikely(!ucg_entry_is_table(pud_val)))
		return false;

	pmd = ucg_table(pud_val) + pmd_index(addr);
	pmd_val = ucg_read_entry(pmd);
	if (unlikely(!ucg_same_entry(pud, pud_val)))
		return false;
	/* A large page, such as those of an area of 2 MiB or more. */
	if (unlikely(!ucg_entry_is_table(pmd_val)))
		return ucg_entry_is_large(pmd_val) && n <= ucg_bytes_left(addr, PMD_SIZE);

	pte = ucg_table(pmd_val) + pte_index(addr);
	if (likely(n <= ucg_bytes_left(addr, PAGE_SIZE))) {
		if (unlikely(!ucg_entry_present(pte)))
			return false;
	} else if (unlikely(n > ucg_bytes_left(addr, PMD_SIZE))) {
		/* The rest is in another table. */
		return false;
	} else if (n <= PAGE_SIZE) {
		if (!ucg_entry_present(pte) || !ucg_entry_present(pte + 1))
			return false;
	} else if (!(ucg_and_entries(pte, PFN_UP(offset_in_page(addr) + n)) & _PAGE_PRESENT)) {
		return false;
	}
	return ucg_same_entry(pmd, pmd_val) &&
	       (UCG_PMDS_ARE_CLEARED || ucg_same_entry(pud, pud_val));
}

/* Is a copy inside one page of a module's data? False, if it is not that simple. */
static __always_inline bool ucg_near_module_data(unsigned long addr, unsigned long n)
{
	const u64 *pmd = ucg_map.module_pmds + pmd_index(addr);
	u64 pmd_val = READ_ONCE(*pmd), pte_val;

	if (unlikely(!ucg_entry_is_table(pmd_val)))
		return false;
	pte_val = ucg_read_entry(ucg_table(pmd_val) + pte_index(addr));
	/* Its code could be executed. */
	if (unlikely((~pte_val & (_PAGE_NX | _PAGE_PRESENT))))
		return false;
	return n <= ucg_bytes_left(addr, PAGE_SIZE) && ucg_same_entry(pmd, pmd_val);
}

/**
 * ucg_mapped_passes - is a copy plainly good that is not in the direct map?
 * @addr:	an address that is not in the direct map
 * @n:		length of the copy in bytes, not 0
 * @stack:	an address on the stack that the CPU runs on; what is good there has passed before
 *
 * vmalloc areas and other tasks' stacks, the kernel's own data, data of modules.
 *
 * Context: any, NMI too.
 * Return: false where a slower look is needed.
 */
static __always_inline bool ucg_mapped_passes(unsigned long addr, unsigned long n,
					      unsigned long stack)
{
	unsigned long data_left;

	if (addr - ucg_map.vmalloc_start < ucg_map.near_bytes)
		return likely((addr ^ stack) >= THREAD_SIZE) &&
		       likely(ucg_near_area_holds(addr, n));
	data_left = ucg_map.data_end - addr;
	if (data_left <= ucg_map.data_bytes)
		return n <= data_left;
	return ucg_in_module_space(addr) && ucg_near_module_data(addr, n);
}

/* Page tables are read without a lock, so areas can be looked up wherever a copy is made. */
static __always_inline bool ucg_vmalloc_out_of_reach(void)
{
	return false;
}

/* A copy is judged between these; no lock is taken, and preemption is off, and stays so. */
static __always_inline void ucg_judging_begin(void)
{
	preempt_disable_notrace();
}

static __always_inline void ucg_judging_end(void)
{
}

bool ucg_vmalloc_holds(unsigned long addr, unsigned long n);
bool ucg_vmalloc_area(unsigned long addr, struct ucg_area *area);
bool ucg_in_module_data(unsigned long addr, unsigned long n);
bool ucg_in_module_text(unsigned long addr, unsigned long n);

/* The kernel's own data, and modules': all there is to keep out of is the text. */
static __always_inline bool ucg_image_passes(unsigned long addr, unsigned long n)
{
	if (addr - __START_KERNEL_map < KERNEL_IMAGE_SIZE)
		return !ucg_overlaps_text(addr, n);
	return ucg_in_module_space(addr) && ucg_in_module_data(addr, n);
}

/*
 * Are stacks, and the last address, more than INT_MAX bytes behind any page without bounds? The
 * direct map is further than that from all vmalloc areas, and from the last address.
 */
static __always_inline bool ucg_stacks_are_far(void)
{
	return IS_ENABLED(CONFIG_VMAP_STACK);
}

unsigned long ucg_kfence_place(const struct kmem_cache *s, unsigned long addr, unsigned int nr);

/**
 * ucg_module_at - the module that code belongs to
 * @addr:	its address
 *
 * Context: any, NMI too; with preemption off, and the module stays until it is on again.
 * Return: the module, or NULL for code of the kernel and all else.
 */
static inline struct module *ucg_module_at(unsigned long addr)
{
	struct module *m;

	if (!ucg_in_module_space(addr))
		return NULL;
	/* A ring of all modules, and of its head, which is part of the kernel's image. */
	list_for_each_entry_rcu(m, &THIS_MODULE->list, list, true)
		if (ucg_in_module_space((unsigned long)m) && m->state != MODULE_STATE_UNFORMED &&
		    within_module(addr, m))
			return m;
	return within_module(addr, THIS_MODULE) ? THIS_MODULE : NULL;
}

/**
 * ucg_in_check_entry - is this the return address of the hook, in the kernel's check?
 * @address:	from a stack trace
 *
 * Context: any, NMI too.
 */
static inline bool ucg_in_check_entry(unsigned long address)
{
	/* Behind the call at its entry, which may come after an ENDBR. */
	return address - (unsigned long)__check_object_size < UCG_CHECK_ENTRY_LEN;
}

#endif /* _UCG_OBJECT_BUILD_H */
