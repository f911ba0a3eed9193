// SPDX-License-Identifier: GPL-2.0-or-later
#include "sync_directory.h"
#include <unistd.h>
#include "parent.h"

void sync_directory_of(const char *path)
{
	int fd = parent_open(path);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}
