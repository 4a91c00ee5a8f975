// SPDX-License-Identifier: GPL-2.0-only
#include "suspect.h"

#include <string.h>

#include "array.h"
#include "rules.h"

/*
 * Copies of whole small objects are everyday work (a struct of a few words that is
 * the ioctl's argument). From this size on, in bytes, an object usually has
 * pointers, locks and list heads in it, and no interface hands all of it out.
 */
#define WHOLE_OBJECT_MATTERS	256

/* Whoever takes all but a quarter (1/4) of an object, takes what is worth protecting in it, too. */
#define WHOLE_OBJECT_REST	4

/*
 * A missing whitelist shows a fixed field, perhaps a short and a long form of it.
 * A range that grew this often follows a number that somebody else chooses.
 */
#define GREW_TOO_OFTEN		3

/* Caches whose content is worth an attack, and which no driver may open. */
static const char * const crown_jewels[] = {
	"anon_vma",		/* address spaces */
	"cred_jar",		/* credentials */
	"files_cache",		/* descriptor tables */
	"filp",			/* open files and their operations */
	"fs_cache",
	"key_jar",		/* keys */
	"lsm_file_cache",
	"lsm_inode_cache",
	"mm_struct",		/* has a whitelist of its own for auxv; the rest is page tables */
	"mnt_cache",
	"nsproxy",
	"pid",
	"pid_namespace",
	"seq_file",
	"sighand_cache",
	"signal_cache",
	"task_struct",		/* has a whitelist of its own where the architecture needs one */
	"user_namespace",
	"vm_area_struct",
};

/* Kinds for which the memory is a slab object, and all others that the kernel reports. */
static const char * const other_kinds[] = {
	"vmalloc", "page", "kmap", "stack", "text", "module-text", "wrap", "null",
};

static bool has_word(const char * const *table, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(table[i], word))
			return true;
	return false;
}

#define HAS_WORD(table, word) has_word(table, ARRAY_SIZE(table), word)

static bool is_kind(const struct violation *v, const char *kind)
{
	return !strcmp(v->kind, kind);
}

static bool is_not_slab(const struct violation *v)
{
	return HAS_WORD(other_kinds, v->kind);
}

static bool is_unknown_kind(const struct violation *v)
{
	return !is_not_slab(v) && !is_kind(v, "whitelist") && !is_kind(v, "object") &&
	       !is_kind(v, "redzone");
}

static bool crosses_object(const struct violation *v)
{
	return is_kind(v, "object") || is_kind(v, "redzone") ||
	       (is_kind(v, "whitelist") && v->max > v->objsize);
}

bool covers_whole_object(uint64_t bytes, uint64_t objsize)
{
	return objsize >= WHOLE_OBJECT_MATTERS && bytes >= objsize - objsize / WHOLE_OBJECT_REST;
}

static bool is_whole_object(const struct violation *v)
{
	struct ranges ranges;

	return is_kind(v, "whitelist") && violation_ranges(v, &ranges) &&
	       covers_whole_object(ranges_bytes(&ranges), v->objsize);
}

/* Which bytes of a growing range were copied, an older module does not say. */
static bool is_growing(const struct violation *v)
{
	return v->grew >= GREW_TOO_OFTEN && !v->ranges.n && !v->ranges.spread;
}

static bool is_spread(const struct violation *v)
{
	return v->ranges.spread;
}

bool is_careful(const struct violation *v)
{
	return v->grew >= GREW_TOO_OFTEN;
}

bool is_beyond_rules(const struct violation *v)
{
	return is_not_slab(v) || crosses_object(v);
}

static bool is_crown_jewel(const struct violation *v)
{
	return v->cache && HAS_WORD(crown_jewels, v->cache);
}

static bool is_denied(const struct violation *v)
{
	return v->denied || (is_kind(v, "whitelist") && v->min >= v->useroffset &&
			     v->max <= v->useroffset + v->usersize);
}

static bool is_unnameable(const struct violation *v)
{
	return v->cache && !rule_can_name(v->cache);
}

const struct suspicion suspicions[] = {
	{ "not-slab", is_not_slab,
	  "the memory is no slab object, so no rule can cover it: the caller's pointer or length is wrong" },
	{ "crosses-object", crosses_object,
	  "the copy leaves its slab object, which no rule allows: it reads or writes a neighbour's memory" },
	{ "whole-object", is_whole_object,
	  "three quarters of the object or more are copied, pointers and locks included: more likely a length that nobody checked than a field without a whitelist" },
	{ "spread", is_spread,
	  "copies touched too many places of the object to be a field of it" },
	{ "growing", is_growing,
	  "range or size grew again and again: the length or the offset seems to be under somebody's control" },
	{ "sensitive-cache", is_crown_jewel,
	  "the cache holds credentials, tasks, files, keys or address spaces: no driver has a reason to open it" },
	{ "denied", is_denied,
	  "one of your deny rules is what forbids it: change that rule if the copy is wanted" },
	{ "unnameable", is_unnameable,
	  "the cache's name cannot be written in a rule" },
	{ "unknown-kind", is_unknown_kind,
	  "this usercopyctl does not know the kind: install the one that came with the module" },
};

const size_t nr_suspicions = ARRAY_SIZE(suspicions);

/* Whose memory it is, if SLUB has put caches together, nobody can tell. */
static bool has_crown_jewel(const struct violation *v, const struct alias_set *aliases)
{
	const struct alias *a = NULL;
	size_t n = 0;

	if (v->cache)
		a = aliases_of(aliases, v->cache, &n);
	for (size_t i = 0; a && i < n; i++)
		if (HAS_WORD(crown_jewels, a[i].name))
			return true;
	return false;
}

static unsigned int bit_of(bool (*fits)(const struct violation *v))
{
	for (size_t i = 0; i < nr_suspicions; i++)
		if (suspicions[i].fits == fits)
			return 1u << i;
	return 0;
}

unsigned int suspect(const struct violation *v, const struct alias_set *aliases)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < nr_suspicions; i++)
		if (suspicions[i].fits(v))
			bits |= 1u << i;
	if (has_crown_jewel(v, aliases))
		bits |= bit_of(is_crown_jewel);
	return bits;
}

unsigned int suspect_whole_object(void)
{
	return bit_of(is_whole_object);
}

unsigned int suspect_denied(void)
{
	return bit_of(is_denied);
}
