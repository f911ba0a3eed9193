/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole blocks, in user space: the checks of check.h in order, and the hash that a block implies. */
#ifndef DIGSIG_FORMAT_INSPECT_H
#define DIGSIG_FORMAT_INSPECT_H

#include <stddef.h>
#include "block.h"
#include "verdict.h"

/*
 * Checks a block that was read from the end of a file of file_size bytes; size is the block's, as
 * its footer states it. Returns the first rule it breaks, or DIGSIG_DEFECT_NONE; the CMS is not
 * looked into beyond its length. Never reads outside [block, block + size).
 */
enum digsig_defect digsig_block_check(const __u8 *block, size_t size, __u64 file_size);

/*
 * The SHA-256 of the whole file that a checked block belongs to: resumed from the manifest's
 * chaining value, fed with the block.
 */
void digsig_block_file_digest(const __u8 *block, size_t size, __u8 digest[DIGSIG_DIGEST_SIZE]);

/* "tampered", and a sentence for people; "?" for a number that is no verdict. Static strings. */
const char *digsig_verdict_name(enum digsig_verdict verdict);
const char *digsig_verdict_meaning(enum digsig_verdict verdict);

/* The verdict of that name; NONE: there is no such verdict. */
enum digsig_verdict digsig_verdict_parse(const char *name);

/* A manifest's identity as a string; text has room for 65. */
void digsig_copy_identity(char *text, const struct digsig_manifest *manifest);

/* What is wrong, in words that fit behind "FILE: ". A static string. */
const char *digsig_defect_meaning(enum digsig_defect defect);

/* "executable", "library" ... for the flags of a manifest (host order). A static string. */
const char *digsig_class_name(__u32 flags);

#endif
