/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the unit tests share: ELF images in memory, temporary files, a signer. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include "digsig/elf/image.h"
#include "digsig/trust/signer.h"
#include "digsig/trust/store.h"

/* A growing array of bytes that is also an ELF source. */
struct bytes {
	__u8 *data;
	size_t size, room;
};

struct elf_source bytes_source(const struct bytes *bytes);
void bytes_append(struct bytes *bytes, const void *data, size_t size);
void bytes_free(struct bytes *bytes);
void bytes_load(struct bytes *bytes, const char *path);
void bytes_save(const struct bytes *bytes, const char *path);

enum image_kind {
	IMAGE_USUAL, /* null, .text, .shstrtab */
	IMAGE_NO_SECTIONS, /* one segment, no section header table */
	IMAGE_SHARED_NAMES, /* the symbols' string table is the name table */
	IMAGE_EXTENDED, /* 65,300 sections: counts stand in section header 0 */
	IMAGE_NEARLY_EXTENDED, /* one section more makes it so */
	IMAGE_NAMELESS, /* sections, and no name table */
	IMAGE_KINDS,
};

/* Makes an ELF file of a class and byte order, to be freed with bytes_free. */
void image_make(struct bytes *bytes, enum image_kind kind, bool is_64, bool is_big_endian);

/* A folder with a key and certificate in it: made once, removed by scratch_remove. */
const char *scratch_directory(void);
char *scratch_path(const char *name); /* valid for the next 31 calls */
char *scratch_folder(const char *name); /* a new one there, empty */
unsigned int count_entries(const char *folder);
struct signer *scratch_signer(void);
struct trust_store *scratch_store(void);
void scratch_remove(void);
int scratch_tear_down(void **state); /* the same, for cmocka: 0 */

/* Signs bytes in memory the way file_sign does, through a file in the scratch folder. */
void sign_bytes(struct bytes *bytes);

#endif
