// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parity: a million random copies, judged by the guard and by the kernel's own
 * check in the same kernel. They may not disagree, but for the differences that
 * are meant; those are listed in intended(), each with its reason.
 */
#include <linux/kasan.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <asm/sections.h>

#include "fixture.h"
#include "usercopy/check.h"
#include "usercopy/hook.h"
#include "usercopy/layout.h"
#include "usercopy/object.h"

#define TRIPLES		1000000
#define SEED		20240229

/* Stack of the test that the frames of both checks lie in, bytes; see intended(). */
#define CHECK_FRAMES	2048

/**
 * struct place - memory that copies are made up for
 * @what:	its name
 * @start:	first address
 * @size:	bytes
 */
struct place {
	const char *what;
	unsigned long start;
	unsigned long size;
};

#define PLACES_MAX	1024

struct parity {
	struct place places[PLACES_MAX];
	int nr;
	struct ucg_test_cache caches[6];
	void *kmallocs[32];
	void *areas[4];
	struct page *pages[5];
	unsigned int orders[5];
};

static void place(struct kunit *test, struct parity *p, const char *what, const void *start,
		  unsigned long size)
{
	KUNIT_ASSERT_LT(test, p->nr, PLACES_MAX);
	p->places[p->nr++] = (struct place){ what, (unsigned long)start, size };
}

static void make_caches(struct kunit *test, struct parity *p)
{
	static const struct {
		const char *name;
		unsigned int size, useroffset, usersize;
		slab_flags_t flags;
	} shapes[] = {
		{ "ucg_parity_none",	 256,   0,    0, 0 },
		{ "ucg_parity_whole",	 200,   0,  200, 0 },
		{ "ucg_parity_middle",	1000, 100,  300, 0 },
		{ "ucg_parity_start",	  96,   0,   32, 0 },
		{ "ucg_parity_end",	 520, 500,   20, 0 },
#ifdef CONFIG_SLUB_DEBUG
		{ "ucg_parity_redzone",	 264,  64,  128, SLAB_RED_ZONE },
#else
		{ "ucg_parity_one_byte", 264,  64,    1, 0 },
#endif
	};
	int i, j;

	BUILD_BUG_ON(ARRAY_SIZE(shapes) != ARRAY_SIZE(p->caches));
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		ucg_test_cache_create(test, &p->caches[i], shapes[i].name, shapes[i].size,
				      shapes[i].flags, shapes[i].useroffset, shapes[i].usersize);
		for (j = 0; j < UCG_TEST_OBJECTS; j++)
			place(test, p, shapes[i].name, p->caches[i].objects[j], shapes[i].size);
	}
}

static void make_heap(struct kunit *test, struct parity *p)
{
	static const unsigned int orders[] = { 0, 1, 3, 2, 0 };
	int i;

	for (i = 0; i < ARRAY_SIZE(p->kmallocs); i++) {
		/* 8 bytes to 64 KiB, some of them no power of two: the large ones are pages. */
		size_t size = (8UL << (i % 14)) - (i >= 14 && i % 2 ? 3 : 0);

		p->kmallocs[i] = kmalloc(size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p->kmallocs[i]);
		place(test, p, "kmalloc", p->kmallocs[i], size);
	}
	for (i = 0; i < ARRAY_SIZE(p->areas); i++) {
		p->areas[i] = vmalloc(PAGE_SIZE << i);
		KUNIT_ASSERT_NOT_NULL(test, p->areas[i]);
		place(test, p, "vmalloc", p->areas[i], PAGE_SIZE << i);
		place(test, p, "vmalloc and beyond", p->areas[i], (PAGE_SIZE << i) + 3 * PAGE_SIZE);
	}
	for (i = 0; i < ARRAY_SIZE(p->pages); i++) {
		/* The last two are not compound. */
		gfp_t flags = GFP_KERNEL | (i < 3 ? __GFP_COMP : 0);

		p->orders[i] = orders[i];
		p->pages[i] = alloc_pages(flags, orders[i]);
		KUNIT_ASSERT_NOT_NULL(test, p->pages[i]);
		place(test, p, i < 3 ? "compound pages" : "pages", page_address(p->pages[i]),
		      PAGE_SIZE << orders[i]);
	}
}

static u8 static_bytes[4096];

static void make_rest(struct kunit *test, struct parity *p)
{
	place(test, p, "own stack", task_stack_page(current), THREAD_SIZE);
	place(test, p, "init's stack", task_stack_page(&init_task), THREAD_SIZE);
	place(test, p, "text", _stext, _etext - _stext);
	place(test, p, "start of text", _stext, 64);
	place(test, p, "end of text", _etext - 64, 64);
	place(test, p, "text by the direct map", lm_alias(_stext), _etext - _stext);
	place(test, p, "static data", static_bytes, sizeof(static_bytes));
	place(test, p, "read-only data", __start_rodata, __end_rodata - __start_rodata);
	place(test, p, "the first page", NULL, PAGE_SIZE);
	place(test, p, "user space", (void *)0x10000, TASK_SIZE - 0x10000);
	place(test, p, "the last page", (void *)-PAGE_SIZE, PAGE_SIZE - 1);
	place(test, p, "vmalloc space", (void *)VMALLOC_START, VMALLOC_END - VMALLOC_START);
	place(test, p, "all addresses", NULL, ULONG_MAX);
	/*
	 * KFENCE has a case in the check suite: the kernel's check follows the NULL
	 * that a page of its pool has for a slab cache until it is first used.
	 */
}

static int parity_init(struct kunit *test)
{
	struct parity *p = kvzalloc(sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	test->priv = p;
	return 0;
}

static void parity_exit(struct kunit *test)
{
	struct parity *p = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(p->caches); i++)
		if (p->caches[i].s)
			ucg_test_cache_destroy(&p->caches[i]);
	for (i = 0; i < ARRAY_SIZE(p->kmallocs); i++)
		kfree(p->kmallocs[i]);
	for (i = 0; i < ARRAY_SIZE(p->areas); i++)
		vfree(p->areas[i]);
	for (i = 0; i < ARRAY_SIZE(p->pages); i++)
		if (p->pages[i])
			__free_pages(p->pages[i], p->orders[i]);
	kvfree(p);
}

static unsigned long random_long(struct rnd_state *rnd)
{
	return (u64)prandom_u32_state(rnd) << 32 | prandom_u32_state(rnd);
}

/**
 * struct triple - a copy
 * @ptr:	kernel address
 * @n:		bytes
 * @to_user:	direction
 * @place:	what it was made up for
 */
struct triple {
	unsigned long ptr;
	unsigned long n;
	bool to_user;
	const struct place *place;
};

/* Mostly at the edges: there the mistakes are. */
/* How long a copy from @ptr is, of @size bytes of which @rest are behind it. */
static unsigned long make_up_length(struct rnd_state *rnd, u32 dice, unsigned long ptr,
				    unsigned long size, unsigned long rest, long near)
{
	switch (dice & 15) {
	case 0:
		return 0;
	case 1:
		return random_long(rnd);
	case 2:
		return -ptr + near;
	case 3:
		return ULONG_MAX - (near & 15);
	case 4 ... 6:
		return rest;
	case 7 ... 8:
		return rest + near;
	case 9:
		return prandom_u32_state(rnd) % (4 * PAGE_SIZE);
	default:
		return 1 + random_long(rnd) % min(size, 1UL << 20);
	}
}

static struct triple make_up(struct parity *p, struct rnd_state *rnd)
{
	u32 dice = prandom_u32_state(rnd);
	struct triple t;
	long near = (long)(prandom_u32_state(rnd) % 129) - 64;
	unsigned long start, size;

	/* Slab objects are many: each second copy is for what is not one. */
	if (dice & 1)
		t.place = &p->places[prandom_u32_state(rnd) % p->nr];
	else
		t.place = &p->places[6 * UCG_TEST_OBJECTS +
				     prandom_u32_state(rnd) % (p->nr - 6 * UCG_TEST_OBJECTS)];
	start = t.place->start;
	size = t.place->size;

	switch (dice >> 1 & 3) {
	case 0:
		t.ptr = start + near;
		break;
	case 1:
		t.ptr = start + size + near;
		break;
	default:
		t.ptr = start + random_long(rnd) % size;
		break;
	}
	t.n = make_up_length(rnd, dice >> 3, t.ptr, size, start + size - t.ptr, near);
	t.to_user = dice >> 7 & 1;
	return t;
}

/**
 * intended - is a disagreement meant?
 * @t:		the copy
 * @f:		what the guard found
 * @here:	the frame that both checks were called from
 *
 * Return: why, or NULL.
 */
static const char *intended(const struct triple *t, const struct ucg_finding *f,
			    unsigned long here)
{
	if (f->kind == UCG_VMALLOC && f->object_size &&
	    f->offset + f->n <= f->object_size + PAGE_SIZE)
		return
		    "the kernel's check counts the page behind an area to it, which is not mapped";
	if (f->kind == UCG_MODULE_TEXT)
		return "the kernel's check knows no text but its own; modules' is as secret";
	/*
	 * Below the stack pointer, both checks call a copy bad; their own is not
	 * the same, since they do not call equally deep.
	 */
	if (t->ptr < here && t->ptr + CHECK_FRAMES > here)
		return "in the frames of the checks themselves";
	/* x86 with frame pointers: a copy may not cross frames. */
	if (IS_ENABLED(CONFIG_FRAME_POINTER) && IS_ENABLED(CONFIG_X86) && f->kind == UCG_FINE &&
	    object_is_on_stack((void *)t->ptr))
		return "frames are told apart only in kernels that have frame pointers";
	return NULL;
}

/* With the tag of the memory's page, if that has one. */
static const void *with_page_tag(const void *plain)
{
	if (!IS_ENABLED(CONFIG_KASAN_SW_TAGS) || !virt_addr_valid(plain))
		return plain;
	return page_address(virt_to_page(plain)) + offset_in_page(plain);
}

/*
 * What the kernel's own check says. It calculates with tags as they are: of pages and what is in
 * them with those that they have, of all else with none.
 */
static bool kernel_passes(const struct triple *t, const struct ucg_finding *f)
{
	const void *plain = kasan_reset_tag((void *)t->ptr), *tagged = with_page_tag(plain);

	if (ucg_test_kernel_verdict(tagged, t->n, t->to_user) != UCG_TEST_GO)
		return false;
	if (f->kind != UCG_WRAP && f->kind != UCG_TEXT && f->kind != UCG_STACK)
		return true;
	return ucg_test_kernel_verdict(plain, t->n, t->to_user) == UCG_TEST_GO;
}

/* What the guard says, on its short way and on its long one. ucg_judge() goes by this frame. */
static __always_inline bool guard_passes(const struct triple *t, struct ucg_finding *f,
					 bool *short_way)
{
	*short_way = ucg_check((void *)t->ptr, t->n);
	return ucg_judge((void *)t->ptr, t->n, t->to_user, f) == UCG_FINE;
}

static void tell(struct kunit *test, unsigned long i, const struct triple *t, bool kernel,
		 bool guard, const struct ucg_finding *f, bool short_way)
{
	KUNIT_FAIL(test,
		   "triple %lu, %s: %lu bytes from offset %ld, %s user space: kernel %s, guard %s (%s), its short way %s",
		   i, t->place->what, t->n, (long)(t->ptr - t->place->start),
		   t->to_user ? "to" : "from", kernel ? "good" : "bad", guard ? "good" : "bad",
		   ucg_kind_words[f->kind], short_way ? "good" : "not sure");
}

static void a_million_copies_are_judged_alike(struct kunit *test)
{
	unsigned long good = 0, bad = 0, meant = 0, short_ways = 0, i;
	unsigned long here = (unsigned long)__builtin_frame_address(0);
	struct parity *p = test->priv;
	struct rnd_state rnd;
	int told = 0;

	make_caches(test, p);
	make_heap(test, p);
	make_rest(test, p);
	prandom_seed_state(&rnd, SEED);

	for (i = 0; i < TRIPLES; i++) {
		struct triple t = make_up(p, &rnd);
		bool guard, kernel, short_way;
		struct ucg_finding f;
		int tries = 3;

		/* Memory that is not ours may come and go between the two: look again. */
		do {
			guard = guard_passes(&t, &f, &short_way);
			kernel = kernel_passes(&t, &f);
		} while ((guard != kernel || (short_way && !guard)) && --tries);

		good += kernel;
		bad += !kernel;
		short_ways += short_way;
		if (guard != kernel && intended(&t, &f, here)) {
			meant++;
			continue;
		}
		if (guard != kernel || (short_way && !kernel && !intended(&t, &f, here))) {
			if (told++ < 20)
				tell(test, i, &t, kernel, guard, &f, short_way);
		}
		if (!(i % 1024))
			cond_resched();
	}
	kunit_info(test, "%d triples: %lu good, %lu bad, %lu differ as intended, %d disagree; %lu passed on the short way\n",
		   TRIPLES, good, bad, meant, told, short_ways);
	/* Neither side may be there for show. */
	KUNIT_EXPECT_GT(test, good, (unsigned long)TRIPLES / 10);
	KUNIT_EXPECT_GT(test, bad, (unsigned long)TRIPLES / 10);
	KUNIT_EXPECT_LT(test, meant, (unsigned long)TRIPLES / 50);
	KUNIT_EXPECT_EQ(test, told, 0);
}

static struct kunit_case parity_cases[] = {
	KUNIT_CASE(a_million_copies_are_judged_alike),
	{}
};

static struct kunit_suite parity_suite = {
	.name = "usercopy_guard_parity",
	.init = parity_init,
	.exit = parity_exit,
	.test_cases = parity_cases,
};

kunit_test_suite(parity_suite);
