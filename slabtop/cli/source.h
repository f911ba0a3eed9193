/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where figures come from: this machine, a copy of its files, or a recording. */
#ifndef SLABTOP_SOURCE_H
#define SLABTOP_SOURCE_H

#include "../slab/recording.h"
#include "../slab/slab.h"
#include "../slab/sysfs.h"
#include "../slab/tracker.h"

#define SLABINFO "/proc/slabinfo"
#define SLAB_FOLDER "/sys/kernel/slab"

/* What is known of a cache besides its figures. */
struct facts {
	enum { UNKNOWN, RECLAIMABLE, UNRECLAIMABLE } kind;
	const char *const *names; /* of a merged cache; its own may be among them */
	size_t name_count;
	bool is_valid; /* private */
};

struct source {
	struct slab_snapshot snapshot; /* the last one */
	struct slab_tracker tracker;

	/* This machine, or a copy. */
	const char *path;
	int fd;
	const char *sysfs_path;
	struct slab_sysfs *sysfs; /* NULL: not there, or not looked for */
	__u64 page_size;

	/* A recording. */
	struct slab_recording *recording;
	size_t frame;

	struct facts *facts; /* by the id of a track */
	size_t fact_count;
	unsigned int facts_generation;
};

/*
 * All of these say on stderr what is wrong, and return EXIT_OK or EXIT_ERROR. path, sysfs_path:
 * NULL, or something else than this machine's; page_size: 0, or another one's.
 */
int source_open(struct source *source, const char *path, const char *sysfs_path, __u64 page_size);
/* A damaged recording is opened up to its damage, and a message says so. */
int source_open_recording(struct source *source, const char *path);

/* A recording by its first bytes, else slabinfo. */
int source_open_any(struct source *source, const char *path);

/* Takes the next snapshot: of a recording the next frame, if there is one. */
int source_refresh(struct source *source);

/* In a recording: to a frame, with as much of a past as the growth columns want. */
int source_seek(struct source *source, size_t frame);

/* From now on growth since the start counts from here. */
void source_restart(struct source *source);

/* What is known of a cache besides its figures; the source's own. */
const struct facts *source_facts(struct source *source, const struct slab_track *track);

/* The name of another cache that shares this one, by number; NULL: there are no more. */
const char *facts_other_name(
	const struct facts *facts, const struct slab_track *track, size_t number);

/* Closes its files and frees what it gave. */
void source_close(struct source *source);

#endif
