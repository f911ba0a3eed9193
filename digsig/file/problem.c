// SPDX-License-Identifier: GPL-2.0-or-later
#include "problem.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../format/inspect.h"
#include "../trust/signer.h"

int file_problem_set(struct file_problem *problem, enum file_problem_kind kind, int error)
{
	problem->kind = kind;
	problem->error = -error;
	return error;
}

/* strerror_r as GNU has it: the text may or may not be in the buffer. */
static void describe_errno(char *text, size_t size, const char *what, int error)
{
	char buffer[128];

	snprintf(text, size, "%s: %s%s", what, strerror_r(error, buffer, sizeof(buffer)),
		error == ENOSPC || error == EDQUOT ? ": make room for a second copy of the file"
						   : "");
}

void file_problem_describe(const struct file_problem *problem, char *text, size_t size)
{
	switch (problem->kind) {
	case FILE_PROBLEM_NONE:
		snprintf(text, size, "nothing is wrong");
		break;
	case FILE_PROBLEM_OPEN:
		describe_errno(text, size, "cannot be opened", problem->error);
		break;
	case FILE_PROBLEM_READ:
		describe_errno(text, size, "cannot be read", problem->error);
		break;
	case FILE_PROBLEM_NOT_REGULAR:
		snprintf(text, size, "not a regular file: name files, not directories or devices");
		break;
	case FILE_PROBLEM_REFUSED:
		snprintf(text, size, "%s", elf_refusal_meaning(problem->refusal));
		break;
	case FILE_PROBLEM_BLOCK:
		if (problem->is_left_over) {
			snprintf(text, size,
				"another program rewrote it after it was signed, and kept the "
				"block: remove that with objcopy -R .digsig, and sign it; digsig "
				"strip it first the next time");
			break;
		}
		snprintf(text, size, "its signature block is malformed: %s: get the file anew",
			digsig_defect_meaning(problem->defect));
		break;
	case FILE_PROBLEM_TAMPERED:
		snprintf(text, size,
			"it was changed after it was signed: find out by whom, or sign it as it is "
			"with --force");
		break;
	case FILE_PROBLEM_NOT_RESTORABLE:
		snprintf(text, size,
			"its signature block does not lead back to the original: the file was "
			"damaged or its manifest lies: get the file anew");
		break;
	case FILE_PROBLEM_UNSIGNED:
		snprintf(text, size, "not signed: nothing to strip");
		break;
	case FILE_PROBLEM_HARD_LINKS:
		if (problem->names > 1)
			snprintf(text, size,
				"it has other hard links than the %lu here, which would keep the "
				"old file: use --break-links if that is meant",
				problem->names);
		else
			snprintf(text, size,
				"it has other hard links, which would keep the old file: use "
				"--break-links if that is meant");
		break;
	case FILE_PROBLEM_OUTSIDE_LINK:
		snprintf(text, size,
			"a symbolic link that leads out of its folder: name the file itself, or use "
			"--allow-outside-links");
		break;
	case FILE_PROBLEM_IMMUTABLE:
		snprintf(text, size, "it is immutable or append-only: chattr -ia it first");
		break;
	case FILE_PROBLEM_SIGNER:
		snprintf(text, size, "not signed: %s", signing_error_meaning(problem->error));
		break;
	case FILE_PROBLEM_OTHER_CONTENT:
		snprintf(text, size,
			"it is not the file that the manifest was prepared from, or changed since: "
			"prepare it again, and have that signed");
		break;
	case FILE_PROBLEM_CHANGED:
		snprintf(text, size, "it changed while it was read: try again when it is at rest");
		break;
	case FILE_PROBLEM_CREATE:
		describe_errno(text, size, "cannot create a temporary file beside it",
			problem->error);
		break;
	case FILE_PROBLEM_WRITE:
		describe_errno(text, size, "cannot write", problem->error);
		break;
	case FILE_PROBLEM_ATTRIBUTES:
		describe_errno(text, size,
			"cannot keep its owner, mode or extended attributes", problem->error);
		break;
	case FILE_PROBLEM_RENAME:
		describe_errno(text, size, "cannot be replaced", problem->error);
		break;
	case FILE_PROBLEM_CANCELLED:
		snprintf(text, size, "interrupted: the file is as it was");
		break;
	}
}
