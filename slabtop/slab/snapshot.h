/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside libslab. */
#ifndef KERNKIT_SLAB_SNAPSHOT_H
#define KERNKIT_SLAB_SNAPSHOT_H

#include "slab.h"

/* Room for size bytes of text and a NUL. */
int slab_text_reserve(struct slab_snapshot *snapshot, size_t size);

/* Parses the size bytes that are in snapshot->text, in place. */
int slab_parse_text(struct slab_snapshot *snapshot, size_t size);

#endif
