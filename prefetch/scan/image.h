/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The code of an ELF file: its parts, and where functions begin. */
#ifndef PREFETCH_SCAN_IMAGE_H
#define PREFETCH_SCAN_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <libelf.h>
#include <linux/types.h>

/* A section of code, or where there are no sections a segment. */
struct image_code {
	const __u8 *bytes; /* in the file */
	size_t size;
	__u64 address;
	size_t section; /* its number; 0: it is a segment */
};

struct image_symbol {
	__u64 address, size;
	bool is_data; /* a table between functions */
	size_t section; /* of an object file, where addresses begin anew in each; 0 otherwise */
	const char *name; /* within the file */
};

struct image_segment {
	__u64 begin, end;
};

struct image {
	Elf *elf;
	const __u8 *bytes; /* all of the file */
	size_t size;
	unsigned int mode; /* PREFETCH_32 or PREFETCH_64 */
	bool is_object;
	struct image_code *codes;
	size_t code_count, code_size; /* their number, and the sum of their sizes */
	struct image_symbol *symbols; /* by section and address; read by image_read_symbols */
	size_t symbol_count;
	struct image_segment *segments; /* what is loaded */
	size_t segment_count;
	/* Of .eh_frame_hdr: pairs of where a function begins and where its description is, sorted. */
	const __u8 *frame_table;
	size_t frame_count;
	__u64 frame_base;
};

/*
 * bytes: the whole file, which stays. 0; 1: no ELF file of x86, or one without code; -ENOMEM; -EINVAL: its sections of
 * code are larger than itself.
 */
int image_open(struct image *image, const __u8 *bytes, size_t size);
void image_close(struct image *image);

/* 0 or -ENOMEM. */
int image_read_symbols(struct image *image);

/* The name of the function that the address is in; NULL: none is known. */
const char *image_function_name(const struct image *image, const struct image_code *code, __u64 address);

/* Whether the symbols say that there is no code at the address. */
bool image_is_data(const struct image *image, const struct image_code *code, __u64 address);

/* A place at or before the address where an instruction certainly begins: at worst that of the code. */
__u64 image_boundary_before(const struct image *image, const struct image_code *code, __u64 address);

#endif
