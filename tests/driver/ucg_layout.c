// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard's proof of SLUB's layout, with one number of it made wrong: loads only if the proof
 * did not notice. It is the guard's own source file, with offsets that are variables.
 */
#include <linux/module.h>

#include "../../usercopy/layout.h"

static char *wrong = "";
module_param(wrong, charp, 0);
MODULE_PARM_DESC(wrong, "the member that is said to be somewhere else");

static int by = 4;
module_param(by, int, 0);
MODULE_PARM_DESC(by, "bytes that it is said to be further back");

static char *release = UCG_LAYOUT_RELEASE;
module_param(release, charp, 0);
MODULE_PARM_DESC(release, "the kernel that the layout is said to be of");

static unsigned int moved(const char *member, unsigned int offset)
{
	return strcmp(member, wrong) ? offset : offset + by;
}

enum { TRUE_SLAB_CACHE = UCG_SLAB_CACHE, TRUE_FLAGS = UCG_CACHE_FLAGS, TRUE_SIZE = UCG_CACHE_SIZE,
	TRUE_OBJECT_SIZE = UCG_CACHE_OBJECT_SIZE, TRUE_RECIPROCAL = UCG_CACHE_RECIPROCAL_SIZE,
	TRUE_REFCOUNT = UCG_CACHE_REFCOUNT, TRUE_ALIGN = UCG_CACHE_ALIGN,
	TRUE_RED_LEFT_PAD = UCG_CACHE_RED_LEFT_PAD, TRUE_NAME = UCG_CACHE_NAME,
	TRUE_KOBJ = UCG_CACHE_KOBJ, TRUE_USEROFFSET = UCG_CACHE_USEROFFSET,
	TRUE_USERSIZE = UCG_CACHE_USERSIZE };

#undef UCG_LAYOUT_RELEASE
#undef UCG_SLAB_CACHE
#undef UCG_CACHE_FLAGS
#undef UCG_CACHE_SIZE
#undef UCG_CACHE_OBJECT_SIZE
#undef UCG_CACHE_RECIPROCAL_SIZE
#undef UCG_CACHE_REFCOUNT
#undef UCG_CACHE_ALIGN
#undef UCG_CACHE_RED_LEFT_PAD
#undef UCG_CACHE_NAME
#undef UCG_CACHE_KOBJ
#undef UCG_CACHE_USEROFFSET
#undef UCG_CACHE_USERSIZE

#define UCG_LAYOUT_RELEASE		release
#define UCG_SLAB_CACHE			moved("slab_cache", TRUE_SLAB_CACHE)
#define UCG_CACHE_FLAGS			moved("flags", TRUE_FLAGS)
#define UCG_CACHE_SIZE			moved("size", TRUE_SIZE)
#define UCG_CACHE_OBJECT_SIZE		moved("object_size", TRUE_OBJECT_SIZE)
#define UCG_CACHE_RECIPROCAL_SIZE	moved("reciprocal_size", TRUE_RECIPROCAL)
#define UCG_CACHE_REFCOUNT		moved("refcount", TRUE_REFCOUNT)
#define UCG_CACHE_ALIGN			moved("align", TRUE_ALIGN)
#define UCG_CACHE_RED_LEFT_PAD		moved("red_left_pad", TRUE_RED_LEFT_PAD)
#define UCG_CACHE_NAME			moved("name", TRUE_NAME)
#define UCG_CACHE_KOBJ			moved("kobj", TRUE_KOBJ)
#define UCG_CACHE_USEROFFSET		moved("useroffset", TRUE_USEROFFSET)
#define UCG_CACHE_USERSIZE		moved("usersize", TRUE_USERSIZE)

#undef pr_fmt
#include "../../usercopy/module/btf/verify.c"

static int __init layout_init(void)
{
	return ucg_layout_verify();
}
module_init(layout_init);

static void __exit layout_exit(void)
{
}
module_exit(layout_exit);

MODULE_DESCRIPTION("A layout of SLUB's structures with a mistake in it, for tests of usercopy_guard");
MODULE_LICENSE("GPL");
