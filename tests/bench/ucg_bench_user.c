// SPDX-License-Identifier: GPL-2.0-only
/*
 * ucg_bench_user CONFIGURATION ROUND - times copies and whole system calls
 *
 * Prints one line a row: "bench: CONFIGURATION ROUND micro|syscall NAME TICKS CALLS",
 * where TICKS is what a batch of CALLS took, the median of many: some batches meet a timer
 * interrupt, and in some the allocator has its lucky moment. The micro rows come from
 * ucg_bench.ko, which uses our memory.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../driver/ucg_test.h"

/* As much as the longest copy of ucg_bench.ko. */
#define BUFFER_BYTES	(256 * 1024)
#define MESSAGE_BYTES	100
#define CALLS		32
#define BATCHES		31
#define POLL_FDS	8
#define DIR_FILES	16
#define LINK_TARGET	"/where/nothing/is/to/be/found"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static char *buffer;
static int stream[2], datagram[2], pipes[2], dir_fd, file_fd, test_fd;
static struct pollfd poll_fds[POLL_FDS];

static void die(const char *what)
{
	printf("ucg_bench_user: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long must(long ret, const char *what)
{
	if (ret < 0)
		die(what);
	return ret;
}

static inline uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* Each returns how many bytes or files it dealt with. */
static long do_unix(void)
{
	long n = write(stream[0], buffer, MESSAGE_BYTES);

	return n + read(stream[1], buffer, MESSAGE_BYTES);
}

static long do_readlink(void)
{
	return readlink("/tmp/bench/link", buffer, 256);
}

static long do_poll(void)
{
	return poll(poll_fds, POLL_FDS, 0) == 0 ? POLL_FDS : -1;
}

static long do_getdents(void)
{
	lseek(dir_fd, 0, SEEK_SET);
	return syscall(SYS_getdents64, dir_fd, buffer, 4096) > 0 ? DIR_FILES : -1;
}

static long do_pread_small(void)
{
	return pread(file_fd, buffer, MESSAGE_BYTES, 200);
}

static long do_pread_page(void)
{
	return pread(file_fd, buffer, 4096, 4096);
}

static long do_pipe(void)
{
	long n = write(pipes[1], buffer, MESSAGE_BYTES);

	return n + read(pipes[0], buffer, MESSAGE_BYTES);
}

static long do_sendmsg(void)
{
	struct iovec iov = { .iov_base = buffer, .iov_len = MESSAGE_BYTES };
	char control[CMSG_SPACE(sizeof(struct ucred))] = {};
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	struct ucred cred = { .pid = getpid() };
	long n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_CREDENTIALS;
	c->cmsg_len = CMSG_LEN(sizeof(cred));
	memcpy(CMSG_DATA(c), &cred, sizeof(cred));
	n = sendmsg(datagram[0], &msg, 0);
	return n + recvmsg(datagram[1], &msg, 0);
}

static long do_getsockopt(void)
{
	struct linger linger;
	socklen_t len = sizeof(linger);

	return getsockopt(stream[0], SOL_SOCKET, SO_LINGER, &linger, &len) ? -1 : (long)len;
}

static long do_ioctl(void)
{
	struct ucg_test_copy req = {
		.kind = UCG_TEST_KMALLOC, .len = 64, .user = (uintptr_t)buffer,
	};

	return ioctl(test_fd, UCG_TEST_IOC_COPY, &req) ? -1 : (long)req.complete;
}

static const struct {
	const char *name;
	long (*call)(void);
	long wanted;
} rows[] = {
	{ "unix_write_read_100", do_unix, 2 * MESSAGE_BYTES },
	{ "readlink", do_readlink, sizeof(LINK_TARGET) - 1 },
	{ "poll_8", do_poll, POLL_FDS },
	{ "getdents64_16", do_getdents, DIR_FILES },
	{ "pread_100", do_pread_small, MESSAGE_BYTES },
	{ "pread_4096", do_pread_page, 4096 },
	{ "pipe_write_read_100", do_pipe, 2 * MESSAGE_BYTES },
	{ "sendmsg_recvmsg_control", do_sendmsg, 2 * MESSAGE_BYTES },
	{ "getsockopt_linger", do_getsockopt, sizeof(struct linger) },
	{ "ioctl_slab_64", do_ioctl, 1 },
};

/*
 * Times of a file are compared to see whether to note that it was read; where seconds
 * are the same, nanoseconds are compared, too. Last read in the future: always alike.
 */
static void read_in_future(const char *name)
{
	struct timespec times[2] = { { .tv_sec = time(NULL) + 3600 }, { .tv_nsec = UTIME_OMIT } };

	must(utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW), "utimensat");
}

static void set_up(void)
{
	char name[64];
	int i, one = 1;

	buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (buffer == MAP_FAILED)
		die("mmap");
	memset(buffer, 'b', BUFFER_BYTES);

	mkdir("/tmp/bench", 0700);
	mkdir("/tmp/bench/dir", 0700);
	for (i = 0; i < DIR_FILES; i++) {
		snprintf(name, sizeof(name), "/tmp/bench/dir/file-%d", i);
		close(must(open(name, O_RDWR | O_CREAT, 0600), name));
	}
	unlink("/tmp/bench/link");
	must(symlink(LINK_TARGET, "/tmp/bench/link"), "symlink");
	dir_fd = must(open("/tmp/bench/dir", O_RDONLY | O_DIRECTORY), "open dir");
	file_fd = must(open("/tmp/bench/file", O_RDWR | O_CREAT, 0600), "open file");
	must(pwrite(file_fd, buffer, 4 * 4096, 0), "write file");
	read_in_future("/tmp/bench/link");
	read_in_future("/tmp/bench/dir");
	read_in_future("/tmp/bench/file");

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, stream), "socketpair");
	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, datagram), "socketpair");
	must(setsockopt(datagram[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)), "SO_PASSCRED");
	must(pipe(pipes), "pipe");
	for (i = 0; i < POLL_FDS; i++)
		poll_fds[i] = (struct pollfd){ .fd = pipes[0], .events = POLLIN };
	test_fd = must(open("/dev/ucg_test", O_RDWR), "open /dev/ucg_test");
}

static void run_micro(const char *configuration, const char *round)
{
	int fd = must(open("/sys/kernel/debug/usercopy_bench", O_RDWR), "open usercopy_bench");
	static char text[8192];
	char *line;
	long n;

	must(write(fd, buffer, BUFFER_BYTES), "usercopy_bench");
	n = must(pread(fd, text, sizeof(text) - 1, 0), "read usercopy_bench");
	text[n] = 0;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		printf("bench: %s %s micro %s\n", configuration, round, line);
	close(fd);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void run_row(const char *configuration, const char *round, unsigned int row)
{
	uint64_t took[BATCHES], start;
	int batch, i, wrong = 0;

	for (batch = 0; batch < BATCHES; batch++) {
		start = ticks();
		for (i = 0; i < CALLS; i++)
			wrong += rows[row].call() != rows[row].wanted;
		took[batch] = ticks() - start;
	}
	qsort(took, BATCHES, sizeof(took[0]), compare);
	if (wrong) {
		printf("ucg_bench_user: %d calls of %s did not do what they should\n", wrong,
		       rows[row].name);
		exit(1);
	}
	printf("bench: %s %s syscall %s %llu %d\n", configuration, round, rows[row].name,
	       (unsigned long long)took[BATCHES / 2], CALLS);
}

int main(int argc, char **argv)
{
	unsigned int row;

	if (argc != 3) {
		printf("usage: ucg_bench_user CONFIGURATION ROUND\n");
		return 2;
	}
	set_up();
	run_micro(argv[1], argv[2]);
	for (row = 0; row < ARRAY_SIZE(rows); row++)
		run_row(argv[1], argv[2], row);
	return 0;
}
