// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies from elsewhere than a system call: a worker, a timer's interrupt, a kprobe (field.h).
 */
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "field.h"

#ifndef ITER_DEST
#define ITER_DEST READ
#endif

/* --- from a worker, with the caller's memory and a mutex --- */

struct job {
	struct work_struct work;
	struct completion done;
	struct ucg_field *f;
	void *base;
	struct mm_struct *mm;
	struct mutex *mutex;
};

static DEFINE_MUTEX(user_mutex);
static DEFINE_MUTEX(kvec_mutex);
static struct workqueue_struct *workers;

static void work_to_user(struct work_struct *work)
{
	struct job *job = container_of(work, struct job, work);

	mutex_lock(job->mutex);
	kthread_use_mm(job->mm);
	field_copy_plainly(job->f, job->base);
	kthread_unuse_mm(job->mm);
	mutex_unlock(job->mutex);
	complete(&job->done);
}

/* No memory of any process: what is copied to is the kernel's. */
static void work_to_kvec(struct work_struct *work)
{
	struct job *job = container_of(work, struct job, work);
	char to[128];
	struct kvec vec = { to, sizeof(to) };
	struct iov_iter iter;

	mutex_lock(job->mutex);
	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, sizeof(to));
	job->f->left = job->f->len -
		       copy_to_iter(READ_ONCE(job->base) + job->f->offset, job->f->len, &iter);
	mutex_unlock(job->mutex);
	complete(&job->done);
}

/*
 * A worker that the kernel's check killed never says that it has done, and has what it works on for
 * ever: that is left to it.
 */
static int copy_by(work_func_t function, struct mutex *mutex, struct ucg_field *f, void *base)
{
	struct job *job;
	int err = 0;

	if (f->from || f->len > 128)
		return -EINVAL;
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	if (!job)
		return -ENOMEM;
	job->f = kmemdup(f, sizeof(*f), GFP_KERNEL);
	if (!job->f) {
		kfree(job);
		return -ENOMEM;
	}
	job->base = base;
	job->mutex = mutex;
	job->mm = current->mm;
	mmgrab(job->mm);
	init_completion(&job->done);
	INIT_WORK(&job->work, function);
	queue_work(workers, &job->work);
	if (!wait_for_completion_timeout(&job->done, 20 * HZ))
		return -ETIME;
	*f = *job->f;
	/* The worker has given the mutex back: we can have it. */
	if (mutex_trylock(mutex))
		mutex_unlock(mutex);
	else
		err = -EDEADLK;
	mmdrop(job->mm);
	kfree(job->f);
	kfree(job);
	return err;
}

int field_copy_by_worker(struct ucg_field *f, void *base)
{
	return copy_by(work_to_user, &user_mutex, f, base);
}

int field_copy_to_kvec(struct ucg_field *f, void *base)
{
	return copy_by(work_to_kvec, &kvec_mutex, f, base);
}

/* --- from a timer's interrupt, and from a kprobe --- */

/* Five thousand copies a second, if the machine can. */
#define TIMER_NS	(200 * NSEC_PER_USEC)

static struct {
	struct hrtimer timer;
	struct mm_struct *mm;
	struct ucg_field *f;
	void *base;
	u64 tried, complete;
	s64 left;
} running;
static DEFINE_MUTEX(running_mutex);

/* Like copy_from_user_nofault(), as it was when it checked what it copies to. */
static void copy_without_faults(void)
{
	struct ucg_field *f = running.f;
	void __user *user = u64_to_user_ptr(f->user);
	void *p = READ_ONCE(running.base) + f->offset;

	if (current->mm != running.mm)
		return;
	pagefault_disable();
	if (f->from)
		running.left = __copy_from_user_inatomic(p, user, f->len);
	else
		running.left = __copy_to_user_inatomic(user, p, f->len);
	pagefault_enable();
	running.tried++;
	running.complete += !running.left;
}

static enum hrtimer_restart on_timer(struct hrtimer *timer)
{
	copy_without_faults();
	hrtimer_forward_now(timer, ns_to_ktime(TIMER_NS));
	return HRTIMER_RESTART;
}

static noinline void probed(void)
{
	barrier();
}

static int on_probe(struct kprobe *p, struct pt_regs *regs)
{
	copy_without_faults();
	return 0;
}

static struct kprobe probe = { .pre_handler = on_probe };

static int churn(void *unused)
{
	while (!kthread_should_stop()) {
		void *p = vmalloc(3 * PAGE_SIZE), *q = vmalloc(PAGE_SIZE);

		vfree(p);
		cond_resched();
		vfree(q);
	}
	return 0;
}

static void run_for(const struct ucg_field *f, bool by_probe)
{
	ktime_t end = ktime_add_ms(ktime_get(), 1000ULL * (f->seconds ?: 1));

	while (ktime_before(ktime_get(), end) && !signal_pending(current)) {
		if (by_probe)
			probed();
		cond_resched();
	}
}

static int start_churn(struct task_struct *churns[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		churns[i] = kthread_run(churn, NULL, "ucg_field_%d", i);
		if (IS_ERR(churns[i])) {
			if (i)
				kthread_stop(churns[0]);
			return -ENOMEM;
		}
	}
	return 0;
}

static int copy_while_running(struct ucg_field *f, void *base, bool by_probe)
{
	struct task_struct *churns[2];
	int err;

	/* The page is there: no fault is handled where we copy. */
	if (fault_in_readable(u64_to_user_ptr(f->user), f->len))
		return -EFAULT;
	mutex_lock(&running_mutex);
	running.mm = current->mm;
	running.f = f;
	running.base = base;
	running.tried = 0;
	running.complete = 0;
	err = start_churn(churns);
	if (err)
		goto out;
	if (by_probe) {
		probe.addr = (kprobe_opcode_t *)probed;
		probe.flags = 0;
		err = register_kprobe(&probe);
	} else {
		hrtimer_start(&running.timer, ns_to_ktime(TIMER_NS), HRTIMER_MODE_REL_HARD);
	}
	if (!err)
		run_for(f, by_probe);
	if (by_probe && !err)
		unregister_kprobe(&probe);
	if (!by_probe)
		hrtimer_cancel(&running.timer);
	kthread_stop(churns[0]);
	kthread_stop(churns[1]);
	f->tried = running.tried;
	f->complete = running.complete;
	f->left = running.left;
out:
	mutex_unlock(&running_mutex);
	return err;
}

int field_copy_on_timer(struct ucg_field *f, void *base)
{
	return copy_while_running(f, base, false);
}

int field_copy_on_probe(struct ucg_field *f, void *base)
{
	return copy_while_running(f, base, true);
}

int field_contexts_init(void)
{
#ifdef UCG_HRTIMER_SETUP
	hrtimer_setup(&running.timer, on_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
#else
	hrtimer_init(&running.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	running.timer.function = on_timer;
#endif
	workers = alloc_workqueue("ucg_field", WQ_UNBOUND, 0);
	return workers ? 0 : -ENOMEM;
}

void field_contexts_exit(void)
{
	if (workers)
		destroy_workqueue(workers);
}
