/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The build id of an ELF file: the GNU note by which linkers tell one build from another. */
#ifndef KERNKIT_ELF_BUILD_ID_H
#define KERNKIT_ELF_BUILD_ID_H

#include <libelf.h>
#include <stddef.h>
#include <stdint.h>

/* That of some notes. Returns its size; 0: there is none of at most room bytes. */
size_t build_id_of_notes(const Elf_Data *notes, uint8_t *id, size_t room);

/*
 * That of the notes of the program headers: they are mapped, so strip does not take them away. Returns as above.
 */
size_t build_id_of_elf(Elf *elf, uint8_t *id, size_t room);

#endif
