// SPDX-License-Identifier: GPL-2.0-only
#include "type.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "place.h"
#include "say.h"

/* Structures within structures; no kernel has so many. */
#define DEPTH_MAX	16

/* Members that are named; who touches more has a longer list than anybody reads. */
#define NAMES_MAX	8

/* libbpf before 0.6 gives an error as a pointer. */
static struct btf *checked(struct btf *btf)
{
	return libbpf_get_error(btf) ? NULL : btf;
}

static bool is_module_name(const char *name)
{
	return name && *name && !strchr(name, '/') && *name != '.';
}

void types_open(struct types *types, const char *module)
{
	char *path = place(PLACE_BTF "/vmlinux");

	libbpf_set_print(NULL);
	*types = (struct types){ .kernel = checked(btf__parse(path, NULL)) };
	free(path);
	if (!types->kernel || !is_module_name(module))
		return;
	path = xformat(PLACE_BTF "/%s", module);
	for (char *c = path + strlen(PLACE_BTF) + 1; *c; c++)
		if (*c == '-')
			*c = '_';
	module = path;
	path = place(module);
	types->module = checked(btf__parse_split(path, types->kernel));
	free((char *)module);
	free(path);
}

void types_close(struct types *types)
{
	btf__free(types->module);
	btf__free(types->kernel);
}

static bool is_struct_of(const struct btf *btf, uint32_t id, uint64_t size)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	return t && btf_is_struct(t) && t->size == size && t->name_off;
}

static const char *name_of(const struct btf *btf, uint32_t id)
{
	const char *name = btf__name_by_offset(btf, btf__type_by_id(btf, id)->name_off);

	return name ? name : "";
}

/* The one of its size with the cache's name; or else the only one of its size. */
static bool search(const struct btf *btf, uint32_t first, const char *cache, uint64_t size,
		   bool only, struct type *type)
{
	uint32_t fits = 0, n = btf__type_cnt(btf);
	bool several = false;

	for (uint32_t id = first; id < n; id++) {
		if (!is_struct_of(btf, id, size))
			continue;
		if (!strcmp(name_of(btf, id), cache)) {
			*type = (struct type){ btf, id, name_of(btf, id), true };
			return true;
		}
		several |= fits && strcmp(name_of(btf, fits), name_of(btf, id));
		fits = id;
	}
	if (!only || !fits || several)
		return false;
	*type = (struct type){ btf, fits, name_of(btf, fits), false };
	return true;
}

bool type_find(const struct types *types, const char *cache, uint64_t size, struct type *type)
{
	uint32_t kernel = types->kernel ? btf__type_cnt(types->kernel) : 1;

	if (!cache || !size || !strncmp(cache, "kmalloc-", 8))
		return false;
	return (types->module && search(types->module, kernel, cache, size, true, type)) ||
	       (types->kernel && search(types->kernel, 1, cache, size, false, type));
}

/**
 * struct piece - a member that some bytes belong to
 * @name: with those it is in
 * @min: its first byte
 * @max: one past its last
 * @element: bytes of an element, if it is an array
 */
struct piece {
	char *name;
	uint64_t min, max, element;
};

struct pieces {
	struct piece *p;
	size_t n;
};

static void walk(const struct btf *btf, uint32_t id, uint64_t at, uint64_t min, uint64_t max,
		 const char *before, int depth, struct pieces *to)
{
	const struct btf_type *t = btf__type_by_id(btf, (uint32_t)btf__resolve_type(btf, id));
	const struct btf_member *m = btf_members(t);

	for (uint16_t i = 0; i < btf_vlen(t); i++, m++) {
		uint64_t from = at + btf_member_bit_offset(t, i) / 8;
		int type = btf__resolve_type(btf, m->type);
		const struct btf_type *mt = type > 0 ? btf__type_by_id(btf, (uint32_t)type) : NULL;
		int64_t size = type > 0 ? btf__resolve_size(btf, (uint32_t)type) : -1;
		const char *name = btf__name_by_offset(btf, m->name_off);
		char *whole;

		if (!mt || size <= 0 || from >= max || from + (uint64_t)size <= min)
			continue;
		whole = xformat("%s%s%s", before, *before && name && *name ? "." : "",
				name ? name : "");
		if (btf_is_composite(mt) && btf_vlen(mt) && depth < DEPTH_MAX) {
			walk(btf, (uint32_t)type, from, min, max, whole, depth + 1, to);
			free(whole);
			continue;
		}
		to->p = xgrow(to->p, to->n, sizeof(*to->p));
		to->p[to->n++] = (struct piece){
			.name = whole, .min = from, .max = from + (uint64_t)size,
			.element = btf_is_array(mt) && btf_array(mt)->nelems ?
				   (uint64_t)size / btf_array(mt)->nelems : 0,
		};
	}
}

static void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->n; i++)
		free(pieces->p[i].name);
	free(pieces->p);
}

static char *piece_text(const struct piece *p, uint64_t min, uint64_t max)
{
	if (!p->element)
		return xformat("%s", p->name);
	if (min < p->min)
		min = p->min;
	if (max > p->max)
		max = p->max;
	return xformat("%s[%" PRIu64 "..%" PRIu64 "] of %" PRIu64, p->name,
		       (min - p->min) / p->element, (max - 1 - p->min) / p->element,
		       (p->max - p->min) / p->element);
}

char *type_members(const struct type *type, uint64_t min, uint64_t max)
{
	struct pieces pieces = { 0 };
	char *text = xformat("%s", "");

	walk(type->btf, type->id, 0, min, max, "", 0, &pieces);
	for (size_t i = 0; i < pieces.n && i < NAMES_MAX; i++) {
		char *one = piece_text(&pieces.p[i], min, max);
		char *more = xformat("%s%s%s", text, i ? ", " : "", one);

		free(one);
		free(text);
		text = more;
	}
	if (pieces.n > NAMES_MAX || !pieces.n) {
		char *more = xformat("%s%s", text, pieces.n ? ", ..." : "padding");

		free(text);
		text = more;
	}
	pieces_free(&pieces);
	return text;
}

void type_widen(const struct type *type, uint64_t *min, uint64_t *max)
{
	struct pieces pieces = { 0 };
	uint64_t from = *min, to = *max;

	walk(type->btf, type->id, 0, from, to, "", 0, &pieces);
	for (size_t i = 0; i < pieces.n; i++) {
		if (pieces.p[i].min < *min)
			*min = pieces.p[i].min;
		if (pieces.p[i].max > *max)
			*max = pieces.p[i].max;
	}
	pieces_free(&pieces);
}
