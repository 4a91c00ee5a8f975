// SPDX-License-Identifier: GPL-2.0-only
/*
 * One allocation after another fails in one system call, by the kernel's fault injection
 * (/proc/self/fail-nth), or where it has none by a driver (/dev/ucg_fail), linked statically for an
 * initramfs:
 *
 *   nth load FILE.ko PARAMETERS	load a module; when that succeeds, unload it again
 *   nth unload FILE.ko PARAMETERS	load it with nothing failing, and unload it
 *   nth write FILE			write standard input to a file, which had something else
 *   nth read FILE			open and read a file to its end
 *
 * The first one fails, then the second one, until all have been met and none is left to fail. Ends
 * with one line of key=value: "faults" how many there were, "failed" and "worked" what the system
 * call came to, "wrong" how often anything was not as it should be, which is said above it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TEXT_MAX	(1 << 20)
/* What cannot be: the system call has no end. */
#define FAULTS_MAX	20000

static const char *name_of_module = "usercopy_guard";
static unsigned long faults, failed, worked, wrong;

static void complain(const char *format, ...)
{
	va_list args;

	wrong++;
	printf("nth: fault %lu: ", faults + 1);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static void die(const char *what)
{
	printf("nth: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* The file by which this task's next allocations are counted. */
static int counter(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/proc/self/fail-nth", O_RDWR);
	if (fd < 0)
		fd = open("/dev/ucg_fail", O_RDWR);
	if (fd < 0)
		die("/dev/ucg_fail and /proc/self/fail-nth (CONFIG_FAULT_INJECTION)");
	return fd;
}

static void arm(unsigned long n)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%lu", n);

	/* Where copies from user space fail, too (FAULT_INJECTION_USERCOPY), this may be the one. */
	if (pwrite(counter(), text, len, 0) != len &&
	    (errno != EFAULT || pwrite(counter(), text, len, 0) != len))
		die("cannot write fail-nth");
}

/* Was it met? From here on nothing fails. */
static int disarm(void)
{
	char text[24] = "";
	ssize_t got = pread(counter(), text, sizeof(text) - 1, 0);
	unsigned long left = got > 0 ? strtoul(text, NULL, 10) : 0;

	/* The copy to us has met it, and so nothing before. */
	if (got < 0 && errno == EFAULT)
		return 0;
	if (left)
		arm(0);
	return !left;
}

static size_t read_file(const char *path, char *text)
{
	int fd = open(path, O_RDONLY);
	size_t n = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	while (n < TEXT_MAX && (got = read(fd, text + n, TEXT_MAX - n)) > 0)
		n += got;
	close(fd);
	return n;
}

static int exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

/* Is anything there that the module brings with it? */
static const char *left_behind(void)
{
	static char text[TEXT_MAX];
	size_t n = read_file("/sys/kernel/tracing/enabled_functions", text);

	text[n < TEXT_MAX ? n : TEXT_MAX - 1] = '\0';
	if (strstr(text, "__check_object_size "))
		return "the check is hooked";
	if (exists("/sys/kernel/security/usercopy_guard"))
		return "its folder in securityfs is there";
	if (exists("/proc/sys/kernel/usercopy_guard"))
		return "its sysctls are there";
	n = read_file("/proc/slabinfo", text);
	text[n < TEXT_MAX ? n : TEXT_MAX - 1] = '\0';
	if (strstr(text, "usercopy_guard"))
		return "a cache of its proof is there";
	n = read_file("/proc/modules", text);
	text[n < TEXT_MAX ? n : TEXT_MAX - 1] = '\0';
	if (strstr(text, "usercopy_guard "))
		return "the module is there";
	return NULL;
}

static int is_complete(void)
{
	return exists("/sys/kernel/security/usercopy_guard/whitelist") &&
	       exists("/sys/kernel/security/usercopy_guard/violations") &&
	       exists("/sys/kernel/security/usercopy_guard/caches") &&
	       exists("/sys/kernel/security/usercopy_guard/status") &&
	       exists("/proc/sys/kernel/usercopy_guard/policy") &&
	       exists("/proc/sys/kernel/usercopy_guard/locked");
}

static int load(const char *file, const char *parameters)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die(file);
	return syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
}

static int unload(void)
{
	return syscall(SYS_delete_module, name_of_module, O_NONBLOCK) ? errno : 0;
}

static void check_nothing(const char *when)
{
	const char *left = left_behind();

	if (left)
		complain("%s: %s", when, left);
}

/* With nothing failing. */
static void must_unload(void)
{
	int err = unload();

	if (err)
		complain("it cannot be unloaded: %s", strerror(err));
}

/* One try with the nth allocation failing; false when there was no nth. So are those that follow. */
static int try_load(unsigned long n, const char *file, const char *parameters)
{
	int fd = open(file, O_RDONLY), err, met;

	if (fd < 0)
		die(file);
	arm(n);
	err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	met = disarm();
	close(fd);
	if (err) {
		failed++;
		check_nothing("after a load that failed");
		return met;
	}
	worked++;
	if (!is_complete())
		complain("the load succeeded, but not all files are there");
	must_unload();
	check_nothing("after unloading it");
	return met;
}

static int try_unload(unsigned long n, const char *file, const char *parameters)
{
	int err = load(file, parameters), met;

	if (err) {
		complain("it cannot be loaded: %s", strerror(err));
		return 0;
	}
	arm(n);
	err = unload();
	met = disarm();
	if (err) {
		failed++;
		if (!is_complete())
			complain("unloading failed, and not all files are there any more");
		must_unload();
	} else {
		worked++;
	}
	check_nothing("after unloading it");
	return met;
}

static char before[TEXT_MAX], after[TEXT_MAX], text[TEXT_MAX];
static size_t before_len, text_len;

static int put(const char *path, const char *what, size_t len)
{
	int fd = open(path, O_WRONLY), err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, what, len) != (ssize_t)len)
		err = errno ?: EIO;
	if (close(fd) && !err)
		err = errno;
	return err;
}

/* All of it is there, or all that was before. */
static int try_write(unsigned long n, const char *path)
{
	size_t after_len;
	int err, met;

	if (put(path, "flush\nallow before 8 16 to\n", 27))
		die("cannot write the rules that are to be there before");
	before_len = read_file(path, before);
	arm(n);
	err = put(path, text, text_len);
	met = disarm();
	after_len = read_file(path, after);
	if (err) {
		failed++;
		if (after_len != before_len || memcmp(before, after, after_len))
			complain("a write that failed has changed the rules");
	} else {
		worked++;
		if (after_len <= before_len)
			complain("a write that succeeded has changed nothing");
	}
	return met;
}

static int try_read(unsigned long n, const char *path)
{
	size_t got = 0;
	int fd, met, err = 0;
	ssize_t part;

	before_len = read_file(path, before);
	arm(n);
	fd = open(path, O_RDONLY);
	if (fd < 0) {
		err = errno;
	} else {
		while ((part = read(fd, after + got, TEXT_MAX - got)) > 0)
			got += part;
		if (part < 0)
			err = errno;
		close(fd);
	}
	met = disarm();
	if (err) {
		failed++;
	} else {
		worked++;
		if (!got || (before_len != got && !strstr(path, "status")))
			complain("a read that succeeded has %zu bytes, not %zu", got, before_len);
	}
	return met;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "", *parameters = argc > 3 ? argv[3] : "";
	unsigned long n = 0;
	time_t start = time(NULL);
	int met = 1;

	if (!strcmp(what, "write"))
		text_len = fread(text, 1, sizeof(text), stdin);
	while (met && n < FAULTS_MAX && wrong < 20) {
		n++;
		if (!strcmp(what, "load"))
			met = try_load(n, argv[2], parameters);
		else if (!strcmp(what, "unload"))
			met = try_unload(n, argv[2], parameters);
		else if (!strcmp(what, "write"))
			met = try_write(n, argv[2]);
		else if (!strcmp(what, "read"))
			met = try_read(n, argv[2]);
		else
			return fprintf(stderr, "usage: nth load|unload|write|read FILE [PARAMETERS]\n"), 1;
		faults += met;
		if (!(n % 100)) {
			printf("# %s: %lu faults, %ld s\n", what, faults, (long)(time(NULL) - start));
			fflush(stdout);
		}
	}
	printf("faults=%lu failed=%lu worked=%lu wrong=%lu seconds=%ld\n", faults, failed, worked, wrong,
	       (long)(time(NULL) - start));
	return wrong || met;
}
