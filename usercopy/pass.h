/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a good copy: passes what is plainly good in a few instructions. Whatever it is not
 * certain of goes to ucg_hook_slow(), and with that to the complete check (check.c).
 *
 * For the hooks alone: each is one function that is made of this.
 */
#ifndef _UCG_PASS_H
#define _UCG_PASS_H

#include <linux/kasan.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>

#include "whitelist/whitelist.h"

#include "check.h"
#include "hook_build.h"
#include "layout.h"
#include "object.h"

/*
 * Can a copy from a page without bounds run into the stack? From the page in front of one,
 * where stacks lie among the pages of the direct map; else only by a length that is wrong.
 */
static __always_inline bool may_reach_stack(unsigned long addr, unsigned long n)
{
	unsigned long stack = (unsigned long)task_stack_page(current);

	if (ucg_stacks_are_far())
		return n > INT_MAX;
	/* Pages may be the kernel's image, too, and that may be at the end of all addresses. */
	return addr + n < addr || (addr < stack + THREAD_SIZE && addr + n > stack);
}

/* An object of a slab cache, without a red zone and not KFENCE's. */
static __always_inline bool slab_object_passes(const struct folio *folio, unsigned long addr,
					       unsigned long n)
{
	const struct kmem_cache *s = ucg_slab_cache(folio);
	u32 offset = addr - ucg_page_address(&folio->page);

	/* slab_debug's caches, and objects that KFENCE guards: look closer. */
	if (is_kfence_address((void *)addr) || unlikely(ucg_cache_flags(s) & SLAB_RED_ZONE))
		return false;
	/* Rules that narrow: the region is not all there is to ask. Or uses are sampled. */
	if (static_branch_unlikely(&ucg_look_closer))
		return false;

	offset -= reciprocal_divide(offset, ucg_cache_reciprocal_size(s)) * ucg_cache_size(s);
	if (!ucg_in_region(offset, n, ucg_cache_useroffset(s), ucg_cache_usersize(s)))
		return false;
	/*
	 * What is left over at the end of a slab looks like an object, and may lie before
	 * the stack.
	 */
	return IS_ENABLED(CONFIG_VMAP_STACK) || !may_reach_stack(addr, n);
}

/* A page that is no slab's: from the page cache, alloc_pages(), a large kmalloc(). */
static __always_inline bool page_passes(struct folio *folio, unsigned long addr, unsigned long n)
{
	/* Only compound pages have bounds that are known. */
	if (folio_test_large(folio))
		return n <= folio_size(folio) - (addr - ucg_page_address(&folio->page));
	return !may_reach_stack(addr, n) && !ucg_overlaps_text_alias(addr, n);
}

/* What is neither in live frames of the stack nor in the direct map. */
static bool elsewhere_passes(unsigned long addr, unsigned long n)
{
	if (unlikely(addr + n < addr) || unlikely(addr < PAGE_SIZE))
		return false;
	/* vmalloc(), and other tasks' stacks. What is good on this stack has passed before. */
	if (ucg_in_vmalloc(addr))
		return (addr ^ current_stack_pointer) >= THREAD_SIZE &&
		       (ucg_vmalloc_out_of_reach() || ucg_vmalloc_holds(addr, n)) &&
		       !ucg_vmalloc_text(addr, n);
	return ucg_image_passes(addr, n);
}

static noinline unsigned long check_elsewhere(const void *ptr, unsigned long n, unsigned long way)
{
	return likely(elsewhere_passes((unsigned long)kasan_reset_tag(ptr), n)) ?
	       ucg_passed() : ucg_suspect(ptr, n, way);
}

/* What is mapped page by page, if the page table has a short answer. */
static __always_inline unsigned long check_mapped(const void *ptr, unsigned long n,
						  unsigned long way)
{
	if (likely(ucg_mapped_passes((unsigned long)kasan_reset_tag(ptr), n,
				     current_stack_pointer)))
		return ucg_passed();
	return check_elsewhere(ptr, n, way);
}

/**
 * ucg_pass - pass a copy that is plainly good, and is not in live frames of the stack
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @way:	the hook's business: how it is told of a copy that is not good
 *
 * Each floor calls the next at its end, and saves nothing.
 *
 * Context: any, NMI too. Takes no lock (the tree build's vmalloc lookup excepted), stores nothing
 * when the copy is good.
 * Return: ucg_passed() for a good copy, else ucg_suspect(), see hook_build.h.
 */
static __always_inline unsigned long ucg_pass(const void *ptr, unsigned long n, unsigned long way)
{
	/* KASAN may have a tag in a pointer's upper bits: no part of the address. */
	unsigned long addr = (unsigned long)kasan_reset_tag(ptr);
	struct folio *folio;
	struct page *page;

	if (unlikely(!ucg_direct_page(addr, &page)))
		return check_mapped(ptr, n, way);

	folio = page_folio(page);
	/* kmalloc() and the caches, then the page cache. */
	if (likely(folio_test_slab(folio))) {
		if (likely(slab_object_passes(folio, addr, n)))
			return ucg_passed();
	} else if (likely(page_passes(folio, addr, n))) {
		return ucg_passed();
	}
	return ucg_suspect(ptr, n, way);
}

#endif /* _UCG_PASS_H */
