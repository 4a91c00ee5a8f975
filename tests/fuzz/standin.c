// SPDX-License-Identifier: GPL-2.0-only
/*
 * What standin.h declares, and what the whitelist asks of the guard's other parts.
 */
#include "standin.h"

#include "../../usercopy/change.h"
#include "../../usercopy/policy.h"

#undef snprintf

struct standin standin;
unsigned int standin_readers;

char *kstrndup(const char *s, size_t len, int gfp)
{
	return fuzz_alloc_fails() ? NULL : strndup(s, len);
}

char *kasprintf(int gfp, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	if (fuzz_alloc_fails())
		return NULL;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

int standin_snprintf(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	if (!strcmp(format, "%pd"))
		n = snprintf(buf, size, "%s", va_arg(args, const struct dentry *)->name);
	else
		n = vsnprintf(buf, size, format, args);
	va_end(args);
	return n;
}

void standin_log(const char *format, ...)
{
	char spelled[256], *escaped;
	va_list args;

	snprintf(spelled, sizeof(spelled), "%s", format);
	escaped = strstr(spelled, "%*pE");
	if (escaped)
		memcpy(escaped, "%.*s", 4);
	va_start(args, format);
	vsnprintf(standin.log, sizeof(standin.log), escaped ? spelled : format, args);
	va_end(args);
}

/* All work that waits, of the one queue there may be. */
static struct workqueue_struct *the_wq;
static struct delayed_work *delayed;

struct workqueue_struct *alloc_workqueue(const char *name, int flags, int most)
{
	assert(!the_wq);
	the_wq = kvzalloc(sizeof(*the_wq), GFP_KERNEL);
	return the_wq;
}

/* One or more. */
static void append(struct work_struct **to, struct work_struct *work)
{
	while (*to)
		to = &(*to)->next;
	*to = work;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	struct work_struct *work;

	assert(wq == the_wq);
	while ((work = wq->first)) {
		wq->first = work->next;
		work->func(work);
	}
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	flush_workqueue(wq);
	/* The kernel would not wait for what waits for readers. */
	assert(!wq->behind_readers);
	kvfree(wq);
	the_wq = NULL;
}

void queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	work->next = NULL;
	append(&wq->first, work);
}

void flush_work(struct work_struct *work)
{
	flush_workqueue(the_wq);
}

void queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *work)
{
	work->work.next = NULL;
	append(&wq->behind_readers, &work->work);
}

void rcu_barrier(void)
{
	assert(!standin_readers);
	if (!the_wq)
		return;
	append(&the_wq->first, the_wq->behind_readers);
	the_wq->behind_readers = NULL;
}

void queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay)
{
	assert(wq && !delayed && !work->pending);
	delayed = work;
	work->pending = true;
}

void cancel_delayed_work_sync(struct delayed_work *work)
{
	delayed = NULL;
	work->pending = false;
}

bool standin_time_passes(void)
{
	struct delayed_work *work = delayed;

	if (!work)
		return false;
	cancel_delayed_work_sync(work);
	work->work.func(&work->work);
	return true;
}

static struct notifier_block *listener;

int register_module_notifier(struct notifier_block *nb)
{
	assert(!listener);
	if (!standin.notifier_error)
		listener = nb;
	return standin.notifier_error;
}

void unregister_module_notifier(struct notifier_block *nb)
{
	assert(listener == nb);
	listener = NULL;
}

void standin_module(unsigned long event, struct module *module)
{
	if (listener)
		listener->notifier_call(listener, event, module);
}

/* /sys/kernel/slab. A link's file is its folder, or something of elsewhere. */
static struct super_block sysfs = { SYSFS_MAGIC }, other = { 1 };
static struct inode sysfs_inode = { &sysfs }, other_inode = { &other };
static struct dentry slab_folder = { .name = "slab" }, elsewhere = { .name = "elsewhere" };
static struct file slab_file;
static unsigned int open_files, open_paths;

struct file *filp_open(const char *name, int flags, int mode)
{
	assert(!strcmp(name, "/sys/kernel/slab"));
	if (standin.open_error)
		return ERR_PTR(standin.open_error);
	open_files++;
	slab_file.f_path = (struct path){ &sysfs, &slab_folder };
	return &slab_file;
}

void fput(struct file *f)
{
	assert(open_files == 1 && !open_paths);
	open_files--;
}

struct inode *file_inode(const struct file *f)
{
	return standin.other_fs ? &other_inode : &sysfs_inode;
}

int iterate_dir(struct file *dir, struct dir_context *ctx)
{
	unsigned int i;

	for (i = 0; i < standin.nr_links; i++) {
		const char *name = standin.links[i].name;
		unsigned int type = standin.links[i].to ? DT_LNK : DT_DIR;

		if (!ctx->actor(ctx, name, strlen(name), i, i, type))
			break;
	}
	return standin.list_error;
}

static struct dentry followed;

int kern_path(const char *name, int flags, struct path *path)
{
	const char *last = strrchr(name, '/') + 1;
	unsigned int i;

	if (standin.follow_error)
		return standin.follow_error;
	for (i = 0; i < standin.nr_links && strcmp(standin.links[i].name, last); i++)
		;
	if (i == standin.nr_links || !*standin.links[i].to)
		return -ENOENT;
	open_paths++;
	followed.name = standin.links[i].to;
	followed.d_parent = *followed.name == '/' ? &elsewhere : &slab_folder;
	*path = (struct path){ standin.elsewhere ? (void *)&other : (void *)&sysfs, &followed };
	return 0;
}

void path_put(const struct path *path)
{
	assert(open_paths == 1);
	open_paths--;
}

void seq_puts(struct seq_file *seq, const char *s)
{
	strncat(seq->text, s, sizeof(seq->text) - strlen(seq->text) - 1);
}

void seq_putc(struct seq_file *seq, char c)
{
	seq_puts(seq, (char []){ c, '\0' });
}

int single_open_size(struct file *f, int (*show)(struct seq_file *seq, void *v), void *private,
		     size_t size)
{
	struct seq_file *seq = kvzalloc(sizeof(*seq), GFP_KERNEL);

	if (!seq)
		return -ENOMEM;
	standin.seq_size = size;
	*seq = (struct seq_file){ .private = private, .show = show };
	f->private_data = seq;
	return 0;
}

int single_release(struct inode *inode, struct file *f)
{
	kvfree(f->private_data);
	return 0;
}

ssize_t seq_read(struct file *f, char *to, size_t count, loff_t *pos)
{
	struct seq_file *seq = f->private_data;
	int err;

	*seq->text = '\0';
	err = seq->show(seq, NULL);
	if (err)
		return err;
	snprintf(to, count, "%s", seq->text);
	return strlen(to);
}

loff_t seq_lseek(struct file *f, loff_t offset, int whence)
{
	return offset;
}

unsigned long copy_from_user(void *to, const void *from, size_t n)
{
	if (standin.bad_address)
		return n;
	memcpy(to, from, n);
	return 0;
}

/* The guard's other parts. */
static bool policy_held;

void ucg_policy_hold(void)
{
	assert(!policy_held);
	policy_held = true;
}

void ucg_policy_release(void)
{
	assert(policy_held);
	policy_held = false;
}

bool ucg_policy_locked(void)
{
	return standin.locked;
}

enum ucg_policy ucg_policy_get(void)
{
	return standin.policy;
}

void ucg_change_tell(const char *what, const char *before, const char *now)
{
	snprintf(standin.told, sizeof(standin.told), "%s: %s, %s", what, before, now);
}
