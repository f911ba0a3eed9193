/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log that digsigd keeps: files of JSON lines, FILE the newest, then FILE.1, FILE.2, ... */
#ifndef DIGSIG_CLI_LOG_FILES_H
#define DIGSIG_CLI_LOG_FILES_H

#include <signal.h>
#include <stdbool.h>

/* Called with each line, without its newline; false ends the reading. */
typedef bool log_files_visitor(const char *line, void *context);

/*
 * Reads all that is kept, the oldest first, and with follow goes on until *stop is not 0. Returns
 * 0 or a negative errno.
 */
int log_files_read(const char *file, bool follow, const volatile sig_atomic_t *stop,
	log_files_visitor *visit, void *context);

#endif
