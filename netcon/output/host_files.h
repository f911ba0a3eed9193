/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file for each address, in one folder. Hosts are many, descriptors few: files that were not written to for long are closed. One
 * thread at a time.
 */
#ifndef KERNKIT_NETCON_HOST_FILES_H
#define KERNKIT_NETCON_HOST_FILES_H

#include <stddef.h>
#include <sys/queue.h>
#include "output.h"

enum { HOST_FILES_OPEN_MAX = 256, HOST_FILES_BUCKETS = 512 };

struct host_file;

LIST_HEAD(host_bucket, host_file);
TAILQ_HEAD(host_file_list, host_file);

struct host_files {
	char *folder_name;
	int folder;
	struct file_rotation rotation;
	struct host_bucket buckets[HOST_FILES_BUCKETS];
	struct host_file_list open; /* the one that was written to last is the first */
	unsigned int open_count;
	char *problem; /* the last failure, in words; NULL: there was none, or memory was short */
};

/* files is all zero. 0 or a negative errno. In both cases host_files_close frees what it has. */
int host_files_open(struct host_files *files, const char *folder, const struct file_rotation *rotation);

/*
 * Adds a line to the file of the address, which is made if need be, with the mode 0640. A symbolic link, or what else is not a
 * regular file, is not written to. 0; or a negative errno: nothing of the line is in the file; or, where the file could not
 * be rotated, the line is in it nevertheless.
 */
int host_files_write(struct host_files *files, const struct netcon_source *source, const char *line, size_t size);

/* Closes all files, and opens the folder anew. 0 or a negative errno: the folder is the one that was open before. */
int host_files_reopen(struct host_files *files);

void host_files_close(struct host_files *files);

#endif
