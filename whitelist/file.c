// SPDX-License-Identifier: GPL-2.0-only
/*
 * The securityfs file "whitelist" (file.h).
 */
#define pr_fmt(fmt) "usercopy_guard: whitelist: " fmt

#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "../usercopy/limits.h"
#include "edit.h"
#include "file.h"
#include "rule.h"
#include "whitelist.h"

/* Text of one write, which ends in a newline; and what is wrong with it. */
struct text {
	const char *at;
	size_t len;
	/* out: the line that is wrong */
	const char *reason;
	const char *line;
	size_t line_len;
	unsigned int line_nr;
	/* out: there is more than empty lines and comments */
	bool says_something;
};

/* An open file. */
struct session {
	/* where a program that writes and writes on is in the file */
	loff_t end;
};

/* Each line, which ends in a newline; added to @set, if there is one. */
static int read_text(struct text *text, struct ucg_ruleset *set)
{
	const char *end = text->at + text->len;
	const char *line, *newline;
	struct ucg_rule rule;
	int err;

	text->line_nr = 0;
	for (line = text->at; line < end; line = newline + 1) {
		newline = memchr(line, '\n', end - line);
		text->line_nr++;
		text->line = line;
		text->line_len = newline - line;
		text->reason = ucg_rule_parse(line, newline - line, &rule);
		if (text->reason)
			return -EINVAL;
		text->says_something |= rule.verb != UCG_VERB_BLANK;
		err = set ? ucg_ruleset_add(set, &rule) : 0;
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int apply_text(struct ucg_ruleset *set, void *arg)
{
	struct text *text = arg;
	int err = read_text(text, set);

	if (err == -ENOENT)
		text->reason = "there is no such rule to delete";
	else if (err == -EEXIST)
		text->reason = "another policy for the same name, in one write";
	return text->reason ? -EINVAL : err;
}

static void tell_error(const struct text *text, int err)
{
	int len = min_t(size_t, text->line_len, UCG_EXCERPT_MAX);

	if (text->reason)
		pr_warn_ratelimited("line %u: %s: \"%*pE\"; no rule was changed\n", text->line_nr,
				    text->reason, len, text->line);
	else if (err == -ENOSPC)
		pr_warn_ratelimited("more than %u rules; no rule was changed\n", UCG_RULES_MAX);
	else if (err == -ENOMEM)
		pr_warn_ratelimited("out of memory; no rule was changed\n");
}

/**
 * ucg_whitelist_write - what a write to the file does
 * @buf: lines of the rule language, each with its newline
 * @len: length in bytes
 *
 * Context: process; may sleep.
 * Return: 0 when all of it took effect; an error, and the log says which line is wrong, when
 * nothing did: -EINVAL, -ENOSPC for too many rules, -EPERM when that is locked, or -ENOMEM.
 */
int ucg_whitelist_write(const char *buf, size_t len)
{
	struct text text = { .at = buf, .len = len };
	const struct ucg_change change = {
		.apply = apply_text, .arg = &text, .administrator = true,
	};
	int err;

	if (!len)
		return 0;
	if (buf[len - 1] != '\n') {
		pr_warn_ratelimited("the write does not end with a newline: it may have been cut; no rule was changed\n");
		return -EINVAL;
	}
	/*
	 * Before anything is done: whoever writes nonsense, a million times perhaps, shall not keep
	 * other writers waiting, nor have the names of all caches read each time.
	 */
	err = read_text(&text, NULL);
	/* Nothing to do for empty lines and comments alone. */
	if (!err && text.says_something)
		err = ucg_whitelist_change(&change);
	if (err)
		tell_error(&text, err);
	return err;
}

static int check_write(struct file *f, const struct session *session, size_t count, loff_t pos)
{
	/* Whoever opened the file must have been allowed to, and whoever writes. */
	if (!capable(CAP_SYS_ADMIN) || !file_ns_capable(f, &init_user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (pos && pos != session->end) {
		pr_warn_ratelimited("write at an offset; rules are only added, write at 0\n");
		return -EINVAL;
	}
	if (count > UCG_WRITE_MAX) {
		pr_warn_ratelimited("write of more than %u bytes; no rule was changed\n",
				    UCG_WRITE_MAX);
		return -E2BIG;
	}
	return 0;
}

static ssize_t whitelist_write(struct file *f, const char __user *from, size_t count, loff_t *pos)
{
	struct session *session = ((struct seq_file *)f->private_data)->private;
	char *buf;
	int err;

	err = check_write(f, session, count, *pos);
	if (err || !count)
		return err;
	buf = kvmalloc(count, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (copy_from_user(buf, from, count))
		err = -EFAULT;
	else
		err = ucg_whitelist_write(buf, count);
	if (!err) {
		*pos += count;
		session->end = *pos;
	}
	kvfree(buf);
	return err ?: count;
}

static void put_line(void *seq, const char *line)
{
	seq_puts(seq, line);
	seq_putc(seq, '\n');
}

static int whitelist_show(struct seq_file *seq, void *v)
{
	return ucg_whitelist_print(put_line, seq);
}

/* All in one buffer, so that what is read is one set of rules; begin with a guess at its size. */
static int whitelist_open(struct inode *inode, struct file *f)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL);
	struct ucg_whitelist_stats stats;
	size_t size;
	int err;

	if (!session)
		return -ENOMEM;
	ucg_whitelist_stats(&stats);
	size = f->f_mode & FMODE_READ ? UCG_RULE_BYTES * (size_t)stats.rules + 1 : 1;
	err = single_open_size(f, whitelist_show, session, PAGE_ALIGN(size));
	if (err)
		kfree(session);
	return err;
}

static int whitelist_release(struct inode *inode, struct file *f)
{
	kfree(((struct seq_file *)f->private_data)->private);
	return single_release(inode, f);
}

const struct file_operations ucg_whitelist_fops = {
	.owner		= THIS_MODULE,
	.open		= whitelist_open,
	.read		= seq_read,
	.write		= whitelist_write,
	.llseek		= seq_lseek,
	.release	= whitelist_release,
};
