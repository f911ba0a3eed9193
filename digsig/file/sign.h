/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signs and strips one ELF file; the file is replaced atomically, see replacement.h. */
#ifndef DIGSIG_FILE_SIGN_H
#define DIGSIG_FILE_SIGN_H

#include <signal.h>
#include <stdbool.h>
#include "../elf/image.h"
#include "../trust/signer.h"
#include "problem.h"
#include "progress.h"
#include "replacement.h"

/* A signature that is there already, and what it says. */
struct made_signature {
	struct digsig_manifest manifest;
	__u8 cms[DIGSIG_CMS_MAX];
	size_t cms_size; /* rounded up to 64 bytes the signer's cms_room */
};

struct sign_options {
	const struct signer *signer;
	const struct made_signature *made; /* NULL: the signer signs; see file_attach */
	const char *identity; /* at most 64 bytes, see identity_is_valid; NULL: none */
	__u64 epoch;
	__u64 signing_time; /* seconds since 1970 */
	bool may_map_wx;
	bool allow_trailing_data; /* implied where a block is replaced: it was signed with it */
	bool allow_changed; /* sign also what was changed after it was signed */
	struct replacement_options replacement;
	bool is_dry_run; /* say what is in the way, and write nothing */
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
	const struct file_progress *progress; /* NULL: nobody is told */
};

struct strip_options {
	struct replacement_options replacement;
	bool is_dry_run; /* say what is in the way, and write nothing */
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
	const struct file_progress *progress; /* NULL: nobody is told */
};

/*
 * Puts a signature block into the file; one that is there is replaced, unless the file was changed
 * after it was signed, by whatever key: FILE_PROBLEM_TAMPERED. One pass over the file, two over one
 * that is signed; memory below 24 MiB whatever its size. Returns 0, or a negative errno with
 * *problem set and the file as it was.
 */
int file_sign(const char *path, const struct sign_options *options, struct file_problem *problem);

/*
 * Makes the manifest of the signature that file_sign would make, and leaves the file alone. The
 * signer needs no key. Errors as for file_sign.
 */
int file_prepare(const char *path, const struct sign_options *options,
	struct digsig_manifest *manifest, struct file_problem *problem);

/*
 * file_sign with a signature over a manifest of file_prepare's, which the caller has checked; the
 * signer is the one whose certificate that was made with. Of the options only the signer,
 * break_links, inside_links_only, is_cancelled and progress count. FILE_PROBLEM_OTHER_CONTENT: the manifest is not of
 * this file as it is now.
 */
int file_attach(const char *path, const struct sign_options *options,
	const struct made_signature *made, struct file_problem *problem);

/*
 * Whether a file with a sound block is as it was when it was signed; any other is. Of the options
 * is_cancelled and progress count. 0, or a negative errno with *problem set.
 */
int file_check_unchanged(
	const char *path, const struct sign_options *options, struct file_problem *problem);

/*
 * Gives the file back as it was before it was signed, byte for byte, whoever signed it and
 * whether or not the signature is good. Needs a block without defect whose manifest leads back to
 * an ELF file that signing turns into this one (elf/restore.h). Errors as for file_sign.
 */
int file_strip(const char *path, const struct strip_options *options, struct file_problem *problem);

/*
 * Both for a file that a source has, into new memory, to be freed with free(): there is no name to
 * replace. Of the options break_links, is_cancelled and progress do not count. Errors as above;
 * -ENOMEM.
 */
int source_sign(const struct elf_source *file, const struct sign_options *options, __u8 **bytes,
	size_t *size, struct file_problem *problem);
int source_strip(const struct elf_source *file, __u8 **bytes, size_t *size,
	struct file_problem *problem);

/* Whether an identity can stand in a manifest: UTF-8, 1 to 64 bytes, no control characters. */
bool identity_is_valid(const char *identity);

#endif
