// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts a kernel or a module into memory (image.h). What a module has from elsewhere gets an address
 * of its own behind it, where nothing is.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "image.h"

/* Between the addresses of what is elsewhere; more than the padding before a function. */
#define ELSEWHERE	64

struct elf {
	const struct file	*file;
	const Elf64_Ehdr	*header;
	const Elf64_Shdr	*sections;
	const char		*section_names;
	const Elf64_Sym		*symbols;
	unsigned int		nr_symbols;
	const char		*names;
	/* Where each section, and what is elsewhere each symbol, has been put. */
	u64			*section_at;
	u64			*symbol_at;
};

static const void *contents(const struct elf *elf, const Elf64_Shdr *section)
{
	return elf->file->data + section->sh_offset;
}

static bool elf_open(struct elf *elf, const struct file *file)
{
	unsigned int i;

	*elf = (struct elf){ .file = file, .header = (const void *)file->data };
	if (file->size < sizeof(*elf->header) || memcmp(file->data, ELFMAG, SELFMAG))
		return false;
	elf->sections = (const void *)(file->data + elf->header->e_shoff);
	elf->section_names = contents(elf, &elf->sections[elf->header->e_shstrndx]);
	for (i = 0; i < elf->header->e_shnum; i++) {
		const Elf64_Shdr *section = &elf->sections[i];

		if (section->sh_type != SHT_SYMTAB)
			continue;
		elf->symbols = contents(elf, section);
		elf->nr_symbols = section->sh_size / sizeof(*elf->symbols);
		elf->names = contents(elf, &elf->sections[section->sh_link]);
	}
	return true;
}

/* Below 2 GB, so that 32 bits reach all of it whatever they mean. */
static void reserve(struct image *image, size_t size)
{
	image->size = size;
	image->memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (image->memory == MAP_FAILED)
		die(image->name, "no memory");
}

static void note_section(struct image *image, const struct elf *elf, unsigned int i, u64 at)
{
	const Elf64_Shdr *section = &elf->sections[i];
	const char *name = elf->section_names + section->sh_name;

	if (section->sh_flags & SHF_EXECINSTR)
		image_add_range(image, at, section->sh_size,
				strcmp(name, ".altinstr_replacement"));
	if (!strcmp(name, ".altinstructions")) {
		image->alternatives = at;
		image->alternatives_size = section->sh_size;
	}
	/* The kernel's own have no sections of their own, but names for their ends. */
	if (!strcmp(name, "__jump_table"))
		image->jumps = (struct table){ at, section->sh_size };
	if (!strcmp(name, ".static_call_sites"))
		image->calls = (struct table){ at, section->sh_size };
	if (section->sh_type != SHT_NOBITS)
		memcpy((void *)at, contents(elf, section), section->sh_size);
}

static void place_sections(struct image *image, struct elf *elf)
{
	unsigned int i, n = elf->header->e_shnum;
	u64 at = 0;

	elf->section_at = calloc(n, sizeof(u64));
	for (i = 0; i < n; i++) {
		const Elf64_Shdr *section = &elf->sections[i];
		u64 align = section->sh_addralign ? section->sh_addralign : 1;

		if (!(section->sh_flags & SHF_ALLOC))
			continue;
		at = (at + align - 1) / align * align;
		elf->section_at[i] = at;
		at += section->sh_size;
	}
	reserve(image, at + (elf->nr_symbols + 2) * ELSEWHERE);
	for (i = 0; i < n; i++) {
		if (!(elf->sections[i].sh_flags & SHF_ALLOC))
			continue;
		elf->section_at[i] += (u64)image->memory;
		note_section(image, elf, i, elf->section_at[i]);
	}
}

/* Whatever the kernel's version calls it: of struct pcpu_hot, the count is the second member. */
static void note_preempt_count(struct image *image, u64 address, const char *name)
{
	if (!strcmp(name, "__preempt_count"))
		image->preempt_at = address;
	else if (!strcmp(name, "pcpu_hot"))
		image->preempt_at = address + sizeof(u64);
}

static void place_symbols(struct image *image, struct elf *elf)
{
	u64 elsewhere = (u64)image->memory + image->size - ELSEWHERE;
	unsigned int i;

	elf->symbol_at = calloc(elf->nr_symbols, sizeof(u64));
	for (i = 1; i < elf->nr_symbols; i++) {
		const Elf64_Sym *symbol = &elf->symbols[i];
		bool code = ELF64_ST_TYPE(symbol->st_info) == STT_FUNC;

		if (symbol->st_shndx == SHN_UNDEF) {
			elf->symbol_at[i] = elsewhere;
			elsewhere -= ELSEWHERE;
			note_preempt_count(image, elf->symbol_at[i],
					   elf->names + symbol->st_name);
		} else if (symbol->st_shndx < elf->header->e_shnum) {
			elf->symbol_at[i] = elf->section_at[symbol->st_shndx] + symbol->st_value;
		} else {
			continue;
		}
		if (code || symbol->st_shndx == SHN_UNDEF)
			image_add_symbol(image, elf->symbol_at[i], elf->names + symbol->st_name,
					 code);
	}
	image_sort_symbols(image);
}

static void relocate(const struct elf *elf, const Elf64_Shdr *section)
{
	const Elf64_Rela *rela = contents(elf, section);
	unsigned int i, n = section->sh_size / sizeof(*rela);

	for (i = 0; i < n; i++, rela++) {
		u64 at = elf->section_at[section->sh_info] + rela->r_offset;
		u64 value = elf->symbol_at[ELF64_R_SYM(rela->r_info)] + rela->r_addend;
		unsigned int size = 4;

		switch (ELF64_R_TYPE(rela->r_info)) {
		case R_X86_64_PC32:
		case R_X86_64_PLT32:
			value -= at;
			break;
		case R_X86_64_PC64:
			value -= at;
			size = 8;
			break;
		case R_X86_64_64:
			size = 8;
			break;
		case R_X86_64_32:
		case R_X86_64_32S:
			break;
		default:
			continue;
		}
		memcpy((void *)at, &value, size);
	}
}

static void name_image(struct image *image, const char *path)
{
	const char *slash = strrchr(path, '/');

	snprintf(image->name, sizeof(image->name), "%s", slash ? slash + 1 : path);
	image->name[strcspn(image->name, ".")] = 0;
}

void image_load_module(struct image *image, const struct file *file, const char *path)
{
	struct elf elf;
	unsigned int i;

	memset(image, 0, sizeof(*image));
	name_image(image, path);
	if (!elf_open(&elf, file) || !elf.nr_symbols)
		die(path, "no module");
	place_sections(image, &elf);
	place_symbols(image, &elf);
	for (i = 0; i < elf.header->e_shnum; i++)
		if (elf.sections[i].sh_type == SHT_RELA &&
		    elf.sections[elf.sections[i].sh_info].sh_flags & SHF_ALLOC)
			relocate(&elf, &elf.sections[i]);
	free(elf.section_at);
	free(elf.symbol_at);
}

/* One of the ends of a table, of which nothing says which comes first; or a datum. */
static void note_bound(struct image *image, u64 address, const char *name)
{
	if (!strcmp(name, "__start___jump_table"))
		image->jumps.start = address;
	else if (!strcmp(name, "__stop___jump_table"))
		image->jumps.size = address;
	else if (!strcmp(name, "__start_static_call_sites"))
		image->calls.start = address;
	else if (!strcmp(name, "__stop_static_call_sites"))
		image->calls.size = address;
	else
		note_preempt_count(image, address, name);
}

/* Lines "ADDRESS TYPE NAME", which are taken apart where they are. */
static void load_kallsyms(struct image *image, const struct file *kallsyms, u64 offset)
{
	char *at = (char *)kallsyms->data, *end = at + kallsyms->size, *line;

	while (at < end) {
		u64 address = strtoull(at, &line, 16);
		char *newline = memchr(at, '\n', end - at);

		if (!newline || newline - line < 4)
			die(image->name, "not the lines of /proc/kallsyms");
		*newline = 0;
		if (strchr("tTwW", line[1]))
			image_add_symbol(image, address + offset, line + 3, true);
		else
			note_bound(image, address + offset, line + 3);
		at = newline + 1;
	}
	image->jumps.size -= image->jumps.start;
	image->calls.size -= image->calls.start;
	image_sort_symbols(image);
}

/* From the first section with code to the end of the last. */
void image_load_kernel(struct image *image, const struct file *file, const struct file *kallsyms)
{
	u64 first = ~0ULL, last = 0, offset;
	struct elf elf;
	unsigned int i;

	memset(image, 0, sizeof(*image));
	snprintf(image->name, sizeof(image->name), "vmlinux");
	if (!elf_open(&elf, file))
		die(image->name, "not an ELF file");
	for (i = 0; i < elf.header->e_shnum; i++) {
		const Elf64_Shdr *section = &elf.sections[i];

		/* What belongs to each CPU has addresses from 0 on. */
		if (!(section->sh_flags & SHF_ALLOC) || section->sh_addr >> 63 == 0)
			continue;
		if (section->sh_addr < first)
			first = section->sh_addr;
		if (section->sh_addr + section->sh_size > last)
			last = section->sh_addr + section->sh_size;
	}
	if (last <= first)
		die(image->name, "no sections");
	reserve(image, last - first);
	offset = (u64)image->memory - first;
	for (i = 0; i < elf.header->e_shnum; i++)
		if (elf.sections[i].sh_flags & SHF_ALLOC && elf.sections[i].sh_addr >> 63)
			note_section(image, &elf, i, elf.sections[i].sh_addr + offset);
	load_kallsyms(image, kallsyms, offset);
}
