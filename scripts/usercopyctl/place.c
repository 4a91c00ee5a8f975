// SPDX-License-Identifier: GPL-2.0-only
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "say.h"

static const char *root = "";

void place_set_root(const char *dir)
{
	root = dir;
}

bool place_is_real(void)
{
	return !*root;
}

char *place(const char *path)
{
	return xformat("%s%s", root, path);
}

static int read_fd(int fd, struct blob *b)
{
	size_t room = 4096;
	ssize_t n;

	b->len = 0;
	b->data = xalloc(room, 1);
	while ((n = read(fd, b->data + b->len, room - b->len - 1)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			n = -errno;
			free(b->data);
			return (int)n;
		}
		b->len += (size_t)n;
		if (b->len > BLOB_MAX) {
			free(b->data);
			return -EFBIG;
		}
		if (b->len == room - 1) {
			char *more = xalloc(2 * room, 1);

			memcpy(more, b->data, b->len);
			free(b->data);
			b->data = more;
			room *= 2;
		}
	}
	b->data[b->len] = '\0';
	return 0;
}

int blob_read(const char *path, struct blob *b)
{
	int fd, err;

	if (!strcmp(path, "-"))
		return read_fd(STDIN_FILENO, b);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = read_fd(fd, b);
	close(fd);
	return err;
}

char *place_word(const char *path)
{
	char *real = place(path);
	struct blob b;
	int err = blob_read(real, &b);

	free(real);
	if (err) {
		errno = -err;
		return NULL;
	}
	b.data[strcspn(b.data, "\n")] = '\0';
	return b.data;
}

int place_write(const char *path, const char *data, size_t len)
{
	char *real = place(path);
	int fd = open(real, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int err = 0;

	free(real);
	if (fd < 0)
		return -errno;
	n = write(fd, data, len);
	if (n < 0)
		err = -errno;
	else if ((size_t)n != len)
		err = -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int exit_of_write(int err)
{
	if (!err)
		return CTL_OK;
	return err == -ENOENT || err == -EACCES ? CTL_NO_FILE : CTL_REFUSED;
}

void say_unreadable(const char *path, int err)
{
	char *real = place(path);
	char *dir = place(PLACE_SYSCTL);

	if (err == ENOENT && access(dir, F_OK))
		say("%s: usercopy_guard is not loaded: try \"modprobe usercopy_guard\"", real);
	else if (err == ENOENT && !strncmp(path, PLACE_SECURITYFS, strlen(PLACE_SECURITYFS)))
		say("%s: not there: try \"mount -t securityfs none /sys/kernel/security\"", real);
	else if (err == EACCES || err == EPERM)
		say("%s: %s: this needs root", real, strerror(err));
	else
		say("%s: %s", real, strerror(err));
	free(dir);
	free(real);
}
