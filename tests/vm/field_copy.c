// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command for ucg_field.ko, linked statically for an initramfs:
 *
 *   field_copy PLACE OFFSET LENGTH to|from [SECONDS]
 *
 * Prints one line of key=value and exits with 0 when all was copied, 14 (EFAULT) when it was not,
 * 62 (ETIME) when a worker did not come back, 35 (EDEADLK) when it kept its mutex, and 1 for what could not be tried, with a message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ucg_field.h"

/* More is never copied: what comes behind it is there, but not to be touched. */
#define ROOM	(128UL << 10)
#define BEHIND	(64UL << 10)

static unsigned char *make_buffer(void)
{
	unsigned char *user = mmap(NULL, ROOM + BEHIND, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (user == MAP_FAILED || mprotect(user + ROOM, BEHIND, PROT_NONE)) {
		perror("field_copy: mmap");
		exit(1);
	}
	memset(user, 0x5c, ROOM);
	return user;
}

static size_t count_changed(const unsigned char *user)
{
	size_t i, n = 0;

	for (i = 0; i < ROOM; i++)
		n += user[i] != 0x5c;
	return n;
}

int main(int argc, char **argv)
{
	struct ucg_field f = { 0 };
	unsigned char *user;
	int fd, err;

	if (argc < 5 || strlen(argv[1]) >= UCG_FIELD_NAME_MAX) {
		fprintf(stderr, "usage: field_copy PLACE OFFSET LENGTH to|from [SECONDS]\n");
		return 1;
	}
	strcpy(f.place, argv[1]);
	f.offset = strtoll(argv[2], NULL, 0);
	f.len = argv[3][0] == '-' ? (uint64_t)strtoll(argv[3], NULL, 0) : strtoull(argv[3], NULL, 0);
	f.from = !strcmp(argv[4], "from");
	f.seconds = argc > 5 ? strtoul(argv[5], NULL, 0) : 1;
	user = make_buffer();
	f.user = (uintptr_t)user;

	fd = open("/dev/ucg_field", O_RDWR);
	if (fd < 0) {
		perror("field_copy: /dev/ucg_field (is ucg_field.ko loaded?)");
		return 1;
	}
	err = ioctl(fd, UCG_FIELD_IOC_COPY, &f) ? errno : 0;
	if (err && err != EFAULT && err != ETIME && err != EDEADLK) {
		fprintf(stderr, "field_copy: %s: %s\n", argv[1], strerror(err));
		return 1;
	}
	printf("left=%lld tried=%llu complete=%llu user=%zu errno=%d\n", (long long)f.left,
	       (unsigned long long)f.tried, (unsigned long long)f.complete, count_changed(user), err);
	return err;
}
