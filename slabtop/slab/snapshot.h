/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside libslab. */
#ifndef KERNKIT_SLAB_SNAPSHOT_H
#define KERNKIT_SLAB_SNAPSHOT_H

#include "slab.h"

/*
 * Parses the size bytes that are in snapshot->text, in place, and puts a 0 behind them, for which
 * there must be room. Errors as of slab_parse.
 */
int slab_parse_text(struct slab_snapshot *snapshot, size_t size);

#endif
