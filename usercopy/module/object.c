// SPDX-License-Identifier: GPL-2.0-only
/*
 * Object lookup of the module, x86-64: measured once at load, read without locks
 * ever after.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/kallsyms.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <asm/sections.h>

#include "usercopy/layout.h"
#include "usercopy/limits.h"
#include "usercopy/object.h"

struct ucg_map ucg_map __ro_after_init;

/* mapping_size() by the mm in use, which is not to change meanwhile. */
static __always_inline unsigned long walk(unsigned long addr, bool *exec)
{
	pgd_t *pgd = pgd_offset_pgd(current->active_mm->pgd, addr);
	u64 pud_val, pmd_val, pte_val;
	const u64 *pmd, *pte;
	p4d_t *p4d;
	pud_t *pud;

	if (pgd_none(*pgd))
		return 0;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d))
		return 0;
	pud = pud_offset(p4d, addr);
again:
	pud_val = READ_ONCE(*(u64 *)pud);
	if (!(pud_val & _PAGE_PRESENT))
		return 0;
	if (unlikely(ucg_entry_is_large(pud_val))) {
		*exec = !(pud_val & _PAGE_NX);
		return ucg_bytes_left(addr, PUD_SIZE);
	}
	pmd = (const u64 *)pmd_offset((pud_t *)&pud_val, addr);
	pmd_val = ucg_read_entry(pmd);
	if (!ucg_same_entry((u64 *)pud, pud_val))
		goto again;
	if (!(pmd_val & _PAGE_PRESENT))
		return 0;
	if (ucg_entry_is_large(pmd_val)) {
		*exec = !(pmd_val & _PAGE_NX);
		return ucg_bytes_left(addr, PMD_SIZE);
	}
	pte = (const u64 *)pte_offset_kernel((pmd_t *)&pmd_val, addr);
	pte_val = ucg_read_entry(pte);
	if (!ucg_same_entry(pmd, pmd_val) || !ucg_same_entry((u64 *)pud, pud_val))
		goto again;
	if (!(pte_val & _PAGE_PRESENT))
		return 0;
	*exec = !(pte_val & _PAGE_NX);
	return ucg_bytes_left(addr, PAGE_SIZE);
}

/**
 * mapping_size - how far the page table maps from an address on
 * @addr:	a kernel address
 * @exec:	set to whether the mapping is executable
 *
 * The top level is the same in every mm; that of the mm in use saves asking for init_mm,
 * which is not exported. A kernel thread has it from the task before, which may be gone: it stays for
 * as long as the thread has the CPU. Entries that change on the way are read again (see
 * pagetable.h): the table of a good copy may be changed, as long as what it maps stays mapped.
 *
 * Return: bytes from @addr to the end of the page that maps it, of whatever size
 * that is; 0 if nothing maps it.
 */
static unsigned long mapping_size(unsigned long addr, bool *exec)
{
	unsigned long size;

	preempt_disable_notrace();
	size = walk(addr, exec);
	preempt_enable_notrace();
	return size;
}

/**
 * ucg_vmalloc_holds - does one vmalloc area hold all of a copy?
 * @addr:	an address in the vmalloc space
 * @n:		length of the copy in bytes, not 0; @addr + @n does not wrap
 *
 * Areas have unmapped pages between them, so a copy leaves its area when it meets
 * a page that is not mapped. That is a little stricter than find_vmap_area(),
 * which counts the page of the guard to its area.
 *
 * The walk needs no bound at the end of the vmalloc space: what follows that on x86-64
 * is an unused hole (Documentation/x86/x86_64/mm.rst), in which nothing is mapped.
 *
 * Context: any, NMI too.
 */
bool ucg_vmalloc_holds(unsigned long addr, unsigned long n)
{
	unsigned long size, in_table;
	bool exec;

	for (;;) {
		/* All pages of one table in one go. */
		in_table = min(n, ucg_bytes_left(addr, PMD_SIZE));
		if (addr - ucg_map.vmalloc_start < ucg_map.near_bytes &&
		    ucg_near_area_holds(addr, in_table))
			size = in_table;
		else
			size = mapping_size(addr, &exec);
		if (!size)
			return false;
		if (n <= size)
			return true;
		addr += size;
		n -= size;
	}
}

/**
 * ucg_vmalloc_area - the vmalloc area around an address, for a report
 * @addr:	an address in the vmalloc space
 * @area:	filled; as far back as is looked, and from there to the area's end
 *
 * Context: any, NMI too.
 * Return: false if there is no area at @addr.
 */
bool ucg_vmalloc_area(unsigned long addr, struct ucg_area *area)
{
	unsigned long start = addr & PAGE_MASK, end = start, size;
	unsigned int pages = UCG_AREA_PAGES;
	bool exec;

	if (!mapping_size(addr, &exec))
		return false;
	while (pages-- && ucg_in_vmalloc(start - PAGE_SIZE) &&
	       mapping_size(start - PAGE_SIZE, &exec))
		start -= PAGE_SIZE;
	pages = UCG_AREA_PAGES;
	while (pages-- && ucg_in_vmalloc(end)) {
		size = mapping_size(end, &exec);
		if (!size)
			break;
		end += size;
	}
	area->start = start;
	area->size = end - start;
	return true;
}

/*
 * A CPU or a kernel without NX: no page says that it is data, and modules' code is not
 * told from it.
 */
static bool module_data_can_run __ro_after_init;

/*
 * Executable, and a module's: BPF programs live in the same space, and may be
 * read by who may read them (BPF_OBJ_GET_INFO_BY_FD).
 */
static bool is_module_text(unsigned long addr)
{
	char name[KSYM_SYMBOL_LEN];
	bool exec = false;
	char *module;

	if (module_data_can_run || !mapping_size(addr, &exec) || !exec)
		return false;
	sprint_symbol(name, addr);
	module = strrchr(name, '[');
	return module && strcmp(module, "[bpf]");
}

/**
 * ucg_in_module_data - is a copy certain to touch no module's code?
 * @addr:	an address in the modules' space
 * @n:		length of the copy in bytes, not 0
 *
 * Context: any, NMI too.
 * Return: true if neither its first nor its last byte can be executed; code and data
 * of modules lie in areas of their own, or one behind the other. True as well where that says
 * nothing.
 */
bool ucg_in_module_data(unsigned long addr, unsigned long n)
{
	bool exec = true;

	if (unlikely(module_data_can_run))
		return true;
	if (!mapping_size(addr, &exec) || exec)
		return false;
	if (likely(((addr ^ (addr + n - 1)) & PAGE_MASK) == 0))
		return true;
	exec = true;
	return n <= PAGE_SIZE && mapping_size(addr + n - 1, &exec) && !exec;
}

/**
 * ucg_in_module_text - does a copy touch a module's code?
 * @addr:	an address in the modules' space
 * @n:		length of the copy in bytes
 *
 * Context: any, NMI too. Looks symbols up; only for copies already suspected.
 */
bool ucg_in_module_text(unsigned long addr, unsigned long n)
{
	return is_module_text(addr) || is_module_text(addr + n - 1);
}

/*
 * Are objects of a cache as long as somebody asked for, and not all of the same length? So it is
 * with those that kmalloc() takes them from, and those of kmem_buckets_create(): their names end
 * in their objects' size, "kmalloc-96", "msg_msg-1k".
 */
static bool is_sized(const struct kmem_cache *s)
{
	const char *c = strrchr(ucg_cache_name(s), '-');
	u64 bytes = 0;

	for (c = c ? c + 1 : ""; *c >= '0' && *c <= '9' && bytes < PAGE_SIZE; c++)
		bytes = bytes * 10 + (*c - '0');
	if (*c == 'k') {
		bytes *= 1024;
		c++;
	}
	return !*c && bytes == ucg_cache_object_size(s);
}

/**
 * ucg_kfence_place - where an object that KFENCE guards may start
 * @s:		its slab cache
 * @addr:	an address in its page
 * @nr:		0 for the first place, and so on
 *
 * Which one it is, is in metadata that no module can reach. Either it is the start of the page; or
 * the object ends with the page, but for what its alignment leaves there. If it may be shorter
 * than the cache's objects, there are as many places further behind as its alignment makes; beyond
 * @addr they are of no interest.
 *
 * Context: any, NMI too.
 * Return: the address; 0 behind the last place.
 */
unsigned long ucg_kfence_place(const struct kmem_cache *s, unsigned long addr, unsigned int nr)
{
	unsigned long page = addr & PAGE_MASK, align = ucg_cache_align(s), place;

	if (!nr)
		return page;
	place = (page + PAGE_SIZE - ucg_cache_object_size(s)) & -align;
	if (nr == 1)
		return place;
	place += (nr - 1) * align;
	return place <= addr && is_sized(s) ? place : 0;
}

/* Is it behind the last of the text's symbols, and before the first of another section's? */
static bool is_behind_text(unsigned long addr)
{
	char name[KSYM_SYMBOL_LEN];

	sprint_symbol_no_offset(name, addr);
	/* Kernels that know the names of functions alone (no KALLSYMS_ALL) have none there. */
	return !strcmp(name, "_etext") || !strncmp(name, "0x", 2);
}

/*
 * The end of kernel text where data can be executed as well (rodata=off, no NX), from a page of it
 * on: where names end. Read-only data comes next, and begins with a large page of its own.
 * 0 if no name says so.
 */
static unsigned long text_end_by_name(unsigned long page)
{
	for (; page <= (unsigned long)_ctype; page += PAGE_SIZE) {
		if (is_behind_text(page))
			return page;
		if (is_behind_text(page + PAGE_SIZE - 1))
			return page + PAGE_SIZE;
		cond_resched();
	}
	return 0;
}

/*
 * Kernel text, from an address that is surely in it to the first page on either
 * side that cannot be executed: _stext and _etext are not exported. What is
 * between the text and the read-only data is not mapped. Should data be in what was found that
 * way, it is names that tell.
 */
static int measure_text(void)
{
	unsigned long low = (unsigned long)__check_object_size & PAGE_MASK;
	unsigned long high = low;
	bool exec;

	while (mapping_size(low - PAGE_SIZE, &exec) && exec)
		low -= PAGE_SIZE;
	while (mapping_size(high, &exec) && exec)
		high += PAGE_SIZE;
	if (high > (unsigned long)_ctype)
		high = text_end_by_name((unsigned long)__check_object_size & PAGE_MASK);
	if (high <= low || low < __START_KERNEL_map ||
	    high > __START_KERNEL_map + KERNEL_IMAGE_SIZE) {
		pr_err("cannot tell where the kernel's text is (page tables are not as expected); not loaded\n");
		return -ENODEV;
	}
	ucg_map.text_offset = low - __START_KERNEL_map;
	ucg_map.text_bytes = high - low;
	ucg_map.text_phys = ucg_map.text_offset + phys_base;
	ucg_map.data_end = __START_KERNEL_map + KERNEL_IMAGE_SIZE;
	ucg_map.data_bytes = ucg_map.data_end - high;
	return 0;
}

/*
 * The tables that pagetable.h says are never freed, to start there. Where they have to be asked
 * through a hypervisor, an empty one: there is a slower way for all that is not found there.
 */
static void measure_page_tables(void)
{
	pgd_t *pgd = current->active_mm->pgd;
	p4d_t *p4d;
	pud_t *pud;

	ucg_map.vmalloc_start = VMALLOC_START;
	/* VMALLOC_END is the last byte, which is_vmalloc_addr() does not take for one. */
	ucg_map.vmalloc_bytes = VMALLOC_END - VMALLOC_START;
	ucg_map.near_bytes = ucg_bytes_left(VMALLOC_START, PTRS_PER_PUD * PUD_SIZE);
	ucg_map.table_mask = PTE_PFN_MASK;
	ucg_map.near_puds = page_address(ZERO_PAGE(0));
	ucg_map.module_pmds = page_address(ZERO_PAGE(0));
	if (boot_cpu_has(X86_FEATURE_XENPV))
		return;

	p4d = p4d_offset(pgd_offset_pgd(pgd, VMALLOC_START), VMALLOC_START);
	if (!p4d_none(*p4d))
		ucg_map.near_puds = (const u64 *)pud_offset(p4d, 0);
	/*
	 * Without CONFIG_RANDOMIZE_BASE the modules' space has two tables, and takes
	 * the slower way.
	 */
	p4d = p4d_offset(pgd_offset_pgd(pgd, MODULES_VADDR), MODULES_VADDR);
	pud = pud_offset(p4d, MODULES_VADDR);
	if (ucg_bytes_left(MODULES_VADDR, PUD_SIZE) >= MODULES_LEN &&
	    ucg_entry_is_table(pud_val(*pud)))
		ucg_map.module_pmds = (const u64 *)pmd_offset(pud, 0);
}

/* One writer of the table of sections at a time: who measures, or who hears of changes. */
static DEFINE_MUTEX(sections_lock);

static void mark_sections(unsigned long pfn, unsigned long nr_pages, u8 online)
{
	unsigned long max = ucg_map.direct_bytes >> SECTION_SIZE_BITS;
	unsigned long nr;

	mutex_lock(&sections_lock);
	for (nr = pfn_to_section_nr(pfn); nr <= pfn_to_section_nr(pfn + nr_pages - 1); nr++)
		if (nr < max)
			WRITE_ONCE(ucg_map.sections[nr], online);
	mutex_unlock(&sections_lock);
}

/*
 * Before memory goes, its sections are taken from the table; a look that is in
 * flight still finds the struct page, which goes after this has returned. When it has gone,
 * they are taken once more: who measured meanwhile may have found them online.
 */
static int memory_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct memory_notify *arg = data;

	switch (event) {
	case MEM_GOING_OFFLINE:
	case MEM_OFFLINE:
		mark_sections(arg->start_pfn, arg->nr_pages, 0);
		synchronize_rcu_tasks();
		break;
	case MEM_CANCEL_OFFLINE:
	case MEM_ONLINE:
		mark_sections(arg->start_pfn, arg->nr_pages, 1);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block memory_nb = {
	.notifier_call = memory_event,
};

static int measure_memory(void)
{
	unsigned long nr, max;
	int err;

	max = pfn_to_section_nr(PHYS_PFN(__pa((unsigned long)high_memory - 1))) + 1;
	ucg_map.sections = vzalloc(max);
	if (!ucg_map.sections)
		return -ENOMEM;
	ucg_map.page_offset = PAGE_OFFSET;
	ucg_map.pages = (struct page *)vmemmap;
	ucg_map.direct_bytes = max << SECTION_SIZE_BITS;

	err = register_memory_notifier(&memory_nb);
	if (err) {
		vfree(ucg_map.sections);
		return err;
	}
	mutex_lock(&sections_lock);
	for (nr = 0; nr < max; nr++)
		if (online_section_nr(nr))
			WRITE_ONCE(ucg_map.sections[nr], 1);
	mutex_unlock(&sections_lock);
	return 0;
}

/* Is data executable that is a module's, and nothing but data? Our own serves as an example. */
static void measure_modules(void)
{
	bool exec;

	if (!mapping_size((unsigned long)&memory_nb, &exec) || !exec)
		return;
	module_data_can_run = true;
	pr_info("data can be executed on this machine (no NX): code of modules is not told from it, and copies of code of modules are not seen\n");
}

/**
 * ucg_object_init - measure where this kernel keeps what
 *
 * Context: process, may sleep.
 * Return: 0 or an error, which has been told in the log.
 */
int ucg_object_init(void)
{
	int err;

	measure_page_tables();
	err = measure_text();
	if (err)
		return err;
	measure_modules();
	return measure_memory();
}

/**
 * ucg_object_exit - give back what ucg_object_init() took
 *
 * Context: process, may sleep; when no check can be running any more.
 */
void ucg_object_exit(void)
{
	unregister_memory_notifier(&memory_nb);
	vfree(ucg_map.sections);
}
