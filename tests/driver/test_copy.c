// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies, as wrong as they are asked for (test_copy.h). Everything that is copied from user space is
 * put back as it was.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "test_copy.h"
#include "test_memory.h"

#ifndef ITER_DEST
#define ITER_DEST READ
#define ITER_SOURCE WRITE
#endif

/* One side of a copy: the bytes that may be touched, and where offset 0 lies. */
struct target {
	unsigned long base, start, end;
	/* copy_from_user() may not fault there */
	bool fragile;
	struct page *kmapped;
};

static char data[4096];

static void target_blocks(struct target *t, const struct blocks *b)
{
	t->base = b->base;
	t->start = b->start;
	t->end = b->end;
}

static void target_range(struct target *t, const void *base, unsigned long len)
{
	t->base = (unsigned long)base;
	t->start = t->base;
	t->end = t->base + len;
}

static int locate(const struct ucg_test_copy *req, struct cache *c, struct target *t)
{
	*t = (struct target){};
	switch (req->kind) {
	case UCG_TEST_SLAB:
		target_blocks(t, &c->objects);
		break;
	case UCG_TEST_KMALLOC:
		target_blocks(t, &test_memory.kmallocs);
		break;
	case UCG_TEST_PAGE:
		target_blocks(t, &test_memory.compounds);
		break;
	case UCG_TEST_KMAP:
		t->kmapped = virt_to_page((void *)test_memory.pages.base);
		target_range(t, kmap_local_page(t->kmapped),
			     test_memory.pages.end - test_memory.pages.base);
		break;
	case UCG_TEST_VMALLOC:
		target_range(t, test_memory.area, LEN_MAX);
		t->fragile = true;
		break;
	case UCG_TEST_STACK:
		target_range(t, task_stack_page(current), THREAD_SIZE + PAGE_SIZE);
		t->fragile = req->offset + (s64)req->len > (s64)THREAD_SIZE;
		break;
	case UCG_TEST_TEXT:
		target_range(t, (void *)&kfree, PAGE_SIZE);
		t->fragile = true;
		break;
	case UCG_TEST_MODULE_TEXT:
		target_range(t, (void *)&locate, 256);
		t->fragile = true;
		break;
	case UCG_TEST_DATA:
		target_range(t, data, sizeof(data));
		break;
	case UCG_TEST_WRAP:
		target_range(t, (void *)-64UL, LEN_MAX);
		t->fragile = true;
		break;
	case UCG_TEST_NULL:
		target_range(t, NULL, LEN_MAX);
		t->fragile = true;
		break;
	default:
		return -EINVAL;
	}
	return 0;
}

/* Bytes that can be read, up to @len, copied to @to; the rest is not mapped. */
static size_t save(void *to, unsigned long addr, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t n = min_t(size_t, len - done, PAGE_SIZE - offset_in_page(addr + done));

		if (copy_from_kernel_nofault(to + done, (void *)(addr + done), n))
			break;
		done += n;
	}
	return done;
}

static size_t count_changed(const u8 *was, unsigned long addr, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += was[i] != READ_ONCE(*(u8 *)(addr + i));
	return n;
}

/*
 * The copies themselves. The address goes through a volatile, lest the compiler know what it points
 * to and check on its own. Return how many bytes were not copied.
 */
/* Header and data together take n bytes of the user's. */
static s64 send_cmsg(void __user *user, const void *kernel, unsigned long n)
{
	struct msghdr msg = {
		.msg_control_is_user	= true,
		.msg_control_user	= user,
		.msg_controllen		= n,
	};

	if (n <= CMSG_LEN(0))
		return -EINVAL;
	return put_cmsg(&msg, SOL_SOCKET, SCM_RIGHTS, n - CMSG_LEN(0), (void *)kernel);
}

static noinline s64 copy_to(u32 how, void __user *user, unsigned long addr, unsigned long n)
{
	const void *kernel = (const void *)READ_ONCE(addr);
	struct iov_iter iter;
	s64 left;

	switch (how) {
	case UCG_TEST_COPY:
		return copy_to_user(user, kernel, n);
	case UCG_TEST_ITER:
	case UCG_TEST_ITER_FULL:
	case UCG_TEST_ITER_NOCACHE:
		iov_iter_ubuf(&iter, ITER_DEST, user, n);
		return n - copy_to_iter(kernel, n, &iter);
	case UCG_TEST_RAW:
		return __copy_to_user(user, kernel, n);
	case UCG_TEST_INATOMIC:
		/* Bring the page in: faults are not handled in between. */
		if (clear_user(user, n))
			return n;
		pagefault_disable();
		left = __copy_to_user_inatomic(user, kernel, n);
		pagefault_enable();
		return left;
	case UCG_TEST_RESCHED:
		/* Others want the CPU, and get it between check and copy. */
		set_tsk_need_resched(current);
		set_preempt_need_resched();
		if (!check_copy_size(kernel, n, true))
			return n;
		cond_resched();
		return _copy_to_user(user, kernel, n);
	case UCG_TEST_SLEEP:
		if (!check_copy_size(kernel, n, true))
			return n;
		schedule_timeout_uninterruptible(1);
		return _copy_to_user(user, kernel, n);
	case UCG_TEST_CMSG:
		return send_cmsg(user, kernel, n);
	}
	return -EINVAL;
}

static noinline s64 copy_from(u32 how, unsigned long addr, const void __user *user,
			      unsigned long n)
{
	void *kernel = (void *)READ_ONCE(addr);
	struct iov_iter iter;
	s64 left;

	iov_iter_ubuf(&iter, ITER_SOURCE, (void __user *)user, n);
	switch (how) {
	case UCG_TEST_COPY:
		return copy_from_user(kernel, user, n);
	case UCG_TEST_ITER:
		return n - copy_from_iter(kernel, n, &iter);
	case UCG_TEST_ITER_FULL:
		return copy_from_iter_full(kernel, n, &iter) ? 0 : n;
	case UCG_TEST_ITER_NOCACHE:
		return n - copy_from_iter_nocache(kernel, n, &iter);
	case UCG_TEST_RAW:
		return __copy_from_user(kernel, user, n);
	case UCG_TEST_INATOMIC:
		if (fault_in_readable(user, n))
			return n;
		pagefault_disable();
		left = __copy_from_user_inatomic(kernel, user, n);
		pagefault_enable();
		return left;
	case UCG_TEST_STRNCPY:
		/* Returns the length of the string or an error; it has no zero byte here. */
		left = strncpy_from_user(kernel, user, n);
		return left < 0 ? left : n - left;
	}
	return -EINVAL;
}

static void copy_once(struct ucg_test_copy *req, unsigned long addr, void *was)
{
	void __user *user = u64_to_user_ptr(req->user);
	size_t saved = 0;

	if (req->from) {
		saved = save(was, addr, req->len);
		req->ret = copy_from(req->how, addr, user, req->len);
		req->changed = count_changed(was, addr, saved);
		if (req->changed)
			memcpy((void *)addr, was, saved);
	} else {
		req->ret = copy_to(req->how, user, addr, req->len);
	}
	req->complete += !req->ret;
	req->refused += req->ret == req->len || req->ret < 0;
}

static int copy_times(struct ucg_test_copy *req, unsigned long addr)
{
	void *was = kvmalloc(req->len, GFP_KERNEL);
	u64 i;

	if (!was)
		return -ENOMEM;
	for (i = 0; i < max(req->times, 1ULL); i++) {
		copy_once(req, addr, was);
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	kvfree(was);
	return req->ret ? -EFAULT : 0;
}

/* Live frames hold nothing of value but what we put there. */
static noinline int copy_frame(struct ucg_test_copy *req)
{
	char buffer[128];

	if (req->offset < 0 || req->offset + req->len > sizeof(buffer))
		return -ERANGE;
	memset(buffer, 0xa5, sizeof(buffer));
	return copy_times(req, (unsigned long)buffer + req->offset);
}

static int copy(struct ucg_test_copy *req, struct cache *c)
{
	struct target t;
	int err;

	if (req->kind == UCG_TEST_FRAME)
		return copy_frame(req);
	err = locate(req, c, &t);
	if (err)
		return err;
	/* Only what wraps by itself may: differences instead of sums. */
	if ((s64)(t.start - t.base) > req->offset ||
	    req->offset + (s64)req->len > (s64)(t.end - t.base))
		err = -ERANGE;
	else if (req->from && t.fragile && req->how == UCG_TEST_COPY &&
		 !(req->flags & UCG_TEST_CERTAIN))
		err = -EOPNOTSUPP;
	else
		err = copy_times(req, t.base + req->offset);
	if (t.kmapped)
		kunmap_local((void *)t.base);
	return err;
}

int test_copy(struct ucg_test_copy *req)
{
	struct cache *c = NULL;
	int err;

	req->complete = 0;
	req->refused = 0;
	req->changed = 0;
	req->ret = 0;
	if (req->kind >= UCG_TEST_NR_KINDS || req->how >= UCG_TEST_NR_HOWS || !req->len ||
	    req->len > LEN_MAX || (req->how == UCG_TEST_STRNCPY && !req->from) ||
	    (req->how >= UCG_TEST_RESCHED && req->from))
		return -EINVAL;

	if (req->kind == UCG_TEST_SLAB) {
		c = test_get_cache(req->cache);
		if (IS_ERR(c))
			return PTR_ERR(c);
		err = copy(req, c);
		test_put(&c->user);
		return err;
	}
	/* The stacks are each task's own, the other memory is shared. */
	if (req->kind == UCG_TEST_STACK || req->kind == UCG_TEST_FRAME)
		return copy(req, NULL);
	err = test_get_memory();
	if (err)
		return err;
	err = copy(req, NULL);
	test_put(&test_memory.user);
	return err;
}
