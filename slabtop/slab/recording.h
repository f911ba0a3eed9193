/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libslab: snapshots over time, in a file of lines:
 *
 *	slabtop recording 1
 *	page-size 4096
 *	kernel 6.12.1
 *	frame 0 REAL MONOTONIC key		nanoseconds; its number
 *	cache ID OBJ_SIZE OBJS_PER_SLAB PAGES_PER_SLAB FLAG NAME
 *	also ID NAME				another name of a merged cache
 *	ID ACTIVE_OBJS NUM_OBJS ACTIVE_SLABS NUM_SLABS
 *	gone ID
 *	end 0 LINES				how many lines the frame has
 *
 * A frame has the caches that changed; one with "key" has all, and is where reading can begin. A
 * frame without its end is not there. FLAG is r, u or -: reclaimable, not, unknown. IDs count from
 * 0 in the order of their cache lines; in a snapshot the highest comes first. Names end with their
 * line.
 */
#ifndef KERNKIT_SLAB_RECORDING_H
#define KERNKIT_SLAB_RECORDING_H

#include <stdio.h>
#include "slab.h"
#include "sysfs.h"
#include "tracker.h"

enum { SLAB_FRAMES_A_KEY = 256 };

struct slab_recorder {
	struct slab_tracker tracker;
	__u64 frames;
	unsigned int declared; /* ids that have their cache line */
};

/* The head of a recording. 0, or -EIO. */
int slab_recorder_begin(FILE *out, __u64 page_size, const char *kernel);

/* One frame, to be written out by the caller's fflush. sysfs may be NULL. 0, -ENOMEM or -EIO. */
int slab_recorder_add(struct slab_recorder *recorder, FILE *out,
	const struct slab_snapshot *snapshot, struct slab_sysfs *sysfs);

/* Frees what it remembers of the last frame; the file is the caller's. */
void slab_recorder_free(struct slab_recorder *recorder);

struct slab_recording;

/* Where a recording ends that is not whole. */
struct slab_damage {
	__u64 line; /* of the file, from 1; 0: it is whole */
	bool is_cut; /* it only ends early, as after a crash or while it is written */
};

/* What a recording knows of a cache besides its figures. */
struct slab_recorded {
	char flag; /* r, u or - */
	const char *const *names; /* other ones, NULL if none */
	size_t name_count;
};

/*
 * Reads through a file once, and remembers where frames begin. damage may be NULL; frames before it
 * are there. -EPROTO: not a recording; -ENODATA: without a whole frame; or what open(2) and read(2)
 * say.
 */
int slab_recording_open(
	struct slab_recording **recording, const char *path, struct slab_damage *damage);
/* Closes the file and frees it, with the names that it gave. */
void slab_recording_free(struct slab_recording *recording);

size_t slab_recording_frames(const struct slab_recording *recording); /* at least 1 */
/* As slab_recorder_begin was given it. The recording owns it. */
const char *slab_recording_kernel(const struct slab_recording *recording);

/* Of a frame: nanoseconds, monotonic. */
__u64 slab_recording_time(const struct slab_recording *recording, size_t frame);

/*
 * What was at that frame. The names live as long as the recording. Quick for the frame after
 * the last. -ERANGE: there is no such frame; -ENOMEM; others: the file changed or cannot be read.
 */
int slab_recording_seek(
	struct slab_recording *recording, size_t frame, struct slab_snapshot *snapshot);

/* By the name of a cache of the recording; NULL: no such name. */
const struct slab_recorded *slab_recording_find(
	const struct slab_recording *recording, const char *name);

#endif
