// SPDX-License-Identifier: GPL-2.0-only
/*
 * Object lookup in a kernel tree: what takes a lock, as in the kernel's check.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/vmalloc.h>

#include "usercopy/object.h"

/*
 * The page behind most areas is not mapped. The kernel's check counts it to the
 * area; but nobody can mean to copy it, and a copy into it is an oops. Its entry
 * in the page table is looked at, since the area's own description may be freed
 * at any time if the address is a wrong one.
 */
static unsigned long end_of(const struct vmap_area *area)
{
	unsigned long last = area->va_end - PAGE_SIZE;

	return vmalloc_to_page((void *)last) ? area->va_end : last;
}

/**
 * ucg_vmalloc_holds - does one vmalloc area hold all of a copy?
 * @addr:	an address in the vmalloc space
 * @n:		length of the copy in bytes
 *
 * Context: any in which ucg_vmalloc_out_of_reach() is false; takes vmap_area_lock
 * for the lookup, as the kernel's own check does.
 */
bool ucg_vmalloc_holds(unsigned long addr, unsigned long n)
{
	struct vmap_area *area = find_vmap_area(addr);
	unsigned long left;

	if (!area)
		return false;
	left = area->va_end - addr;
	/* Mostly the end is not near. */
	if (likely(n + PAGE_SIZE > n && n + PAGE_SIZE <= left))
		return true;
	return n <= left && addr + n <= end_of(area);
}

/**
 * ucg_vmalloc_area - the vmalloc area around an address, for a report
 * @addr:	an address in the vmalloc space
 * @area:	filled
 *
 * Context: as ucg_vmalloc_holds().
 * Return: false if there is no area at @addr.
 */
bool ucg_vmalloc_area(unsigned long addr, struct ucg_area *area)
{
	struct vmap_area *va = find_vmap_area(addr);

	if (!va)
		return false;
	area->start = va->va_start;
	area->size = end_of(va) - va->va_start;
	return true;
}

/**
 * ucg_in_module_text - does a copy touch a module's code?
 * @addr:	an address in the modules' space
 * @n:		length of the copy in bytes
 *
 * BPF programs live in the same space and are no module's: they may be read by
 * who may read them (BPF_OBJ_GET_INFO_BY_FD).
 *
 * Context: any, NMI too.
 */
bool ucg_in_module_text(unsigned long addr, unsigned long n)
{
	bool in_text;

	preempt_disable_notrace();
	in_text = __module_text_address(addr) || __module_text_address(addr + n - 1);
	preempt_enable_notrace();
	return in_text;
}
