// SPDX-License-Identifier: GPL-2.0-only
/*
 * The code of a kernel or of a module (image.h): what is known of it once it is loaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "image.h"

void die(const char *name, const char *what)
{
	fprintf(stderr, "scan: %s: %s\n", name, what);
	exit(2);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A file, or what xz makes of it. */
bool file_read(const char *path, struct file *file)
{
	size_t room = 1 << 20, n;
	char command[4096];
	FILE *f;

	snprintf(command, sizeof(command), "xz -dc '%s'", path);
	f = ends_with(path, ".xz") ? popen(command, "r") : fopen(path, "r");
	if (!f)
		return false;
	file->size = 0;
	file->data = malloc(room);
	while ((n = fread(file->data + file->size, 1, room - file->size, f))) {
		file->size += n;
		if (file->size == room) {
			room *= 2;
			file->data = realloc(file->data, room);
		}
	}
	if (ends_with(path, ".xz"))
		return !pclose(f);
	fclose(f);
	return true;
}

struct range *image_add_range(struct image *image, u64 start, u64 size, bool runs)
{
	struct range *range = &image->ranges[image->nr_ranges++];

	if (image->nr_ranges > RANGES_MAX)
		die(image->name, "too many sections");
	*range = (struct range){ .start = start, .end = start + size, .runs = runs };
	return range;
}

void image_add_symbol(struct image *image, u64 address, const char *name, bool code)
{
	/* Whenever their number is a power of two, room for as many more. */
	if (!(image->nr_symbols & (image->nr_symbols - 1)))
		image->symbols = realloc(image->symbols, (image->nr_symbols * 2 + 1) *
					 sizeof(*image->symbols));
	image->symbols[image->nr_symbols++] = (struct symbol){
		.address = address, .name = name, .code = code,
	};
}

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

void image_sort_symbols(struct image *image)
{
	qsort(image->symbols, image->nr_symbols, sizeof(*image->symbols), compare_symbols);
}

void image_free(struct image *image)
{
	munmap(image->memory, image->size);
	free(image->symbols);
	image->symbols = NULL;
	free(image->patched);
	image->patched = NULL;
}

/* Is this code? */
bool image_runs(const struct image *image, u64 address)
{
	unsigned int i;

	for (i = 0; i < image->nr_ranges; i++)
		if (address >= image->ranges[i].start && address < image->ranges[i].end)
			return true;
	return false;
}

/* The number of symbols at lower addresses, or at this one, too. */
static unsigned int count_below(const struct image *image, u64 address, bool inclusive)
{
	unsigned int low = 0, high = image->nr_symbols, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (image->symbols[middle].address < address ||
		    (inclusive && image->symbols[middle].address == address))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first of those that have this address, or NULL. */
const struct symbol *image_symbol_at(const struct image *image, u64 address)
{
	unsigned int i = count_below(image, address, false);

	return i < image->nr_symbols && image->symbols[i].address == address ?
	       &image->symbols[i] : NULL;
}

const struct symbol *image_function_of(const struct image *image, u64 address)
{
	unsigned int i = count_below(image, address, true);

	while (i--)
		if (image->symbols[i].code)
			return &image->symbols[i];
	return NULL;
}

/* Is this the address of the function of that name? */
bool image_is(const struct image *image, u64 address, const char *name)
{
	unsigned int i = count_below(image, address, false);

	for (; i < image->nr_symbols && image->symbols[i].address == address; i++)
		if (!strcmp(image->symbols[i].name, name))
			return true;
	return false;
}
