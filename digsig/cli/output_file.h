/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small file that a command is told to write. */
#ifndef DIGSIG_CLI_OUTPUT_FILE_H
#define DIGSIG_CLI_OUTPUT_FILE_H

#include <stddef.h>
#include <linux/types.h>

/* A pipe or terminal is written to; a file is replaced whole. 0, or a negative errno. */
int output_file_write(const char *path, const __u8 *bytes, size_t size);

#endif
