// SPDX-License-Identifier: GPL-2.0-only
/*
 * as WHO COMMAND... - run a command as somebody else than root with all capabilities
 *
 *   no-cap	root without CAP_SYS_ADMIN, as container engines run theirs
 *   nobody	a plain user
 *   container	a plain user who is root in a user namespace of his own
 *   deputy:FILE	root again, but with FILE as its output, which root without CAP_SYS_ADMIN has opened
 *
 * The other files that are open stay open, as for any command.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY	65534

static void must(int failed, const char *what)
{
	if (!failed)
		return;
	perror(what);
	exit(1);
}

static void set_admin(int on, int for_good)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { };

	must(syscall(SYS_capget, &header, data), "capget");
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	if (on)
		data[0].effective |= 1U << CAP_SYS_ADMIN;
	if (for_good) {
		data[0].permitted &= ~(1U << CAP_SYS_ADMIN);
		data[0].inheritable &= ~(1U << CAP_SYS_ADMIN);
		must(prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN), "capability bounding set");
	}
	must(syscall(SYS_capset, &header, data), "capset");
}

static void be_nobody(void)
{
	must(setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY), "setuid");
}

static void put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);

	must(fd < 0 || write(fd, text, strlen(text)) < 0, file);
	close(fd);
}

static void be_contained(void)
{
	char map[64];

	be_nobody();
	/* Who has changed his user may not write there else. */
	must(prctl(PR_SET_DUMPABLE, 1), "prctl");
	must(unshare(CLONE_NEWUSER), "unshare");
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %d 1", NOBODY);
	put("/proc/self/uid_map", map);
	put("/proc/self/gid_map", map);
}

static void be_deputy(const char *file)
{
	int fd;

	set_admin(0, 0);
	fd = open(file, O_WRONLY);
	must(fd < 0, file);
	set_admin(1, 0);
	must(dup2(fd, 1) < 0, "dup2");
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: as no-cap|nobody|container|deputy:FILE COMMAND...\n");
		return 1;
	}
	if (!strcmp(argv[1], "no-cap")) {
		set_admin(0, 1);
	} else if (!strcmp(argv[1], "nobody")) {
		be_nobody();
	} else if (!strcmp(argv[1], "container")) {
		be_contained();
	} else if (!strncmp(argv[1], "deputy:", 7)) {
		be_deputy(argv[1] + 7);
	} else {
		fprintf(stderr, "as: who is %s?\n", argv[1]);
		return 1;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 1;
}
