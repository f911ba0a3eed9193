/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handing the signature blocks of files, and of trees of files, to the engine, and the detached
 * signatures among them: digsig admit, digsigd.
 */
#ifndef DIGSIG_ENFORCE_ADMISSION_H
#define DIGSIG_ENFORCE_ADMISSION_H

#include <stdbool.h>
#include "../format/catalog.h"
#include "engine.h"

enum admission_result {
	ADMISSION_DONE, /* the kernel trusts it now */
	ADMISSION_UNSIGNED,
	ADMISSION_REFUSED, /* see verdict and defect */
	ADMISSION_FAILED, /* see error: it could not be read, or there is no room (-ENOSPC) */
};

struct admission_outcome {
	enum admission_result result;
	enum digsig_verdict verdict; /* of REFUSED */
	enum digsig_defect defect; /* of REFUSED, if the block is malformed */
	bool is_detached; /* it is the signature of another file */
	enum digsig_catalog_defect catalog_defect; /* of REFUSED, if that is malformed */
	int error; /* of FAILED, a negative errno; -EINVAL: not a regular file */
};

/*
 * Reads at most the last 16 KiB of the open file and hands its block on; or all of it, if it is a
 * detached signature.
 */
struct admission_outcome admit_open_file(struct engine *engine, int fd);

/* The same by name. A FIFO or device is not waited for. */
struct admission_outcome admit_file(struct engine *engine, const char *path);

/*
 * Calls visit for each regular file in a tree, or for the file that root names itself (named is
 * then true); error is 0, or why something there could not be looked at. Does not leave the file
 * system and follows no symbolic link but root itself. Ends early when visit returns false.
 */
typedef bool tree_visitor(const char *path, bool named, int error, void *context);
/*
 * path is valid during the call only. If the tree cannot be opened, or not be read to its end, visit is called
 * with root, named, and the error.
 */
void visit_files(const char *root, tree_visitor *visit, void *context);

/* What a refusal means, in words. A static string. */
const char *admission_reason(const struct admission_outcome *outcome);

#endif
