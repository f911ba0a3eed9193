/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine does not boot without, or does not let anybody in without. */
#ifndef DIGSIG_SURVEY_CRITICAL_H
#define DIGSIG_SURVEY_CRITICAL_H

#include <stddef.h>

struct critical_file {
	char role[64]; /* "PID 1", "needed by sshd" */
	char *path; /* without symbolic links; begins with the root's */
};

struct critical_files {
	struct critical_file *files;
	size_t count;
};

/*
 * Finds them in the system in the folder root, and with each program its loader and the libraries
 * that it names, and those that they name. Each once. What is not there is left out. 0 or -ENOMEM.
 */
int critical_files_find(const char *root, struct critical_files *list);
/* Also to be called after an error, which leaves the files found so far in the list. */
void critical_files_free(struct critical_files *list);

#endif
