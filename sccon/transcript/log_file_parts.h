/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of log_file.h have between them. */
#ifndef SCCON_TRANSCRIPT_LOG_FILE_PARTS_H
#define SCCON_TRANSCRIPT_LOG_FILE_PARTS_H

#include "log_file.h"

/* Gives the file its place among the earlier ones, and begins a new one. 0; or a negative errno: the file is still written to. */
int log_file_rotate(struct log_file *file, __u64 now);

/* Opens the path in place of the file that is open. 0; or a negative errno: the file is as it was. */
int log_file_open_again(struct log_file *file, __u64 now);

/* Closes and frees what the file has. */
void log_file_free(struct log_file *file);

#endif
