// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command for ucg_test.ko, linked statically for an initramfs:
 *
 *   ucg_copy [-0] KIND[:CACHE] OFFSET LENGTH to|from [HOW [TIMES [certain]]]
 *   ucg_copy create NAME SIZE USEROFFSET USERSIZE [redzone|mergeable]
 *   ucg_copy destroy NAME
 *
 * A copy prints one line of key=value and exits with 0 when it was complete, 14 (EFAULT) when it
 * was not, and 1 for what could not be tried, with a message; with -0 it exits with 0 in the place
 * of 14, so that only a process that was killed does not. "user" is how many bytes of the
 * buffer in user space the last copy changed, "changed" the same for the kernel's side.
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

#include "ucg_test.h"

static const char * const kinds[UCG_TEST_NR_KINDS] = {
	[UCG_TEST_SLAB]		= "slab",
	[UCG_TEST_KMALLOC]	= "kmalloc",
	[UCG_TEST_VMALLOC]	= "vmalloc",
	[UCG_TEST_PAGE]		= "page",
	[UCG_TEST_KMAP]		= "kmap",
	[UCG_TEST_STACK]	= "stack",
	[UCG_TEST_FRAME]	= "frame",
	[UCG_TEST_TEXT]		= "text",
	[UCG_TEST_MODULE_TEXT]	= "module-text",
	[UCG_TEST_DATA]		= "data",
	[UCG_TEST_WRAP]		= "wrap",
	[UCG_TEST_NULL]		= "null",
	[UCG_TEST_FRESH]	= "fresh",
	[UCG_TEST_ACROSS]	= "across",
};

static const char * const hows[UCG_TEST_NR_HOWS] = {
	[UCG_TEST_COPY]		= "copy",
	[UCG_TEST_ITER]		= "iter",
	[UCG_TEST_ITER_FULL]	= "iter_full",
	[UCG_TEST_ITER_NOCACHE]	= "iter_nocache",
	[UCG_TEST_RAW]		= "raw",
	[UCG_TEST_INATOMIC]	= "inatomic",
	[UCG_TEST_STRNCPY]	= "strncpy",
	[UCG_TEST_RESCHED]	= "resched",
	[UCG_TEST_SLEEP]	= "sleep",
	[UCG_TEST_CMSG]		= "cmsg",
	[UCG_TEST_KEY]		= "key",
};

static int print_usage(void)
{
	fprintf(stderr,
		"usage: ucg_copy [-0] KIND[:CACHE] OFFSET LENGTH to|from [HOW [TIMES [certain]]]\n"
		"       ucg_copy create NAME SIZE USEROFFSET USERSIZE [redzone|mergeable]\n"
		"       ucg_copy destroy NAME\n");
	return 1;
}

static int word(const char * const *words, int nr, const char *w)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(words[i], w))
			return i;
	fprintf(stderr, "ucg_copy: '%s' is none of:", w);
	for (int i = 0; i < nr; i++)
		fprintf(stderr, " %s", words[i]);
	fprintf(stderr, "\n");
	exit(1);
}

static int open_device(void)
{
	int fd = open("/dev/ucg_test", O_RDWR);

	if (fd < 0) {
		perror("ucg_copy: /dev/ucg_test (is ucg_test.ko loaded?)");
		exit(1);
	}
	return fd;
}

static void set_name(char *to, const char *name)
{
	if (strlen(name) >= UCG_TEST_NAME_MAX) {
		fprintf(stderr, "ucg_copy: name longer than %d bytes\n", UCG_TEST_NAME_MAX - 1);
		exit(1);
	}
	strcpy(to, name);
}

static int cache(int argc, char **argv)
{
	struct ucg_test_cache c = { .flags = 0 };
	int create = !strcmp(argv[1], "create");

	if (argc < 3 || (create && argc < 6))
		return print_usage();
	set_name(c.name, argv[2]);
	if (create) {
		c.size = strtoul(argv[3], NULL, 0);
		c.useroffset = strtoul(argv[4], NULL, 0);
		c.usersize = strtoul(argv[5], NULL, 0);
		if (argc > 6)
			c.flags = strcmp(argv[6], "redzone") ? UCG_TEST_MERGEABLE
							     : UCG_TEST_REDZONE;
	}
	if (ioctl(open_device(), create ? UCG_TEST_IOC_CREATE : UCG_TEST_IOC_DESTROY, &c)) {
		fprintf(stderr, "ucg_copy: %s %s: %s\n", argv[1], argv[2], strerror(errno));
		return 1;
	}
	return 0;
}

static void parse_copy(struct ucg_test_copy *c, int argc, char **argv)
{
	char *name = strchr(argv[1], ':');

	*c = (struct ucg_test_copy){ .times = 1 };
	if (name) {
		*name++ = '\0';
		set_name(c->cache, name);
	}
	c->kind = word(kinds, UCG_TEST_NR_KINDS, argv[1]);
	c->offset = strtoll(argv[2], NULL, 0);
	c->len = strtoull(argv[3], NULL, 0);
	c->from = word((const char * const []){ "to", "from" }, 2, argv[4]);
	if (argc > 5)
		c->how = word(hows, UCG_TEST_NR_HOWS, argv[5]);
	if (argc > 6)
		c->times = strtoull(argv[6], NULL, 0);
	if (argc > 7 && !strcmp(argv[7], "certain"))
		c->flags = UCG_TEST_CERTAIN;
}

/* Return 0, EFAULT, or 1. */
static int copy(int argc, char **argv)
{
	struct ucg_test_copy c;
	uint64_t i, changed = 0;
	unsigned char *user;
	int err;

	parse_copy(&c, argc, argv);
	user = mmap(NULL, c.len + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (user == MAP_FAILED) {
		perror("ucg_copy: mmap");
		return 1;
	}
	/* Neither what the driver fills its memory with nor zero. */
	memset(user, 0x5c, c.len);
	c.user = (uintptr_t)user;

	err = ioctl(open_device(), UCG_TEST_IOC_COPY, &c) ? errno : 0;
	if (err && err != EFAULT) {
		fprintf(stderr, "ucg_copy: %s\n", strerror(err));
		return 1;
	}
	for (i = 0; i < c.len; i++)
		changed += user[i] != 0x5c;
	printf("ret=%lld complete=%llu refused=%llu user=%llu changed=%llu errno=%d",
	       (long long)c.ret, (unsigned long long)c.complete, (unsigned long long)c.refused,
	       (unsigned long long)changed, (unsigned long long)c.changed, err);
	if (c.kind == UCG_TEST_FRESH)
		printf(" guarded=%llu", (unsigned long long)c.changed);
	printf("\n");
	return err;
}

int main(int argc, char **argv)
{
	int err, zero = 0;

	if (argc > 1 && !strcmp(argv[1], "-0")) {
		zero = 1;
		argc--;
		argv++;
	}
	if (argc > 1 && (!strcmp(argv[1], "create") || !strcmp(argv[1], "destroy")))
		return cache(argc, argv);
	if (argc < 5)
		return print_usage();
	err = copy(argc, argv);
	return zero && err == EFAULT ? 0 : err;
}
