// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check, in two floors. ucg_check() is the path of a good copy: it passes
 * what is plainly good in a few instructions, and whatever it is not certain of
 * goes up. ucg_judge() is complete: it tests all that the kernel's own check
 * (mm/usercopy.c, __check_heap_object() in mm/slub.c) tests, and says precisely
 * what is wrong.
 *
 * Everything here may run in any context, NMI included: no lock, no allocation,
 * no store to shared memory, and no access through the pointer under judgement.
 */
#include <linux/highmem.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "whitelist/whitelist.h"

#include "cache.h"
#include "check.h"
#include "hook.h"
#include "layout.h"
#include "object.h"

/* [offset, offset + n) in the cache's own region? As __check_heap_object() asks it. */
static __always_inline bool in_region(u32 offset, unsigned long n, u32 useroffset, u32 usersize)
{
	u32 skip = offset - useroffset, left;

	return !check_sub_overflow(usersize, skip, &left) && n <= left;
}

/*
 * Can a copy from a page without bounds run into the stack? From the page in front of one,
 * where stacks lie among the pages of the direct map; else only by a length that is wrong.
 */
static __always_inline bool may_reach_stack(unsigned long addr, unsigned long n)
{
	unsigned long stack = (unsigned long)task_stack_page(current);

#ifndef UCG_TREE
	/* The direct map is further than that from all vmalloc areas, and from the last address. */
	if (IS_ENABLED(CONFIG_VMAP_STACK))
		return n > INT_MAX;
#endif
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
	/* Rules that narrow: the region is not all there is to ask. */
	if (static_branch_unlikely(&ucg_deny_rules))
		return false;

	offset -= reciprocal_divide(offset, ucg_cache_reciprocal_size(s)) * ucg_cache_size(s);
	if (!in_region(offset, n, ucg_cache_useroffset(s), ucg_cache_usersize(s)))
		return false;
	/* What is left over at the end of a slab looks like an object, and may lie before the stack. */
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
		       (pagefault_disabled() || ucg_vmalloc_holds(addr, n)) &&
		       !ucg_vmalloc_text(addr, n);
#ifndef UCG_TREE
	/* The kernel's own data, and modules': all there is to keep out of is the text. */
	if (addr - __START_KERNEL_map < KERNEL_IMAGE_SIZE)
		return !ucg_overlaps_text(addr, n);
	return ucg_in_module_space(addr) && ucg_in_module_data(addr, n);
#else
	return false;
#endif
}

/*
 * Each floor below calls the next at its end and saves nothing. @way is the hook's business: how it
 * is told of a copy that is not good.
 */
static noinline ucg_passed_t check_elsewhere(const void *ptr, unsigned long n,
					     unsigned long way)
{
	return likely(elsewhere_passes((unsigned long)ptr, n)) ?
	       ucg_passed() : ucg_suspect(ptr, n, way);
}

/* What is mapped page by page, if the page table has a short answer. */
static __always_inline ucg_passed_t check_mapped(const void *ptr, unsigned long n,
						 unsigned long way)
{
	if (likely(ucg_mapped_passes((unsigned long)ptr, n, current_stack_pointer)))
		return ucg_passed();
	return check_elsewhere(ptr, n, way);
}

/* All that is not on the stack. */
static __always_inline ucg_passed_t check_object(const void *ptr, unsigned long n,
						 unsigned long way)
{
	unsigned long addr = (unsigned long)ptr;
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

#ifndef UCG_TREE
/**
 * ucg_check - the check that takes the place of the kernel's
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @way:	stack pointer of the trampoline before it called, plus 1 for copy_to_user(), plus 0
 *		for copy_from_user(): in one register, of which there are few
 *
 * Called by the trampoline for each copy of which the length is not constant, but for those
 * that it has found in live frames of the stack itself.
 *
 * Context: any, NMI too; runs in a trampoline. Takes no lock, stores nothing
 * when the copy is good.
 * Return: there for a good copy; any other returns to another place, see ucg_suspect().
 */
ucg_passed_t ucg_check(const void *ptr, unsigned long n, unsigned long way)
{
	return check_object(ptr, n, way);
}
#else
/**
 * usercopy_guard_check - the verdict on a copy, for check_object_size()
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes, not a constant
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 *
 * The tree's hook, here so that the way of a good copy is one function.
 *
 * Context: any, NMI too.
 * Return: true: go on; false: copy no byte and leave the destination alone.
 */
bool usercopy_guard_check(const void *ptr, unsigned long n, bool to_user)
{
	unsigned long addr = (unsigned long)ptr, sp = current_stack_pointer;
	/* Bytes behind the first, to the end of the stack that the CPU runs on: stacks are aligned. */
	unsigned long left = (sp | (THREAD_SIZE - 1)) - addr;

	if (!static_branch_likely(&ucg_hook_attached))
		return true;
	/*
	 * Small structures in live frames; the module's trampoline asks the same. It may be an
	 * interrupt's stack; ucg_judge_at() tells.
	 */
	if (left < THREAD_SIZE ? likely(n <= left && addr >= sp) :
	    likely(check_object(ptr, n, to_user)))
		return true;
	return ucg_hook_verdict(ptr, n, to_user, _RET_IP_,
				(unsigned long)__builtin_frame_address(0));
}
EXPORT_SYMBOL(usercopy_guard_check);
#endif

/*
 * The stack of the current task. Beyond the caller's stack pointer @sp lie only the
 * frames of functions that have returned, and our own.
 */
static enum ucg_kind judge_stack(unsigned long addr, unsigned long n, unsigned long sp,
				 bool *on_stack, struct ucg_finding *f)
{
	unsigned long stack = (unsigned long)task_stack_page(current);
	unsigned long end = stack + THREAD_SIZE;

	*on_stack = addr < end && addr + n > stack;
	if (!*on_stack)
		return UCG_FINE;

	f->offset = addr - stack;
	f->object_size = THREAD_SIZE;
	if (addr < stack || addr + n > end)
		return UCG_STACK;
	if (IS_ENABLED(CONFIG_ARCH_HAS_CURRENT_STACK_POINTER) &&
	    (IS_ENABLED(CONFIG_STACK_GROWSUP) ? sp < addr + n : addr < sp))
		return UCG_STACK;
	return UCG_FINE;
}

static bool judged_good_by_rules(struct ucg_finding *f, bool in_own_region)
{
	struct ucg_cache_id id;

	ucg_cache_identify(f->cache, &id);
	switch (ucg_whitelist_judge(&id, f->offset, f->n, f->to_user)) {
	case UCG_RULE_VERDICT_ALLOW:
		return true;
	case UCG_RULE_VERDICT_DENY:
		f->denied = true;
		return false;
	default:
		return in_own_region;
	}
}

/* The slab kinds, once offset, object and region are known. Rules mend whitelists. */
static enum ucg_kind judge_region(unsigned long n, struct ucg_finding *f)
{
	bool in_own_region = in_region(f->offset, n, f->useroffset, f->usersize);

	if (in_own_region && !static_branch_unlikely(&ucg_deny_rules))
		return UCG_FINE;
	/* No rule lets a copy out of its object. */
	if (f->offset < f->object_size && n <= f->object_size - f->offset)
		return judged_good_by_rules(f, in_own_region) ? UCG_FINE : UCG_WHITELIST;
	return in_own_region ? UCG_FINE : UCG_OBJECT;
}

/*
 * KFENCE's object: exactly if its start is known. Else what is certain from its page:
 * where in the object the copy lies is not, so no rule for a part of it can speak.
 */
static enum ucg_kind judge_kfence_object(unsigned long addr, unsigned long n,
					 struct ucg_finding *f)
{
	unsigned long start = ucg_kfence_object(addr);

	if (start) {
		f->offset = addr - start;
		/* Before the object: as far from it as can be. */
		return addr < start ? UCG_OBJECT : judge_region(n, f);
	}
	if (n > PAGE_SIZE - offset_in_page(addr) || n > f->object_size)
		return UCG_OBJECT;
	return f->usersize && n <= f->usersize ? UCG_FINE : judge_region(n, f);
}

static enum ucg_kind judge_slab(const struct folio *folio, unsigned long addr, unsigned long n,
				struct ucg_finding *f)
{
	const struct kmem_cache *s = ucg_slab_cache(folio);

	/* KFENCE marks its pages as slabs before they hold an object. */
	if (!s)
		return UCG_OBJECT;

	f->cache = s;
	f->object_size = ucg_cache_object_size(s);
	f->useroffset = ucg_cache_useroffset(s);
	f->usersize = ucg_cache_usersize(s);

	if (is_kfence_address((void *)addr))
		return judge_kfence_object(addr, n, f);

	f->offset = (addr - (unsigned long)folio_address(folio)) % ucg_cache_size(s);
	if (ucg_cache_flags(s) & SLAB_RED_ZONE) {
		if (f->offset < ucg_cache_red_left_pad(s))
			return UCG_REDZONE;
		f->offset -= ucg_cache_red_left_pad(s);
	}

	return judge_region(n, f);
}

static enum ucg_kind judge_page(struct folio *folio, unsigned long addr, unsigned long n,
				struct ucg_finding *f)
{
	if (folio_test_slab(folio))
		return judge_slab(folio, addr, n, f);

	/* Pages that are not compound may be part of something larger: no bounds. */
	if (!folio_test_large(folio))
		return UCG_FINE;
	f->offset = addr - (unsigned long)folio_address(folio);
	f->object_size = folio_size(folio);
	return n <= f->object_size - f->offset ? UCG_FINE : UCG_PAGE;
}

static enum ucg_kind judge_heap(unsigned long addr, unsigned long n, struct ucg_finding *f)
{
	struct ucg_area area = {};
	struct page *page;

	if (is_kmap_addr((void *)addr)) {
		f->offset = offset_in_page(addr);
		f->object_size = PAGE_SIZE;
		return n <= PAGE_SIZE - f->offset ? UCG_FINE : UCG_KMAP;
	}

	/* As in the kernel's check: an area cannot be looked up from every context. */
	if (ucg_in_vmalloc(addr) && !pagefault_disabled()) {
		if (ucg_vmalloc_holds(addr, n))
			return UCG_FINE;
		if (ucg_vmalloc_area(addr, &area)) {
			f->offset = addr - area.start;
			f->object_size = area.size;
		}
		return UCG_VMALLOC;
	}

	page = ucg_valid_page(addr);
	return page ? judge_page(page_folio(page), addr, n, f) : UCG_FINE;
}

static enum ucg_kind judge_text(unsigned long addr, unsigned long n, struct ucg_finding *f)
{
	if (ucg_overlaps_text(addr, n)) {
		f->offset = addr - ucg_text_start();
		return UCG_TEXT;
	}
	/* The direct map's view of the same pages. */
	if (ucg_overlaps_text_alias(addr, n)) {
		f->offset = addr - ucg_text_alias_start();
		return UCG_TEXT;
	}
	if (ucg_in_module_space(addr) && ucg_in_module_text(addr, n)) {
		f->offset = offset_in_page(addr);
		return UCG_MODULE_TEXT;
	}
	return UCG_FINE;
}

static enum ucg_kind judge(unsigned long addr, unsigned long n, unsigned long sp,
			   struct ucg_finding *f)
{
	enum ucg_kind kind;
	bool on_stack;

	if (!n)
		return UCG_FINE;
	if (addr + (n - 1) < addr) {
		f->offset = 0;
		return UCG_WRAP;
	}
	if (ZERO_OR_NULL_PTR((void *)addr)) {
		f->offset = addr;
		return UCG_NULL;
	}
	kind = judge_stack(addr, n, sp, &on_stack, f);
	if (on_stack)
		return kind;
	kind = judge_heap(addr, n, f);
	if (kind != UCG_FINE)
		return kind;
	return judge_text(addr, n, f);
}

/**
 * ucg_judge_at - judge a copy completely
 * @ptr:	kernel address of the copy
 * @n:		its length in bytes
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 * @sp:		stack pointer of the function that copies
 * @f:		filled with what was found
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: UCG_FINE or what is wrong; the same as @f->kind.
 */
enum ucg_kind ucg_judge_at(const void *ptr, unsigned long n, bool to_user, unsigned long sp,
			   struct ucg_finding *f)
{
	*f = (struct ucg_finding){ .n = n, .to_user = to_user };
	f->kind = judge((unsigned long)ptr, n, sp, f);
	return f->kind;
}
