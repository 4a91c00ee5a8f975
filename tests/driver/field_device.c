// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies that people met, made again from what they reported (tests/vm/field.sh says who, and asks
 * for them with offset and length). For virtual machines only.
 *
 * Where the kernel's text lies is no module's business; who loads this says it, from
 * /proc/kallsyms: stext=0x... etext=0x...
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/kfence.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "field.h"

static unsigned long stext, etext;
module_param(stext, ulong, 0400);
module_param(etext, ulong, 0400);

/* What a place needs beside an address. */
struct place {
	const char *name;
	/* the address that offsets count from; NULL is no failure */
	void *(*get)(void);
	void (*put)(void *base);
	/* how it is copied, if not by copy_to_user() and copy_from_user() */
	int (*copy)(struct ucg_field *f, void *base);
};

/* --- the copies --- */

static bool is_good_length(const struct ucg_field *f)
{
	/* Longer ones are stopped by the compiler's own check, in the caller, with a warning. */
	return f->len <= INT_MAX;
}

/* The address goes through a volatile, lest the compiler know what it points to. */
noinline int field_copy_plainly(struct ucg_field *f, void *base)
{
	void *p = READ_ONCE(base) + f->offset;

	if (!is_good_length(f))
		return -EINVAL;
	if (f->from)
		f->left = copy_from_user(p, u64_to_user_ptr(f->user), f->len);
	else
		f->left = copy_to_user(u64_to_user_ptr(f->user), p, f->len);
	return 0;
}

/* The length as it comes; what comes behind the user's buffer is not mapped, and ends it. */
static noinline int copy_unchecked(struct ucg_field *f, void *base)
{
	if (f->from)
		return -EINVAL;
	f->left = __copy_to_user(u64_to_user_ptr(f->user), READ_ONCE(base) + f->offset, f->len);
	return 0;
}

/* --- text, and what lies around it --- */

static void *alias_of(unsigned long addr)
{
	return __va(__pa(addr));
}

static void *get_text_start(void)
{
	return stext ? alias_of(stext) : ERR_PTR(-EINVAL);
}

static void *get_text_end(void)
{
	return etext ? alias_of(PAGE_ALIGN(etext)) : ERR_PTR(-EINVAL);
}

/* --- data of modules and of the kernel --- */

static const char module_rodata[] = "a string literal of a module";
static char module_data[64] = { 1 };
static char module_bss[64];

static void *get_module_rodata(void)
{
	return (void *)module_rodata;
}

static void *get_module_data(void)
{
	return module_data;
}

static void *get_module_bss(void)
{
	return module_bss;
}

static void *get_kernel_rodata(void)
{
	return (void *)_ctype;
}

/* --- memory of its own --- */

static void *get_vzalloc(void)
{
	return vzalloc(64 + 1048) ?: ERR_PTR(-ENOMEM);
}

static void put_vzalloc(void *base)
{
	vfree(base);
}

/* An object that KFENCE guards would be another test. */
static void *get_kmalloc_of(size_t size, gfp_t flags)
{
	void *tried[16], *p = NULL;
	int nr = 0;

	while (nr < ARRAY_SIZE(tried)) {
		p = kzalloc(size, GFP_KERNEL | flags);
		if (!p || !is_kfence_address(p))
			break;
		tried[nr++] = p;
		p = NULL;
	}
	while (nr)
		kfree(tried[--nr]);
	return p ?: ERR_PTR(-ENOMEM);
}

static void *get_kmalloc_2048(void)
{
	return get_kmalloc_of(2048, 0);
}

static void *get_kmalloc_96(void)
{
	return get_kmalloc_of(96, 0);
}

static void *get_kmalloc_9(void)
{
	return get_kmalloc_of(9, 0);
}

static void *get_kmalloc_8(void)
{
	return get_kmalloc_of(8, 0);
}

static void *get_kmalloc_dma(void)
{
	return get_kmalloc_of(32, GFP_DMA);
}

static void put_kmalloc(void *base)
{
	kfree(base);
}

static void *get_null(void)
{
	return NULL;
}

static void *get_zero_size(void)
{
	return ZERO_SIZE_PTR;
}

/* --- caches as drivers have them --- */

static struct kmem_cache *bare_cache, *region_cache, *stack_cache;

static void *get_of(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	if (!object)
		return ERR_PTR(-ENOMEM);
	return memset(object, 0xa5, kmem_cache_size(cache));
}

static void *get_bare(void)
{
	return get_of(bare_cache);
}

static void put_bare(void *base)
{
	kmem_cache_free(bare_cache, base);
}

static void *get_region(void)
{
	return get_of(region_cache);
}

static void put_region(void *base)
{
	kmem_cache_free(region_cache, base);
}

static void *get_stack_object(void)
{
	return get_of(stack_cache);
}

static void put_stack_object(void *base)
{
	kmem_cache_free(stack_cache, base);
}

/* --- with a lock that others wait for --- */

static DEFINE_MUTEX(gate);

static int copy_locked(struct ucg_field *f, void *base)
{
	int err;

	if (mutex_lock_killable(&gate))
		return -EINTR;
	err = field_copy_plainly(f, base);
	mutex_unlock(&gate);
	return err;
}

/* --- the stack --- */

/* From below the stack pointer of the function that copies. */
static noinline int copy_below(struct ucg_field *f, void *base)
{
	unsigned long sp = current_stack_pointer;

	if (f->from || f->len > 256)
		return -EINVAL;
	f->left = copy_to_user(u64_to_user_ptr(f->user), (void *)READ_ONCE(sp) + f->offset, f->len);
	return 0;
}

/* Over the end of a small variable, into others of the same frame. */
static noinline int copy_small(struct ucg_field *f, void *base)
{
	struct {
		char small[8];
		char others[56];
	} frame = {};
	unsigned long addr = (unsigned long)frame.small;

	if (f->offset < 0 || f->offset > 8 || f->len > 32)
		return -EINVAL;
	if (f->from)
		f->left = copy_from_user((void *)READ_ONCE(addr) + f->offset,
					 u64_to_user_ptr(f->user), f->len);
	else
		f->left = copy_to_user(u64_to_user_ptr(f->user),
				       (void *)READ_ONCE(addr) + f->offset, f->len);
	return 0;
}

/* --- all of them --- */

static const struct place places[] = {
	{ "text-start",		get_text_start },
	{ "text-end",		get_text_end },
	{ "module-rodata",	get_module_rodata },
	{ "module-data",	get_module_data },
	{ "module-bss",		get_module_bss },
	{ "kernel-rodata",	get_kernel_rodata },
	{ "vzalloc",		get_vzalloc,		put_vzalloc },
	{ "kmalloc-2048",	get_kmalloc_2048,	put_kmalloc },
	{ "kmalloc-96",		get_kmalloc_96,		put_kmalloc,	copy_unchecked },
	{ "kmalloc-9",		get_kmalloc_9,		put_kmalloc },
	{ "kmalloc-dma",	get_kmalloc_dma,	put_kmalloc },
	{ "null",		get_null },
	{ "zero-size",		get_zero_size },
	{ "worker",		get_bare,		put_bare,	field_copy_by_worker },
	{ "worker-kvec",	get_bare,		put_bare,	field_copy_to_kvec },
	{ "bare",		get_bare,		put_bare },
	{ "region",		get_region,		put_region },
	{ "stack-object",	get_stack_object,	put_stack_object },
	{ "locked",		get_kmalloc_8,		put_kmalloc,	copy_locked },
	{ "below-stack",	get_null,		NULL,		copy_below },
	{ "small-variable",	get_null,		NULL,		copy_small },
	{ "timer",		get_vzalloc,		put_vzalloc,	field_copy_on_timer },
	{ "kprobe",		get_vzalloc,		put_vzalloc,	field_copy_on_probe },
};

static const struct place *find_place(const char *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (!strncmp(places[i].name, name, UCG_FIELD_NAME_MAX))
			return &places[i];
	return NULL;
}

static int copy(struct ucg_field *f)
{
	const struct place *place = find_place(f->place);
	void *base;
	int err;

	if (!place)
		return -ENOENT;
	base = place->get();
	if (IS_ERR(base))
		return PTR_ERR(base);
	f->tried = 1;
	f->complete = 0;
	err = place->copy ? place->copy(f, base) : field_copy_plainly(f, base);
	if (f->tried == 1)
		f->complete = !f->left;
	/* A worker that has died has it still. */
	if (place->put && err != -ETIME)
		place->put(base);
	return err ?: f->complete == f->tried ? 0 : -EFAULT;
}

static long field_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ucg_field f;
	int err;

	if (cmd != UCG_FIELD_IOC_COPY)
		return -ENOTTY;
	if (copy_from_user(&f, (void __user *)arg, sizeof(f)))
		return -EFAULT;
	err = copy(&f);
	if (copy_to_user((void __user *)arg, &f, sizeof(f)))
		return -EFAULT;
	return err;
}

static const struct file_operations field_fops = {
	.owner		= THIS_MODULE,
	.open		= nonseekable_open,
	.unlocked_ioctl	= field_ioctl,
};

static struct miscdevice field_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ucg_field",
	.fops	= &field_fops,
};

/* A cache with a constructor is never merged. */
static void constructor(void *object)
{
}

static void free_all(void)
{
	kmem_cache_destroy(stack_cache);
	kmem_cache_destroy(region_cache);
	kmem_cache_destroy(bare_cache);
	field_contexts_exit();
}

static int __init field_init(void)
{
	int err = -ENOMEM;

	bare_cache = kmem_cache_create("ucg_field_bare", 128, 0, 0, constructor);
	region_cache = kmem_cache_create_usercopy("ucg_field_region", 512, 0, 0, 40, 48,
						  constructor);
	stack_cache = kmem_cache_create("ucg_field_stack", 12288, 0, 0, constructor);
	if (bare_cache && region_cache && stack_cache)
		err = field_contexts_init() ?: misc_register(&field_device);
	if (err)
		free_all();
	return err;
}
module_init(field_init);

static void __exit field_exit(void)
{
	misc_deregister(&field_device);
	free_all();
}
module_exit(field_exit);

MODULE_DESCRIPTION("Copies that people met, made again, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
