// SPDX-License-Identifier: GPL-2.0-or-later
#include "sign_detached.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../catalog/detached.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/file/write_whole.h"
#include "../../../lib/text/text.h"
#include "../cli.h"
#include "../file_progress.h"
#include "../rewrite.h"

static int complain_unmade(const char *file, int err)
{
	switch (err) {
	case -EINVAL:
		complain("%s: not a regular file", file);
		return EXIT_UNSUPPORTED;
	case -EAGAIN:
		complain("%s: it changed while it was read: try again when it is at rest", file);
		break;
	case -EIO:
		complain("%s: cannot be read, or the key failed to sign", file);
		break;
	case -ECANCELED:
		complain("%s: interrupted", file);
		return EXIT_REWRITE_FAILED;
	default:
		complain("%s: cannot be read: %s", file, strerror(-err));
	}
	return EXIT_ERROR;
}

static int write_signature(const char *file, const __u8 *bytes, size_t size, bool quiet)
{
	char *path = detached_path(file);
	int err = path ? file_write_whole(path, bytes, size) : -ENOMEM;

	if (err) {
		complain("%s: cannot be written: %s", path ? path : file,
			err == -EINVAL ? "there is something that is no file" : strerror(-err));
	} else if (!quiet) {
		print_safely(stdout, file);
		fputs(": signed, in ", stdout);
		print_safely(stdout, path);
		putchar('\n');
	}
	free(path);
	return err ? EXIT_REWRITE_FAILED : EXIT_OK;
}

/* What else is wrong with the file, detached_make finds. */
static bool is_tampered(const char *file, const struct sign_options *options, int *code)
{
	struct file_problem problem;

	if (options->allow_changed || !file_check_unchanged(file, options, &problem) ||
		problem.kind != FILE_PROBLEM_TAMPERED)
		return false;
	*code = complain_rewrite(file, &problem);
	return true;
}

static int sign_one(const char *file, const struct catalog_statement *statement,
	const struct sign_options *options, bool quiet)
{
	const struct catalog_work work = {
		.threads = 1,
		.progress = &progress_of_file,
		.is_cancelled = &interrupted,
	};
	__u8 *bytes = NULL;
	size_t size = 0;
	int err = 0, code = EXIT_OK;

	if (detached_is_name(file)) {
		complain("%s: is itself a detached signature, by its name: name the file", file);
		return EXIT_UNSUPPORTED;
	}
	if (options->replacement.inside_links_only)
		code = refuse_outside_link(file);
	if (code)
		return code;
	progress_begin(file, PROGRESS_BYTES);
	if (!is_tampered(file, options, &code))
		err = detached_make(file, statement, &work, &bytes, &size);
	progress_end();
	if (code)
		return code;
	if (err)
		return complain_unmade(file, err);
	code = write_signature(file, bytes, size, quiet);
	free(bytes);
	return code;
}

int sign_detached_files(char **paths, int count, const struct sign_options *options, bool quiet)
{
	const struct catalog_statement statement = {
		.signer = options->signer,
		.identity = options->identity,
		.epoch = options->epoch,
		.creation_time = options->signing_time,
	};
	int code = EXIT_OK;

	for (int i = 0; i < count && !interrupted; i++) {
		int failed = sign_one(paths[i], &statement, options, quiet);

		code = code ? code : failed;
	}
	return code;
}
