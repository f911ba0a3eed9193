/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sign and strip have in common. */
#ifndef DIGSIG_CLI_REWRITE_H
#define DIGSIG_CLI_REWRITE_H

#include <stdbool.h>
#include "../file/problem.h"

/* The exit code for why a file could not be signed or stripped. */
int rewrite_exit_code(const struct file_problem *problem);

/* Says why a file could not be signed or stripped, and returns that exit code. */
int complain_rewrite(const char *path, const struct file_problem *problem);

/*
 * For what is not opened by file_sign and its likes: complains if path is a link that leads out of its
 * folder, and says where to. Returns an exit code.
 */
int refuse_outside_link(const char *path);

/* The same for each; the exit code of the first that is one. */
int refuse_outside_links(char **paths, int count);

/* Prints "FILE: what", and of a symbolic link that was followed also the file that it leads to. */
void print_rewritten(const char *path, bool is_followed, const char *what);

#endif
