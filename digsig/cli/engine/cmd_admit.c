// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../../lib/command/progress.h"
#include "../../catalog/detached.h"
#include "../../enforce/admission.h"
#include "../../file/hash.h"
#include "../cli.h"
#include "../engine_open.h"

struct admission {
	bool is_quiet;
	struct engine engine;
	unsigned long admitted, unsigned_files, refused;
	unsigned long done, total; /* files, for the progress bar */
	int status; /* of the first failure */
};

static void note_failure(struct admission *admission, int code)
{
	if (admission->status == EXIT_OK)
		admission->status = code;
}

/* Whether the engine now knows the file that a detached signature was admitted for. */
static struct admission_outcome check_known(
	struct engine *engine, const char *path, struct admission_outcome outcome)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err;
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct stat st;

	err = fd < 0 || fstat(fd, &st) ? -errno : file_hash(fd, (__u64)st.st_size, NULL, digest);
	if (fd >= 0)
		close(fd);
	if (!err)
		err = engine_knows(engine, digest);
	if (err < 0)
		return (struct admission_outcome){ .result = ADMISSION_FAILED, .error = err };
	if (!err) {
		outcome.result = ADMISSION_REFUSED;
		outcome.verdict = DIGSIG_VERDICT_TAMPERED;
	}
	return outcome;
}

/* A file that the user named and that carries no block: by FILE.digsig, if there is one. */
static struct admission_outcome admit_by_detached(
	struct engine *engine, const char *path, struct admission_outcome unsigned_outcome)
{
	char *signature = detached_path(path);
	struct admission_outcome outcome = unsigned_outcome;

	if (signature && !access(signature, F_OK))
		outcome = admit_file(engine, signature);
	free(signature);
	if (outcome.result == ADMISSION_DONE)
		return check_known(engine, path, outcome);
	return outcome;
}

/* named: the user named this very file, so that it has no signature is worth a complaint. */
static bool admit_one(const char *path, bool named, int error, void *context)
{
	struct admission_outcome outcome = { .result = ADMISSION_FAILED, .error = error };
	struct admission *admission = context;
	int err;

	progress_name(path);
	progress_update(admission->done, admission->total);
	if (!error) {
		admission->done++;
		outcome = admit_file(&admission->engine, path);
		if (named && outcome.result == ADMISSION_UNSIGNED)
			outcome = admit_by_detached(&admission->engine, path, outcome);
	}
	switch (outcome.result) {
	case ADMISSION_DONE:
		admission->admitted++;
		break;
	case ADMISSION_UNSIGNED:
		admission->unsigned_files++;
		if (!named)
			break;
		note_failure(admission, EXIT_UNSIGNED);
		complain("%s: unsigned: %s", path, admission_reason(&outcome));
		break;
	case ADMISSION_REFUSED:
		admission->refused++;
		note_failure(admission, verdict_exit_code(outcome.verdict));
		complain("%s: %s: %s%s", path, digsig_verdict_name(outcome.verdict),
			outcome.is_detached ? "its detached signature: " : "",
			admission_reason(&outcome));
		break;
	case ADMISSION_FAILED:
		err = outcome.error;
		note_failure(admission, EXIT_ERROR);
		complain("%s: %s%s", path, err == -ENOSPC ? "not admitted: " : "",
			err == -EINVAL ? "not a regular file" : admission_reason(&outcome));
		break;
	}
	return true;
}

static bool count_one(const char *path, bool named, int error, void *context)
{
	struct admission *admission = context;

	(void)path;
	(void)named;
	admission->total += !error;
	return true;
}

static void admit_all(struct admission *admission, char **roots, int count)
{
	/* The time left is known only when the files are counted; nobody else need wait for it. */
	if (progress_allow(!admission->is_quiet))
		for (int i = 0; i < count; i++)
			visit_files(roots[i], count_one, admission);
	progress_begin("", PROGRESS_FILES);
	for (int i = 0; i < count; i++)
		visit_files(roots[i], admit_one, admission);
	progress_end();
}

static const struct command_option options[] = {
	{ OPTION_FLAG, 'q', "quiet", NULL, "do not print the summary",
		OPTION_FIELD(struct admission, is_quiet) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct admission admission = { .status = EXIT_OK };
	int status;

	if (!options_take(command, &argc, &argv, &admission, &status))
		return status;
	status = open_engine_or_complain(&admission.engine);
	if (status != EXIT_OK)
		return status;
	admit_all(&admission, argv, argc);
	engine_close(&admission.engine);
	if (!admission.is_quiet)
		printf("%lu admitted, %lu refused, %lu without a signature\n", admission.admitted,
			admission.refused, admission.unsigned_files);
	return admission.status;
}

const struct command admit_command = {
	.name = "admit",
	.summary = "hand signature blocks to the kernel ahead of use",
	.usage = "[-q] FILE|DIR...",
	.about = "Hands the signature blocks of files, and of all files below directories, to the kernel,\n"
		 "which checks them now instead of at the first use; and detached signatures: those below\n"
		 "directories, FILE itself, and FILE" DETACHED_SUFFIX " next to a FILE that carries no block. At most\n"
		 "the last 16 KiB of a file are read. On x86-64, and everywhere from Linux 6.19 on, a block\n"
		 "is found by the kernel itself, and this only saves time later.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
