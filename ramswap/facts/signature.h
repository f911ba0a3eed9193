/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libblkid finds in a device's bytes. */
#ifndef RAMSWAP_FACTS_SIGNATURE_H
#define RAMSWAP_FACTS_SIGNATURE_H

#include <stdbool.h>
#include "../facts.h"

/*
 * Fills the block's signature and label. has_images: the file in root's dev may be a plain one, as in the folder of a
 * recorded machine; on a running machine such a file is a mistake that hides the device.
 */
void facts_probe(int root, bool has_images, struct ramswap_block *block);

#endif
