// SPDX-License-Identifier: GPL-2.0-only
#include "folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

static int is_rules_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 6 && !strcmp(entry->d_name + len - 6, ".rules");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool folder_rules(const char *dir, char ***files, size_t *n)
{
	struct dirent **entry;
	int found = scandir(dir, &entry, is_rules_file, by_bytes);

	*files = NULL;
	*n = 0;
	if (found < 0)
		return false;
	for (int i = 0; i < found; i++) {
		*files = xgrow(*files, *n, sizeof(**files));
		(*files)[(*n)++] = xformat("%s/%s", dir, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	return true;
}
