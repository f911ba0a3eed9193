// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs have in swap. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/text/number.h"
#include "internal.h"

enum { STATUS_SIZE_MAX = 64 * 1024 };

/* VmSwap of /proc/PID/status. A process that is gone has none. */
static __u64 swapped_of(int root, const char *process)
{
	char path[64], *text;
	const char *line;
	__u64 kibibytes = 0;
	size_t size;

	snprintf(path, sizeof(path), "proc/%.20s/status", process);
	if (file_read_below(root, path, STATUS_SIZE_MAX, &text, &size))
		return 0;
	line = strstr(text, "\nVmSwap:");
	if (line) {
		line += strlen("\nVmSwap:");
		line += strspn(line, " \t");
		if (number_read(&line, &kibibytes) || kibibytes > ~0ULL >> 10)
			kibibytes = 0;
	}
	free(text);
	return kibibytes << 10;
}

__u64 apply_swapped_most(int root, __u64 used)
{
	int fd = file_open_below(root, "proc", O_RDONLY | O_DIRECTORY);
	__u64 most = 0, rest = used;
	const struct dirent *entry;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return used;
	}
	while ((entry = readdir(folder))) {
		__u64 one = *entry->d_name >= '1' && *entry->d_name <= '9' ? swapped_of(root, entry->d_name) : 0;

		most = one > most ? one : most;
		rest -= one < rest ? one : rest;
	}
	closedir(folder);
	/* What is nobody's is in files of tmpfs and in shared memory. */
	return most > rest ? most : rest;
}
