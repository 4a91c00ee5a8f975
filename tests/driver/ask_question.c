// SPDX-License-Identifier: GPL-2.0-only
/*
 * The questions: places that are not of our own, and how a copy is made up (ask.h).
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/fixmap.h>

#include "ask.h"

/* What /proc/kallsyms has and no module can ask for; 0 is not known. */
static ulong text, etext, rodata, erodata, bss, ebss;
module_param(text, ulong, 0400);
MODULE_PARM_DESC(text, "_stext");
module_param(etext, ulong, 0400);
MODULE_PARM_DESC(etext, "_etext");
module_param(rodata, ulong, 0400);
MODULE_PARM_DESC(rodata, "__start_rodata");
module_param(erodata, ulong, 0400);
MODULE_PARM_DESC(erodata, "__end_rodata");
module_param(bss, ulong, 0400);
MODULE_PARM_DESC(bss, "__bss_start");
module_param(ebss, ulong, 0400);
MODULE_PARM_DESC(ebss, "__bss_stop");

/**
 * ask_behind_text - is an address in the last page of the kernel's text, and behind the text?
 * @addr:	an address of the image, or of its alias in the direct map
 */
bool ask_behind_text(unsigned long addr)
{
	unsigned long alias = etext ? (unsigned long)__va(__pa(etext)) : 0;

	return addr - etext < PAGE_ALIGN(etext) - etext || addr - alias < PAGE_ALIGN(alias) - alias;
}

static char data[5000] = { 1 };
static char zeroes[5000];
static const char constants[5000] = { 1 };
static DEFINE_PER_CPU(char [512], per_cpu_bytes);

static struct mm_struct *memory_map;

static void places_of_image(void)
{
	if (text && etext > text) {
		ask_place("text", (void *)text, etext - text);
		ask_place("start of text", (void *)text, 64);
		ask_place("end of text", (void *)(etext - 64), 64);
		ask_place("text by the direct map", __va(__pa(text)), etext - text);
		ask_place("end of text by the direct map", __va(__pa(etext - 64)), 64);
	}
	if (rodata && erodata > rodata) {
		ask_place("read-only data", (void *)rodata, erodata - rodata);
		ask_place("read-only data by the direct map", __va(__pa(rodata)), erodata - rodata);
	}
	if (bss && ebss > bss)
		ask_place("bss", (void *)bss, ebss - bss);
	ask_place("a function", (void *)&__check_object_size, 200);
	ask_place("an exported datum", &init_task, sizeof(init_task));
}

static void places_of_modules(void)
{
	ask_place("module's data", data, sizeof(data));
	ask_place("module's bss", zeroes, sizeof(zeroes));
	ask_place("module's constants", constants, sizeof(constants));
	ask_place("module's text", (void *)&ask_make_up, 300);
	ask_place("module's per-CPU data", per_cpu_ptr(&per_cpu_bytes, 0), sizeof(per_cpu_bytes));
}

static void places_of_tasks(struct task_struct *asker)
{
	ask_place("own stack", task_stack_page(asker), THREAD_SIZE);
	/* Where its frames are. */
	ask_place("end of own stack", task_stack_page(asker) + THREAD_SIZE - 1024, 1024);
	ask_place("init's stack", task_stack_page(&init_task), THREAD_SIZE);
	ask_place("a task", asker, sizeof(*asker));
	/* Not to go before us. */
	memory_map = current->mm;
	mmgrab(memory_map);
	ask_place("a memory map", memory_map, sizeof(*memory_map));
}

static void places_of_no_use(void)
{
	ask_place("the first page", NULL, PAGE_SIZE);
	ask_place("no bytes", ZERO_SIZE_PTR, 1);
	ask_place("user space", (void *)0x10000, TASK_SIZE - 0x10000);
	ask_place("no address", (void *)0x0000900000000000, 1UL << 46);
	ask_place("below the direct map", (void *)(PAGE_OFFSET - (1UL << 30)), 1UL << 30);
	ask_place("the ISA hole", __va(0xa0000), 0x60000);
	ask_place("behind all memory", high_memory, 1UL << 30);
	ask_place("the vmalloc space", (void *)VMALLOC_START, VMALLOC_END - VMALLOC_START);
	ask_place("struct pages", virt_to_page(current), PAGE_SIZE);
	ask_place("the modules' space", (void *)MODULES_VADDR, MODULES_END - MODULES_VADDR);
	ask_place("the fixmap", (void *)FIXADDR_START, FIXADDR_SIZE);
	ask_place("CPU entry area", (void *)CPU_ENTRY_AREA_BASE, PAGE_SIZE);
	ask_place("error values", (void *)-4095UL, 4095);
	ask_place("all addresses", NULL, ULONG_MAX);
}

/**
 * ask_places_of_others - add what is not of our own
 * @asker:	who asks
 */
void ask_places_of_others(struct task_struct *asker)
{
	places_of_image();
	places_of_modules();
	places_of_tasks(asker);
	places_of_no_use();
}

/**
 * ask_let_others_go - give back what keeps their memory
 */
void ask_let_others_go(void)
{
	if (memory_map)
		mmdrop(memory_map);
}

/* Each question is made of its number alone, so one can be looked at without all before it. */
static u64 next_random(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* How long a copy from @ptr is, from a place of @size bytes of which @rest are behind it. */
static unsigned long make_up_length(u64 *state, unsigned long ptr, unsigned long size,
				    unsigned long rest, long near)
{
	switch (next_random(state) % 16) {
	case 0:
		return 0;
	case 1:
		return next_random(state);
	case 2:
		/* To about the end of all addresses. */
		return -ptr + near;
	case 3:
		return ULONG_MAX - (near & 15);
	case 4 ... 6:
		return rest;
	case 7 ... 8:
		return rest + near;
	case 9:
		return next_random(state) % (4 * PAGE_SIZE);
	case 10:
		return 1 + next_random(state) % 16;
	default:
		return 1 + next_random(state) % min(size, 1UL << 20);
	}
}

/**
 * ask_make_up - make up a question, mostly about edges: there the mistakes are
 * @seed:	what all are made of
 * @number:	which
 * @q:		filled
 */
void ask_make_up(u64 seed, u32 number, struct ask_question *q)
{
	u64 state = (seed << 32) + seed + number * 0xd6e8feb86659fd93ULL;
	long near = (long)(next_random(&state) % 129) - 64;
	u64 dice = next_random(&state);
	unsigned long start, size;

	q->kind = &ask_kinds[next_random(&state) % ask_nr_kinds];
	q->place = &q->kind->places[next_random(&state) % q->kind->nr];
	start = q->place->start;
	size = q->place->size;
	switch (dice & 3) {
	case 0:
		q->ptr = start + near;
		break;
	case 1:
		q->ptr = start + size + near;
		break;
	default:
		q->ptr = start + next_random(&state) % size;
		break;
	}
	q->n = make_up_length(&state, q->ptr, size, start + size - q->ptr, near);
	q->to_user = dice >> 2 & 1;
	q->no_faults = !(dice >> 3 & 7);
}
