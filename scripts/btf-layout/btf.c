// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads BTF (btf.h). What a file says of itself is not believed: all is bounded by the file.
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"

#define BTF_MAGIC	0xeb9f
#define POINTER_BYTES	8
/* Types that lead to types, and structures inside structures: no kernel has so many levels. */
#define DEPTH_MAX	32

/* In the file's own order of bytes, which is this machine's. */
struct header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t header_len;
	uint32_t type_offset;
	uint32_t type_len;
	uint32_t string_offset;
	uint32_t string_len;
};

enum kind {
	INT = 1, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC,
	FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64, NR_KINDS,
};

/* Words of a type: its name, what it is, and its size or the type that it leads to. */
enum { NAME, INFO, SIZE_OR_TYPE, HEAD_WORDS };

/* What follows these, in words: for the type, and for each of its members. */
static const struct {
	uint8_t once;
	uint8_t each;
} words[NR_KINDS] = {
	[INT] = { 1, 0 }, [ARRAY] = { 3, 0 }, [STRUCT] = { 0, 3 }, [UNION] = { 0, 3 },
	[ENUM] = { 0, 2 }, [FUNC_PROTO] = { 0, 2 }, [VAR] = { 1, 0 }, [DATASEC] = { 0, 3 },
	[DECL_TAG] = { 1, 0 }, [ENUM64] = { 0, 3 },
};

static enum kind kind_of(const uint32_t *type)
{
	return type[INFO] >> 24 & 0x1f;
}

static uint32_t members_of(const uint32_t *type)
{
	return type[INFO] & 0xffff;
}

static const char *name_at(const struct btf *btf, uint32_t offset)
{
	return offset < btf->strings_len ? btf->strings + offset : "";
}

static const char *read_file(const char *name, struct btf *btf)
{
	FILE *f = fopen(name, "rb");
	size_t room = 1 << 20, n;
	unsigned char *more;

	if (!f)
		return strerror(errno);
	/* Files of /sys do not say how long they are. */
	for (;;) {
		more = realloc(btf->data, room);
		if (!more)
			break;
		btf->data = more;
		n = fread(btf->data + btf->len, 1, room - btf->len, f);
		btf->len += n;
		if (!n || ferror(f))
			break;
		if (btf->len == room)
			room *= 2;
	}
	n = ferror(f);
	fclose(f);
	return n || !more ? "cannot read it" : NULL;
}

/* [offset, offset + len) of the file, or NULL if that is not in it. */
static const void *part(const struct btf *btf, uint64_t offset, uint64_t len)
{
	if (offset > btf->len || len > btf->len - offset)
		return NULL;
	return btf->data + offset;
}

/* Where in the file BTF begins: at its start, or in a section of an ELF file. */
static const char *find_section(const struct btf *btf, uint64_t *start, uint64_t *len)
{
	const Elf64_Ehdr *elf = part(btf, 0, sizeof(*elf));
	const Elf64_Shdr *sections, *names;
	int i;

	*start = 0;
	*len = btf->len;
	if (!elf || memcmp(elf->e_ident, ELFMAG, SELFMAG))
		return NULL;
	if (elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_shentsize != sizeof(*sections))
		return "an ELF file, but not of a 64-bit kernel";
	sections = part(btf, elf->e_shoff, (uint64_t)elf->e_shnum * sizeof(*sections));
	if (!sections || elf->e_shstrndx >= elf->e_shnum)
		return "an ELF file that is cut off";
	names = &sections[elf->e_shstrndx];
	for (i = 0; i < elf->e_shnum; i++) {
		const char *name;

		name = part(btf, names->sh_offset + sections[i].sh_name, sizeof(".BTF"));
		if (!name || memcmp(name, ".BTF", sizeof(".BTF")))
			continue;
		*start = sections[i].sh_offset;
		*len = sections[i].sh_size;
		return part(btf, *start, *len) ? NULL : "an ELF file that is cut off";
	}
	return "an ELF file without BTF in it: the kernel has no CONFIG_DEBUG_INFO_BTF";
}

/* One past the record of a type, or NULL if it does not end before @end. */
static const uint32_t *after(const uint32_t *type, const uint32_t *end)
{
	uint64_t n = HEAD_WORDS;

	if (end - type < HEAD_WORDS || !kind_of(type) || kind_of(type) >= NR_KINDS)
		return NULL;
	n += words[kind_of(type)].once + (uint64_t)words[kind_of(type)].each * members_of(type);
	return n > (uint64_t)(end - type) ? NULL : type + n;
}

static const char *list_types(struct btf *btf, const uint32_t *type, const uint32_t *end)
{
	static const uint32_t nothing[HEAD_WORDS];
	static char message[80];
	const uint32_t *next;

	/* No type is shorter than its head. */
	btf->types = calloc((end - type) / HEAD_WORDS + 1, sizeof(*btf->types));
	if (!btf->types)
		return "no memory";
	btf->types[btf->nr++] = nothing;
	for (; type < end; type = next) {
		next = after(type, end);
		if (!next) {
			snprintf(message, sizeof(message),
				 "type %u is of a kind that is not known here", btf->nr);
			return message;
		}
		btf->types[btf->nr++] = type;
	}
	return NULL;
}

const char *btf_read(const char *file, struct btf *btf)
{
	const struct header *h;
	uint64_t start, len, data;
	const uint32_t *types;
	const char *wrong;

	memset(btf, 0, sizeof(*btf));
	wrong = read_file(file, btf);
	if (!wrong)
		wrong = find_section(btf, &start, &len);
	if (wrong)
		return wrong;
	h = part(btf, start, sizeof(*h));
	if (!h || h->magic != BTF_MAGIC || h->version != 1 || start % sizeof(uint32_t))
		return "neither BTF nor an ELF file that has it";
	data = start + h->header_len;
	types = part(btf, data + h->type_offset, h->type_len);
	btf->strings = part(btf, data + h->string_offset, h->string_len);
	btf->strings_len = h->string_len;
	if (!types || !btf->strings || !h->string_len || btf->strings[h->string_len - 1] ||
	    h->header_len % sizeof(uint32_t) || h->type_offset % sizeof(uint32_t))
		return "BTF that is cut off";
	return list_types(btf, types, types + h->type_len / sizeof(uint32_t));
}

void btf_free(struct btf *btf)
{
	free(btf->types);
	free(btf->data);
}

uint32_t btf_struct(const struct btf *btf, const char *name)
{
	uint32_t i;

	for (i = 1; i < btf->nr; i++)
		if (kind_of(btf->types[i]) == STRUCT &&
		    !strcmp(name_at(btf, btf->types[i][NAME]), name))
			return i;
	return 0;
}

/* What is behind names and qualifiers; 0 where that leads nowhere. */
static uint32_t plain(const struct btf *btf, uint32_t type)
{
	int depth;

	for (depth = 0; depth < DEPTH_MAX && type < btf->nr; depth++) {
		switch (kind_of(btf->types[type])) {
		case TYPEDEF:
		case VOLATILE:
		case CONST:
		case RESTRICT:
		case TYPE_TAG:
			type = btf->types[type][SIZE_OR_TYPE];
			break;
		default:
			return type;
		}
	}
	return 0;
}

static int find_member(const struct btf *btf, uint32_t type, const char *name, uint64_t base,
		       struct btf_place *place, int depth)
{
	const uint32_t *t = btf->types[plain(btf, type)], *m = t + HEAD_WORDS;
	uint32_t i;

	if (depth == DEPTH_MAX || (kind_of(t) != STRUCT && kind_of(t) != UNION))
		return -1;
	/* A member is its name, its type, and its place, with the width of a bit field above. */
	for (i = 0; i < members_of(t); i++, m += 3) {
		uint64_t bits = base + (t[INFO] >> 31 ? m[2] & 0xffffff : m[2]);
		const char *n = name_at(btf, m[0]);

		if (*n && !strcmp(n, name)) {
			*place = (struct btf_place){ bits, m[1] };
			return 0;
		}
		if (!*n && !find_member(btf, m[1], name, bits, place, depth + 1))
			return 0;
	}
	return -1;
}

int btf_member(const struct btf *btf, uint32_t type, const char *name, struct btf_place *place)
{
	return find_member(btf, type, name, 0, place, 0);
}

int64_t btf_size(const struct btf *btf, uint32_t type)
{
	int64_t times = 1;
	int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		const uint32_t *t = btf->types[plain(btf, type)];

		switch (kind_of(t)) {
		case PTR:
			return times * POINTER_BYTES;
		case INT:
		case STRUCT:
		case UNION:
		case ENUM:
		case ENUM64:
		case FLOAT:
			return times * t[SIZE_OR_TYPE];
		case ARRAY:
			/* The type of an element, that of the index, how many. */
			type = t[HEAD_WORDS];
			times *= t[HEAD_WORDS + 2];
			break;
		default:
			return -1;
		}
	}
	return -1;
}
