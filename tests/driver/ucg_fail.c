// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has one allocation or one copy of a task fail, by count, on kernels that are built without fault
 * injection. For virtual machines only.
 *
 * Write N to /dev/ucg_fail: of what the writing task allocates and copies from then on, the Nth
 * fails. Read: how many are left to the one that fails; 0, it has failed. Write "workers N": the same
 * for all that the kernel's unbound workers do.
 *
 * A probe at the entry of each such function has the function return at once. Allocations inside
 * of others are counted as well: of vmalloc() the area, its pages and the array of them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/ibt.h>

/* Where a function returns to that does nothing; RAX is set. */
extern void ucg_fail_return(void);

asm(".pushsection .text, \"ax\", @progbits\n"
	".type ucg_fail_return, @function\n"
	".globl ucg_fail_return\n"
	"ucg_fail_return:\n"
	ASM_ENDBR
	ASM_RET
	".size ucg_fail_return, .-ucg_fail_return\n"
	".popsection\n");

/* Which argument says how the memory may be had; none of a copy, of which all bytes are left. */
enum gfp_argument {
	GFP_FIRST,
	GFP_SECOND,
	GFP_FIFTH,
	COPY,
};

static const struct {
	const char *name;
	enum gfp_argument gfp;
} functions[] = {
	{ "__kmalloc",				GFP_SECOND },
	{ "__kmalloc_node",			GFP_SECOND },
	{ "__kmalloc_node_track_caller",	GFP_SECOND },
	{ "kmalloc_trace",			GFP_SECOND },
	{ "kmalloc_large",			GFP_SECOND },
	{ "kmem_cache_alloc",			GFP_SECOND },
	{ "kmem_cache_alloc_node",		GFP_SECOND },
	{ "kvmalloc_node",			GFP_SECOND },
	{ "__vmalloc_node_range",		GFP_FIFTH },
	{ "__alloc_pages",			GFP_FIRST },
	{ "__kmalloc_noprof",			GFP_SECOND },
	{ "__kmalloc_node_noprof",		GFP_SECOND },
	{ "__kmalloc_node_track_caller_noprof",	GFP_SECOND },
	{ "__kmalloc_cache_noprof",		GFP_SECOND },
	{ "__kmalloc_large_noprof",		GFP_SECOND },
	{ "kmem_cache_alloc_noprof",		GFP_SECOND },
	{ "kmem_cache_alloc_node_noprof",	GFP_SECOND },
	{ "__kvmalloc_node_noprof",		GFP_SECOND },
	{ "__vmalloc_node_range_noprof",	GFP_FIFTH },
	{ "__alloc_pages_noprof",		GFP_FIRST },
	{ "__alloc_frozen_pages_noprof",	GFP_FIRST },
	{ "_copy_from_user",			COPY },
	{ "_copy_to_user",			COPY },
};

/* Fewer are no test. */
#define FUNCTIONS_MIN	10

static struct {
	struct kprobe probe;
	bool armed;
} probes[ARRAY_SIZE(functions)];

static DEFINE_MUTEX(lock);
static struct task_struct *victim;
static bool workers;
static atomic_long_t left = ATOMIC_LONG_INIT(0);

static bool is_meant(void)
{
	if (!in_task())
		return false;
	if (READ_ONCE(workers))
		return (current->flags & PF_WQ_WORKER) && !strncmp(current->comm, "kworker/u", 9);
	return current == READ_ONCE(victim);
}

static gfp_t gfp_of(const struct pt_regs *regs, enum gfp_argument where)
{
	switch (where) {
	case GFP_FIRST:
		return (__force gfp_t)regs->di;
	case GFP_SECOND:
		return (__force gfp_t)regs->si;
	case GFP_FIFTH:
		return (__force gfp_t)regs->r8;
	default:
		return 0;
	}
}

static int on_entry(struct kprobe *p, struct pt_regs *regs)
{
	unsigned int i = container_of(p, typeof(probes[0]), probe) - probes;

	/* Whoever cannot bear it is not asked to. */
	if (!atomic_long_read(&left) || !is_meant() || gfp_of(regs, functions[i].gfp) & __GFP_NOFAIL)
		return 0;
	/* Several workers may be at it. */
	if (atomic_long_dec_if_positive(&left))
		return 0;
	regs->ax = functions[i].gfp == COPY ? regs->dx : 0;
	regs->ip = (unsigned long)ucg_fail_return;
	return 1;
}

/* With one, a probe may change where the function goes on. */
static void behind(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static ssize_t fail_write(struct file *file, const char __user *buffer, size_t len, loff_t *ppos)
{
	char text[32] = "";
	unsigned long n;
	bool by_workers;
	int err;

	atomic_long_set(&left, 0);
	if (len >= sizeof(text) || copy_from_user(text, buffer, len))
		return -EINVAL;
	by_workers = !strncmp(text, "workers ", 8);
	err = kstrtoul(by_workers ? text + 8 : text, 0, &n);
	if (err)
		return err;
	mutex_lock(&lock);
	WRITE_ONCE(victim, current);
	WRITE_ONCE(workers, by_workers);
	atomic_long_set(&left, n);
	mutex_unlock(&lock);
	return len;
}

static ssize_t fail_read(struct file *file, char __user *buffer, size_t len, loff_t *ppos)
{
	char text[32];
	int n;

	if (*ppos)
		return 0;
	n = scnprintf(text, sizeof(text), "%ld\n", atomic_long_xchg(&left, 0));
	if (len < n || copy_to_user(buffer, text, n))
		return -EFAULT;
	*ppos = n;
	return n;
}

static const struct file_operations fail_fops = {
	.owner	= THIS_MODULE,
	.write	= fail_write,
	.read	= fail_read,
};

static struct miscdevice fail_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ucg_fail",
	.fops	= &fail_fops,
};

static void remove_probes(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (probes[i].armed)
			unregister_kprobe(&probes[i].probe);
}

static int __init fail_init(void)
{
	unsigned int i, nr = 0;
	int err;

	/* Not all kernels have all of them. */
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		struct kprobe *p = &probes[i].probe;

		p->symbol_name = functions[i].name;
		p->pre_handler = on_entry;
		p->post_handler = behind;
		probes[i].armed = !register_kprobe(p);
		nr += probes[i].armed;
	}
	pr_info("%u functions can fail\n", nr);
	err = nr < FUNCTIONS_MIN ? -ENOENT : misc_register(&fail_device);
	if (err)
		remove_probes();
	return err;
}
module_init(fail_init);

static void __exit fail_exit(void)
{
	misc_deregister(&fail_device);
	remove_probes();
}
module_exit(fail_exit);

MODULE_DESCRIPTION("Has allocations and copies fail by count, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
