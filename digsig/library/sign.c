// SPDX-License-Identifier: GPL-2.0-or-later
#include "../file/sign.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "input.h"
#include "signer.h"

#define SIGN_FLAGS \
	(DIGSIG_SIGN_WX | DIGSIG_SIGN_TRAILING_DATA | DIGSIG_SIGN_BREAK_LINKS | DIGSIG_SIGN_CHANGED)

/* The first version of the structure; a later one is longer. */
#define OPTIONS_SIZE_MIN sizeof(struct digsig_sign_options)
#define OPTIONS_SIZE_MAX ((size_t)4096)

static int copy_options(const struct digsig_sign_options *given,
	struct digsig_sign_options *options, struct digsig_error *error)
{
	const char *bytes = (const char *)given;

	*options = (struct digsig_sign_options){ .size = sizeof(*options) };
	if (!given)
		return 0;
	if (given->size < OPTIONS_SIZE_MIN || given->size > OPTIONS_SIZE_MAX)
		return library_fail(error, -EINVAL,
			"options: size is not sizeof(struct digsig_sign_options)");
	for (size_t i = sizeof(*options); i < given->size; i++)
		if (bytes[i])
			return library_fail(error, -E2BIG,
				"options: a field that this version of libdigsig does not know");
	memcpy(options, given, sizeof(*options));
	if (options->flags & ~(uint32_t)SIGN_FLAGS || options->reserved)
		return library_fail(error, -EINVAL,
			"options: flags that are none, or reserved is not 0");
	if (options->identity && !identity_is_valid(options->identity))
		return library_fail(error, -EINVAL,
			"identity: not 1 to 64 bytes of UTF-8 without control characters");
	return 0;
}

static int make_options(const struct digsig_signer *signer,
	const struct digsig_sign_options *given, struct sign_options *options,
	struct digsig_error *error)
{
	struct digsig_sign_options copied;
	int err;

	if (!signer)
		return library_fail_null(error, "signer");
	err = copy_options(given, &copied, error);
	if (err)
		return err;
	*options = (struct sign_options){
		.signer = signer->signer,
		.identity = copied.identity,
		.epoch = copied.epoch,
		.signing_time = copied.signing_time ? copied.signing_time : (__u64)time(NULL),
		.may_map_wx = copied.flags & DIGSIG_SIGN_WX,
		.allow_trailing_data = copied.flags & DIGSIG_SIGN_TRAILING_DATA,
		.allow_changed = copied.flags & DIGSIG_SIGN_CHANGED,
		.replacement.break_links = copied.flags & DIGSIG_SIGN_BREAK_LINKS,
	};
	return 0;
}

/* The sentences of the command name its options. */
static void describe(const struct file_problem *problem, char *text, size_t size)
{
	if (problem->kind == FILE_PROBLEM_HARD_LINKS)
		snprintf(text, size, "it has other hard links, which would keep the old file: "
				     "DIGSIG_SIGN_BREAK_LINKS if that is meant");
	else if (problem->kind == FILE_PROBLEM_REFUSED &&
		problem->refusal == ELF_REFUSAL_TRAILING_DATA)
		snprintf(text, size, "data follows the ELF file's own parts: "
				     "DIGSIG_SIGN_TRAILING_DATA if nothing reads it from the end");
	else if (problem->kind == FILE_PROBLEM_TAMPERED)
		snprintf(text, size, "it was changed after it was signed: find out by whom; "
				     "DIGSIG_SIGN_CHANGED signs it as it is");
	else if (problem->kind == FILE_PROBLEM_WRITE && problem->error == ENOMEM)
		snprintf(text, size, "%s", strerror(ENOMEM));
	else
		file_problem_describe(problem, text, size);
}

static int fail(const char *path, const struct file_problem *problem, int err,
	struct digsig_error *error)
{
	char text[512];

	describe(problem, text, sizeof(text));
	return path ? library_fail(error, err, "%s: %s", path, text)
		    : library_fail(error, err, "%s", text);
}

int digsig_sign_path(const struct digsig_signer *signer, const char *path,
	const struct digsig_sign_options *options, struct digsig_error *error)
{
	struct sign_options sign_options;
	struct file_problem problem;
	int err;

	if (!path)
		return library_fail_null(error, "path");
	err = make_options(signer, options, &sign_options, error);
	if (err)
		return err;
	err = file_sign(path, &sign_options, &problem);
	return err ? fail(path, &problem, err, error) : 0;
}

int digsig_sign_memory(const struct digsig_signer *signer, const void *bytes, size_t size,
	const struct digsig_sign_options *options, void **signed_bytes, size_t *signed_size,
	struct digsig_error *error)
{
	struct sign_options sign_options;
	struct file_problem problem;
	struct input input;
	__u8 *made;
	int err;

	if (!signed_bytes || !signed_size)
		return library_fail_null(error, signed_bytes ? "signed_size" : "signed_bytes");
	err = make_options(signer, options, &sign_options, error);
	if (!err)
		err = input_from_memory(&input, bytes, size, error);
	if (err)
		return err;
	err = source_sign(&input.source, &sign_options, &made, signed_size, &problem);
	if (err)
		return fail(NULL, &problem, err, error);
	*signed_bytes = made;
	return 0;
}

int digsig_strip_path(const char *path, uint32_t flags, struct digsig_error *error)
{
	const struct strip_options options = {
		.replacement.break_links = flags & DIGSIG_SIGN_BREAK_LINKS };
	struct file_problem problem;
	int err;

	if (!path)
		return library_fail_null(error, "path");
	if (flags & ~(uint32_t)DIGSIG_SIGN_BREAK_LINKS)
		return library_fail(error, -EINVAL, "flags: DIGSIG_SIGN_BREAK_LINKS or none");
	err = file_strip(path, &options, &problem);
	return err ? fail(path, &problem, err, error) : 0;
}

int digsig_strip_memory(const void *bytes, size_t size, void **stripped_bytes,
	size_t *stripped_size, struct digsig_error *error)
{
	struct file_problem problem;
	struct input input;
	__u8 *made;
	int err;

	if (!stripped_bytes || !stripped_size)
		return library_fail_null(
			error, stripped_bytes ? "stripped_size" : "stripped_bytes");
	err = input_from_memory(&input, bytes, size, error);
	if (err)
		return err;
	err = source_strip(&input.source, &made, stripped_size, &problem);
	if (err)
		return fail(NULL, &problem, err, error);
	*stripped_bytes = made;
	return 0;
}
