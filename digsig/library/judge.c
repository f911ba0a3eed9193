// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "input.h"
#include "report.h"
#include "trust.h"

/* Without trust (NULL) it is an inspection. */
static int judge(const struct input *input, const struct digsig_trust *trust,
	struct digsig_report **report, struct digsig_error *error)
{
	struct digsig_report *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return library_fail(error, -ENOMEM, "%s", strerror(ENOMEM));
	err = source_judge(&input->source, trust ? trust->store : NULL, FILE_JUDGE_ALWAYS_HASH,
		NULL, &made->judgement);
	if (!err && trust)
		revocations_judge(&trust->revoked, &made->judgement);
	if (!err)
		err = report_complete(made);
	if (err) {
		digsig_report_free(made);
		return input_fail(input, error, err, strerror(-err));
	}
	*report = made;
	return 0;
}

static int judge_path(const struct digsig_trust *trust, const char *path,
	struct digsig_report **report, struct digsig_error *error)
{
	struct input input;
	int err;

	if (!report)
		return library_fail_null(error, "report");
	err = input_open(&input, path, error);
	if (err)
		return err;
	err = judge(&input, trust, report, error);
	input_close(&input);
	return err;
}

static int judge_fd(const struct digsig_trust *trust, int fd, struct digsig_report **report,
	struct digsig_error *error)
{
	struct input input;
	int err;

	if (!report)
		return library_fail_null(error, "report");
	err = input_from_fd(&input, fd, error);
	return err ? err : judge(&input, trust, report, error);
}

static int judge_memory(const struct digsig_trust *trust, const void *bytes, size_t size,
	struct digsig_report **report, struct digsig_error *error)
{
	struct input input;
	int err;

	if (!report)
		return library_fail_null(error, "report");
	err = input_from_memory(&input, bytes, size, error);
	return err ? err : judge(&input, trust, report, error);
}

int digsig_verify_path(const struct digsig_trust *trust, const char *path,
	struct digsig_report **report, struct digsig_error *error)
{
	return trust ? judge_path(trust, path, report, error) : library_fail_null(error, "trust");
}

int digsig_verify_fd(const struct digsig_trust *trust, int fd, struct digsig_report **report,
	struct digsig_error *error)
{
	return trust ? judge_fd(trust, fd, report, error) : library_fail_null(error, "trust");
}

int digsig_verify_memory(const struct digsig_trust *trust, const void *bytes, size_t size,
	struct digsig_report **report, struct digsig_error *error)
{
	return trust ? judge_memory(trust, bytes, size, report, error)
		     : library_fail_null(error, "trust");
}

int digsig_inspect_path(
	const char *path, struct digsig_report **report, struct digsig_error *error)
{
	return judge_path(NULL, path, report, error);
}

int digsig_inspect_fd(int fd, struct digsig_report **report, struct digsig_error *error)
{
	return judge_fd(NULL, fd, report, error);
}

int digsig_inspect_memory(const void *bytes, size_t size, struct digsig_report **report,
	struct digsig_error *error)
{
	return judge_memory(NULL, bytes, size, report, error);
}
