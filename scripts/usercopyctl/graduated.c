// SPDX-License-Identifier: GPL-2.0-only
#include "graduated.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "../../usercopy/policy.h"

#include "exit.h"
#include "output.h"
#include "place.h"
#include "say.h"
#include "when.h"

/* As long as a line of a file of rules may be, with a NUL. */
#define LINE_ROOM	1281

static void add(struct graduated *all, const struct graduate *g)
{
	all->g = xgrow(all->g, all->n, sizeof(*all->g));
	all->g[all->n++] = *g;
}

/* The comment has its time as "(@SECONDS)". */
static int64_t since_of(const char *why)
{
	const char *at = strstr(why, "(@");

	long long seconds = at ? strtoll(at + 2, NULL, 10) : 0;

	/* A time that is none is long ago. */
	return seconds > 0 && seconds < INT64_MAX / USEC ? seconds * USEC : 0;
}

static bool take_line(struct graduated *all, const char *line, char **why)
{
	char name[LINE_ROOM], word[LINE_ROOM], more;
	struct graduate g;

	if (!*line)
		return true;
	if (*line == '#') {
		free(*why);
		*why = xformat("%s", line + 1 + strspn(line + 1, " "));
		return true;
	}
	if (strlen(line) >= LINE_ROOM || sscanf(line, "policy %s %s %c", name, word, &more) != 2)
		return false;
	g = (struct graduate){ .name = xformat("%s", name), .word = xformat("%s", word),
			       .why = *why ? *why : xformat("%s", "") };
	g.since = since_of(g.why);
	*why = NULL;
	add(all, &g);
	return true;
}

bool graduated_parse(struct graduated *all, const char *path, struct blob *b)
{
	unsigned long number = 0;
	char *why = NULL, *next;
	bool ok = true;

	for (char *line = b->data; line < b->data + b->len; line = next) {
		next = line + strcspn(line, "\n");
		*next++ = '\0';
		number++;
		if (take_line(all, line, &why))
			continue;
		say("%s:%lu: not written by \"usercopyctl graduate\": rules of your own belong into a file of their own",
		    path, number);
		ok = false;
	}
	free(why);
	return ok;
}

bool graduated_read(struct graduated *all)
{
	char *path = place(PLACE_GRADUATED);
	struct blob b;
	int err = blob_read(path, &b);
	bool ok = !err || err == -ENOENT;

	memset(all, 0, sizeof(*all));
	if (!ok)
		say("%s: %s", path, strerror(-err));
	if (!err) {
		ok = graduated_parse(all, path, &b);
		free(b.data);
	}
	free(path);
	return ok;
}

int graduated_policy(const char *word)
{
	int policy = UCG_NR_POLICIES;

	while (--policy > UCG_WARN && strcmp(word, ucg_policy_words[policy]))
		;
	return policy;
}

struct graduate *graduated_find(const struct graduated *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->g[i].name, name))
			return &all->g[i];
	return NULL;
}

void graduated_set(struct graduated *all, const char *name, const char *word, int64_t now,
		   const char *why)
{
	struct graduate *g = graduated_find(all, name);
	time_t t = now / USEC;
	char date[32];
	struct tm tm;

	if (!g) {
		struct graduate new = { .name = xformat("%s", name) };

		add(all, &new);
		g = &all->g[all->n - 1];
	}
	if (!gmtime_r(&t, &tm) || !strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S UTC", &tm))
		strcpy(date, "?");
	free(g->word);
	free(g->why);
	g->word = xformat("%s", word);
	g->why = xformat("%s (@%" PRId64 "): %s", date, now / USEC, why);
	g->since = now / USEC * USEC;
}

bool graduated_write(const struct graduated *all)
{
	char *path = place(PLACE_GRADUATED);
	struct output output;
	bool ok = output_begin(&output, path);

	if (ok) {
		puts("# Written by \"usercopyctl graduate\". To have it otherwise, write a policy of your own into another");
		puts("# file: it is stronger. What was taken back stays so until rules cover what it did, or its line goes.");
		for (size_t i = 0; i < all->n; i++) {
			fputs("# ", stdout);
			put_plain(stdout, all->g[i].why);
			printf("\npolicy %s %s\n", all->g[i].name, all->g[i].word);
		}
		ok = output_end(&output, true);
	}
	free(path);
	return ok;
}

int graduated_lock(void)
{
	char *dir = place(PLACE_RULES);
	int lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(dir);
	if (lock >= 0 && flock(lock, LOCK_EX)) {
		close(lock);
		lock = -1;
	}
	return lock;
}

void graduated_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

int graduated_load(const char *name, const char *word)
{
	char *line = xformat("policy %s %s\n", name, word);
	int err = place_write(PLACE_WHITELIST, line, strlen(line));

	if (exit_of_write(err) == CTL_NO_FILE) {
		say_unreadable(PLACE_WHITELIST, -err);
	} else if (err) {
		say("policy %s %s: refused by the kernel: %s%s", name, word, strerror(-err),
		    err == -EPERM ? ": locked, so nothing can be loosened before the next boot"
				  : ": its log (dmesg) says why");
	}
	free(line);
	return exit_of_write(err);
}

void graduated_free(struct graduated *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->g[i].name);
		free(all->g[i].word);
		free(all->g[i].why);
	}
	free(all->g);
}
