/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BTF, as far as the layout of structures needs it. Read here and not by libbpf: those of some
 * distributions do not know the kinds that newer kernels have.
 */
#ifndef _BTF_H
#define _BTF_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct btf - types that have been read
 * @data:	the file
 * @len:	its length in bytes
 * @types:	where each type's record is, by its number; number 0 is void
 * @nr:		how many, void included
 * @strings:	names
 * @strings_len: bytes of them
 */
struct btf {
	unsigned char *data;
	size_t len;
	const uint32_t **types;
	uint32_t nr;
	const char *strings;
	size_t strings_len;
};

/**
 * btf_read - read a file, raw BTF or an ELF file that has it in a section
 * @file:	its name
 * @btf:	filled
 *
 * Return: NULL, or what is wrong.
 */
const char *btf_read(const char *file, struct btf *btf);

/**
 * btf_struct - find a structure
 *
 * Return: its number, or 0 if there is none of that name.
 */
uint32_t btf_struct(const struct btf *btf, const char *name);

/**
 * struct btf_place - where a member of a structure is
 * @bits:	offset from the start of the structure
 * @type:	number of its type
 */
struct btf_place {
	uint64_t bits;
	uint32_t type;
};

/**
 * btf_member - find a member, also in anonymous structures and unions inside
 * @type:	number of the structure
 *
 * Return: 0, or -1 if there is none of that name.
 */
int btf_member(const struct btf *btf, uint32_t type, const char *name, struct btf_place *place);

/**
 * btf_size - size of a type in bytes
 *
 * Return: the size, or -1 if it has none.
 */
int64_t btf_size(const struct btf *btf, uint32_t type);

void btf_free(struct btf *btf);

#endif /* _BTF_H */
