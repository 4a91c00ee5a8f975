// SPDX-License-Identifier: GPL-2.0-only
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"
#include "say.h"

/* One record of /dev/kmsg; the kernel never gives more (CONSOLE_EXT_LOG_MAX). */
#define RECORD_MAX	8192

int kmsg_open(void)
{
	char *real = place(PLACE_KMSG);
	int fd = open(real, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	free(real);
	/* A plain file stands for the log under --root; all of it counts. */
	if (fd >= 0 && !fstat(fd, &st) && S_ISCHR(st.st_mode))
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* "priority,number,time,flags;usercopy_guard: whitelist: message" without what stands in front. */
static const char *own_message(const char *record)
{
	static const char prefix[] = "usercopy_guard: whitelist: ";
	const char *text = strchr(record, ';');

	text = text ? text + 1 : record;
	return strncmp(text, prefix, strlen(prefix)) ? NULL : text;
}

static void say_message(const char *message, const struct rule_text *text)
{
	const char *at = strstr(message, "line ");
	unsigned long line = at ? strtoul(at + strlen("line "), NULL, 10) : 0;

	say("the kernel says: %s", message);
	if (line && line <= text->lines)
		say("(its line %lu is %s:%lu)", line, text->origin[line - 1].file,
		    text->origin[line - 1].line);
}

static int say_record(char *record, const struct rule_text *text)
{
	int said = 0;

	for (char *line = strtok(record, "\n"); line; line = strtok(NULL, "\n")) {
		const char *message = own_message(line);

		if (!message)
			continue;
		say_message(message, text);
		said++;
	}
	return said;
}

int kmsg_say(int fd, const struct rule_text *text)
{
	char record[RECORD_MAX + 1];
	ssize_t n;
	int said = 0;

	if (fd < 0)
		return 0;
	/* EPIPE: records were overwritten meanwhile; the next ones are still there. */
	while ((n = read(fd, record, RECORD_MAX)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = '\0';
		said += say_record(record, text);
	}
	close(fd);
	return said;
}
