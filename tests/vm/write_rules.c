// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a shell cannot write to the file "whitelist":
 *
 *   write_rules whole FILE		all of standard input, with one write(2)
 *   write_rules bytes FILE N		a byte of standard input at a time, over and over, N times
 *   write_rules big FILE BYTES		BYTES bytes of rules, with one write(2)
 *   write_rules sets FILE N TAG	N times: flush and twenty rules for caches TAG_0 to TAG_19
 *   write_rules look FILE N		N times: read FILE; is it one of these sets as a whole?
 *
 * Prints how the writes ended, as "ok=1 EINVAL=3", or for "look" how many reads were whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NR_KNOWN 7

static const struct {
	int err;
	const char *name;
} known[NR_KNOWN] = {
	{ 0, "ok" }, { EINVAL, "EINVAL" }, { E2BIG, "E2BIG" }, { ENOSPC, "ENOSPC" },
	{ EPERM, "EPERM" }, { ENOMEM, "ENOMEM" }, { -1, "other" },
};

static unsigned long ended[NR_KNOWN];

static void write_once(int fd, const char *text, size_t len)
{
	int err = write(fd, text, len) == (ssize_t)len ? 0 : errno;
	size_t i = 0;

	while (known[i].err != err && known[i].err != -1)
		i++;
	ended[i]++;
}

static void print_ends(void)
{
	const char *before = "";

	for (size_t i = 0; i < NR_KNOWN; i++) {
		if (!ended[i])
			continue;
		printf("%s%s=%lu", before, known[i].name, ended[i]);
		before = " ";
	}
	printf("\n");
}

static int open_file(const char *file, int flags)
{
	int fd = open(file, flags);

	if (fd < 0) {
		perror(file);
		exit(1);
	}
	return fd;
}

static size_t read_all(int fd, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size && (got = read(fd, text + n, size - n)) > 0)
		n += got;
	return n;
}

static void write_big(int fd, size_t size)
{
	static const char rule[] = "allow ucg_test_bare 0 16\n";
	char *text = malloc(size);

	if (!text)
		exit(1);
	for (size_t i = 0; i < size; i++)
		text[i] = rule[i % (sizeof(rule) - 1)];
	write_once(fd, text, size);
	free(text);
}

static void write_sets(const char *file, unsigned long times, const char *tag)
{
	char text[2000];

	while (times--) {
		int fd = open_file(file, O_WRONLY);
		size_t n = sprintf(text, "flush\n");

		for (int i = 0; i < 20; i++)
			n += sprintf(text + n, "allow %s_%d 0 16 to\n", tag, i);
		write_once(fd, text, n);
		close(fd);
	}
}

/* Twenty rules, all of one tag: what the first line says. */
static int is_whole(const char *text, size_t len)
{
	const char *tag = text + strlen("allow "), *line = text;
	const char *end = memchr(text, '_', len);
	int lines = 0;

	if (!end)
		return 0;
	for (; line < text + len; lines++) {
		if (memcmp(line, "allow ", 6) || memcmp(line + 6, tag, end - tag + 1))
			return 0;
		line = memchr(line, '\n', text + len - line);
		if (!line)
			return 0;
		line++;
	}
	return lines == 20;
}

static int look(const char *file, unsigned long times)
{
	unsigned long whole = 0, i;
	char text[8192];

	for (i = 0; i < times; i++) {
		int fd = open_file(file, O_RDONLY);
		size_t len = read_all(fd, text, sizeof(text));

		whole += is_whole(text, len);
		close(fd);
	}
	printf("whole=%lu\n", whole);
	return whole != times;
}

int main(int argc, char **argv)
{
	static char input[8 << 20];
	unsigned long n;
	size_t len;
	int fd;

	if (argc < 3)
		return 2;
	n = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;
	if (!strcmp(argv[1], "look"))
		return look(argv[2], n);
	if (!strcmp(argv[1], "sets") && argc > 4) {
		write_sets(argv[2], n, argv[4]);
		print_ends();
		return 0;
	}
	fd = open_file(argv[2], O_WRONLY);
	if (!strcmp(argv[1], "big")) {
		write_big(fd, n);
	} else {
		len = read_all(0, input, sizeof(input));
		if (!strcmp(argv[1], "whole"))
			write_once(fd, input, len);
		else
			for (unsigned long i = 0; i < n; i++)
				write_once(fd, input + i % len, 1);
	}
	print_ends();
	return 0;
}
