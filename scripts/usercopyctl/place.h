/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the guard's files are, under the real root or under --root DIR. */
#ifndef CTL_PLACE_H
#define CTL_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#define PLACE_SECURITYFS	"/sys/kernel/security/usercopy_guard"
#define PLACE_STATUS		PLACE_SECURITYFS "/status"
#define PLACE_VIOLATIONS	PLACE_SECURITYFS "/violations"
#define PLACE_CACHES		PLACE_SECURITYFS "/caches"
#define PLACE_WHITELIST		PLACE_SECURITYFS "/whitelist"
#define PLACE_SYSCTL		"/proc/sys/kernel/usercopy_guard"
#define PLACE_POLICY		PLACE_SYSCTL "/policy"
#define PLACE_POLICIES		PLACE_SYSCTL "/available_policies"
#define PLACE_EVIDENCE	PLACE_SYSCTL "/evidence"
#define PLACE_KILL		PLACE_SYSCTL "/kill"
#define PLACE_LOCKED		PLACE_SYSCTL "/locked"
#define PLACE_SLAB		"/sys/kernel/slab"
#define PLACE_MODULE		"/sys/module"
#define PLACE_VERSION		PLACE_MODULE "/usercopy_guard/version"
#define PLACE_RELEASE		"/proc/sys/kernel/osrelease"
#define PLACE_HOSTNAME		"/proc/sys/kernel/hostname"
#define PLACE_BOOT_ID		"/proc/sys/kernel/random/boot_id"
#define PLACE_UPTIME		"/proc/uptime"
#define PLACE_STAT		"/proc/stat"
#define PLACE_BTF		"/sys/kernel/btf"
#define PLACE_MODULES_OF	"/lib/modules"
#define PLACE_DEBUG		"/usr/lib/debug"
#define PLACE_MODULES		"/proc/modules"
#define PLACE_KMSG		"/dev/kmsg"
#define PLACE_MACHINE_ID	"/etc/machine-id"
#define PLACE_RULES		"/etc/usercopy_guard"
#define PLACE_CONFIG		PLACE_RULES "/usercopy_guard.conf"
#define PLACE_GRADUATED	PLACE_RULES "/90-graduated.rules"
#define PLACE_STATE		"/var/lib/usercopy_guard"
#define PLACE_HISTORY		PLACE_STATE "/history.db"

/**
 * struct blob - the content of a file
 * @data: its bytes, followed by a NUL that @len does not count; owned
 * @len: bytes
 */
struct blob {
	char *data;
	size_t len;
};

/**
 * place_set_root() - look for everything below another folder
 * @root: the folder; not copied
 */
void place_set_root(const char *root);

/**
 * place_is_real() - is it this machine that is looked at?
 *
 * Return: false when it is another folder, see place_set_root().
 */
bool place_is_real(void);

/**
 * place() - the real path of one of the places above
 * @path: absolute path
 *
 * Return: the path below the root, the caller's to free().
 */
char *place(const char *path);

/**
 * blob_read() - read a whole file, whatever kind of file it is
 * @path: real path (see place()), or "-" for standard input
 * @b: filled in on success
 *
 * Return: 0, or a negative errno; EFBIG above BLOB_MAX bytes.
 */
int blob_read(const char *path, struct blob *b);

/* The largest file worth reading: far above 10 000 rules or violations, far below memory. */
#define BLOB_MAX	(64u << 20)

/**
 * place_word() - the first line of a small file such as a sysctl
 * @path: one of the places above
 *
 * Return: the line without its newline, the caller's to free(); NULL with errno set
 * when it cannot be read.
 */
char *place_word(const char *path);

/**
 * place_write() - write a file of the kernel's in one single write()
 * @path: one of the places above
 * @data: what to write
 * @len: bytes
 *
 * Return: 0, or a negative errno. A write that took only part of @data is EIO.
 */
int place_write(const char *path, const char *data, size_t len);

/**
 * exit_of_write() - what it means for the exit status that place_write() failed
 * @err: what it returned
 *
 * Return: an enum ctl_exit: the file is not there or not ours to write, or the kernel refused what was
 * written.
 */
int exit_of_write(int err);

/**
 * say_unreadable() - say why a file of the guard's cannot be used, and what to do
 * @path: one of the places above
 * @err: positive errno
 */
void say_unreadable(const char *path, int err);

#endif
