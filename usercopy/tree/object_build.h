/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Object lookup in a kernel tree, on any architecture: the functions that the
 * kernel's own check uses, and its bounds of text.
 */
#ifndef _UCG_OBJECT_BUILD_H
#define _UCG_OBJECT_BUILD_H

#include <linux/highmem.h>
#include <linux/kasan.h>
#include <linux/kfence.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <asm/sections.h>

#ifdef CONFIG_STACK_GROWSUP
#error "usercopy_guard: stacks that grow upwards are not known here (Kconfig excludes them)"
#endif

/*
 * Without the stack pointer the own frame stands in for it: a buffer above it is
 * as surely in a living frame, and one below is looked at more closely.
 */
#ifndef CONFIG_ARCH_HAS_CURRENT_STACK_POINTER
#define current_stack_pointer	((unsigned long)__builtin_frame_address(0))
#endif

static inline int ucg_object_init(void)
{
	return 0;
}

static inline void ucg_object_exit(void)
{
}

/**
 * ucg_valid_page - the struct page of an address, if it has one
 * @addr:	any address
 *
 * Context: any, NMI too.
 * Return: the page, or NULL.
 */
static __always_inline struct page *ucg_valid_page(unsigned long addr)
{
	return virt_addr_valid((void *)addr) ? virt_to_page((void *)addr) : NULL;
}

/* As is_vmalloc_addr(), which would be a call on the way of every copy. */
static __always_inline bool ucg_in_vmalloc(unsigned long addr)
{
#ifdef CONFIG_MMU
	return addr >= VMALLOC_START && addr < VMALLOC_END;
#else
	return false;
#endif
}

/**
 * ucg_direct_page - the struct page of an address in the direct map
 * @addr:	any address
 * @page:	set to the page
 *
 * The kernel's image may have pages, too. They are neither a slab's nor compound,
 * so nothing is ever computed from the address of one.
 *
 * Context: any, NMI too.
 * Return: false if there is none.
 */
static __always_inline bool ucg_direct_page(unsigned long addr, struct page **page)
{
	/* A kmap page has bounds of its own, and no page to be found by its address. */
	if (is_kmap_addr((void *)addr))
		return false;
	/* Some architectures give an answer for vmalloc's addresses that means nothing. */
	if (ucg_in_vmalloc(addr))
		return false;
	*page = ucg_valid_page(addr);
	return *page;
}

/**
 * ucg_page_address - first byte of a page of the direct map
 * @page:	a page that ucg_direct_page() gave, or its folio's first
 *
 * Context: any, NMI too.
 */
static __always_inline unsigned long ucg_page_address(const struct page *page)
{
	/* Where KASAN has tags, the direct map's pointers do as well. */
	return (unsigned long)kasan_reset_tag(page_address(page));
}

/* Does [addr, addr + n) touch [low, high)? Nothing of it may wrap. */
static __always_inline bool ucg_overlaps(unsigned long addr, unsigned long n,
					 unsigned long low, unsigned long high)
{
	return addr < high && addr + n > low;
}

static inline unsigned long ucg_text_start(void)
{
	return (unsigned long)_stext;
}

static inline unsigned long ucg_text_alias_start(void)
{
	return (unsigned long)lm_alias(_stext);
}

static __always_inline bool ucg_overlaps_text(unsigned long addr, unsigned long n)
{
	return ucg_overlaps(addr, n, (unsigned long)_stext, (unsigned long)_etext);
}

/* The direct map's view of the text or, where pages of the image are valid, its own. */
static __always_inline bool ucg_overlaps_text_alias(unsigned long addr, unsigned long n)
{
	return ucg_overlaps_text(addr, n) ||
	       ucg_overlaps(addr, n, (unsigned long)lm_alias(_stext),
			    (unsigned long)lm_alias(_etext));
}

static __always_inline bool ucg_in_module_space(unsigned long addr)
{
#if defined(CONFIG_MODULES) && defined(MODULES_VADDR)
	return addr >= MODULES_VADDR && addr < MODULES_END;
#else
	return false;
#endif
}

/* What is not in the direct map takes the kernel's own functions, and with them a call. */
static __always_inline bool ucg_mapped_passes(unsigned long addr, unsigned long n,
					      unsigned long stack)
{
	return false;
}

/* Likewise what is in neither of the two. */
static __always_inline bool ucg_image_passes(unsigned long addr, unsigned long n)
{
	return false;
}

/*
 * Are stacks, and the last address, more than INT_MAX bytes behind any page without bounds? Pages
 * may be the kernel's image, too, and that may be at the end of all addresses.
 */
static __always_inline bool ucg_stacks_are_far(void)
{
	return false;
}

/*
 * As in the kernel's check: the lookup takes a lock, and where page faults are disabled it cannot
 * be taken. With PREEMPT_RT it may sleep.
 */
static __always_inline bool ucg_vmalloc_out_of_reach(void)
{
	return pagefault_disabled() || (IS_ENABLED(CONFIG_PREEMPT_RT) && !preemptible());
}

/*
 * A copy is judged between these, and from the first on the rules stay. From the second on preemption is off:
 * for the whole of it, but with PREEMPT_RT, where that lock may be taken.
 */
static __always_inline void ucg_judging_begin(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_lock();
	else
		preempt_disable_notrace();
}

static __always_inline void ucg_judging_end(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		preempt_disable_notrace();
		rcu_read_unlock();
	}
}

bool ucg_vmalloc_holds(unsigned long addr, unsigned long n);
bool ucg_vmalloc_area(unsigned long addr, struct ucg_area *area);
bool ucg_in_module_text(unsigned long addr, unsigned long n);

/*
 * Code in the vmalloc space: there some architectures (arm64) have the kernel's image, which
 * is an area like any other, and some have their modules.
 */
static __always_inline bool ucg_vmalloc_text(unsigned long addr, unsigned long n)
{
	return ucg_overlaps_text(addr, n) ||
	       (ucg_in_module_space(addr) && ucg_in_module_text(addr, n));
}

/**
 * ucg_module_at - the module that code belongs to
 * @addr:	its address
 *
 * Context: any, NMI too; with preemption off, and the module stays until it is on again.
 * Return: the module, or NULL for code of the kernel and all else.
 */
static inline struct module *ucg_module_at(unsigned long addr)
{
	return __module_address(addr);
}

/**
 * ucg_kfence_place - where an object that KFENCE guards may start
 * @s:		its slab cache
 * @addr:	an address in its page
 * @nr:		0 for the first place, and so on
 *
 * Context: any, NMI too.
 * Return: the address; 0 behind the last place. KFENCE is asked, so there is one.
 */
static inline unsigned long ucg_kfence_place(const struct kmem_cache *s, unsigned long addr,
					     unsigned int nr)
{
	return nr ? 0 : (unsigned long)kfence_object_start((void *)addr);
}

/**
 * ucg_in_check_entry - is this the return address of the hook, in the kernel's check?
 * @address:	from a stack trace
 *
 * Context: any, NMI too.
 * Return: false: the tree's hook is no traced function, and has its call site.
 */
static inline bool ucg_in_check_entry(unsigned long address)
{
	return false;
}

#endif /* _UCG_OBJECT_BUILD_H */
