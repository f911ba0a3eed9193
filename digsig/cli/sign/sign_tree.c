// SPDX-License-Identifier: GPL-2.0-or-later
#include "sign_tree.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../file/already_signed.h"
#include "../../file/output.h"
#include "../cli.h"
#include "../rewrite.h"
#include "../tree/tree.h"

struct sign_tree {
	const struct sign_tree_options *options;
	struct trust_store *own; /* the signer's certificate alone */
	int output; /* folder; -1: none, or only asked what would be done */
};

/* What is handed to file_sign for one file. */
struct file_names {
	char **others;
	struct replacement_name *targets; /* NULL: in place */
	size_t count;
};

static void names_free(struct file_names *names)
{
	for (size_t i = 0; names->targets && i < names->count; i++)
		if (names->targets[i].directory >= 0)
			close(names->targets[i].directory);
	free(names->targets);
	free(names->others);
}

static int names_take(
	struct file_names *names, const struct sign_tree *tree, const struct tree_file *file)
{
	*names = (struct file_names){ .count = file->name_count };
	names->others = calloc(file->name_count, sizeof(*names->others));
	if (!names->others)
		return -ENOMEM;
	for (size_t i = 1; i < file->name_count; i++)
		names->others[i - 1] = file->names[i].path;
	if (!tree->options->output_folder)
		return 0;
	names->targets = calloc(file->name_count, sizeof(*names->targets));
	if (!names->targets)
		return -ENOMEM;
	for (size_t i = 0; i < file->name_count; i++)
		names->targets[i].directory = -1;
	for (size_t i = 0; i < file->name_count && tree->output >= 0; i++) {
		int err = output_open(tree->output, file->names[i].relative, &names->targets[i]);

		if (err)
			return err;
	}
	return 0;
}

/* Whether each of the targets is what would be put there, and all are one file if the source is. */
static bool targets_are_made(const struct sign_tree *tree, const struct file_names *names,
	int source, const struct sign_options *options)
{
	const struct replacement_name *first = &names->targets[0];
	enum already_signed found;
	struct stat st, other;
	bool are_made;
	int fd;

	if (first->directory < 0)
		return false;
	fd = openat(first->directory, first->name,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	are_made = !fstat(fd, &st) && S_ISREG(st.st_mode);
	for (size_t i = 1; i < names->count && are_made; i++)
		are_made = !fstatat(names->targets[i].directory, names->targets[i].name, &other,
				   AT_SYMLINK_NOFOLLOW) &&
			other.st_dev == st.st_dev && other.st_ino == st.st_ino;
	are_made = are_made &&
		!already_signed_find(
			fd, options, tree->own, tree->options->compares_time, &found) &&
		found == FILE_IS_ALREADY_SIGNED && file_is_made_of(fd, source, options) > 0;
	close(fd);
	return are_made;
}

/* Whether there is nothing to be signed; fills the finding then. */
static bool is_settled(const struct sign_tree *tree, const struct tree_file *file,
	const struct file_names *names, const struct sign_options *options,
	struct tree_finding *finding)
{
	enum already_signed found = FILE_IS_UNSIGNED;
	int fd = open(file->names->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return false; /* file_sign says why */
	if (already_signed_find(
		    fd, options, tree->own, tree->options->compares_time, &found))
		found = FILE_IS_UNSIGNED;
	if (found != FILE_IS_TAMPERED /* file_sign says so */ &&
		(names->targets ? targets_are_made(tree, names, fd, options)
				: found == FILE_IS_ALREADY_SIGNED))
		finding->outcome = TREE_ALREADY;
	close(fd);
	return finding->outcome != TREE_DONE;
}

static void sign_one(void *context, const struct tree_file *file,
	const struct tree_means *means, struct tree_finding *finding)
{
	const struct sign_tree *tree = context;
	struct sign_options options = tree->options->sign;
	struct file_problem problem = { 0 };
	struct file_names names;
	int err = names_take(&names, tree, file);

	options.progress = means->progress;
	options.replacement.group = means->group;
	options.replacement.owner = means->owner;
	options.is_dry_run = tree->options->tree.is_dry_run;
	options.replacement.other_names = names.others;
	options.replacement.other_count = file->name_count - 1;
	options.replacement.inode = file->names->inode;
	options.replacement.device = file->names->device;
	options.replacement.output = names.targets;
	if (err) {
		file_problem_set(&problem, FILE_PROBLEM_CREATE, err);
		tree_find_problem(finding, &problem);
	} else if (tree->options->is_forced ||
		!is_settled(tree, file, &names, &options, finding)) {
		if (file_sign(file->names->path, &options, &problem))
			tree_find_problem(finding, &problem);
		else if (means->group)
			finding->outcome = TREE_LATER;
	}
	names_free(&names);
}

static int compare_relatives(const void *a, const void *b)
{
	return strcmp((*(const struct tree_name *const *)a)->relative,
		(*(const struct tree_name *const *)b)->relative);
}

/* Two trees may hold the same name: only one of the files could have it in the output folder. */
static int refuse_collisions(void *context, const struct tree_files *files)
{
	const struct sign_tree *tree = context;
	const struct tree_name **sorted;
	int code = EXIT_OK;

	if (!tree->options->output_folder || !files->name_count)
		return EXIT_OK;
	sorted = calloc(files->name_count, sizeof(*sorted));
	if (!sorted) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < files->name_count; i++)
		sorted[i] = &files->names[i];
	qsort(sorted, files->name_count, sizeof(*sorted), compare_relatives);
	for (size_t i = 1; i < files->name_count && !code; i++)
		if (!compare_relatives(&sorted[i - 1], &sorted[i]))
			code = usage_error("%s and %s would get the same name in the output folder: sign "
				"them into two",
				sorted[i - 1]->path, sorted[i]->path);
	free(sorted);
	return code;
}

static int run(struct sign_tree *tree, char **roots, int count)
{
	static const struct tree_words words = {
		.for_people = { "signed", "signed already", "cannot carry a signature", "failed" },
		.for_programs = { "signed", "already_signed", "cannot_carry", "failed" },
		.work = "signing",
	}, dry_words = {
		.for_people = { "would be signed", "signed already", "cannot carry a signature",
			"would fail" },
		.for_programs = { "would_sign", "already_signed", "cannot_carry", "failed" },
		.work = "looking",
	};
	static const int exit_codes[] = { EXIT_TAMPERED, EXIT_REWRITE_FAILED, EXIT_ERROR,
		EXIT_UNSUPPORTED, 0 };
	struct tree_job job = {
		.words = tree->options->tree.is_dry_run ? &dry_words : &words,
		.prepare = refuse_collisions,
		.work = sign_one,
		.context = tree,
		.leave_out_debug = true,
		.replaces = true,
		.exit_codes = exit_codes,
	};
	struct stat st;

	if (tree->options->output_folder && !stat(tree->options->output_folder, &st)) {
		job.output_inode = st.st_ino;
		job.output_device = st.st_dev;
	}
	return tree_run(&tree->options->tree, &job, roots, count);
}

int sign_trees(const struct sign_tree_options *options, char **roots, int count)
{
	struct sign_tree tree = { .options = options, .output = -1 };
	int code = EXIT_OK;

	if (trust_store_new(&tree.own) ||
		trust_store_add_certificate(tree.own, options->sign.signer->certificate)) {
		complain("out of memory");
		code = EXIT_ERROR;
	}
	if (!code && options->sign.replacement.inside_links_only)
		code = refuse_outside_links(roots, count);
	if (!code && options->output_folder && !options->tree.is_dry_run)
		tree.output = open_output_folder(options->output_folder, roots, count, true, &code);
	if (!code || tree.output >= 0)
		code = run(&tree, roots, count);
	if (tree.output >= 0)
		close(tree.output);
	trust_store_free(tree.own);
	return code;
}
