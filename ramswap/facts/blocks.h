/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of block devices share. */
#ifndef RAMSWAP_FACTS_BLOCKS_H
#define RAMSWAP_FACTS_BLOCKS_H

#include "../ramswap.h"

/* The device of that name, to be changed; NULL: none. */
struct ramswap_block *facts_block(struct ramswap_facts *facts, const char *name);

/* That of those numbers. */
struct ramswap_block *facts_block_of(struct ramswap_facts *facts, unsigned int major, unsigned int minor);

/* Whether name is prefix and digits. */
bool facts_is_numbered(const char *name, const char *prefix);

/*
 * A device's file: its name in /dev is the kernel's, but for "!", which stands for "/". text has room for
 * RAMSWAP_NAME_MAX + 6.
 */
void facts_block_path(char *text, const char *name);

#endif
