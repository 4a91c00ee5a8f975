// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold FILE... - hold files of the working directory without opening them (O_PATH), say "held", and when
 * there is a /tmp/let-go, open what is held
 *
 * Says for each "FILE: MESSAGE", what became of that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int held[16], i;

	for (i = 1; i < argc && i < 16; i++) {
		held[i] = open(argv[i], O_PATH);
		if (held[i] < 0) {
			perror(argv[i]);
			return 1;
		}
	}
	printf("held\n");
	fflush(stdout);
	while (access("/tmp/let-go", F_OK))
		usleep(10000);
	for (i = 1; i < argc && i < 16; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/proc/self/fd/%d", held[i]);
		errno = 0;
		open(path, O_RDONLY);
		printf("%s: %s\n", argv[i], strerror(errno));
	}
	return 0;
}
