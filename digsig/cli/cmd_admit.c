// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "engine_words.h"
#include "progress.h"

static const char help[] =
	"usage: digsig admit [-q] FILE|DIR...\n"
	"Hands the signature blocks of files, and of all files below directories, to the kernel,\n"
	"which checks them now instead of at the first use. At most the last 16 KiB of a file are\n"
	"read. On x86-64, and everywhere from Linux 6.19 on, this only saves time later: the kernel\n"
	"finds the signature by itself.\n\n"
	"  -q, --quiet   do not print the summary\n"
	"  -h, --help\n";

struct admission {
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

static void refuse(struct admission *admission, const char *path, enum digsig_verdict verdict,
	const char *reason)
{
	admission->refused++;
	note_failure(admission, verdict_exit_code(verdict));
	complain("%s: %s: %s", path, digsig_verdict_name(verdict), reason);
}

/* named: the user named this very file, so that it has no signature is worth a complaint. */
static void admit_block(struct admission *admission, const char *path,
	const struct signature_block *block, bool named)
{
	struct digsig_reply reply;
	int err;

	if (block->defect == DIGSIG_DEFECT_NO_FOOTER) {
		admission->unsigned_files++;
		if (!named)
			return;
		note_failure(admission, EXIT_UNSIGNED);
		complain("%s: unsigned: %s", path, digsig_defect_meaning(block->defect));
		return;
	}
	if (block->defect) {
		refuse(admission, path, DIGSIG_VERDICT_MALFORMED,
			digsig_defect_meaning(block->defect));
		return;
	}
	err = engine_admit(&admission->engine, block, &reply);
	if (err) {
		note_failure(admission, EXIT_ERROR);
		complain("%s: not admitted: %s", path,
			err == -ENOSPC ? "no room for more: start the engine with a larger "
					 "--max-files" :
					 strerror(-err));
	} else if (reply.verdict != DIGSIG_VERDICT_OK) {
		refuse(admission, path, reply.verdict, digsig_verdict_meaning(reply.verdict));
	} else {
		admission->admitted++;
	}
}

static void admit_file(struct admission *admission, const char *path, bool named)
{
	struct signature_block block;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err = fd < 0 ? -errno : signature_block_read(fd, &block);

	progress_name(path);
	progress_update(admission->done++, admission->total);
	if (!err)
		admit_block(admission, path, &block, named);
	else if (err == -EINVAL)
		complain("%s: not a regular file", path);
	else
		complain("%s: %s", path, strerror(-err));
	if (err)
		note_failure(admission, EXIT_ERROR);
	if (fd >= 0)
		close(fd);
}

static void admit_entry(struct admission *admission, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
		admit_file(admission, entry->fts_path, entry->fts_level == 0);
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		note_failure(admission, EXIT_ERROR);
		complain("%s: %s", entry->fts_path, strerror(entry->fts_errno));
		break;
	}
}

static void count_entry(struct admission *admission, const FTSENT *entry)
{
	admission->total += entry->fts_info == FTS_F;
}

static void walk(struct admission *admission, char *root,
	void (*visit)(struct admission *admission, const FTSENT *entry))
{
	char *roots[] = { root, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;

	while (tree && (entry = fts_read(tree)))
		visit(admission, entry);
	if (tree)
		fts_close(tree);
}

static void admit_all(struct admission *admission, char **roots, int count, bool quiet)
{
	/* The time left is known only when the files are counted; nobody else need wait for it. */
	if (progress_allow(!quiet))
		for (int i = 0; i < count; i++)
			walk(admission, roots[i], count_entry);
	progress_begin("", PROGRESS_FILES);
	for (int i = 0; i < count; i++)
		walk(admission, roots[i], admit_entry);
	progress_end();
}

int cmd_admit(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct admission admission = { .status = EXIT_OK };
	bool quiet = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "qh", long_options, NULL)) != -1) {
		switch (option) {
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return usage_error("admit", "name files or directories");
	status = open_engine_or_complain(&admission.engine);
	if (status != EXIT_OK)
		return status;
	admit_all(&admission, argv + optind, argc - optind, quiet);
	engine_close(&admission.engine);
	if (!quiet)
		printf("%lu admitted, %lu refused, %lu without a signature\n", admission.admitted,
			admission.refused, admission.unsigned_files);
	return admission.status;
}
