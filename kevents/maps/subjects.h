/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can stand at an address: files, and pieces of code that only have a name. Each is kept once.
 */
#ifndef KEVENTS_MAPS_SUBJECTS_H
#define KEVENTS_MAPS_SUBJECTS_H

#include <stddef.h>
#include <stdint.h>
#include "../kevents.h"

struct subject {
	struct subject *next;
	uint32_t hash, references;
	uint64_t device, inode;
	uint32_t build_id_size;
	uint8_t build_id[KEVENTS_BUILD_ID_MAX];
	char name[]; /* of code, or the path of a file */
};

struct subjects {
	struct subject **buckets;
	size_t bucket_count, count;
	size_t memory; /* bytes */
};

/* The one of this name; NULL when memory is short. To be put back. */
struct subject *subject_of_code(struct subjects *subjects, const char *name, size_t length);
/* The one of this path, device, inode and build id; NULL when memory is short. To be put back. */
struct subject *subject_of_image(struct subjects *subjects, const struct kevents_image *image);
/* Takes another reference, which is to be put back. */
struct subject *subject_get(struct subject *subject);
/* Gives a reference back; the last one frees the subject. */
void subject_put(struct subjects *subjects, struct subject *subject); /* NULL: nothing */

/* None may be in use any more. */
void subjects_free(struct subjects *subjects);

#endif
