// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guard shows in securityfs: status, violations, caches. The rules have
 * their own file in the same folder (whitelist/file.c).
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/time64.h>

#include "whitelist/file.h"
#include "whitelist/name.h"
#include "whitelist/whitelist.h"

#include "files.h"
#include "hook.h"
#include "policy.h"
#include "report.h"
#include "use.h"
#include "violation.h"

static struct dentry *folder, *files[4];

static const char * const outcome_keys[UCG_NR_OUTCOMES] = {
	[UCG_OUTCOME_ALLOWED]		= "allowed",
	[UCG_OUTCOME_REFUSED]		= "refused",
	[UCG_OUTCOME_UNREFUSABLE]	= "unrefusable",
	[UCG_OUTCOME_KILLED]		= "killed",
};

/* A value without blanks: what is not printable, and backslashes, as three octal digits. */
static void put_word(struct seq_file *m, const char *word)
{
	if (!*word)
		seq_putc(m, '-');
	for (; *word; word++) {
		unsigned char c = *word;

		if (c > ' ' && c < 0x7f && c != '\\')
			seq_putc(m, c);
		else
			seq_printf(m, "\\%03o", c);
	}
}

static void put_seconds(struct seq_file *m, const char *key, u64 ns)
{
	u64 seconds = ns;
	u32 rest = do_div(seconds, NSEC_PER_SEC);

	seq_printf(m, " %s=%llu.%06u", key, seconds, rest / 1000);
}

/* The same, of what may not have happened. */
static void put_seconds_if(struct seq_file *m, const char *key, u64 ns)
{
	if (ns)
		put_seconds(m, key, ns);
	else
		seq_printf(m, " %s=-", key);
}

static void put_ranges(struct seq_file *m, const char *key, const struct ucg_ranges *ranges)
{
	struct ucg_region at[UCG_RANGES];
	int nr = ucg_ranges_read(ranges, at), i;

	seq_printf(m, " %s=", key);
	if (nr <= 0)
		seq_puts(m, nr ? "spread" : "-");
	for (i = 0; i < nr; i++)
		seq_printf(m, "%s%u-%u", i ? "," : "", at[i].first, at[i].last);
}

static void *violations_start(struct seq_file *m, loff_t *pos)
{
	for (; *pos < ucg_violation_slots(); ++*pos) {
		struct ucg_violation *v = ucg_violation_at(*pos);

		if (v)
			return v;
	}
	return NULL;
}

static void *violations_next(struct seq_file *m, void *p, loff_t *pos)
{
	++*pos;
	return violations_start(m, pos);
}

static void violations_stop(struct seq_file *m, void *p)
{
}

static void put_outcomes(struct seq_file *m, const struct ucg_violation *v)
{
	unsigned int i;

	seq_printf(m, " count=%llu", ucg_violation_count(v));
	for (i = 0; i < UCG_NR_OUTCOMES; i++)
		seq_printf(m, " %s=%llu", outcome_keys[i], (u64)atomic64_read(&v->outcomes[i]));
	put_seconds(m, "first", v->first_ns);
	put_seconds(m, "last", READ_ONCE(v->last_ns));
	for (i = 0; i < UCG_NR_OUTCOMES; i++) {
		char key[24];

		snprintf(key, sizeof(key), "%s_at", outcome_keys[i]);
		put_seconds_if(m, key, atomic64_read(&v->outcome_ns[i]));
	}
}

static void put_code(struct seq_file *m, const struct ucg_violation *v)
{
	const struct ucg_decision decision = ucg_violation_decided(&v->decided);
	char text[UCG_SITE_LEN], by[UCG_BY_LEN];

	seq_printf(m, " policy=%s by=", ucg_policy_words[decision.policy]);
	put_word(m, ucg_report_by(by, sizeof(by), v, &decision));
	seq_puts(m, " caller=");
	put_word(m, ucg_site_text(text, sizeof(text), &v->site, ""));
	seq_puts(m, " module=");
	put_word(m, v->site.module);
	seq_puts(m, " srcversion=");
	put_word(m, v->site.srcversion);
	seq_puts(m, " stack=");
	put_word(m, READ_ONCE(v->stack_text) ?: "");
}

static int violations_show(struct seq_file *m, void *p)
{
	struct ucg_violation *v = p;

	seq_printf(m, "id=%u kind=%s dir=%s cache=", v->id, ucg_kind_words[v->kind],
		   v->to_user ? "to" : "from");
	put_word(m, v->cache);
	seq_printf(m, " merged=%u objsize=%lu useroffset=%u usersize=%u denied=%d", v->merged,
		   v->object_size, v->useroffset, v->usersize, v->denied);
	seq_printf(m, " min=%lu max=%lu minsize=%lu maxsize=%lu grew=%u",
		   atomic_long_read(&v->min), atomic_long_read(&v->max),
		   atomic_long_read(&v->min_n), atomic_long_read(&v->max_n),
		   atomic_read(&v->grew));
	put_ranges(m, "ranges", &v->ranges);
	put_outcomes(m, v);
	seq_printf(m, " pid=%d comm=", v->pid);
	put_word(m, v->comm);
	put_code(m, v);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations violations_ops = {
	.start	= violations_start,
	.next	= violations_next,
	.stop	= violations_stop,
	.show	= violations_show,
};

static int violations_open(struct inode *inode, struct file *file)
{
	/* Stacks have their text when they were told. */
	ucg_report_now();
	return seq_open(file, &violations_ops);
}

static const struct file_operations violations_fops = {
	.owner		= THIS_MODULE,
	.open		= violations_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= seq_release,
};

/**
 * struct evidence - what was seen of one slab cache
 * @cache:	its name
 * @merge_id:	its name in sysfs if SLUB may merge it with others, else empty
 * @next:	the next of those with the same hash, plus 1; 0 behind the last
 * @violations:	distinct violations
 * @outcomes:	copies by what became of them
 * @first_ns:	boot time of the first, ns
 * @last_ns:	boot time of the last, ns
 */
struct evidence {
	const char *cache;
	const char *merge_id;
	unsigned int next;
	unsigned int violations;
	u64 outcomes[UCG_NR_OUTCOMES];
	u64 first_ns;
	u64 last_ns;
};

/**
 * struct caches - what the file "caches" shows from its opening on
 * @nr:		caches
 * @max:	for how many there is room
 * @heads:	number of a cache with this hash, plus 1; 0 if there is none
 * @bits:	of the hash
 * @seen:	the caches, as they were met in the store
 *
 * Made in one go: records are many, and to look for each cache's among all of them would take
 * seconds.
 */
struct caches {
	unsigned int nr;
	unsigned int max;
	unsigned int *heads;
	unsigned int bits;
	struct evidence *seen;
};

static struct ucg_violation *cache_at(unsigned int i)
{
	struct ucg_violation *v = ucg_violation_at(i);

	/* There may be many between two that are shown. */
	cond_resched();
	return v && v->cache[0] ? v : NULL;
}

/* The evidence of a cache, new or known. NULL if there is no room for a new one. */
static struct evidence *evidence_of(struct caches *c, const char *cache, const char *merge_id)
{
	unsigned int *link = &c->heads[hash_64(ucg_name_hash(cache), c->bits)];

	for (; *link; link = &c->seen[*link - 1].next)
		if (!strcmp(c->seen[*link - 1].cache, cache))
			return &c->seen[*link - 1];
	if (c->nr == c->max)
		return NULL;
	*link = ++c->nr;
	c->seen[*link - 1] = (struct evidence){
		.cache = cache, .merge_id = merge_id, .first_ns = U64_MAX,
	};
	return &c->seen[*link - 1];
}

static void gather(struct caches *c)
{
	unsigned int i, o;

	for (i = 0; i < ucg_violation_slots(); i++) {
		struct ucg_violation *v = cache_at(i);
		struct evidence *e = v ? evidence_of(c, v->cache, v->merge_id) : NULL;

		if (!e)
			continue;
		e->violations++;
		for (o = 0; o < UCG_NR_OUTCOMES; o++)
			e->outcomes[o] += atomic64_read(&v->outcomes[o]);
		e->first_ns = min(e->first_ns, v->first_ns);
		e->last_ns = max(e->last_ns, READ_ONCE(v->last_ns));
	}
	/* And those without a violation that are in use. */
	for (i = 0; i < UCG_USE_SLOTS; i++) {
		const struct ucg_use *use = ucg_use_at(i);

		if (use)
			evidence_of(c, use->cache, use->merge_id);
	}
}

static void *caches_start(struct seq_file *m, loff_t *pos)
{
	struct caches *c = m->private;

	return *pos < c->nr ? &c->seen[*pos] : NULL;
}

static void *caches_next(struct seq_file *m, void *p, loff_t *pos)
{
	++*pos;
	return caches_start(m, pos);
}

/* A policy that is for this cache alone. */
static const char *own_policy(const struct evidence *e)
{
	struct ucg_cache_id id = {
		.name = e->cache, .merge_id = e->merge_id[0] ? e->merge_id : NULL,
	};
	struct ucg_policy_query query = { .cache = &id, .kind = UCG_FINE };
	enum ucg_subject by;
	int policy;

	rcu_read_lock();
	policy = ucg_whitelist_policy(&query, &by);
	rcu_read_unlock();
	return by == UCG_SUBJECT_CACHE ? ucg_policy_words[policy] : "-";
}

static void put_use(struct seq_file *m, const struct ucg_use *use)
{
	static const struct ucg_use none;

	use = use ?: &none;
	put_seconds_if(m, "used_to", READ_ONCE(use->last_ns[UCG_DIR_TO]));
	put_seconds_if(m, "used_from", READ_ONCE(use->last_ns[UCG_DIR_FROM]));
	put_ranges(m, "ranges_to", &use->ranges[UCG_DIR_TO]);
	put_ranges(m, "ranges_from", &use->ranges[UCG_DIR_FROM]);
	seq_printf(m, " ruled_to=%llu ruled_from=%llu",
		   (u64)atomic64_read(&use->ruled[UCG_DIR_TO]),
		   (u64)atomic64_read(&use->ruled[UCG_DIR_FROM]));
	put_seconds_if(m, "ruled_last", READ_ONCE(use->ruled_ns));
}

static int caches_show(struct seq_file *m, void *p)
{
	const struct evidence *e = p;
	unsigned int o;

	seq_puts(m, "cache=");
	put_word(m, e->cache);
	seq_printf(m, " policy=%s violations=%u", own_policy(e), e->violations);
	for (o = 0; o < UCG_NR_OUTCOMES; o++)
		seq_printf(m, " %s=%llu", outcome_keys[o], e->outcomes[o]);
	put_seconds_if(m, "first", e->violations ? e->first_ns : 0);
	put_seconds_if(m, "last", e->last_ns);
	put_use(m, ucg_use_of(e->cache));
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations caches_ops = {
	.start	= caches_start,
	.next	= caches_next,
	.stop	= violations_stop,
	.show	= caches_show,
};

static int caches_release(struct inode *inode, struct file *file)
{
	struct caches *c = ((struct seq_file *)file->private_data)->private;

	kvfree(c->seen);
	kvfree(c->heads);
	return seq_release_private(inode, file);
}

static int caches_open(struct inode *inode, struct file *file)
{
	struct caches *c = __seq_open_private(file, &caches_ops, sizeof(*c));
	unsigned int i;

	if (!c)
		return -ENOMEM;
	/* No more than there are records; those that come meanwhile are for the next reader. */
	for (i = 0; i < ucg_violation_slots(); i++)
		c->max += !!cache_at(i);
	for (i = 0; i < UCG_USE_SLOTS; i++)
		c->max += !!ucg_use_at(i);
	c->bits = ilog2(roundup_pow_of_two(c->max + 2));
	c->heads = kvcalloc(1UL << c->bits, sizeof(*c->heads), GFP_KERNEL);
	c->seen = kvcalloc(c->max, sizeof(*c->seen), GFP_KERNEL);
	if (!c->heads || !c->seen) {
		caches_release(inode, file);
		return -ENOMEM;
	}
	gather(c);
	return 0;
}

static const struct file_operations caches_fops = {
	.owner		= THIS_MODULE,
	.open		= caches_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= caches_release,
};

static int status_show(struct seq_file *m, void *p)
{
	u64 outcomes[UCG_NR_OUTCOMES];
	unsigned int i, o, distinct = 0;
	struct ucg_whitelist_stats rules;

	for (o = 0; o < UCG_NR_OUTCOMES; o++)
		outcomes[o] = ucg_violation_unlisted(o);
	for (i = 0; i < ucg_violation_slots(); i++) {
		struct ucg_violation *v = ucg_violation_at(i);

		if (!v)
			continue;
		distinct++;
		for (o = 0; o < UCG_NR_OUTCOMES; o++)
			outcomes[o] += atomic64_read(&v->outcomes[o]);
	}
	ucg_whitelist_stats(&rules);

	seq_printf(m, "policy: %s\n", ucg_policy_words[ucg_policy_get()]);
	seq_printf(m, "kill: %d\nlocked: %d\n", ucg_policy_kills(), ucg_policy_locked());
	ucg_hook_describe(m);
	seq_printf(m, "violations: distinct %u, allowed %llu, refused %llu, unrefusable %llu, killed %llu, not listed %llu\n",
		   distinct, outcomes[UCG_OUTCOME_ALLOWED], outcomes[UCG_OUTCOME_REFUSED],
		   outcomes[UCG_OUTCOME_UNREFUSABLE], outcomes[UCG_OUTCOME_KILLED],
		   ucg_violation_not_listed());
	seq_printf(m, "rules: %u for %u caches, %zu bytes; %u by drivers, %u merged caches reached\n",
		   rules.rules, rules.caches, rules.bytes, rules.driver_rules, rules.merged);
	return 0;
}

static int status_open(struct inode *inode, struct file *file)
{
	return single_open(file, status_show, NULL);
}

static const struct file_operations status_fops = {
	.owner		= THIS_MODULE,
	.open		= status_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} kinds[ARRAY_SIZE(files)] = {
	{ "status",	0400, &status_fops },
	{ "violations",	0400, &violations_fops },
	{ "caches",	0400, &caches_fops },
	{ "whitelist",	0600, &ucg_whitelist_fops },
};

/*
 * Nobody shall have the VFS warn that the module is going (do_dentry_open()): what is opened from here on is
 * an empty file. From the moment the module begins to go until all files are such ones are some
 * instructions, which no module can do without.
 */
static void empty(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (!IS_ERR_OR_NULL(files[i]))
			WRITE_ONCE(d_inode(files[i])->i_fop, &generic_ro_fops);
}

/*
 * Takes a file away, or the folder, whoever holds it: what securityfs_remove() removes may stay where it is
 * until the last one lets go (before 6.17), if that is only a task whose working directory it is. Then
 * the name would be taken at the next load.
 */
static void take_away(struct dentry *dentry)
{
	if (IS_ERR_OR_NULL(dentry))
		return;
	dget(dentry);
	/* Who holds it by O_PATH, or has just closed it, can open what he holds when the module is gone. */
	if (!d_is_dir(dentry))
		make_bad_inode(d_inode(dentry));
	securityfs_remove(dentry);
	d_drop(dentry);
	dput(dentry);
}

/**
 * ucg_files_init - make the folder and its files
 *
 * What they show has to be there already.
 *
 * Context: process, may sleep.
 * Return: 0 or an error; nothing is left behind then.
 */
int ucg_files_init(void)
{
	unsigned int i;
	int err = 0;

	folder = securityfs_create_dir("usercopy_guard", NULL);
	if (IS_ERR(folder))
		return PTR_ERR(folder);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		files[i] = securityfs_create_file(kinds[i].name, kinds[i].mode, folder, NULL,
						  &generic_ro_fops);
		err = err ?: PTR_ERR_OR_ZERO(files[i]);
	}
	if (err) {
		ucg_files_exit();
		return err;
	}
	/* Empty files until there are all of them: who opens one of ours has the module stay. */
	for (i = 0; i < ARRAY_SIZE(files); i++)
		WRITE_ONCE(d_inode(files[i])->i_fop, kinds[i].fops);
	return 0;
}

/**
 * ucg_files_exit - take folder and files away
 *
 * Nobody can open one any more then, not even who holds it by O_PATH. Who looks one up right now has done
 * so when each task has slept or left the kernel, which taking the hook off waits for: that is to follow,
 * and what they show goes after it.
 *
 * Context: process, may sleep.
 */
void ucg_files_exit(void)
{
	unsigned int i;

	empty();
	for (i = 0; i < ARRAY_SIZE(files); i++)
		take_away(files[i]);
	take_away(folder);
}
