// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of many kinds, all of it ours, for copies to be made up for (ask.h). Nobody else allocates
 * or frees it while questions are asked, so the answers stay the same.
 */
#include <linux/io.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "ask.h"

struct ask_kind ask_kinds[ASK_KINDS_MAX];
unsigned int ask_nr_kinds;

/* Objects of each cache: neighbours among them, whatever the allocator's order. */
#define NR_OBJECTS	24

/* Tries to get an object that KFENCE guards, one in some thousands. */
#define KFENCE_TRIES	400000

/**
 * ask_place - add a place
 * @name:	of its kind: the same pointer as for the place before it, if it is of the same
 * @start:	first address
 * @size:	bytes
 *
 * Return: its kind.
 */
struct ask_kind *ask_place(const char *name, const void *start, unsigned long size)
{
	struct ask_kind *k = ask_nr_kinds ? &ask_kinds[ask_nr_kinds - 1] : NULL;

	if (!k || k->name != name) {
		if (WARN_ON(ask_nr_kinds == ASK_KINDS_MAX))
			return k;
		k = &ask_kinds[ask_nr_kinds++];
		*k = (struct ask_kind){ .name = name };
	}
	if (!WARN_ON(k->nr == ASK_PLACES_MAX))
		k->places[k->nr++] = (struct ask_place){ (unsigned long)start, size };
	return k;
}

/* --- caches of our own --- */

static struct shape {
	const char *name;
	unsigned int size, align, useroffset, usersize;
	slab_flags_t flags;
	struct kmem_cache *cache;
	void *objects[NR_OBJECTS];
} shapes[] = {
	{ "cache without a region",	 256,   0,    0,    0, 0 },
	{ "cache, all of it",		 200,   0,    0,  200, 0 },
	{ "cache, the middle",		1000,   0,  100,  300, 0 },
	{ "cache, the start",		  96,   0,    0,   32, 0 },
	{ "cache, the end",		 520,   0,  500,   20, 0 },
	{ "cache, one byte",		 264,   0,   64,    1, 0 },
	{ "cache of small objects",	  24,   0,    8,    8, 0 },
	{ "cache of large objects",	7000,   0, 1000, 5000, 0 },
	{ "cache of lines",		 100,  64,    4,   90, 0 },
	{ "cache with red zones",	 264,   0,   64,  128, SLAB_RED_ZONE },
	{ "cache that is poisoned",	 300,   0,  100,  100, SLAB_POISON },
	{ "cache with owners",		 168,   0,    0,  168, SLAB_RED_ZONE | SLAB_STORE_USER },
};

/* A cache with a constructor is never merged. */
static void constructor(void *object)
{
}

static int make_cache(struct shape *s)
{
	char name[48];
	int i;

	snprintf(name, sizeof(name), "ucg_ask_%td", s - shapes);
	s->cache = kmem_cache_create_usercopy(name, s->size, s->align, s->flags, s->useroffset,
					      s->usersize, constructor);
	if (!s->cache)
		return -ENOMEM;
	for (i = 0; i < NR_OBJECTS; i++) {
		s->objects[i] = kmem_cache_alloc(s->cache, GFP_KERNEL);
		if (!s->objects[i])
			return -ENOMEM;
		ask_place(s->name, s->objects[i], s->size);
	}
	return 0;
}

static void free_cache(struct shape *s)
{
	int i;

	for (i = 0; s->cache && i < NR_OBJECTS; i++)
		if (s->objects[i])
			kmem_cache_free(s->cache, s->objects[i]);
	kmem_cache_destroy(s->cache);
}

/* --- kmalloc() --- */

static struct {
	const char *name;
	size_t size;
	gfp_t flags;
	void *objects[NR_OBJECTS];
} kmallocs[] = {
	{ "kmalloc-8",			     8, 0 },
	{ "kmalloc-16",			    16, 0 },
	{ "kmalloc-32",			    29, 0 },
	{ "kmalloc-64",			    64, 0 },
	{ "kmalloc-96",			    90, 0 },
	{ "kmalloc-128",		   128, 0 },
	{ "kmalloc-192",		   180, 0 },
	{ "kmalloc-256",		   256, 0 },
	{ "kmalloc-512",		   500, 0 },
	{ "kmalloc-1k",			  1024, 0 },
	{ "kmalloc-2k",			  2000, 0 },
	{ "kmalloc-4k",			  4096, 0 },
	{ "kmalloc-8k",			  8190, 0 },
	{ "kmalloc-cg-64",		    60, __GFP_ACCOUNT },
	{ "kmalloc-rcl-128",		   120, __GFP_RECLAIMABLE },
	{ "kmalloc of 12000 bytes",	 12000, 0 },
	{ "kmalloc of 100000 bytes",	100000, 0 },
};

static int make_kmallocs(void)
{
	int i, j;

	for (i = 0; i < ARRAY_SIZE(kmallocs); i++) {
		for (j = 0; j < NR_OBJECTS; j++) {
			void *p = kmalloc(kmallocs[i].size, GFP_KERNEL | kmallocs[i].flags);

			kmallocs[i].objects[j] = p;
			if (!p)
				return -ENOMEM;
			ask_place(kmallocs[i].name, p, kmallocs[i].size);
		}
	}
	return 0;
}

/* --- KFENCE's --- */

static void *kfence_objects[4];

/* As many as come; none, where the kernel takes no samples. */
static void make_kfence_objects(void)
{
	int tries = KFENCE_TRIES, i = 0;
	void *p;

	while (i < ARRAY_SIZE(kfence_objects) && IS_ENABLED(CONFIG_KFENCE) && tries--) {
		p = kmalloc(80, GFP_KERNEL);
		if (is_kfence_address(p)) {
			kfence_objects[i++] = p;
			ask_place("kmalloc, by KFENCE", p, 80);
		} else {
			kfree(p);
		}
		if (!(tries % 1024))
			cond_resched();
	}
}

/* --- pages --- */

static struct {
	const char *name;
	unsigned int order;
	gfp_t flags;
	struct page *pages;
} pages[] = {
	{ "page",			0, 0 },
	{ "2 pages, compound",		1, __GFP_COMP },
	{ "4 pages, compound",		2, __GFP_COMP },
	{ "32 pages, compound",		5, __GFP_COMP },
	{ "512 pages, compound",	9, __GFP_COMP },
	{ "2 pages",			1, 0 },
	{ "8 pages",			3, 0 },
};

static void *exact;

static int make_pages(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i].pages = alloc_pages(GFP_KERNEL | pages[i].flags, pages[i].order);
		if (!pages[i].pages)
			return -ENOMEM;
		ask_place(pages[i].name, page_address(pages[i].pages), PAGE_SIZE << pages[i].order);
	}
	exact = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	if (!exact)
		return -ENOMEM;
	ask_place("3 pages, exactly", exact, 3 * PAGE_SIZE);
	return 0;
}

static void free_pages_all(void)
{
	int i;

	if (exact)
		free_pages_exact(exact, 3 * PAGE_SIZE);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i].pages)
			__free_pages(pages[i].pages, pages[i].order);
}

/* --- areas of the vmalloc space --- */

static struct {
	const char *name;
	unsigned long nr_pages;
	void *area;
} areas[] = {
	{ "vmalloc of 1 page",		1 },
	{ "vmalloc of 2 pages",		2 },
	{ "vmalloc of 5 pages",		5 },
	{ "vmalloc of 600 pages",	600 },
	{ "vmalloc of 1536 pages",	1536 },
};

static void *huge_area, *mapped, *ram_mapped;
static void __iomem *registers;
static void __percpu *per_cpu;

/* Long enough for large pages, where the kernel has them. */
#define HUGE_BYTES	(4UL << 20)

static int make_maps(void)
{
	struct page *list[4] = { pages[2].pages, pages[2].pages + 1, pages[0].pages,
				 pages[2].pages + 3 };

	mapped = vmap(list, ARRAY_SIZE(list), VM_MAP, PAGE_KERNEL);
	ram_mapped = vm_map_ram(list, ARRAY_SIZE(list), NUMA_NO_NODE);
	/* What answers there does not matter: nothing is read. */
	registers = ioremap(0xfec00000, 2 * PAGE_SIZE);
	per_cpu = __alloc_percpu(2000, 8);
	if (!mapped || !ram_mapped || !registers || !per_cpu)
		return -ENOMEM;
	ask_place("vmap of 4 pages", mapped, ARRAY_SIZE(list) * PAGE_SIZE);
	ask_place("vm_map_ram of 4 pages", ram_mapped, 4 * PAGE_SIZE)->ram_map = true;
	ask_place("ioremap", (void __force *)registers, 2 * PAGE_SIZE);
	ask_place("alloc_percpu", per_cpu_ptr(per_cpu, 0), 2000);
	return 0;
}

static int make_areas(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		areas[i].area = vmalloc(areas[i].nr_pages * PAGE_SIZE);
		if (!areas[i].area)
			return -ENOMEM;
		ask_place(areas[i].name, areas[i].area, areas[i].nr_pages * PAGE_SIZE);
	}
	huge_area = vmalloc_huge(HUGE_BYTES, GFP_KERNEL);
	if (!huge_area)
		return -ENOMEM;
	ask_place("vmalloc of large pages", huge_area, HUGE_BYTES);
	return make_maps();
}

static void free_areas(void)
{
	int i;

	free_percpu(per_cpu);
	if (registers)
		iounmap(registers);
	if (ram_mapped)
		vm_unmap_ram(ram_mapped, 4);
	vunmap(mapped);
	vfree(huge_area);
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		vfree(areas[i].area);
}

/**
 * ask_memory_make - allocate all of it
 *
 * Return: 0 or -ENOMEM; then ask_memory_free() is to be called as well.
 */
int ask_memory_make(void)
{
	int i, err = 0;

	for (i = 0; i < ARRAY_SIZE(shapes) && !err; i++)
		err = make_cache(&shapes[i]);
	if (!err)
		err = make_kmallocs();
	if (!err)
		err = make_pages();
	if (!err)
		err = make_areas();
	if (!err)
		make_kfence_objects();
	return err;
}

/**
 * ask_memory_free - give it back
 */
void ask_memory_free(void)
{
	int i, j;

	for (i = 0; i < ARRAY_SIZE(kfence_objects); i++)
		kfree(kfence_objects[i]);
	free_areas();
	free_pages_all();
	for (i = 0; i < ARRAY_SIZE(kmallocs); i++)
		for (j = 0; j < NR_OBJECTS; j++)
			kfree(kmallocs[i].objects[j]);
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		free_cache(&shapes[i]);
}
