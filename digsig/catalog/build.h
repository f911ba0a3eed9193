/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes catalogs of what lies on the disk: collects files, hashes them on all processors, sorts,
 * signs. What a package claims of its files is not believed; what is hashed is what is there.
 */
#ifndef DIGSIG_CATALOG_BUILD_H
#define DIGSIG_CATALOG_BUILD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "../file/progress.h"
#include "../trust/signer.h"

/* Which files; ELF files, scripts that may be executed and kernel modules always. */
enum {
	CATALOG_FIRMWARE = 1 << 0, /* whatever lies below a folder lib/firmware */
	CATALOG_EVERYTHING = 1 << 1,
};

struct catalog_builder;

struct catalog_counts {
	__u64 seen; /* regular files looked at, hard links once */
	__u64 files; /* of them in the catalog */
	__u64 bytes; /* of those files */
	__u64 digests; /* different ones */
	__u64 gone; /* that a package lists and that are not there, or that went away meanwhile */
	__u64 failed; /* that could not be read */
};

/* Called for each file or folder that cannot be read; err is a negative errno, -EAGAIN: it changed
 * while it was read. */
typedef void catalog_complaint(void *context, const char *path, int err);

/* Who waits while files are collected. */
struct catalog_watch {
	void (*tick)(void *context, __u64 paths); /* so many were looked at; NULL: nobody is told */
	void *context;
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
};

/* An empty builder, to be freed with catalog_builder_free. -ENOMEM. */
int catalog_builder_new(struct catalog_builder **builder, unsigned int selection,
	catalog_complaint *complain, void *context);
/* Frees it with the paths and digests that it holds. */
void catalog_builder_free(struct catalog_builder *builder);

/* From now on catalog_builder_add and its likes tell watch, and return -ECANCELED when it says so. */
void catalog_builder_watch(struct catalog_builder *builder, const struct catalog_watch *watch);

/* Adds a file, or the files below a folder on its own file system. -ENOMEM; else what went wrong
 * was complained about, and counts as failed. */
int catalog_builder_add(struct catalog_builder *builder, const char *path);

/*
 * Adds the files of all installed packages: those that dpkg lists in the folder directory/info, and
 * the names that it diverted files to. -ENOENT: there is no such folder; -ENOMEM.
 */
int catalog_builder_add_dpkg(struct catalog_builder *builder, const char *directory);

/*
 * Adds digests that were made elsewhere, a line each, as sha256sum(1) and --list print them: behind
 * catalog_builder_hash. -EBADMSG: *line is the number of the first that is not one.
 */
int catalog_builder_add_digests(struct catalog_builder *builder, FILE *list, unsigned long *line);

/* Calls visit for each hashed file, in the order of their paths, until one returns not 0. */
typedef int catalog_file_visitor(void *context, const char *path, const __u8 *digest);
/* Returns what visit returned last; 0 if it was not called; -ENOMEM. */
int catalog_builder_visit(
	const struct catalog_builder *builder, catalog_file_visitor *visit, void *context);

struct catalog_work {
	unsigned int threads; /* 0: one a processor */
	const struct file_progress *progress; /* bytes; NULL: nobody waits */
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
};

/* Hashes what was added. -ECANCELED, -ENOMEM. */
int catalog_builder_hash(struct catalog_builder *builder, const struct catalog_work *work);

/* *counts so far: bytes is 0 before catalog_builder_hash, digests before catalog_builder_finish. */
void catalog_builder_count(const struct catalog_builder *builder, struct catalog_counts *counts);

struct catalog_statement {
	const struct signer *signer;
	const char *identity; /* at most 64 bytes; NULL: none */
	__u64 epoch;
	__u64 creation_time; /* seconds since 1970 */
};

/*
 * Makes the catalog of what was hashed: *bytes, to be freed. -ENODATA: there is nothing in it;
 * -E2BIG: more digests or names than a catalog can hold; -EIO: the key failed to sign; -ENOMEM.
 */
int catalog_builder_finish(struct catalog_builder *builder,
	const struct catalog_statement *statement, __u8 **bytes, size_t *size);

#endif
