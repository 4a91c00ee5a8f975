/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel as whitelist/{whitelist,alias,file,driver}.c know it, in a program with one thread:
 * each of their <linux/...> is this. Locks, RCU, workqueues and keys count, and say so when they
 * are used in a way that the kernel would not have; what the machine is like is in "standin", for
 * the cases (whole.c) to change.
 */
#ifndef _UCG_FUZZ_STANDIN_H
#define _UCG_FUZZ_STANDIN_H

#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/types.h>

#include "kernel.h"

#define CONFIG_MODULES	1
/* usercopy/compat.h is about versions of the kernel: nothing of that is here. */
#define _UCG_COMPAT_H
#define ucg_have_init_fs()		(standin.init_fs)
#define ucg_scoped_with_init_fs()
#define IS_REACHABLE(option)		0
#define THIS_MODULE			NULL
#define EXPORT_SYMBOL_GPL(name)		extern int exports_nothing
#define BUILD_BUG_ON(wrong)		_Static_assert(!(wrong), #wrong)
#define __rcu
#define __user
#define __guarded_by(...)
#define unlikely(x)			(x)
#define READ_ONCE(x)			(x)
#define WRITE_ONCE(x, v)		((x) = (v))
#define HZ				250
#define min_t(type, a, b)		min((type)(a), (type)(b))
#define PAGE_ALIGN(n)			(((n) + 4095) & ~4095UL)
#define cond_resched()			((void)0)
#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))
#define IS_ERR(p)			((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)			((long)(p))
#define ERR_PTR(err)			((void *)(long)(err))

/* What the machine is like. */
struct standin_link {
	const char *name, *to;
};

struct standin {
	/* /sys/kernel/slab, if it is there: "to" is NULL for a folder of its own, "" for nothing */
	const struct standin_link *links;
	unsigned int nr_links;
	bool init_fs;
	int open_error, list_error, follow_error;
	bool other_fs, elsewhere;
	/* who writes, and who opened the file */
	bool may, opener_may;
	bool bad_address;
	int notifier_error;
	bool locked;
	int policy;
	/* out: what was last logged, told, made */
	char log[4096];
	char told[64];
	size_t seq_size;
};

extern struct standin standin;

/* Memory: kernel.h has the rest. */
static inline void *kzalloc(size_t size, int gfp)
{
	return kvzalloc(size, gfp);
}

static inline void *kvmalloc(size_t size, int gfp)
{
	return fuzz_alloc_fails() ? NULL : malloc(size);
}

static inline void kfree(const void *p)
{
	free((void *)p);
}

char *kstrndup(const char *s, size_t len, int gfp);
char *kasprintf(int gfp, const char *format, ...);

/* Text; %pd is a file's name. */
int standin_snprintf(char *buf, size_t size, const char *format, ...);
void standin_log(const char *format, ...);
#define snprintf		standin_snprintf
#define pr_warn			standin_log
#define pr_err			standin_log
#define pr_warn_ratelimited	standin_log
#define pr_notice_ratelimited	standin_log

static inline void strscpy(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
}

/* An assertion that has no branch where it is used. */
static inline void standin_must(bool good)
{
	assert(good);
}

/* Locks, RCU, keys: whole.c runs on one thread, so whoever waits would wait for ever. */
struct mutex {
	bool held;
};

#define DEFINE_MUTEX(name)		struct mutex name
#define lockdep_is_held(lock)		((lock)->held)
#define lockdep_assert_held(lock)	assert((lock)->held)

static inline void mutex_lock(struct mutex *lock)
{
	assert(!lock->held);
	lock->held = true;
}

static inline void mutex_unlock(struct mutex *lock)
{
	assert(lock->held);
	lock->held = false;
}

extern unsigned int standin_readers;

static inline void rcu_read_lock(void)
{
	standin_readers++;
}

static inline void rcu_read_unlock(void)
{
	assert(standin_readers);
	standin_readers--;
}

#define rcu_read_lock_sched_notrace()	rcu_read_lock()
#define rcu_read_unlock_sched_notrace()	rcu_read_unlock()
#define rcu_access_pointer(p)		(p)
#define rcu_dereference(p)		(standin_must(standin_readers), (p))
#define rcu_dereference_sched(p)	rcu_dereference(p)
#define rcu_dereference_protected(p, by) (standin_must(by), (p))
#define rcu_assign_pointer(p, v)	((p) = (v))
#define synchronize_rcu()		assert(!standin_readers)

typedef struct {
	int n;
} atomic_t;

#define ATOMIC_INIT(v)			{ v }
#define atomic_inc(a)			((a)->n++)
#define atomic_dec(a)			((a)->n--)
#define atomic_read(a)			((a)->n)

struct static_key_false {
	int enabled;
};

#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key_false name
#define DEFINE_STATIC_KEY_FALSE(name)	struct static_key_false name
#define static_branch_inc(key)		((key)->enabled++)
#define static_branch_dec(key)		(standin_must((key)->enabled), (key)->enabled--)

/* Work is done when somebody waits for it, at the latest when its queue goes. */
struct work_struct {
	void (*func)(struct work_struct *work);
	struct work_struct *next;
};

struct rcu_work {
	struct work_struct work;
};

struct delayed_work {
	struct work_struct work;
	bool pending;
};

struct irq_work {
	void (*func)(struct irq_work *work);
};

struct workqueue_struct {
	struct work_struct *first, *behind_readers;
};

#define INIT_RCU_WORK(w, f)		((w)->work = (struct work_struct){ .func = (f) })
#define INIT_WORK_ONSTACK(w, f)		(*(w) = (struct work_struct){ .func = (f) })
#define destroy_work_on_stack(w)	((void)(w))
#define DECLARE_DELAYED_WORK(name, f)	struct delayed_work name = { .work.func = (f) }
#define DEFINE_IRQ_WORK(name, f)	struct irq_work name = { .func = (f) }
#define to_rcu_work(w)			container_of(w, struct rcu_work, work)
#define delayed_work_pending(w)		((w)->pending)
#define irq_work_queue(w)		((w)->func(w))
#define irq_work_sync(w)		((void)(w))
#define WQ_UNBOUND			0

struct workqueue_struct *alloc_workqueue(const char *name, int flags, int most);
void destroy_workqueue(struct workqueue_struct *wq);
void flush_workqueue(struct workqueue_struct *wq);
void queue_work(struct workqueue_struct *wq, struct work_struct *work);
void flush_work(struct work_struct *work);
void queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *work);
void rcu_barrier(void);
void queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
			unsigned long delay);
void cancel_delayed_work_sync(struct delayed_work *work);
/* A delayed work's time has come. Returns whether there was one. */
bool standin_time_passes(void);

/* Modules. */
struct module {
	const char *name;
};

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long event, void *module);
};

enum { MODULE_STATE_LIVE, MODULE_STATE_COMING, MODULE_STATE_GOING };
#define NOTIFY_DONE			0

int register_module_notifier(struct notifier_block *nb);
void unregister_module_notifier(struct notifier_block *nb);
void standin_module(unsigned long event, struct module *module);

static inline const char *module_name(const struct module *module)
{
	return module ? module->name : "kernel";
}

/* Files. */
struct super_block {
	unsigned long s_magic;
};

struct inode {
	struct super_block *i_sb;
};

struct dentry {
	struct dentry *d_parent;
	const char *name;
};

struct path {
	const void *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	void *private_data;
	unsigned int f_mode;
};

struct dir_context {
	bool (*actor)(struct dir_context *ctx, const char *name, int len, loff_t pos, u64 ino,
		      unsigned int type);
};

#define SYSFS_MAGIC			0x62656572
#define LOOKUP_FOLLOW			1
#define FMODE_READ			1
#ifndef O_DIRECTORY
#define O_DIRECTORY			0200000
#endif
#define DT_DIR				4
#define DT_LNK				10

struct file *filp_open(const char *name, int flags, int mode);
void fput(struct file *f);
struct inode *file_inode(const struct file *f);
int iterate_dir(struct file *dir, struct dir_context *ctx);
int kern_path(const char *name, int flags, struct path *path);
void path_put(const struct path *path);

typedef int (*standin_compare)(const void *a, const void *b);

static inline void sort(void *base, size_t nr, size_t size, standin_compare compare, void *swap)
{
	qsort(base, nr, size, compare);
}

/* securityfs and seq_file. */
struct seq_file {
	void *private;
	int (*show)(struct seq_file *seq, void *v);
	char text[4096];
};

struct file_operations {
	void *owner;
	int (*open)(struct inode *inode, struct file *f);
	ssize_t (*read)(struct file *f, char *to, size_t count, loff_t *pos);
	ssize_t (*write)(struct file *f, const char *from, size_t count, loff_t *pos);
	loff_t (*llseek)(struct file *f, loff_t offset, int whence);
	int (*release)(struct inode *inode, struct file *f);
};

#define CAP_SYS_ADMIN			21
#define capable(cap)			(standin.may)
#define file_ns_capable(f, ns, cap)	(standin.opener_may)

ssize_t seq_read(struct file *f, char *to, size_t count, loff_t *pos);
loff_t seq_lseek(struct file *f, loff_t offset, int whence);
void seq_puts(struct seq_file *seq, const char *s);
void seq_putc(struct seq_file *seq, char c);
int single_open_size(struct file *f, int (*show)(struct seq_file *seq, void *v), void *private,
		     size_t size);
int single_release(struct inode *inode, struct file *f);
unsigned long copy_from_user(void *to, const void *from, size_t n);

#endif /* _UCG_FUZZ_STANDIN_H */
