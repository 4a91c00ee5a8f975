// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text that the kernel patches while it runs: static keys, and static calls. Each has a table of
 * its places. (Alternatives are done with when the kernel has booted, or a module is loaded; and
 * ftrace patches the beginning of functions only.)
 */
#include <stdlib.h>

#include "image.h"

/* An entry of the table of static keys: its place, where it jumps to, and the key. */
struct jump_entry {
	s32	code;
	s32	target;
	s64	key;
};

/* ... of the table of static calls: its place, and the key, in which two bits are of other use. */
struct call_entry {
	s32	code;
	s32	key;
};

static int compare(const void *a, const void *b)
{
	const struct patched *x = a, *y = b;

	return x->code < y->code ? -1 : x->code > y->code;
}

static void add(struct image *image, u64 code, u64 target)
{
	if (!image_runs(image, code) || (target && !image_runs(image, target)))
		die(image->name, "its tables of static keys and calls have another layout");
	image->patched[image->nr_patched++] = (struct patched){ .code = code, .target = target };
}

/* What is in the tables, ordered by place. */
void image_find_patched(struct image *image)
{
	size_t jumps = image->jumps.size / sizeof(struct jump_entry);
	size_t calls = image->calls.size / sizeof(struct call_entry), i;
	const struct jump_entry *jump = (const void *)image->jumps.start;
	const struct call_entry *call = (const void *)image->calls.start;

	image->nr_patched = 0;
	image->patched = calloc(jumps + calls + 1, sizeof(*image->patched));
	for (i = 0; i < jumps; i++, jump++)
		add(image, (u64)&jump->code + jump->code, (u64)&jump->target + jump->target);
	for (i = 0; i < calls; i++, call++)
		add(image, (u64)&call->code + call->code, 0);
	qsort(image->patched, image->nr_patched, sizeof(*image->patched), compare);
}

/* The place that begins here, or NULL. */
const struct patched *image_patched_at(const struct image *image, u64 address)
{
	struct patched key = { .code = address };

	return bsearch(&key, image->patched, image->nr_patched, sizeof(key), compare);
}
