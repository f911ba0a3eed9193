/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of debug information alone, which stand beside the program that they describe. */
#ifndef DIGSIG_ELF_DEBUG_H
#define DIGSIG_ELF_DEBUG_H

#include "image.h"

/*
 * Whether the ELF file has sections, and none that is loaded has bytes in the file, notes aside: so
 * objcopy --only-keep-debug, eu-strip -f and dwz -m leave it. There is nothing in it to run.
 * Returns 1, 0, also for what is no ELF file, or what the source returned.
 */
int elf_has_only_debug(const struct elf_source *source);

#endif
