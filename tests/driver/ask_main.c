// SPDX-License-Identifier: GPL-2.0-only
/*
 * A differential test: questions about copies, made up from a seed, are put to the kernel's own
 * check while the guard is not loaded, to the guard, and to the kernel's check again; always the
 * same addresses, by one task with one stack. Where the kernel said the same both times, and the guard
 * another thing, there must be a reason, and Documentation/internals.rst has it.
 *
 * In debugfs: write "kernel", "guard" and "again" to ucg_ask/ask, one after the other, and read
 * ucg_ask/result. Nothing is copied, so nothing is harmed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/kfence.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched/task_stack.h>
#include <linux/seq_file.h>
#include <linux/vmalloc.h>

#include "../../usercopy/policy.h"

#include "ask.h"

static ulong seed = 1;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "what the questions are made of");

static uint questions = 20000;
module_param(questions, uint, 0444);
MODULE_PARM_DESC(questions, "how many");

/* Bytes of the asker's stack below its stack pointer that the frames of both checks lie in. */
#define CHECK_FRAMES	2048

/* Why guard and kernel may differ; in the words of Documentation/internals.rst. */
enum reason {
	NONE,
	NOT_MAPPED,
	LAST_PAGE,
	MODULE_CODE,
	OWN_FRAMES,
	LIVE_FRAMES,
	KFENCE,
	MAP_RAM,
	FREED_IMAGE,
	NO_FAULTS,
	NR_REASONS,
};

static const char * const reasons[NR_REASONS] = {
	[NOT_MAPPED]	= "stricter: vmalloc",
	[LAST_PAGE]	= "stricter: the end of the text",
	[MODULE_CODE]	= "stricter: code of modules",
	[OWN_FRAMES]	= "stricter: the stack",
	[LIVE_FRAMES]	= "looser: frames of the stack",
	[KFENCE]	= "KFENCE objects",
	[MAP_RAM]	= "looser: vmalloc, vm_map_ram()",
	[FREED_IMAGE]	= "looser: what is freed of the kernel's image",
	[NO_FAULTS]	= "stricter: vmalloc with page faults disabled",
};

/* What a page is to those who allocate. */
enum page_use { NO_PAGE, SLAB_PAGE, COMPOUND_PAGE, OTHER_PAGE };

struct answer {
	u8 kernel : 1;
	u8 again : 1;
	/* of enum page_use: when the kernel was asked, and when the guard was */
	u8 was : 2;
	u8 is : 2;
	u8 guard;
	u8 reason;
};

static struct answer *answers;

enum phase { KERNEL, GUARD, AGAIN, NR_PHASES };
static const char * const phase_words[NR_PHASES] = { "kernel", "guard", "again" };
static bool asked[NR_PHASES];
static enum phase phase;

static struct task_struct *asker;
static bool leaving;
static DECLARE_COMPLETION(go);
static DECLARE_COMPLETION(done);
static DEFINE_MUTEX(lock);

/* Is a page of it not mapped, so that a copy would fault? */
static bool meets_hole(unsigned long addr, unsigned long n)
{
	unsigned long page = addr & PAGE_MASK;

	for (; page < addr + n; page += PAGE_SIZE)
		if (!is_vmalloc_addr((void *)page) || !vmalloc_to_page((void *)page))
			return true;
	return false;
}

static enum reason guard_stricter(const struct ask_question *q, unsigned int found)
{
	unsigned long sp = ask_stack_pointer();

	switch (found) {
	case UCG_VMALLOC:
		if (q->no_faults)
			return NO_FAULTS;
		return meets_hole(q->ptr, q->n) ? NOT_MAPPED : NONE;
	case UCG_TEXT:
		return ask_behind_text(q->ptr) ? LAST_PAGE : NONE;
	case UCG_MODULE_TEXT:
		return MODULE_CODE;
	case UCG_STACK:
		return q->ptr < sp && q->ptr + CHECK_FRAMES > sp ? OWN_FRAMES : NONE;
	default:
		return is_kfence_address((void *)q->ptr) ? KFENCE : NONE;
	}
}

/* An address of the kernel's image, where the memory is no longer the image's. */
static bool is_freed_image(unsigned long addr)
{
	return addr - __START_KERNEL_map < KERNEL_IMAGE_SIZE && virt_addr_valid((void *)addr) &&
	       !PageReserved(virt_to_page((void *)addr));
}

static enum reason guard_looser(const struct ask_question *q)
{
	if (is_kfence_address((void *)q->ptr))
		return KFENCE;
	if (q->kind->ram_map)
		return MAP_RAM;
	if (is_freed_image(q->ptr))
		return FREED_IMAGE;
	/* Its frames are told apart only by kernels that have frame pointers. */
	if (IS_ENABLED(CONFIG_FRAME_POINTER) && object_is_on_stack((void *)q->ptr))
		return LIVE_FRAMES;
	return NONE;
}

/* Memory beside ours is not ours: it may be free now, and an object's later, and free again. */
static enum page_use use_of(unsigned long addr)
{
	struct folio *folio;

	if (!virt_addr_valid((void *)addr))
		return NO_PAGE;
	folio = page_folio(virt_to_page((void *)addr));
	if (folio_test_slab(folio))
		return SLAB_PAGE;
	return folio_test_large(folio) ? COMPOUND_PAGE : OTHER_PAGE;
}

static void ask(u32 number)
{
	struct answer *a = &answers[number];
	struct ask_question q;
	enum page_use use;
	unsigned int guard;
	bool good;

	ask_make_up(seed, number, &q);
	use = use_of(q.ptr);
	good = ask_check_or_guard(&q, &guard);
	switch (phase) {
	case KERNEL:
		a->was = use;
		a->kernel = good;
		break;
	case AGAIN:
		a->again = good;
		break;
	default:
		a->is = use;
		a->guard = guard;
		if (a->kernel && a->guard)
			a->reason = guard_stricter(&q, a->guard);
		else if (!a->kernel && !a->guard)
			a->reason = guard_looser(&q);
	}
}

/* In both phases of the kernel's, and in the guard's, the same calls deep. */
static int ask_all(void *unused)
{
	u32 i;

	for (;;) {
		wait_for_completion(&go);
		if (leaving)
			return 0;
		for (i = 0; i < questions; i++) {
			ask(i);
			cond_resched();
		}
		complete(&done);
	}
}

static ssize_t ask_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char word[16] = {};
	int p;

	if (len >= sizeof(word) || copy_from_user(word, buf, len))
		return -EINVAL;
	p = match_string(phase_words, NR_PHASES, strim(word));
	if (p < 0)
		return p;
	/* The guard is asked when it is there, the kernel when it is not. */
	if (ask_guard_is_there() != (p == GUARD))
		return -EBUSY;
	mutex_lock(&lock);
	phase = p;
	complete(&go);
	wait_for_completion(&done);
	asked[p] = true;
	mutex_unlock(&lock);
	return len;
}

static const struct file_operations ask_fops = {
	.owner	= THIS_MODULE,
	.write	= ask_write,
};

static void print_difference(struct seq_file *m, u32 number)
{
	const struct answer *a = &answers[number];
	struct ask_question q;

	ask_make_up(seed, number, &q);
	seq_printf(m, "differs: seed %lu question %u: %lu bytes %s user space at %s%+ld%s: kernel %s, guard %s (kind %u)\n",
		   seed, number, q.n, q.to_user ? "to" : "from", q.kind->name,
		   (long)(q.ptr - q.place->start),
		   q.no_faults ? ", page faults disabled" : "", a->kernel ? "good" : "bad",
		   a->guard ? "bad" : "good", a->guard);
}

static int result_show(struct seq_file *m, void *v)
{
	unsigned int good = 0, bad = 0, volatiles = 0, differ = 0, r;
	unsigned int meant[NR_REASONS] = {};
	u32 i;

	if (!asked[KERNEL] || !asked[GUARD] || !asked[AGAIN])
		return -EAGAIN;
	for (i = 0; i < questions; i++) {
		const struct answer *a = &answers[i];

		if (a->kernel != a->again || a->was != a->is) {
			volatiles++;
			continue;
		}
		good += a->kernel;
		bad += !a->kernel;
		if (a->kernel != !!a->guard)
			continue;
		if (a->reason)
			meant[a->reason]++;
		else if (differ++ < 20)
			print_difference(m, i);
	}
	for (r = 1; r < NR_REASONS; r++)
		if (meant[r])
			seq_printf(m, "documented: %u, %s\n", meant[r], reasons[r]);
	seq_printf(m, "result: seed=%lu questions=%u kinds=%u good=%u bad=%u volatile=%u differ=%u\n",
		   seed, questions, ask_nr_kinds, good, bad, volatiles, differ);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static struct dentry *dir;

static int start_asker(void)
{
	asker = kthread_create(ask_all, NULL, "ucg_ask");
	if (IS_ERR(asker))
		return PTR_ERR(asker);
	get_task_struct(asker);
	ask_places_of_others(asker);
	wake_up_process(asker);
	return 0;
}

static void stop_asker(void)
{
	leaving = true;
	complete(&go);
	kthread_stop(asker);
	put_task_struct(asker);
	ask_let_others_go();
}

static int __init ask_init(void)
{
	int err;

	answers = vcalloc(questions, sizeof(*answers));
	if (!answers)
		return -ENOMEM;
	err = ask_memory_make();
	if (err)
		goto free;
	err = ask_kernel_init();
	if (err)
		goto free;
	err = ask_guard_init();
	if (err)
		goto no_kernel;
	err = start_asker();
	if (err)
		goto no_guard;
	dir = debugfs_create_dir("ucg_ask", NULL);
	debugfs_create_file("ask", 0200, dir, NULL, &ask_fops);
	debugfs_create_file("result", 0400, dir, NULL, &result_fops);
	return 0;

no_guard:
	ask_guard_exit();
no_kernel:
	ask_kernel_exit();
free:
	ask_memory_free();
	vfree(answers);
	return err;
}
module_init(ask_init);

static void __exit ask_exit(void)
{
	debugfs_remove(dir);
	stop_asker();
	ask_guard_exit();
	ask_kernel_exit();
	ask_memory_free();
	vfree(answers);
}
module_exit(ask_exit);

MODULE_DESCRIPTION("Asks the kernel's check and the guard the same, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
