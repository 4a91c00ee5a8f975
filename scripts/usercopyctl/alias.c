// SPDX-License-Identifier: GPL-2.0-only
#include "alias.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "say.h"

static int by_id_and_name(const void *a, const void *b)
{
	const struct alias *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order ? order : strcmp(x->name, y->name);
}

static void add(struct alias_set *set, int dir, const char *name)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);
	const char *id = name, *slash;

	if (len >= 0) {
		target[len] = '\0';
		slash = strrchr(target, '/');
		id = slash ? slash + 1 : target;
	} else if (*name == ':') {
		return;		/* the folder itself, which no program calls by that name */
	}
	set->a = xgrow(set->a, set->n, sizeof(*set->a));
	set->a[set->n++] = (struct alias){ .id = xformat("%s", id), .name = xformat("%s", name) };
}

int aliases_read(struct alias_set *set)
{
	char *real = place(PLACE_SLAB);
	DIR *dir = opendir(real);
	struct dirent *entry;

	free(real);
	memset(set, 0, sizeof(*set));
	if (!dir)
		return -errno;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			add(set, dirfd(dir), entry->d_name);
	closedir(dir);
	if (set->n)
		qsort(set->a, set->n, sizeof(*set->a), by_id_and_name);
	return 0;
}

const struct alias *aliases_of(const struct alias_set *set, const char *cache, size_t *n)
{
	const char *id = NULL;
	size_t first = 0, end;

	for (size_t i = 0; i < set->n && !id; i++)
		if (!strcmp(set->a[i].name, cache) || !strcmp(set->a[i].id, cache))
			id = set->a[i].id;
	if (!id)
		return NULL;
	while (strcmp(set->a[first].id, id))
		first++;
	for (end = first; end < set->n && !strcmp(set->a[end].id, id); )
		end++;
	*n = end - first;
	return &set->a[first];
}

bool aliases_share(const struct alias_set *set, const char *cache)
{
	size_t n = 0;

	return aliases_of(set, cache, &n) && n > 1;
}

void aliases_free(struct alias_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->a[i].id);
		free(set->a[i].name);
	}
	free(set->a);
}
