// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that copies between kernel and user space as wrongly as it is asked to (ucg_test.h): the
 * module ucg_test, its device and the copies. All that a copy runs through is in this file, for the
 * compiler to see as a whole: make bench counts its instructions.
 *
 * For virtual machines only. Everything it copies from user space is put back as it was.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/jump_label.h>
#include <linux/kfence.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

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

static LIST_HEAD(caches);
/*
 * Guards the list, and who uses what: one task at a time a cache, and one the
 * other memory.
 */
static DEFINE_MUTEX(lock);
static char data[4096];

/* On the way of UCG_TEST_KEY: whoever switches it patches that. */
static DEFINE_STATIC_KEY_FALSE(detour);

static int set_detour(const char *value, const struct kernel_param *param)
{
	bool on;
	int err = kstrtobool(value, &on);

	if (err)
		return err;
	if (on)
		static_branch_enable(&detour);
	else
		static_branch_disable(&detour);
	return 0;
}

static const struct kernel_param_ops detour_ops = { .set = set_detour };
module_param_cb(detour, &detour_ops, NULL, 0200);

static void drop(struct task_struct **user)
{
	if (*user)
		put_task_struct(*user);
	*user = NULL;
}

/* A task that the kernel's check killed never gives back what it used: it goes to the next one. */
static bool take(struct task_struct **user)
{
	if (*user && !(READ_ONCE((*user)->flags) & PF_EXITING))
		return false;
	drop(user);
	*user = get_task_struct(current);
	return true;
}

static void free_cache(struct cache *c)
{
	drop(&c->user);
	test_free_cache(c);
}

static struct cache *find_cache(const char *name)
{
	struct cache *c;

	list_for_each_entry(c, &caches, list)
		if (!strncmp(c->name, name, UCG_TEST_NAME_MAX))
			return c;
	return NULL;
}

static int add_cache(const struct ucg_test_cache *req)
{
	struct cache *c;
	int err = 0;

	if (!req->name[0] || strnlen(req->name, UCG_TEST_NAME_MAX) == UCG_TEST_NAME_MAX ||
	    req->size < 8 || req->size > PAGE_SIZE || req->usersize > req->size ||
	    req->useroffset > req->size - req->usersize || (!req->usersize && req->useroffset))
		return -EINVAL;
	mutex_lock(&lock);
	if (find_cache(req->name)) {
		err = -EEXIST;
	} else {
		c = test_new_cache(req);
		if (c)
			list_add(&c->list, &caches);
		else
			err = -ENOMEM;
	}
	mutex_unlock(&lock);
	return err;
}

static int remove_cache(const char *name)
{
	struct cache *c;
	int err = 0;

	mutex_lock(&lock);
	c = find_cache(name);
	if (!c)
		err = -ENOENT;
	else if (!take(&c->user))
		err = -EBUSY;
	else
		list_del(&c->list);
	if (!err)
		free_cache(c);
	mutex_unlock(&lock);
	return err;
}

/* Wait for our turn with a cache; the one that has it may be gone with another when we wake up. */
static struct cache *get_cache(const char *name)
{
	struct cache *c;

	mutex_lock(&lock);
	while ((c = find_cache(name)) && !take(&c->user)) {
		mutex_unlock(&lock);
		if (schedule_timeout_killable(1) || fatal_signal_pending(current))
			return ERR_PTR(-EINTR);
		mutex_lock(&lock);
	}
	mutex_unlock(&lock);
	return c ?: ERR_PTR(-ENOENT);
}

static int get_memory(void)
{
	bool ours;

	for (;;) {
		mutex_lock(&lock);
		ours = take(&test_memory.user);
		mutex_unlock(&lock);
		if (ours)
			return 0;
		if (schedule_timeout_killable(1) || fatal_signal_pending(current))
			return -EINTR;
	}
}

static void put(struct task_struct **user)
{
	mutex_lock(&lock);
	drop(user);
	mutex_unlock(&lock);
}

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
	case UCG_TEST_KEY:
		if (!check_copy_size(kernel, n, true))
			return n;
		/* Nothing, elsewhere. */
		if (static_branch_unlikely(&detour))
			barrier();
		return _copy_to_user(user, kernel, n);
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

/* Our frame holds nothing of value; those behind it do, and the request, which we write ourselves. */
static noinline int copy_frame(struct ucg_test_copy *req)
{
	struct ucg_test_copy *mine;
	char buffer[128];
	int err;

	if (req->offset < 0 ||
	    req->offset + req->len > (req->kind == UCG_TEST_ACROSS ? 512 : sizeof(buffer)))
		return -ERANGE;
	if (req->kind == UCG_TEST_ACROSS && req->from && !(req->flags & UCG_TEST_CERTAIN))
		return -EOPNOTSUPP;
	mine = kmemdup(req, sizeof(*req), GFP_KERNEL);
	if (!mine)
		return -ENOMEM;
	memset(buffer, 0xa5, sizeof(buffer));
	err = copy_times(mine, (unsigned long)buffer + req->offset);
	*req = *mine;
	kfree(mine);
	return err;
}

/* To user space only: the bytes behind an object are not ours. */
static noinline int copy_fresh(struct ucg_test_copy *req, struct cache *c)
{
	u64 i;

	if (req->from || req->offset < 0 || req->offset + req->len > PAGE_SIZE / 4)
		return -ERANGE;
	for (i = 0; i < max(req->times, 1ULL) && !fatal_signal_pending(current); i++) {
		void *object = c ? kmem_cache_alloc(c->slab, GFP_KERNEL) :
				   kmalloc(UCG_TEST_FRESH_BYTES, GFP_KERNEL);

		if (!object)
			return -ENOMEM;
		req->changed += is_kfence_address(object);
		copy_once(req, (unsigned long)object + req->offset, NULL);
		if (c)
			kmem_cache_free(c->slab, object);
		else
			kfree(object);
		cond_resched();
	}
	return req->ret ? -EFAULT : 0;
}

static int copy(struct ucg_test_copy *req, struct cache *c)
{
	struct target t;
	int err;

	if (req->kind == UCG_TEST_FRAME || req->kind == UCG_TEST_ACROSS)
		return copy_frame(req);
	if (req->kind == UCG_TEST_FRESH)
		return copy_fresh(req, c);
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

static int locked_copy(struct ucg_test_copy *req)
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

	if (req->kind == UCG_TEST_SLAB || (req->kind == UCG_TEST_FRESH && req->cache[0])) {
		c = get_cache(req->cache);
		if (IS_ERR(c))
			return PTR_ERR(c);
		err = copy(req, c);
		put(&c->user);
		return err;
	}
	/* The stacks are each task's own, the other memory is shared. */
	if (req->kind == UCG_TEST_STACK || req->kind == UCG_TEST_FRAME ||
	    req->kind == UCG_TEST_ACROSS)
		return copy(req, NULL);
	err = get_memory();
	if (err)
		return err;
	err = copy(req, NULL);
	put(&test_memory.user);
	return err;
}

static long test_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ucg_test_cache cache;
	struct ucg_test_copy req;
	int err;

	switch (cmd) {
	case UCG_TEST_IOC_COPY:
		if (copy_from_user(&req, (void __user *)arg, sizeof(req)))
			return -EFAULT;
		err = locked_copy(&req);
		if (copy_to_user((void __user *)arg, &req, sizeof(req)))
			return -EFAULT;
		return err;
	case UCG_TEST_IOC_CREATE:
		if (copy_from_user(&cache, (void __user *)arg, sizeof(cache)))
			return -EFAULT;
		return add_cache(&cache);
	case UCG_TEST_IOC_DESTROY:
		if (copy_from_user(&cache, (void __user *)arg, sizeof(cache)))
			return -EFAULT;
		return remove_cache(cache.name);
	}
	return -ENOTTY;
}

static const struct file_operations test_fops = {
	.owner		= THIS_MODULE,
	.open		= nonseekable_open,
	.unlocked_ioctl	= test_ioctl,
};

static struct miscdevice test_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ucg_test",
	.fops	= &test_fops,
	.mode	= 0666,
};

static const struct ucg_test_cache first_caches[] = {
	{ .name = "ucg_test_bare", .size = 512 },
	{ .name = "ucg_test_part", .size = 1024, .useroffset = 256, .usersize = 64 },
	{ .name = "ucg_test blank", .size = 704 },
	{ .name = "ucg_test_red", .size = 256, .usersize = 256, .flags = UCG_TEST_REDZONE },
	{ .name = "ucg_test_twin_a", .size = 1096, .flags = UCG_TEST_MERGEABLE },
	{ .name = "ucg_test_twin_b", .size = 1096, .flags = UCG_TEST_MERGEABLE },
};

static void free_all(void)
{
	struct cache *c, *next;

	list_for_each_entry_safe(c, next, &caches, list) {
		list_del(&c->list);
		free_cache(c);
	}
	drop(&test_memory.user);
	test_free_memory();
}

static int __init test_init(void)
{
	unsigned int i;
	int err;

	err = test_alloc_memory();
	for (i = 0; i < ARRAY_SIZE(first_caches) && !err; i++)
		err = add_cache(&first_caches[i]);
	if (!err)
		err = misc_register(&test_device);
	if (err)
		free_all();
	return err;
}
module_init(test_init);

static void __exit test_exit(void)
{
	misc_deregister(&test_device);
	free_all();
}
module_exit(test_exit);

MODULE_DESCRIPTION("Copies between kernel and user space, good and bad, for tests of usercopy_guard");
MODULE_VERSION("1"); /* so that there is a number of its sources */
MODULE_LICENSE("GPL");
