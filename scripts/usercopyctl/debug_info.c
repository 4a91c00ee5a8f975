// SPDX-License-Identifier: GPL-2.0-only
#include "debug_info.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "place.h"
#include "say.h"

struct debug_info {
	Dwfl *files;
	Dwarf *dwarf;
	char *paths;
};

/* What libdwfl asks about each module of a kernel has no room for a context. */
static const char *wanted;

static bool same_name(const char *a, const char *b)
{
	for (; *a && (*a == *b || (strchr("-_", *a) && *b && strchr("-_", *b))); a++, b++)
		;
	return *a == *b;
}

static int is_wanted(const char *module, const char *file)
{
	return file && same_name(module, wanted);
}

static bool has_srcversion(Dwfl_Module *module, const char *srcversion)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	Elf_Scn *section = NULL;
	size_t names;

	if (!srcversion || !*srcversion)
		return true;
	if (!elf || elf_getshdrstrndx(elf, &names))
		return false;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data = elf_getdata(section, NULL);
		const char *name = gelf_getshdr(section, &header) ?
				   elf_strptr(elf, names, header.sh_name) : NULL;
		const char *at = data ? data->d_buf : NULL, *end = at ? at + data->d_size : NULL;

		if (!name || strcmp(name, ".modinfo") || !at || at == end || end[-1])
			continue;
		for (; at < end; at += strlen(at) + 1)
			if (!strncmp(at, "srcversion=", 11) && !strcmp(at + 11, srcversion))
				return true;
	}
	return false;
}

/**
 * struct looked_for - a module among those that libdwfl has found
 * @info: what has its DWARF, in the end
 * @srcversion: it must have this
 */
struct looked_for {
	struct debug_info *info;
	const char *srcversion;
};

static int take_module(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr start,
		       void *arg)
{
	struct looked_for *looked_for = arg;
	Dwarf_Addr bias;

	(void)data;
	(void)name;
	(void)start;
	if (has_srcversion(module, looked_for->srcversion))
		looked_for->info->dwarf = dwfl_module_getdwarf(module, &bias);
	return looked_for->info->dwarf ? DWARF_CB_ABORT : DWARF_CB_OK;
}

/* Where distributions have DWARF that is not in the modules, below the root. */
static const Dwfl_Callbacks *callbacks(char **paths)
{
	static Dwfl_Callbacks set = {
		.find_elf = dwfl_linux_kernel_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};

	set.debuginfo_path = paths;
	/* Nobody has asked for a search on the network. */
	unsetenv("DEBUGINFOD_URLS");
	return &set;
}

struct debug_info *debug_info_open(const char *module, const char *srcversion)
{
	char *release = place_word(PLACE_RELEASE), *path, *folder;
	struct debug_info *info = xalloc(1, sizeof(*info));
	struct looked_for looked_for = { info, srcversion };

	path = xformat(PLACE_MODULES_OF "/%s", release ? release : "");
	folder = place(path);
	free(path);
	path = place(PLACE_DEBUG);
	info->paths = xformat("+:.debug:%s", path);
	free(path);
	info->files = release ? dwfl_begin(callbacks(&info->paths)) : NULL;
	if (info->files) {
		wanted = module;
		dwfl_report_begin(info->files);
		dwfl_linux_kernel_report_offline(info->files, folder, is_wanted);
		dwfl_report_end(info->files, NULL, NULL);
		dwfl_getmodules(info->files, take_module, &looked_for, 0);
	}
	free(folder);
	free(release);
	if (info->dwarf)
		return info;
	debug_info_close(info);
	return NULL;
}

void debug_info_close(struct debug_info *info)
{
	if (!info)
		return;
	if (info->files)
		dwfl_end(info->files);
	free(info->paths);
	free(info);
}

/* The structures of one file of sources. Return: true when the one with the cache's name is there. */
static bool search_unit(Dwarf_Die *unit, const char *cache, uint64_t size,
			bool (*is_kernels)(void *ctx, const char *name), void *ctx,
			struct debug_type *type, bool *several)
{
	Dwarf_Die die;

	if (dwarf_child(unit, &die))
		return false;
	do {
		const char *name = dwarf_tag(&die) == DW_TAG_structure_type ? dwarf_diename(&die) : NULL;

		if (!name || dwarf_hasattr(&die, DW_AT_declaration) || dwarf_bytesize(&die) < 0 ||
		    (uint64_t)dwarf_bytesize(&die) != size)
			continue;
		if (!strcmp(name, cache)) {
			*type = (struct debug_type){ dwarf_dieoffset(&die), name, true };
			return true;
		}
		if (is_kernels(ctx, name))
			continue;
		*several |= type->name && strcmp(type->name, name);
		*type = (struct debug_type){ dwarf_dieoffset(&die), name, false };
	} while (!dwarf_siblingof(&die, &die));
	return false;
}

bool debug_info_find(struct debug_info *info, const char *cache, uint64_t size,
		     bool (*is_kernels)(void *ctx, const char *name), void *ctx,
		     struct debug_type *type)
{
	Dwarf_Off at = 0, next;
	bool several = false;
	size_t header;

	memset(type, 0, sizeof(*type));
	while (!dwarf_nextcu(info->dwarf, at, &next, &header, NULL, NULL, NULL)) {
		Dwarf_Die unit;

		if (dwarf_offdie(info->dwarf, at + header, &unit) &&
		    search_unit(&unit, cache, size, is_kernels, ctx, type, &several))
			return true;
		at = next;
	}
	return type->name && !several;
}

static bool number_of(Dwarf_Die *die, unsigned int attribute, uint64_t *value)
{
	Dwarf_Attribute found;
	Dwarf_Word word;

	if (!dwarf_attr(die, attribute, &found) || dwarf_formudata(&found, &word))
		return false;
	*value = word;
	return true;
}

/* Of a bit field the bits are counted. */
static uint64_t place_of(Dwarf_Die *member)
{
	uint64_t at = 0;

	if (number_of(member, DW_AT_data_member_location, &at))
		return at;
	return number_of(member, DW_AT_data_bit_offset, &at) ? at / 8 : 0;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute found;

	return dwarf_attr(die, DW_AT_type, &found) && dwarf_formref_die(&found, type) &&
	       !dwarf_peel_type(type, type);
}

/* Elements of an array, or of the outer one of several; 0 when it is none. */
static uint64_t elements_of(Dwarf_Die *type)
{
	Dwarf_Die range;
	uint64_t n;

	if (dwarf_tag(type) != DW_TAG_array_type || dwarf_child(type, &range))
		return 0;
	if (number_of(&range, DW_AT_count, &n))
		return n;
	return number_of(&range, DW_AT_upper_bound, &n) ? n + 1 : 0;
}

static void walk(Dwarf_Die *parent, uint64_t at, uint64_t min, uint64_t max, const char *before,
		 int depth, struct pieces *to)
{
	Dwarf_Die member;

	if (dwarf_child(parent, &member))
		return;
	do {
		uint64_t from = at + place_of(&member), elements;
		Dwarf_Word size = 0;
		Dwarf_Die type;
		char *name;
		int tag;

		if (dwarf_tag(&member) != DW_TAG_member || !type_of(&member, &type) ||
		    dwarf_aggregate_size(&type, &size) || !size || from >= max || from + size <= min)
			continue;
		name = pieces_name(before, dwarf_diename(&member));
		tag = dwarf_tag(&type);
		if ((tag == DW_TAG_structure_type || tag == DW_TAG_union_type) &&
		    dwarf_haschildren(&type) && depth < PIECES_DEPTH) {
			walk(&type, from, min, max, name, depth + 1, to);
			free(name);
			continue;
		}
		elements = elements_of(&type);
		pieces_add(to, &(struct piece){
			.name = name, .min = from, .max = from + size,
			.element = elements ? size / elements : 0,
		});
	} while (!dwarf_siblingof(&member, &member));
}

void debug_info_walk(struct debug_info *info, uint64_t die, uint64_t min, uint64_t max,
		     struct pieces *to)
{
	Dwarf_Die type;

	if (dwarf_offdie(info->dwarf, die, &type))
		walk(&type, 0, min, max, "", 0, to);
}
