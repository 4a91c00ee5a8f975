// SPDX-License-Identifier: GPL-2.0-only
/*
 * without_cap COMMAND... - run a command as root without CAP_SYS_ADMIN, as
 * container engines run theirs
 */
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { };

	if (argc < 2 || prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN) ||
	    syscall(SYS_capget, &header, data))
		return 1;
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	data[0].permitted &= ~(1U << CAP_SYS_ADMIN);
	data[0].inheritable &= ~(1U << CAP_SYS_ADMIN);
	if (syscall(SYS_capset, &header, data))
		return 1;
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
