// SPDX-License-Identifier: GPL-2.0-only
/*
 * Alternatives: instructions that the kernel replaces when it boots, according to the CPU. Which
 * features are asked for between checks and copies is known; of these a modern CPU has all and an
 * old one none. Of all others both have none.
 */
#include "image.h"

/* A feature is a bit in one of many words of 32 (the kernel's asm/cpufeatures.h). */
#define FEATURE(word, bit) ((word) * 32 + (bit))
#define ALWAYS		FEATURE(3, 21)
#define REP_GOOD	FEATURE(3, 16)
#define LFENCE_RDTSC	FEATURE(3, 18)
#define ERMS		FEATURE(9, 9)
#define SMAP		FEATURE(9, 20)
#define FSRM		FEATURE(18, 4)

/* "If the CPU lacks it": until 6.4 with the feature, since then with the flags behind it. */
#define OLD_NOT		0x8000
#define NOT		0x0001
/* Not by a feature of the CPU. */
#define DIRECT_CALL	0x0002

/**
 * struct alternative - an entry, of either of its two layouts
 * @code:	what is replaced
 * @by:		with what
 * @length:	of @code, bytes
 * @by_length:	of @by, bytes
 * @feature:	that the CPU has to have
 * @flags:	NOT, DIRECT_CALL
 */
struct alternative {
	u8		*code;
	const u8	*by;
	unsigned int	length;
	unsigned int	by_length;
	unsigned int	feature;
	unsigned int	flags;
};

/* Until 6.4 an entry has 12 bytes, since then 14; the last two are the lengths. */
static void take_apart(u64 entry, unsigned int size, struct alternative *alt)
{
	const u8 *bytes = (const u8 *)entry;
	s32 code, by;
	u16 word[2];

	memcpy(&code, bytes, 4);
	memcpy(&by, bytes + 4, 4);
	memcpy(word, bytes + 8, 4);
	*alt = (struct alternative){
		.code = (u8 *)entry + code, .by = bytes + 4 + by,
		.length = bytes[size - 2], .by_length = bytes[size - 1], .feature = word[0],
	};
	if (size == 14) {
		alt->flags = word[1];
	} else {
		alt->flags = word[0] & OLD_NOT ? NOT : 0;
		alt->feature = word[0] & ~OLD_NOT;
	}
}

/* Would all entries, were they that long, make sense? */
static bool has_entries_of(const struct image *image, unsigned int size)
{
	struct alternative alt;
	size_t at;

	if (image->alternatives_size % size)
		return false;
	for (at = 0; at < image->alternatives_size; at += size) {
		take_apart(image->alternatives + at, size, &alt);
		if (!image_runs(image, (u64)alt.code) || alt.by_length > alt.length ||
		    (alt.by_length && !image_runs(image, (u64)alt.by)))
			return false;
	}
	return true;
}

static bool has_feature(enum cpu_kind kind, unsigned int feature)
{
	switch (feature) {
	case ALWAYS:
		return true;
	case REP_GOOD:
	case LFENCE_RDTSC:
	case ERMS:
	case SMAP:
	case FSRM:
		return kind == CPU_MODERN;
	}
	return false;
}

/* A call or a jump that stands elsewhere now. */
static void move_target(u8 *code, const u8 *from)
{
	s32 distance;

	if (*code != 0xe8 && *code != 0xe9)
		return;
	memcpy(&distance, code + 1, 4);
	distance += (s32)(from - code);
	memcpy(code + 1, &distance, 4);
}

/* As few NOPs as possible, as the kernel fills places. */
static void fill(u8 *code, unsigned int size)
{
	static const u8 nops[][8] = {
		{ 0x90 }, { 0x66, 0x90 }, { 0x0f, 0x1f, 0x00 }, { 0x0f, 0x1f, 0x40, 0x00 },
		{ 0x0f, 0x1f, 0x44, 0x00, 0x00 }, { 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00 },
		{ 0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00 },
		{ 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
	};
	unsigned int n;

	for (; size; size -= n, code += n) {
		n = size < ARRAY_SIZE(nops) ? size : ARRAY_SIZE(nops);
		memcpy(code, nops[n - 1], n);
	}
}

/* What is not replaced has NOPs at its end, for the longest replacement, or is nothing else. */
static void keep(const struct alternative *alt)
{
	unsigned int n = 0;

	while (n < alt->length && alt->code[alt->length - n - 1] == 0x90)
		n++;
	if (n > 1)
		fill(alt->code + alt->length - n, n);
}

static void replace(const struct alternative *alt)
{
	memcpy(alt->code, alt->by, alt->by_length);
	fill(alt->code + alt->by_length, alt->length - alt->by_length);
	if (alt->by_length >= 5)
		move_target(alt->code, alt->by);
}

/* In the table's order: of several for one place the last that fits counts. */
void image_apply_alternatives(struct image *image, enum cpu_kind kind)
{
	unsigned int size = has_entries_of(image, 14) ? 14 : 12;
	struct alternative alt;
	size_t at;

	if (size == 12 && !has_entries_of(image, 12))
		die(image->name, "its alternatives have another layout");
	for (at = 0; at < image->alternatives_size; at += size) {
		take_apart(image->alternatives + at, size, &alt);
		if (alt.flags & DIRECT_CALL)
			continue;
		if (has_feature(kind, alt.feature) != !!(alt.flags & NOT))
			replace(&alt);
		else
			keep(&alt);
	}
}
