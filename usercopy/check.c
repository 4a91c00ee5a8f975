// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check. It is complete: it tests all that the kernel's own check
 * (mm/usercopy.c, __check_heap_object() in mm/slub.c) tests, and says precisely
 * what is wrong. Good copies do not come here, see pass.h.
 *
 * Everything here may run in any context, NMI included: no lock, no allocation,
 * no store to shared memory, and no access through the pointer under judgement.
 */
#include <linux/highmem.h>
#include <linux/kasan.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>

#include "whitelist/whitelist.h"

#include "cache.h"
#include "check.h"
#include "frames.h"
#include "layout.h"
#include "object.h"

/* A copy may begin before what it runs into: then it is at its first byte. */
static unsigned long offset_from(unsigned long addr, unsigned long start)
{
	return addr < start ? 0 : addr - start;
}

/*
 * The stack of the current task. Beyond the caller's stack pointer @sp lie only the
 * frames of functions that have returned, and our own. Of an interrupt's stack, no frames lead
 * here.
 */
static enum ucg_kind judge_stack(unsigned long addr, unsigned long n, unsigned long sp,
				 unsigned long frame, bool *on_stack, struct ucg_finding *f)
{
	unsigned long stack = (unsigned long)task_stack_page(current);
	unsigned long end = stack + THREAD_SIZE;

	*on_stack = addr < end && addr + n > stack;
	if (!*on_stack)
		return UCG_FINE;

	f->offset = offset_from(addr, stack);
	f->object_size = THREAD_SIZE;
	if (addr < stack || addr + n > end)
		return UCG_STACK;
	if (IS_ENABLED(CONFIG_ARCH_HAS_CURRENT_STACK_POINTER) &&
	    (IS_ENABLED(CONFIG_STACK_GROWSUP) ? sp < addr + n : addr < sp))
		return UCG_STACK;
	if (ucg_frames_are_known() && sp - stack < THREAD_SIZE &&
	    !ucg_frames_hold(addr, n, sp, frame))
		return UCG_STACK;
	return UCG_FINE;
}

static bool judged_good_by_rules(struct ucg_finding *f, bool in_own_region)
{
	struct ucg_cache_id id;

	ucg_cache_identify(f->cache, &id);
	switch (ucg_whitelist_judge(&id, f->offset, f->n, f->to_user)) {
	case UCG_RULE_VERDICT_ALLOW:
		f->ruled = !in_own_region;
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
	bool in_own_region = ucg_in_region(f->offset, n, f->useroffset, f->usersize);

	if (in_own_region && !static_branch_unlikely(&ucg_look_closer))
		return UCG_FINE;
	/* No rule lets a copy out of its object. */
	if (f->offset < f->object_size && n <= f->object_size - f->offset)
		return judged_good_by_rules(f, in_own_region) ? UCG_FINE : UCG_WHITELIST;
	return in_own_region ? UCG_FINE : UCG_OBJECT;
}

/* KFENCE's object, if it starts at @start. */
static enum ucg_kind judge_kfence_place(unsigned long addr, unsigned long n, unsigned long start,
					struct ucg_finding *f)
{
	f->offset = addr - start;
	/* Before the object: as far from it as can be. And no object leaves its page. */
	if (addr < start || n > PAGE_SIZE - offset_in_page(addr))
		return UCG_OBJECT;
	return judge_region(n, f);
}

/* How much the copy has to do with the object that it was found to leave: of two places, which? */
static int nearness(enum ucg_kind kind, const struct ucg_finding *f)
{
	if (kind == UCG_WHITELIST)
		return 2;
	return f->offset < f->object_size;
}

/*
 * An object that KFENCE guards may have several places to start at. The copy is good if it is so
 * with one of them; what is said of another is said of the one that it lies in.
 */
static enum ucg_kind judge_kfence_object(unsigned long addr, unsigned long n,
					 struct ucg_finding *f)
{
	enum ucg_kind found = UCG_OBJECT, kind;
	struct ucg_finding best = *f, place = *f;
	unsigned long start;
	unsigned int nr;

	for (nr = 0; (start = ucg_kfence_place(f->cache, addr, nr)); nr++) {
		place.denied = false;
		kind = judge_kfence_place(addr, n, start, &place);
		if (kind == UCG_FINE) {
			*f = place;
			return UCG_FINE;
		}
		if (!nr || nearness(kind, &place) > nearness(found, &best)) {
			best = place;
			found = kind;
		}
	}
	*f = best;
	return found;
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

	f->offset = (addr - ucg_page_address(&folio->page)) % ucg_cache_size(s);
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
	f->offset = addr - ucg_page_address(&folio->page);
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

	if (ucg_in_vmalloc(addr) && !ucg_vmalloc_out_of_reach()) {
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
		f->offset = offset_from(addr, ucg_text_start());
		return UCG_TEXT;
	}
	/* The direct map's view of the same pages. */
	if (ucg_overlaps_text_alias(addr, n)) {
		f->offset = offset_from(addr, ucg_text_alias_start());
		return UCG_TEXT;
	}
	if (ucg_in_module_space(addr) && ucg_in_module_text(addr, n)) {
		f->offset = offset_in_page(addr);
		return UCG_MODULE_TEXT;
	}
	return UCG_FINE;
}

static enum ucg_kind judge(unsigned long addr, unsigned long n, unsigned long sp,
			   unsigned long frame, struct ucg_finding *f)
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
	kind = judge_stack(addr, n, sp, frame, &on_stack, f);
	if (on_stack)
		return kind;
	kind = judge_heap(addr, n, f);
	if (kind != UCG_FINE)
		return kind;
	return judge_text(addr, n, f);
}

/**
 * ucg_judge_at - judge a copy completely
 * @ptr:	kernel address of the copy, with KASAN's tag perhaps
 * @n:		its length in bytes
 * @to_user:	true for copy_to_user(), false for copy_from_user()
 * @sp:		stack pointer of the function that copies
 * @frame:	its frame pointer, where the kernel has them
 * @f:		filled with what was found
 *
 * Context: any, NMI too; runs in a trampoline.
 * Return: UCG_FINE or what is wrong; the same as @f->kind.
 */
enum ucg_kind ucg_judge_at(const void *ptr, unsigned long n, bool to_user, unsigned long sp,
			   unsigned long frame, struct ucg_finding *f)
{
	*f = (struct ucg_finding){ .n = n, .to_user = to_user };
	f->kind = judge((unsigned long)kasan_reset_tag(ptr), n, sp, frame, f);
	return f->kind;
}
