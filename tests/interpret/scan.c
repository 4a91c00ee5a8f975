// SPDX-License-Identifier: GPL-2.0-only
/*
 * scan - interpret from every call of the check in a kernel and its modules
 *
 * usage: scan RELEASE VMLINUX KALLSYMS <MODULES
 *
 * VMLINUX is the ELF file in the kernel's image, KALLSYMS what /proc/kallsyms has of its functions
 * when it was booted with "nokaslr", MODULES the names of its modules' files, each on a line.
 * Twice: as the kernel is on a modern CPU and on an old one (alternatives.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "image.h"
#include "paths.h"

/* Before functions, where what follows calls may begin; calls may lead there. */
#define PADDING	16

#define CHECK	"__check_object_size"
#define SITES_MAX 8192
#define ENDS_MAX 32

/**
 * struct tally - of one kind of CPU
 * @lengths:	of the shortest path, for each call site that reaches its copy
 * @sites:	call sites
 * @in_kernel:	of them, those that are not in a module
 * @reached:	from which all paths reach a copy, or leave without one
 * @all_copy:	from which all paths reach a copy
 * @some_copy:	from which some path does
 * @paths:	that reach a copy
 * @longest:	of these, instructions
 * @patched:	call sites that have a place on the way that is patched at run time
 * @places:	such places, wherever
 * @ends:	where they end
 */
struct tally {
	unsigned int	lengths[SITES_MAX];
	unsigned int	sites;
	unsigned int	in_kernel;
	unsigned int	reached;
	unsigned int	all_copy;
	unsigned int	some_copy;
	unsigned int	paths;
	unsigned int	longest;
	unsigned int	patched;
	unsigned int	places;
	struct {
		const char	*name;
		unsigned int	count;
	} ends[ENDS_MAX];
};

static const char * const kinds[NR_CPU_KINDS] = { "modern CPU", "old CPU" };
static struct tally tallies[NR_CPU_KINDS];

static void count_end(struct tally *tally, const char *name)
{
	unsigned int i = 0;

	while (tally->ends[i].name && strcmp(tally->ends[i].name, name))
		i++;
	if (i == ENDS_MAX - 1)
		die(name, "too many kinds of ends");
	tally->ends[i].name = name;
	tally->ends[i].count++;
}

static void tell(const struct image *image, enum cpu_kind kind, u64 site, const char *what)
{
	const struct symbol *function = image_function_of(image, site);

	printf("  %s: %s+0x%" PRIx64 " in %s: %s\n", kinds[kind],
	       function ? function->name : "?", function ? site - function->address : 0,
	       image->name, what);
}

static void count_site(struct tally *tally, const struct image *image, const struct paths *paths)
{
	if (tally->sites == SITES_MAX)
		die(image->name, "too many call sites");
	tally->sites++;
	tally->in_kernel += !strcmp(image->name, "vmlinux");
	tally->paths += paths->copies;
	if (paths->longest > tally->longest)
		tally->longest = paths->longest;
	tally->some_copy += !!paths->copies;
	tally->patched += !!paths->patched;
	tally->all_copy += paths->copies && !paths->returns && !paths->lost;
	if (!paths->copies || paths->lost)
		return;
	tally->lengths[tally->reached++] = paths->shortest;
	count_end(tally, paths->copy);
}

/* Is there a call of the check at this byte? A jump would be one, too, with nothing behind it. */
static bool calls_check(const struct image *image, const u8 *code)
{
	unsigned int i;
	u64 target;
	s32 distance;

	if (*code != 0xe8)
		return false;
	memcpy(&distance, code + 1, 4);
	target = (u64)code + 5 + distance;
	for (i = 0; i <= PADDING; i++)
		if (image_is(image, target + i, CHECK))
			return true;
	return false;
}

static void scan_range(const struct image *image, enum cpu_kind kind, const struct range *range)
{
	struct paths paths;
	u64 at;

	for (at = range->start; at + 5 <= range->end; at++) {
		if (!calls_check(image, (const u8 *)at))
			continue;
		paths_follow(image, kind, at + 5, &paths);
		count_site(&tallies[kind], image, &paths);
		if (!paths.copies || paths.lost)
			tell(image, kind, at, paths.lost ? paths.reason : "leaves without a copy");
		if (paths.patched)
			tell(image, kind, at, "has code on its way that is patched at run time");
	}
}

static void scan_image(struct image *image, enum cpu_kind kind)
{
	unsigned int i;

	image_apply_alternatives(image, kind);
	image_find_patched(image);
	tallies[kind].places += image->nr_patched;
	for (i = 0; i < image->nr_ranges; i++)
		if (image->ranges[i].runs)
			scan_range(image, kind, &image->ranges[i]);
	image_free(image);
}

static void scan_kernel(const char *vmlinux, const char *kallsyms)
{
	struct file file, symbols;
	static struct image image;
	enum cpu_kind kind;

	for (kind = 0; kind < NR_CPU_KINDS; kind++) {
		if (!file_read(vmlinux, &file))
			die(vmlinux, "cannot be read");
		/* Its lines are taken apart where they are. */
		if (!file_read(kallsyms, &symbols))
			die(kallsyms, "cannot be read");
		image_load_kernel(&image, &file, &symbols);
		scan_image(&image, kind);
		free(file.data);
		free(symbols.data);
	}
}

static bool mentions_check(const struct file *file)
{
	return memmem(file->data, file->size, CHECK, sizeof(CHECK));
}

static void scan_module(const char *path)
{
	static struct image image;
	enum cpu_kind kind;
	struct file file;

	if (!file_read(path, &file))
		die(path, "cannot be read");
	for (kind = 0; mentions_check(&file) && kind < NR_CPU_KINDS; kind++) {
		image_load_module(&image, &file, path);
		scan_image(&image, kind);
	}
	free(file.data);
}

static int compare_lengths(const void *a, const void *b)
{
	return *(const unsigned int *)a - *(const unsigned int *)b;
}

/* One kernel on one kind of CPU; did every call site reach its copy? */
static bool print_tally(const char *release, enum cpu_kind kind)
{
	struct tally *t = &tallies[kind];
	unsigned int i, n = t->reached;
	bool good = n && n == t->sites;

	qsort(t->lengths, n, sizeof(*t->lengths), compare_lengths);
	printf("%sok - %s, %s: %u of %u call sites (%u in vmlinux) reach their copy\n",
	       good ? "" : "not ", release, kinds[kind], n, t->sites, t->in_kernel);
	printf("    all paths do from %u, some do from %u\n", t->all_copy, t->some_copy);
	if (!n)
		return false;
	printf("    instructions on the shortest path: median %u, 95 %% %u, longest %u\n",
	       t->lengths[n / 2], t->lengths[n * 95 / 100], t->lengths[n - 1]);
	printf("    %u paths to a copy, of %u instructions or fewer\n", t->paths, t->longest);
	printf("    one of %u places that are patched at run time is on the way from %u\n",
	       t->places, t->patched);
	for (i = 0; t->ends[i].name; i++)
		printf("    %5u %s\n", t->ends[i].count, t->ends[i].name);
	return good;
}

int main(int argc, char **argv)
{
	unsigned int passed = 0;
	enum cpu_kind kind;
	char path[4096];

	if (argc != 4) {
		fprintf(stderr, "usage: scan RELEASE VMLINUX KALLSYMS <MODULES\n");
		return 2;
	}
	scan_kernel(argv[2], argv[3]);
	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = 0;
		scan_module(path);
	}
	for (kind = 0; kind < NR_CPU_KINDS; kind++)
		passed += print_tally(argv[1], kind);
	printf("scan: %u passed, %u failed\n", passed, NR_CPU_KINDS - passed);
	return passed != NR_CPU_KINDS;
}
