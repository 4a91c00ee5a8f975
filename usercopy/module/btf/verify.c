// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proof of SLUB's layout, when the module is loaded: what BTF said when it was built holds
 * for the kernel that runs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>

#include "../../layout.h"

/*
 * A cache with numbers that no other has, read back through the layout that the
 * module was built with. Each number differs from the others, so that no two
 * members can be mistaken for each other; the size of an object is none that its
 * alignment leaves as it is. (Only where caches have red zones can the place of
 * red_left_pad be told from another that is zero; elsewhere it is not read.)
 */
#define PROBE_SIZE	708
#define PROBE_ALIGN	32
#define PROBE_OFFSET	136
#define PROBE_USERSIZE	88
#define PROBE_NAME	"usercopy_guard_probe"
#define PROBE_FLAGS	SLAB_RECLAIM_ACCOUNT
/* Not asked for: a pointer, mistaken for flags, has some of these. */
#define PROBE_NO_FLAGS	(SLAB_TYPESAFE_BY_RCU | SLAB_CACHE_DMA | SLAB_PANIC)

/* Reads a member as the layout has it, without trusting the layout. */
#define PROBE(dst, base, offset) \
	(copy_from_kernel_nofault(&(dst), (const char *)(base) + (offset), sizeof(dst)) == 0)

static const char *probe_cache(const struct kmem_cache *s)
{
	u32 size, object_size, useroffset, usersize, align, red_left_pad;
	struct reciprocal_value reciprocal, right;
	char name[sizeof(PROBE_NAME)] = "";
	const char *name_ptr, *sysfs_name;
	slab_flags_t flags;
	int refcount;

	if (!PROBE(object_size, s, UCG_CACHE_OBJECT_SIZE) || object_size != PROBE_SIZE)
		return "kmem_cache.object_size";
	if (!PROBE(size, s, UCG_CACHE_SIZE) || size < ALIGN(PROBE_SIZE, PROBE_ALIGN) ||
	    size > 4 * PROBE_SIZE)
		return "kmem_cache.size";
	if (!PROBE(useroffset, s, UCG_CACHE_USEROFFSET) || useroffset != PROBE_OFFSET)
		return "kmem_cache.useroffset";
	if (!PROBE(usersize, s, UCG_CACHE_USERSIZE) || usersize != PROBE_USERSIZE)
		return "kmem_cache.usersize";
	right = reciprocal_value(size);
	if (!PROBE(reciprocal, s, UCG_CACHE_RECIPROCAL_SIZE) || reciprocal.m != right.m ||
	    reciprocal.sh1 != right.sh1 || reciprocal.sh2 != right.sh2)
		return "kmem_cache.reciprocal_size";
	if (!PROBE(refcount, s, UCG_CACHE_REFCOUNT) || refcount != 1)
		return "kmem_cache.refcount";
	if (!PROBE(name_ptr, s, UCG_CACHE_NAME) ||
	    copy_from_kernel_nofault(name, name_ptr, sizeof(name)) ||
	    strncmp(name, PROBE_NAME, sizeof(name)))
		return "kmem_cache.name";
	if (!PROBE(flags, s, UCG_CACHE_FLAGS) ||
	    (flags & (PROBE_FLAGS | PROBE_NO_FLAGS)) != PROBE_FLAGS)
		return "kmem_cache.flags";
	if (!PROBE(align, s, UCG_CACHE_ALIGN) || align != PROBE_ALIGN)
		return "kmem_cache.align";
	if (!PROBE(red_left_pad, s, UCG_CACHE_RED_LEFT_PAD) ||
	    !!red_left_pad != !!(flags & SLAB_RED_ZONE) || red_left_pad >= size)
		return "kmem_cache.red_left_pad";
	if (IS_ENABLED(CONFIG_SYSFS) &&
	    (!PROBE(sysfs_name, s, UCG_CACHE_KOBJ + offsetof(struct kobject, name)) ||
	     !sysfs_name ||
	     copy_from_kernel_nofault(name, sysfs_name, sizeof(name)) ||
	     strncmp(name, PROBE_NAME, sizeof(name))))
		return "kmem_cache.kobj";
	return NULL;
}

static const char *probe_slab(struct kmem_cache *s, void *object)
{
	struct folio *folio = virt_to_folio(object);
	struct kmem_cache *found;

	if (is_kfence_address(object))
		return NULL;
	if (!folio_test_slab(folio))
		return "the mark of a slab's page";
	if (!PROBE(found, folio, UCG_SLAB_CACHE) || found != s)
		return "slab.slab_cache";
	return NULL;
}

/**
 * ucg_layout_verify - does this kernel have the layout that was built for?
 *
 * Context: process, may sleep.
 * Return: 0, or -ENODEV after a message that says what differs.
 */
int ucg_layout_verify(void)
{
	const char *differs = NULL;
	struct kmem_cache *s;
	void *object;

	if (strcmp(UCG_LAYOUT_RELEASE, init_utsname()->release)) {
		pr_err("built for the structures of kernel %s, this is %s; build it again for this kernel; not loaded\n",
		       UCG_LAYOUT_RELEASE, init_utsname()->release);
		return -ENODEV;
	}

	/* A cache with a region is not merged with others, and so has these very numbers. */
	s = kmem_cache_create_usercopy(PROBE_NAME, PROBE_SIZE, PROBE_ALIGN, PROBE_FLAGS,
				       PROBE_OFFSET, PROBE_USERSIZE, NULL);
	if (!s)
		return -ENOMEM;
	object = kmem_cache_alloc(s, GFP_KERNEL);
	if (object) {
		differs = probe_cache(s) ?: probe_slab(s, object);
		kmem_cache_free(s, object);
	}
	kmem_cache_destroy(s);
	if (!object)
		return -ENOMEM;
	if (differs) {
		pr_err("%s is not where the BTF that the module was built with has it; build it again with this kernel's BTF (make BTF=/sys/kernel/btf/vmlinux); not loaded\n",
		       differs);
		return -ENODEV;
	}
	return 0;
}
