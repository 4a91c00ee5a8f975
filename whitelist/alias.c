// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follow the names of merged slab caches (alias.h).
 *
 * SLUB keeps no list of aliases. What it has is a link in /sys/kernel/slab for each name that is
 * or was used for a cache that may be merged. Two things follow that no reader can mend: without
 * /sys (or a kernel with sysfs) merged caches are known by their first name alone; and SLUB leaves
 * the link of a cache that is destroyed while others still use the merged one, so that rules for it
 * keep their effect there until the name is used anew or the last user has gone.
 */
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "usercopy/compat.h"

#include "alias.h"
#include "array.h"
#include "edit.h"
#include "name.h"

#define SLAB_DIR "/sys/kernel/slab"

struct listing {
	struct dir_context ctx;
	struct ucg_aliases *aliases;
	int err;
};

static int make_room(struct ucg_aliases *aliases)
{
	struct ucg_alias *at;
	u32 room;

	if (aliases->nr < aliases->room)
		return 0;
	room = max(UCG_ALIASES_FEWEST, 2 * aliases->room);
	if (room > UCG_ALIASES_MAX)
		return -E2BIG;
	at = ucg_array_grow(aliases->at, aliases->nr, room, sizeof(*at));
	if (!at)
		return -ENOMEM;
	aliases->at = at;
	aliases->room = room;
	return 0;
}

/* A name in the folder; its links are followed when the folder is no longer locked. */
static bool note_name(struct dir_context *ctx, const char *name, int len, loff_t pos, u64 ino,
		      unsigned int type)
{
	struct listing *listing = container_of(ctx, struct listing, ctx);
	struct ucg_aliases *aliases = listing->aliases;
	char *copy;

	if (type != DT_LNK || len > UCG_NAME_MAX)
		return true;
	listing->err = make_room(aliases);
	if (listing->err)
		return false;
	copy = kstrndup(name, len, GFP_KERNEL);
	if (!copy) {
		listing->err = -ENOMEM;
		return false;
	}
	aliases->at[aliases->nr++].name = copy;
	return true;
}

static int list_names(struct file *dir, struct ucg_aliases *aliases)
{
	struct listing listing = { .ctx.actor = note_name, .aliases = aliases };
	int err = iterate_dir(dir, &listing.ctx);

	return listing.err ?: err;
}

/* Leaves the merge id empty when the name leads to nothing, or to nothing that is merged. */
static int follow(const struct path *dir, struct ucg_alias *alias)
{
	char *link = kasprintf(GFP_KERNEL, SLAB_DIR "/%s", alias->name);
	struct path path;
	int err;

	if (!link)
		return -ENOMEM;
	err = kern_path(link, LOOKUP_FOLLOW, &path);
	kfree(link);
	if (err)
		return err == -ENOMEM ? err : 0;
	if (path.mnt == dir->mnt && path.dentry->d_parent == dir->dentry) {
		int len = snprintf(alias->merge_id, sizeof(alias->merge_id), "%pd", path.dentry);

		if (alias->merge_id[0] != ':' || len > UCG_MERGE_ID_MAX)
			alias->merge_id[0] = '\0';
	}
	path_put(&path);
	return 0;
}

static int by_merge_id(const void *a, const void *b)
{
	const struct ucg_alias *x = a, *y = b;

	return strcmp(x->merge_id, y->merge_id) ?: strcmp(x->name, y->name);
}

static int read_all(struct ucg_aliases *aliases)
{
	struct file *dir = filp_open(SLAB_DIR, O_RDONLY | O_DIRECTORY, 0);
	int err;
	u32 i;

	if (IS_ERR(dir))
		return PTR_ERR(dir) == -ENOMEM ? -ENOMEM : 0;
	/* Whatever else may be mounted there says nothing about slab caches. */
	if (file_inode(dir)->i_sb->s_magic != SYSFS_MAGIC) {
		fput(dir);
		return 0;
	}
	err = list_names(dir, aliases);
	for (i = 0; i < aliases->nr && !err; i++)
		err = follow(&dir->f_path, &aliases->at[i]);
	fput(dir);
	if (!err && aliases->nr)
		sort(aliases->at, aliases->nr, sizeof(*aliases->at), by_merge_id, NULL);
	return err;
}

/**
 * ucg_aliases_read - read all aliases
 * @aliases: where to put them; to be freed with ucg_aliases_free(), after an error as well
 *
 * Looks for /sys as the system's first process sees it.
 *
 * Context: a kernel worker.
 * Return: 0, also when there is no /sys/kernel/slab and so no alias; -ENOMEM or -E2BIG.
 */
int ucg_aliases_read(struct ucg_aliases *aliases)
{
	int err = 0;

	*aliases = (struct ucg_aliases){};
	if (!ucg_have_init_fs())
		return 0;
	ucg_scoped_with_init_fs() {
		err = read_all(aliases);
	}
	return err;
}

struct reading {
	struct work_struct work;
	struct ucg_aliases *aliases;
	int err;
};

static void read_in_worker(struct work_struct *work)
{
	struct reading *reading = container_of(work, struct reading, work);

	reading->err = ucg_aliases_read(reading->aliases);
}

/**
 * ucg_aliases_read_from - read all aliases, from a worker of a workqueue
 * @wq: the workqueue
 * @aliases: as for ucg_aliases_read()
 *
 * The caller may be in a container or a chroot, without /sys or with one of its own making; a
 * kernel worker sees what the system's first process sees.
 *
 * Context: process, not a worker of @wq; waits.
 * Return: as ucg_aliases_read().
 */
int ucg_aliases_read_from(struct workqueue_struct *wq, struct ucg_aliases *aliases)
{
	struct reading reading = { .aliases = aliases };

	INIT_WORK_ONSTACK(&reading.work, read_in_worker);
	queue_work(wq, &reading.work);
	flush_work(&reading.work);
	destroy_work_on_stack(&reading.work);
	return reading.err;
}

/* How many aliases from @i on have its merge id. */
static u32 count_alike(const struct ucg_aliases *aliases, u32 i)
{
	u32 end = i;

	while (end < aliases->nr && !strcmp(aliases->at[end].merge_id, aliases->at[i].merge_id))
		end++;
	return end - i;
}

/* Write the names of @nr aliases to @buf, as rules spell them; "..." is for what has no room. */
static void list(const struct ucg_alias *at, u32 nr, char *buf, size_t size)
{
	size_t n = 0;

	for (; nr--; at++) {
		/* Escaping makes four bytes of one; and room for ", ...", should there be more. */
		if (n + 4 * strlen(at->name) + 8 > size) {
			snprintf(buf + n, size - n, "%s...", n ? ", " : "");
			return;
		}
		n += snprintf(buf + n, size - n, "%s", n ? ", " : "");
		n += ucg_name_escape(buf + n, at->name);
	}
}

/* The names of one merged cache: link each, and say all of them. */
static int link_alike(struct ucg_ruleset *set, const struct ucg_alias *at, u32 nr)
{
	char names[UCG_MERGED_NAMES] = "";
	int err = 0;
	u32 i;

	for (i = 0; i < nr && !err; i++) {
		err = ucg_ruleset_link(set, at[i].name, at[i].merge_id, nr);
		/* The folder's own name may be used in rules as well. */
		if (!err)
			err = ucg_ruleset_link(set, at[i].merge_id, at[i].merge_id, nr);
	}
	if (err || nr < 2)
		return err;
	list(at, nr, names, sizeof(names));
	return ucg_ruleset_name_merged(set, at->merge_id, names);
}

/**
 * ucg_aliases_link - tell a set of rules where names lead
 * @aliases: the aliases
 * @set: the set, not yet sealed
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ucg_aliases_link(const struct ucg_aliases *aliases, struct ucg_ruleset *set)
{
	u32 i, nr;
	int err = 0;

	for (i = 0; i < aliases->nr && !err; i += nr) {
		nr = count_alike(aliases, i);
		/* What leads to nothing that is merged. */
		if (aliases->at[i].merge_id[0])
			err = link_alike(set, &aliases->at[i], nr);
	}
	return err;
}

/**
 * ucg_aliases_of - list the names of a merged cache
 * @merge_id: the merged cache
 * @buf: where to write the names, separated by ", "; ends in "..." when they are too many
 * @size: bytes in @buf, at least 8
 *
 * Context: a kernel worker.
 * Return: how many names lead there; 0, too, if there is no /sys/kernel/slab or memory is short.
 */
int ucg_aliases_of(const char *merge_id, char *buf, size_t size)
{
	struct ucg_aliases aliases;
	int nr = 0;
	u32 i;

	buf[0] = '\0';
	if (!ucg_aliases_read(&aliases)) {
		for (i = 0; i < aliases.nr && strcmp(aliases.at[i].merge_id, merge_id); i++)
			;
		nr = i < aliases.nr ? count_alike(&aliases, i) : 0;
		list(aliases.at + i, nr, buf, size);
	}
	ucg_aliases_free(&aliases);
	return nr;
}

/**
 * ucg_aliases_free - free what ucg_aliases_read() allocated
 * @aliases: the aliases
 *
 * Context: process.
 */
void ucg_aliases_free(struct ucg_aliases *aliases)
{
	u32 i;

	for (i = 0; i < aliases->nr; i++)
		kfree(aliases->at[i].name);
	kvfree(aliases->at);
	*aliases = (struct ucg_aliases){};
}
