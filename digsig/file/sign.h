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

struct sign_options {
	const struct signer *signer;
	const char *identity; /* at most 64 bytes, see identity_is_valid; NULL: none */
	__u64 epoch;
	__u64 signing_time; /* seconds since 1970 */
	bool may_map_wx;
	bool allow_trailing_data; /* implied where a block is replaced: it was signed with it */
	bool break_links;
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
	const struct file_progress *progress; /* NULL: nobody is told */
};

struct strip_options {
	bool break_links;
	const volatile sig_atomic_t *is_cancelled; /* NULL: never */
	const struct file_progress *progress; /* NULL: nobody is told */
};

/*
 * Puts a signature block into the file; one that is there is replaced. One pass over the file,
 * memory below 24 MiB whatever its size. Returns 0, or a negative errno with *problem set and the
 * file as it was.
 */
int file_sign(const char *path, const struct sign_options *options, struct file_problem *problem);

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
