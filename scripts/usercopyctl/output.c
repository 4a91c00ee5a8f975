// SPDX-License-Identifier: GPL-2.0-only
/* For realpath(). */
#define _XOPEN_SOURCE 700
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

/* Nothing else than a file is replaced by one. */
static int open_output(struct output *output, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		output->path = xformat("%s", path);
		return open(path, O_WRONLY | O_CLOEXEC);
	}
	output->path = realpath(path, NULL);
	if (!output->path)
		output->path = xformat("%s", path);
	output->temporary = xformat("%s.XXXXXX", output->path);
	return mkstemp(output->temporary);
}

static void free_output(struct output *output)
{
	free(output->path);
	free(output->temporary);
}

bool output_begin(struct output *output, const char *path)
{
	int fd;

	*output = (struct output){ .standard = -1 };
	if (!path)
		return true;
	fd = open_output(output, path);
	if (fd < 0) {
		say("%s: %s", path, strerror(errno));
		free_output(output);
		return false;
	}
	fflush(stdout);
	output->standard = dup(STDOUT_FILENO);
	if (output->standard >= 0 && dup2(fd, STDOUT_FILENO) >= 0) {
		close(fd);
		return true;
	}
	say("%s: %s", path, strerror(errno));
	close(fd);
	if (output->temporary)
		unlink(output->temporary);
	free_output(output);
	return false;
}

/* The folder's own entry, too; where it cannot be opened the file is there all the same. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? xformat("%.*s", (int)(slash - path) + 1, path) : xformat(".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

/* As the umask would have it; one that is there keeps its mode. */
static mode_t mode_of(const char *path)
{
	struct stat st;
	mode_t mask;

	if (!stat(path, &st))
		return st.st_mode & 07777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Return: is the new file there? */
static bool replace(struct output *output, bool written, bool keep)
{
	bool ok = written && !fchmod(STDOUT_FILENO, mode_of(output->path)) && !fsync(STDOUT_FILENO);

	if (ok && keep && rename(output->temporary, output->path))
		ok = false;
	if (!ok)
		say("%s: %s: it is as it was before", output->path, strerror(errno));
	if (!ok || !keep)
		unlink(output->temporary);
	else
		sync_folder(output->path);
	return ok;
}

bool output_end(struct output *output, bool keep)
{
	bool ok;

	if (output->standard < 0)
		return true;
	ok = !fflush(stdout) && !ferror(stdout);
	if (output->temporary)
		ok = replace(output, ok, keep);
	else if (!ok)
		say("%s: %s", output->path, strerror(errno));
	clearerr(stdout);
	dup2(output->standard, STDOUT_FILENO);
	close(output->standard);
	free_output(output);
	return ok;
}
