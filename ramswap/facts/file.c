// SPDX-License-Identifier: GPL-2.0-or-later
#include "file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../facts.h"
#include "text.h"

int facts_read_text(struct facts_buffer *buffer, int folder, const char *path, size_t most)
{
	int fd = file_open_below(folder, path, O_RDONLY), err;

	buffer->size = 0;
	if (fd < 0)
		return fd;
	err = file_read_open(fd, most, &buffer->text, &buffer->room, &buffer->size);
	close(fd);
	return err;
}

bool facts_read_value(int folder, const char *path, char value[FACTS_VALUE_MAX + 1])
{
	int fd = file_open_below(folder, path, O_RDONLY);
	ssize_t size;

	*value = 0;
	if (fd < 0)
		return false;
	do
		size = read(fd, value, FACTS_VALUE_MAX);
	while (size < 0 && errno == EINTR);
	close(fd);
	while (size > 0 && (value[size - 1] == '\n' || value[size - 1] == ' '))
		size--;
	value[size > 0 ? size : 0] = 0;
	return *value;
}

bool facts_read_number(int folder, const char *path, __u64 most, __u64 *number)
{
	char value[FACTS_VALUE_MAX + 1];

	return facts_read_value(folder, path, value) && facts_parse_number(value, most, number);
}

bool facts_read_name(int folder, const char *path, char *name)
{
	char value[FACTS_VALUE_MAX + 1];

	*name = 0;
	return facts_read_value(folder, path, value) && facts_copy_name(name, value);
}

bool facts_read_flag(int folder, const char *path)
{
	char value[FACTS_VALUE_MAX + 1];

	return facts_read_value(folder, path, value) && (!strcmp(value, "1") || !strcmp(value, "Y"));
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool facts_read_link(int folder, const char *path, char *name)
{
	char value[PATH_MAX];
	int fd = file_open_below(folder, path, O_PATH | O_NOFOLLOW);
	ssize_t size;

	*name = 0;
	if (fd < 0)
		return false;
	size = readlinkat(fd, "", value, sizeof(value) - 1);
	close(fd);
	if (size < 0)
		return facts_read_value(folder, path, value) && facts_copy_name(name, last_name(value));
	value[size] = 0;
	return facts_copy_name(name, last_name(value));
}

bool facts_exists(int folder, const char *path)
{
	int fd = file_open_below(folder, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int facts_open_folder(int folder, const char *path)
{
	return file_open_below(folder, path, O_RDONLY | O_DIRECTORY);
}

static int compare(const void *one, const void *other)
{
	return strverscmp(one, other);
}

static int take_name(struct facts_names *names, const char *name, const char *prefix)
{
	void *grown;

	if (*name == '.' || strncmp(name, prefix, strlen(prefix)) || strlen(name) > RAMSWAP_NAME_MAX)
		return 0;
	grown = facts_grow(names->names, names->count, sizeof(*names->names));
	if (!grown)
		return -ENOMEM;
	names->names = grown;
	strcpy(names->names[names->count++], name);
	return 0;
}

int facts_read_names(int folder, const char *path, const char *prefix, struct facts_names *names)
{
	int fd = facts_open_folder(folder, path), err = 0;
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	*names = (struct facts_names){ 0 };
	if (!directory) {
		if (fd >= 0)
			close(fd);
		return fd >= 0 && errno == ENOMEM ? -ENOMEM : 0;
	}
	while (!err && names->count < FACTS_NAMES_MOST && (entry = readdir(directory)))
		err = take_name(names, entry->d_name, prefix);
	closedir(directory);
	if (err)
		facts_names_free(names);
	else if (names->count)
		qsort(names->names, names->count, sizeof(*names->names), compare);
	return err;
}

void facts_names_free(struct facts_names *names)
{
	free(names->names);
	*names = (struct facts_names){ 0 };
}
