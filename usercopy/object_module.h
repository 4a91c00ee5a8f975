/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object lookup of the module, x86-64.
 *
 * virt_addr_valid(), find_vmap_area() and the bounds of the kernel's text cost a
 * call and a lock, or are not exported. The same certainty comes from a table of
 * the memory sections that are online, from the page tables, and from bounds
 * that are measured once.
 */
#ifndef _UCG_OBJECT_MODULE_H
#define _UCG_OBJECT_MODULE_H

#include <linux/build_bug.h>
#include <linux/mmzone.h>

#ifndef CONFIG_X86_64
#error "usercopy_guard: the module is for x86-64; build it into the kernel tree instead (scripts/add-to-kernel-tree)"
#endif

/**
 * struct ucg_map - where this kernel keeps what; constant once loaded
 * @page_offset:	start of the direct map
 * @direct_bytes:	bytes of the direct map that @sections tells about
 * @pages:		struct page of physical address 0
 * @sections:		a byte for each memory section of the direct map: not 0 if
 *			it is online, so that every page of it has a struct page
 * @vmalloc_start:	start of the vmalloc space
 * @vmalloc_bytes:	its size
 * @text_phys:		physical address of the kernel's text
 * @text_offset:	the text's start, from __START_KERNEL_map
 * @text_bytes:		the text's size, whole pages
 *
 * One cache line, and the only data of our own on the path of a good copy.
 */
struct ucg_map {
	unsigned long	page_offset;
	unsigned long	direct_bytes;
	struct page	*pages;
	u8		*sections;
	unsigned long	vmalloc_start;
	unsigned long	vmalloc_bytes;
	unsigned long	text_phys;
	u32		text_offset;
	u32		text_bytes;
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

	*page = ucg_map.pages + (phys >> PAGE_SHIFT);
	return phys < ucg_map.direct_bytes && READ_ONCE(ucg_map.sections[phys >> SECTION_SIZE_BITS]);
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

bool ucg_vmalloc_holds(unsigned long addr, unsigned long n);
bool ucg_vmalloc_area(unsigned long addr, struct ucg_area *area);
bool ucg_in_module_data(unsigned long addr, unsigned long n);
bool ucg_in_module_text(unsigned long addr, unsigned long n);

static __always_inline bool ucg_in_module_space(unsigned long addr)
{
	return addr - MODULES_VADDR < MODULES_LEN;
}

/**
 * ucg_kfence_object - where a KFENCE object starts
 * @addr:	an address in the KFENCE pool
 *
 * KFENCE keeps this in metadata that no module can reach: an object lies at one
 * of the ends of its page, and how large it was asked for is not known here.
 *
 * Context: any, NMI too.
 * Return: 0, which means "somewhere in its page".
 */
static inline unsigned long ucg_kfence_object(unsigned long addr)
{
	return 0;
}

#endif /* _UCG_OBJECT_MODULE_H */
