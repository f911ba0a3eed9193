/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a catalog builder: for the files that make it up. */
#ifndef DIGSIG_CATALOG_BUILDER_H
#define DIGSIG_CATALOG_BUILDER_H

#include <sys/stat.h>
#include "build.h"

enum candidate_state {
	CANDIDATE_NEW,
	CANDIDATE_SKIPPED, /* not of the kind that goes into a catalog */
	CANDIDATE_GONE,
	CANDIDATE_FAILED, /* see error */
	CANDIDATE_HASHED,
};

struct candidate {
	char *path;
	dev_t device;
	ino_t inode;
	__u64 size;
	bool is_wanted_by_name, is_named_as_module;
	bool is_link; /* the inode of the candidate before it: takes over its state and digest */
	enum candidate_state state;
	int error;
	__u8 digest[DIGSIG_DIGEST_SIZE];
};

struct catalog_builder {
	unsigned int selection;
	catalog_complaint *complain;
	void *context;
	struct candidate *candidates;
	size_t count, room;
	struct catalog_counts counts;
	struct catalog_watch watch;
	__u64 paths; /* looked at */
};

/* A path was looked at: tells who waits. -ECANCELED: no more is wanted. */
int builder_tick(struct catalog_builder *builder);

/* Adds a regular file, whose path is copied. -ENOMEM. */
int builder_add_file(struct catalog_builder *builder, const char *path, const struct stat *st);

/* Notes that a path could not be read. */
void builder_note_failure(struct catalog_builder *builder, const char *path, int err);

#endif
