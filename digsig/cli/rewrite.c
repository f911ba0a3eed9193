// SPDX-License-Identifier: GPL-2.0-or-later
#include "rewrite.h"
#include <errno.h>
#include "cli.h"

int rewrite_exit_code(const struct file_problem *problem)
{
	switch (problem->kind) {
	case FILE_PROBLEM_NONE:
	case FILE_PROBLEM_OPEN:
	case FILE_PROBLEM_READ:
		break;
	case FILE_PROBLEM_SIGNER:
		return problem->error == EKEYREJECTED || problem->error == ECANCELED
			? EXIT_BAD_PASSPHRASE
			: EXIT_ERROR;
	case FILE_PROBLEM_OTHER_CONTENT:
		return EXIT_TAMPERED;
	case FILE_PROBLEM_NOT_REGULAR:
	case FILE_PROBLEM_REFUSED:
	case FILE_PROBLEM_BLOCK:
	case FILE_PROBLEM_NOT_RESTORABLE:
		return EXIT_UNSUPPORTED;
	case FILE_PROBLEM_UNSIGNED:
		return EXIT_UNSIGNED;
	case FILE_PROBLEM_HARD_LINKS:
	case FILE_PROBLEM_IMMUTABLE:
	case FILE_PROBLEM_CHANGED:
	case FILE_PROBLEM_CREATE:
	case FILE_PROBLEM_WRITE:
	case FILE_PROBLEM_ATTRIBUTES:
	case FILE_PROBLEM_RENAME:
	case FILE_PROBLEM_CANCELLED:
		return EXIT_REWRITE_FAILED;
	}
	return EXIT_ERROR;
}

int complain_rewrite(const char *path, const struct file_problem *problem)
{
	char text[512];

	file_problem_describe(problem, text, sizeof(text));
	complain("%s: %s", path, text);
	return rewrite_exit_code(problem);
}
