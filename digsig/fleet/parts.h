/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blobs as they lie in the stream: cut into parts, each a message. Pure. */
#ifndef DIGSIG_FLEET_PARTS_H
#define DIGSIG_FLEET_PARTS_H

#include "manifest.h"

#define FLEET_PART_SIZE ((size_t)512 << 10) /* bytes of each part but the last; a server takes 1 MiB */

/* How many parts a blob of that size, at most FLEET_BLOB_MAX, has; 1 for an empty one. */
unsigned int fleet_parts_count(__u64 size);

/* The size of a part; 0 behind the last one. */
size_t fleet_part_size(__u64 blob_size, unsigned int part);

#endif
