/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sign and strip have in common. */
#ifndef DIGSIG_CLI_REWRITE_H
#define DIGSIG_CLI_REWRITE_H

#include "../file/problem.h"

/* The exit code for why a file could not be signed or stripped. */
int rewrite_exit_code(const struct file_problem *problem);

/* Says why a file could not be signed or stripped, and returns that exit code. */
int complain_rewrite(const char *path, const struct file_problem *problem);

#endif
