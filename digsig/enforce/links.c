// SPDX-License-Identifier: GPL-2.0-or-later
#include "links.h"
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../kernel/engine.h"

static int read_link(const char *name, struct bpf_link_info *link)
{
	char path[sizeof(DIGSIG_PIN_DIRECTORY) + NAME_MAX + 1];
	__u32 size = sizeof(*link);
	int fd, err;

	*link = (struct bpf_link_info){ 0 };
	snprintf(path, sizeof(path), DIGSIG_PIN_DIRECTORY "/%s", name);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return -errno;
	err = bpf_obj_get_info_by_fd(fd, link, &size) ? -errno : 0;
	close(fd);
	return err;
}

int links_visit(link_visitor *visit, void *context)
{
	DIR *directory = opendir(DIGSIG_PIN_DIRECTORY);
	struct bpf_link_info link;
	struct dirent *entry;
	int err = 0, unread = 0, failed;

	if (!directory)
		return -errno;
	while (!err && (entry = readdir(directory))) {
		if (strncmp(entry->d_name, "link_", 5))
			continue;
		failed = read_link(entry->d_name, &link);
		if (failed)
			unread = failed;
		else
			err = visit(&link, context);
	}
	closedir(directory);
	return err ? err : unread;
}
