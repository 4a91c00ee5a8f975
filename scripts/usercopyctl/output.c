// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

bool output_begin(struct output *output, const char *path)
{
	int fd;

	*output = (struct output){ .path = path, .standard = -1 };
	if (!path)
		return true;
	output->temporary = xformat("%s.XXXXXX", path);
	fd = mkstemp(output->temporary);
	if (fd < 0) {
		say("%s: %s", path, strerror(errno));
		free(output->temporary);
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
	unlink(output->temporary);
	free(output->temporary);
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

bool output_end(struct output *output, bool keep)
{
	bool ok = true;

	if (output->standard < 0)
		return true;
	if (fflush(stdout) || ferror(stdout) || fchmod(STDOUT_FILENO, mode_of(output->path)) ||
	    fsync(STDOUT_FILENO))
		ok = false;
	if (ok && keep && rename(output->temporary, output->path))
		ok = false;
	if (!ok)
		say("%s: %s: it is as it was before", output->path, strerror(errno));
	if (!ok || !keep)
		unlink(output->temporary);
	else
		sync_folder(output->path);
	clearerr(stdout);
	dup2(output->standard, STDOUT_FILENO);
	close(output->standard);
	free(output->temporary);
	return ok;
}
