/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Detached signatures: FILE.digsig next to FILE, for what cannot carry a block. It is a catalog of
 * one digest, so the kernel needs nothing new to believe it, and everything that reads catalogs
 * reads it.
 */
#ifndef DIGSIG_CATALOG_DETACHED_H
#define DIGSIG_CATALOG_DETACHED_H

#include "../file/verify.h"
#include "build.h"
#include "catalog.h"
#include "set.h"

#define DETACHED_SUFFIX ".digsig"

/* The largest there is: one part of one digest, with names. */
#define DETACHED_SIZE_MAX                                                                          \
	(DIGSIG_CATALOG_HEADER_SIZE + 64 + DIGSIG_CMS_MAX + DIGSIG_CATALOG_FOOTER_SIZE + 8192)

/* Whether the name is more than DETACHED_SUFFIX and ends with it. Does not look at the file. */
bool detached_is_name(const char *path);

/* The name of a file's detached signature: a string to be freed, or NULL: no memory. */
char *detached_path(const char *file);

/*
 * Makes the detached signature of a regular file: *bytes, to be freed, for file_write_whole. It names
 * the file without its folders. -EINVAL: not a regular file; -EAGAIN: it changed while it was read;
 * -EIO: the key failed to sign; -ECANCELED, -ENOMEM, and the errors of open(2) and read(2).
 */
int detached_make(const char *file, const struct catalog_statement *statement,
	const struct catalog_work *work, __u8 **bytes, size_t *size);

/*
 * Reads a detached signature from an open file of any kind, as catalog_read does: 0; -ENODATA: it is
 * none, but a program, a script, a larger catalog, whatever. What is not one is told by its size or
 * its first bytes.
 */
int detached_read(int fd, struct catalog *catalog, enum digsig_catalog_defect *defect);

enum detached_state {
	DETACHED_NONE, /* there is no FILE.digsig */
	DETACHED_GOOD, /* a trusted key signed this very file */
	DETACHED_OTHER, /* a trusted key signed another file, or this one before it was changed */
	DETACHED_BAD, /* it is not good itself: see error and problem */
};

struct detached_finding {
	enum detached_state state;
	int error; /* of BAD, with problem: for detached_describe */
	struct catalog_problem problem;
};

/*
 * What FILE.digsig says of the open file, whose judgement is not OK. If it is GOOD, the judgement
 * becomes OK. Hashes the file, if that is not done yet and there is a FILE.digsig that is good.
 * -ENOMEM, and what reading the file ends in.
 */
int detached_judge(int fd, const char *file, const struct trust_store *store,
	const struct file_progress *progress, struct file_judgement *judgement,
	struct detached_finding *finding);

/* As catalog_describe, also for the errors of detached_read. */
enum digsig_verdict detached_describe(
	int err, const struct catalog_problem *problem, char *text, size_t size);

/* The verdict about an unsigned file with such a FILE.digsig. UNSIGNED: none. */
enum digsig_verdict detached_verdict(const struct detached_finding *finding);

#endif
