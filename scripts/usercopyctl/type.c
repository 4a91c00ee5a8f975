// SPDX-License-Identifier: GPL-2.0-only
#include "type.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"
#include "place.h"
#include "say.h"

/* libbpf before 0.6 gives an error as a pointer. */
static struct btf *checked(struct btf *btf)
{
	return libbpf_get_error(btf) ? NULL : btf;
}

static bool is_module_name(const char *name)
{
	return name && *name && !strchr(name, '/') && *name != '.';
}

static struct btf *module_btf(struct btf *kernel, const char *module)
{
	char *file = xformat(PLACE_BTF "/%s", module), *path;
	struct btf *btf;

	for (char *c = file + strlen(PLACE_BTF) + 1; *c; c++)
		if (*c == '-')
			*c = '_';
	path = place(file);
	btf = checked(btf__parse_split(path, kernel));
	free(file);
	free(path);
	return btf;
}

static struct module_types open_module(struct btf *kernel, const char *module,
				       const char *srcversion, bool by_dwarf)
{
	struct module_types types = { .name = xformat("%s", module) };

	if (kernel)
		types.btf = module_btf(kernel, module);
	if (!types.btf && by_dwarf)
		types.debug = debug_info_open(module, srcversion);
	return types;
}

static void close_module(struct module_types *module)
{
	btf__free(module->btf);
	debug_info_close(module->debug);
	free(module->name);
}

void types_open(struct types *types, const char *module, const char *srcversion)
{
	char *path = place(PLACE_BTF "/vmlinux");

	libbpf_set_print(NULL);
	*types = (struct types){ .kernel = checked(btf__parse(path, NULL)) };
	free(path);
	if (is_module_name(module))
		types->module = open_module(types->kernel, module, srcversion, true);
}

/*
 * A line of /proc/modules. A kernel's own modules have BTF, or nothing: their files, hundreds of them,
 * need not be searched for DWARF. Those from elsewhere have "O" among the letters at its end.
 */
static void open_other(struct types *types, const char *line)
{
	const char *letters = strrchr(line, '(');
	char *name = xformat("%.*s", (int)strcspn(line, " "), line), *path, *srcversion;
	struct module_types other;

	if (is_module_name(name)) {
		path = xformat(PLACE_MODULE "/%s/srcversion", name);
		srcversion = place_word(path);
		other = open_module(types->kernel, name, srcversion, letters && strchr(letters, 'O'));
		free(srcversion);
		free(path);
		if (other.btf || other.debug)
			types->others[types->nr_others++] = other;
		else
			close_module(&other);
	}
	free(name);
}

static void open_others(struct types *types)
{
	char *path = place(PLACE_MODULES);
	size_t lines = 1;
	struct blob b;
	int err = blob_read(path, &b);

	free(path);
	types->have_others = true;
	if (err)
		return;
	for (size_t i = 0; i < b.len; i++)
		lines += b.data[i] == '\n';
	types->others = xalloc(lines, sizeof(*types->others));
	for (char *line = strtok(b.data, "\n"); line; line = strtok(NULL, "\n"))
		open_other(types, line);
	free(b.data);
}

void types_close(struct types *types)
{
	for (size_t i = 0; i < types->nr_others; i++)
		close_module(&types->others[i]);
	free(types->others);
	close_module(&types->module);
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
			*type = (struct type){ .btf = btf, .id = id, .name = name_of(btf, id), .sure = true };
			return true;
		}
		several |= fits && strcmp(name_of(btf, fits), name_of(btf, id));
		fits = id;
	}
	if (!only || !fits || several)
		return false;
	*type = (struct type){ .btf = btf, .id = fits, .name = name_of(btf, fits) };
	return true;
}

/* Without the kernel's own types to tell them apart, all that a module includes may be its own. */
static bool is_kernels(void *ctx, const char *name)
{
	const struct btf *kernel = ctx;

	return kernel && btf__find_by_name_kind(kernel, name, BTF_KIND_STRUCT) > 0;
}

static bool search_debug(struct debug_info *debug, struct btf *kernel, const char *cache,
			 uint64_t size, struct type *type)
{
	struct debug_type found;

	if (!debug_info_find(debug, cache, size, is_kernels, kernel, &found))
		return false;
	*type = (struct type){ .debug = debug, .die = found.die, .name = found.name,
			       .sure = found.sure };
	return true;
}

/* A module's types have numbers after those of the kernel. */
static bool search_module(const struct module_types *module, struct btf *kernel, const char *cache,
			  uint64_t size, struct type *type)
{
	if (module->btf)
		return search(module->btf, btf__type_cnt(kernel), cache, size, true, type);
	return module->debug && search_debug(module->debug, kernel, cache, size, type);
}

/* Whoever has a structure of just this name and size. */
static bool search_others(struct types *types, const char *cache, uint64_t size, struct type *type)
{
	if (!types->have_others)
		open_others(types);
	for (size_t i = 0; i < types->nr_others; i++) {
		if (!search_module(&types->others[i], types->kernel, cache, size, type) || !type->sure)
			continue;
		type->module = types->others[i].name;
		return true;
	}
	return false;
}

bool type_find(struct types *types, const char *cache, uint64_t size, struct type *type)
{
	struct type other;
	bool found;

	if (!cache || !size || !strncmp(cache, "kmalloc-", 8))
		return false;
	found = search_module(&types->module, types->kernel, cache, size, type);
	if (found && type->sure)
		return true;
	if (!(types->kernel && search(types->kernel, 1, cache, size, false, &other)) &&
	    !search_others(types, cache, size, &other))
		return found;
	*type = other;
	return true;
}

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
		whole = pieces_name(before, name);
		if (btf_is_composite(mt) && btf_vlen(mt) && depth < PIECES_DEPTH) {
			walk(btf, (uint32_t)type, from, min, max, whole, depth + 1, to);
			free(whole);
			continue;
		}
		pieces_add(to, &(struct piece){
			.name = whole, .min = from, .max = from + (uint64_t)size,
			.element = btf_is_array(mt) && btf_array(mt)->nelems ?
				   (uint64_t)size / btf_array(mt)->nelems : 0,
		});
	}
}

static void find_pieces(const struct type *type, uint64_t min, uint64_t max, struct pieces *to)
{
	if (type->btf)
		walk(type->btf, type->id, 0, min, max, "", 0, to);
	else
		debug_info_walk(type->debug, type->die, min, max, to);
}

char *type_members(const struct type *type, uint64_t min, uint64_t max)
{
	struct pieces pieces = { 0 };
	char *text;

	find_pieces(type, min, max, &pieces);
	text = pieces_text(&pieces, min, max);
	pieces_free(&pieces);
	return text;
}

void type_widen(const struct type *type, uint64_t *min, uint64_t *max)
{
	struct pieces pieces = { 0 };
	uint64_t from = *min, to = *max;

	find_pieces(type, from, to, &pieces);
	for (size_t i = 0; i < pieces.n; i++) {
		if (pieces.p[i].min < *min)
			*min = pieces.p[i].min;
		if (pieces.p[i].max > *max)
			*max = pieces.p[i].max;
	}
	pieces_free(&pieces);
}
