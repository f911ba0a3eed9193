// SPDX-License-Identifier: GPL-2.0-or-later
#include "rewrite.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "../../lib/text/text.h"
#include "../file/link.h"
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
	case FILE_PROBLEM_TAMPERED:
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
	case FILE_PROBLEM_OUTSIDE_LINK:
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
	char text[512], *target = NULL;

	file_problem_describe(problem, text, sizeof(text));
	if (problem->kind == FILE_PROBLEM_OUTSIDE_LINK)
		target = realpath(path, NULL);
	if (target)
		complain("%s: %s: it leads to %s", path, text, target);
	else
		complain("%s: %s", path, text);
	free(target);
	return rewrite_exit_code(problem);
}

int refuse_outside_link(const char *path)
{
	const struct file_problem problem = { .kind = FILE_PROBLEM_OUTSIDE_LINK };
	char *target = realpath(path, NULL);
	bool is_outside = target && link_leads_outside(path, target);

	free(target); /* a path that leads nowhere is said by who opens it */
	return is_outside ? complain_rewrite(path, &problem) : EXIT_OK;
}

int refuse_outside_links(char **paths, int count)
{
	int code = EXIT_OK;

	for (int i = 0; i < count; i++) {
		int failed = refuse_outside_link(paths[i]);

		code = code ? code : failed;
	}
	return code;
}

void print_rewritten(const char *path, bool is_followed, const char *what)
{
	struct stat st;
	char *target = NULL;

	if (is_followed && !lstat(path, &st) && S_ISLNK(st.st_mode))
		target = realpath(path, NULL);
	print_safely(stdout, path);
	printf(": %s", what);
	if (target) {
		fputs(": a link to ", stdout);
		print_safely(stdout, target);
	}
	putchar('\n');
	free(target);
}
