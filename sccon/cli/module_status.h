/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel module sccon of this machine. */
#ifndef SCCON_CLI_MODULE_STATUS_H
#define SCCON_CLI_MODULE_STATUS_H

#include <stdbool.h>

/*
 * Prints its parameters and statistics. root: a folder that stands for "/"; NULL: that. An exit code; EXIT_NO: it is not
 * loaded.
 */
int module_status(const char *root, bool json);

#endif
