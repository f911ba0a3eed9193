/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signatures of file systems, volumes and swap areas that take a whole disk or partition. */
#ifndef PTCHECK_SIGNATURE_H
#define PTCHECK_SIGNATURE_H

#include "note.h"

/* Where all of them lie: from the beginning, and before the end. */
#define SIGNATURE_HEAD (72U << 10)
#define SIGNATURE_TAIL (132U << 10)

struct signature_found {
	const char *name;
	__u64 offset;
	bool is_container; /* one of a volume or of encryption: what it contains may show through */
};

/*
 * Looks for signatures in what was read of the range that begins at base; size: its bytes, 0: unknown. Fills at most
 * most of found, in the order of what they begin with, and returns how many.
 */
size_t signature_find(const struct view *view, __u64 base, __u64 size, struct signature_found *found, size_t most);

#endif
