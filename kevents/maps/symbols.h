/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of one ELF file, to be found by their place in it. Read by libelf. */
#ifndef KEVENTS_MAPS_SYMBOLS_H
#define KEVENTS_MAPS_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>
#include "../kevents.h"

struct symbols;

/*
 * Reads them from fd, which stays the caller's: .symtab, or if the file has none, .dynsym. When
 * build_id_size is not 0, the file must have that build id. -ESTALE: it has another one; -ENOEXEC:
 * not an ELF file; -ENODATA: it has no symbols; -EFBIG: too many; -ENOMEM.
 */
int symbols_read(int fd, const uint8_t *build_id, size_t build_id_size, struct symbols **symbols);
/* Frees them with their names. NULL is nothing. */
void symbols_free(struct symbols *symbols);

/*
 * The function at an offset in the file, and how far into it that is; NULL: none. offset is turned
 * into an address by layout's program headers: a file of debugging information alone has not its
 * own.
 */
const char *symbols_find(const struct symbols *symbols, const struct symbols *layout,
	uint64_t offset, uint64_t *distance);

/* Bytes that are allocated, which may be more than are used. */
size_t symbols_memory(const struct symbols *symbols);

/* Of kallsyms' text, by address; offset is then the address. -EPERM: it hides the addresses. */
int symbols_of_kernel(struct symbols **symbols);

#endif
