/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What tests ask of /dev/ucg_test: copies of all kinds between kernel and user space, good and bad.
 */
#ifndef _UCG_TEST_H
#define _UCG_TEST_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define UCG_TEST_NAME_MAX	64

/* Where the kernel's side of the copy lies. Offsets count from the start of it. */
enum ucg_test_kind {
	/* an object of the slab cache named in .cache; its neighbours are the driver's too */
	UCG_TEST_SLAB,
	/* an object of 96 bytes from kmalloc() */
	UCG_TEST_KMALLOC,
	/* two pages from vmalloc(); what follows them is not mapped */
	UCG_TEST_VMALLOC,
	/* a compound page of 4 pages, another one behind it */
	UCG_TEST_PAGE,
	/* a single page, mapped with kmap_local_page() */
	UCG_TEST_KMAP,
	/* the stack of the calling task from its low end; offsets near 1024 are long-gone frames */
	UCG_TEST_STACK,
	/* 128 bytes in a frame that is alive */
	UCG_TEST_FRAME,
	/* the kernel's own text */
	UCG_TEST_TEXT,
	/* the driver's text */
	UCG_TEST_MODULE_TEXT,
	/* 4096 bytes of the driver's data */
	UCG_TEST_DATA,
	/* the last 64 bytes of the address space: longer copies wrap */
	UCG_TEST_WRAP,
	/* NULL */
	UCG_TEST_NULL,
	/* an object anew for each copy: of the cache named in .cache; if none is, by kmalloc() */
	UCG_TEST_FRESH,
	/* 512 bytes from a frame that is alive on, over those of the functions that called */
	UCG_TEST_ACROSS,
	UCG_TEST_NR_KINDS,
};

/* An object of UCG_TEST_FRESH that is no cache's, in bytes: kmalloc() takes it from those of 96. */
#define UCG_TEST_FRESH_BYTES	72

/* By which function. */
enum ucg_test_how {
	/* copy_to_user(), copy_from_user() */
	UCG_TEST_COPY,
	/* copy_to_iter(), copy_from_iter() */
	UCG_TEST_ITER,
	/* copy_from_iter_full(); to user space as UCG_TEST_ITER */
	UCG_TEST_ITER_FULL,
	/* copy_from_iter_nocache(); to user space as UCG_TEST_ITER */
	UCG_TEST_ITER_NOCACHE,
	/* __copy_to_user(), __copy_from_user() */
	UCG_TEST_RAW,
	/* __copy_to_user_inatomic(), __copy_from_user_inatomic() */
	UCG_TEST_INATOMIC,
	/* strncpy_from_user(); from user space only */
	UCG_TEST_STRNCPY,
	/* as copy_to_user(), letting others run between check and copy; to user space only */
	UCG_TEST_RESCHED,
	/* as copy_to_user(), sleeping between check and copy; to user space only */
	UCG_TEST_SLEEP,
	/* put_cmsg(), which puts a header in front; to user space only */
	UCG_TEST_CMSG,
	/*
	 * as copy_to_user(), with a static key between check and copy, which the module's parameter
	 * "detour" switches; to user space only
	 */
	UCG_TEST_KEY,
	UCG_TEST_NR_HOWS,
};

/*
 * A copy_from_user() that faults fills the destination with zeroes. Where the destination cannot
 * be written (text, NULL, ...) that is an oops, if the copy is not refused. Such a request is
 * declined with EOPNOTSUPP unless this flag says that the caller is certain of the refusal.
 */
#define UCG_TEST_CERTAIN	0x1

/*
 * One request. Before each copy from user space the kernel's bytes are saved, and afterwards put
 * back, so that a copy that is wrongly or rightly allowed does no harm. A cache, and all other
 * memory but stacks, serves one task at a time; give tasks that are to copy side by side a cache
 * each.
 */
struct ucg_test_copy {
	/* in */
	__u32 kind;			/* enum ucg_test_kind */
	__u32 how;			/* enum ucg_test_how */
	__u32 from;			/* 0 to user space, 1 from user space */
	__u32 flags;
	__s64 offset;			/* bytes from the start of the object, may be negative */
	__u64 len;			/* bytes */
	__u64 user;			/* address in user space */
	__u64 times;			/* how often; 0 counts as 1 */
	char cache[UCG_TEST_NAME_MAX];	/* for UCG_TEST_SLAB */
	/* out */
	__u64 complete;			/* how many copies were complete */
	__u64 refused;			/* how many copied nothing */
	__s64 ret;			/* what the function returned, the last time */
	/* kernel bytes changed by the last copy from user space; UCG_TEST_FRESH: KFENCE's objects */
	__u64 changed;
};

#define UCG_TEST_REDZONE	0x1	/* with red zones */
#define UCG_TEST_MERGEABLE	0x2	/* SLUB may merge it with others */

/* A cache to be created (all members count) or destroyed (the name alone counts). */
struct ucg_test_cache {
	char name[UCG_TEST_NAME_MAX];
	__u32 size;			/* bytes of an object */
	__u32 useroffset;		/* region that the kernel allows */
	__u32 usersize;
	__u32 flags;
};

/*
 * The first returns 0 if the last copy was complete and fails with EFAULT if it was not, as a
 * system call does; the answers are filled in both cases.
 * ERANGE: beyond the memory that the driver has there, nothing was tried. ENOENT: no such cache.
 */
#define UCG_TEST_IOC_COPY	_IOWR('U', 0x71, struct ucg_test_copy)
#define UCG_TEST_IOC_CREATE	_IOW('U', 0x72, struct ucg_test_cache)
#define UCG_TEST_IOC_DESTROY	_IOW('U', 0x73, struct ucg_test_cache)

/*
 * Caches there from the start, all with objects of which the driver owns a run:
 *   ucg_test_bare   512 bytes, no region: the driver that lacks its whitelist
 *   ucg_test_part  1024 bytes, region 256 to 319
 *   "ucg_test blank" 704 bytes, no region: a name that has to be escaped in rules
 *   ucg_test_red    256 bytes, region all of it, red zones
 *   ucg_test_twin_a, ucg_test_twin_b  1096 bytes, no region, merged into one by SLUB
 */

#endif /* _UCG_TEST_H */
