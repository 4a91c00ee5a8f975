// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system whose inodes lack their whitelist: its symbolic links have their text in the inode, from where
 * readlink() copies it to user space, as long as it is.
 *
 *   mount -t ucg_link none /mnt; readlink /mnt/24
 *
 * prints 24 letters; the name is the length. The copy is made by the kernel's own code, with no function
 * of this module's on the stack.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/module.h>
#include <linux/slab.h>

#define LINK_MAX_LEN	127

/* The name of the cache is the structure's, as in many a file system. */
struct ucg_link_inode {
	u32 blocks;
	char target[LINK_MAX_LEN + 1];
	struct inode inode;
};

static struct kmem_cache *inodes;

static struct inode *link_alloc_inode(struct super_block *sb)
{
	struct ucg_link_inode *i = alloc_inode_sb(sb, inodes, GFP_KERNEL);

	return i ? &i->inode : NULL;
}

static void link_free_inode(struct inode *inode)
{
	kmem_cache_free(inodes, container_of(inode, struct ucg_link_inode, inode));
}

static void init_once(void *object)
{
	struct ucg_link_inode *i = object;

	inode_init_once(&i->inode);
}

static const struct super_operations link_super_operations = {
	.alloc_inode	= link_alloc_inode,
	.free_inode	= link_free_inode,
	.statfs		= simple_statfs,
};

static const struct inode_operations link_operations = {
	.get_link	= simple_get_link,
};

/* Whatever number somebody asks for is there. */
static struct dentry *link_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct ucg_link_inode *i;
	struct inode *inode;
	unsigned int len;

	if (kstrtouint(dentry->d_name.name, 10, &len) || !len || len > LINK_MAX_LEN)
		return ERR_PTR(-ENOENT);
	inode = new_inode(dir->i_sb);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	i = container_of(inode, struct ucg_link_inode, inode);
	memset(i->target, 'x', len);
	i->target[len] = '\0';
	inode->i_ino = len + 1;
	inode->i_mode = S_IFLNK | 0777;
	inode->i_op = &link_operations;
	inode->i_size = len;
	inode->i_link = i->target;
	return d_splice_alias(inode, dentry);
}

static const struct inode_operations dir_operations = {
	.lookup		= link_lookup,
};

static int link_fill_super(struct super_block *sb, struct fs_context *context)
{
	struct inode *root;

	sb->s_magic = 0x55434c4e;
	sb->s_op = &link_super_operations;
	root = new_inode(sb);
	if (!root)
		return -ENOMEM;
	root->i_ino = 1;
	root->i_mode = S_IFDIR | 0755;
	root->i_op = &dir_operations;
	root->i_fop = &simple_dir_operations;
	set_nlink(root, 2);
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static int link_get_tree(struct fs_context *context)
{
	return get_tree_nodev(context, link_fill_super);
}

static const struct fs_context_operations link_context_operations = {
	.get_tree	= link_get_tree,
};

static int link_init_context(struct fs_context *context)
{
	context->ops = &link_context_operations;
	return 0;
}

static struct file_system_type ucg_link = {
	.owner			= THIS_MODULE,
	.name			= "ucg_link",
	.init_fs_context	= link_init_context,
	.kill_sb		= kill_anon_super,
};

static int __init ucg_link_init(void)
{
	int err;

	inodes = kmem_cache_create("ucg_link_inode", sizeof(struct ucg_link_inode), 0,
				   SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT, init_once);
	if (!inodes)
		return -ENOMEM;
	err = register_filesystem(&ucg_link);
	if (err)
		kmem_cache_destroy(inodes);
	return err;
}

static void __exit ucg_link_exit(void)
{
	unregister_filesystem(&ucg_link);
	/* Inodes are freed when no reader can have them any more. */
	rcu_barrier();
	kmem_cache_destroy(inodes);
}

module_init(ucg_link_init);
module_exit(ucg_link_exit);
MODULE_DESCRIPTION("A file system without a whitelist, for virtual machines");
MODULE_LICENSE("GPL");
