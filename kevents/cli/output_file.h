/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -o FILE: what is shown goes there, and standard output stays the command's that is watched. */
#ifndef KEVENTS_CLI_OUTPUT_FILE_H
#define KEVENTS_CLI_OUTPUT_FILE_H

#include <stdbool.h>

struct output_file {
	const char *path; /* NULL: there is none, and nothing is done */
	int fd;
	bool is_new;
};

/* path NULL or "-": standard output. What is in the file stays for now. 0, or an exit code after words. */
int output_file_open(struct output_file *file, const char *path);
/* Empties it; from here on what is written to stdout goes there. The same. */
int output_file_begin(struct output_file *file);
/* In place of output_file_begin: nothing will be written. A file that was not there is removed. */
void output_file_cancel(struct output_file *file);

#endif
