// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel_partitions.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "../../lib/text/number.h"

enum {
	SYSFS_SECTOR = 512, /* bytes, whatever the disk's own sectors are */
	FOLDERS_MAX = 4096, /* below a disk's; beside the partitions there are about ten */
};

/* The bytes of an attribute as a string; -EBADMSG: it is none of sysfs, or too long. */
static int read_attribute(int folder, const char *name, char *text, size_t room)
{
	/* What is no attribute must not make anybody wait. */
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	ssize_t size;
	int err = 0;

	if (fd < 0)
		return errno == ELOOP || errno == ENXIO ? -EBADMSG : -errno;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		close(fd);
		return -EBADMSG;
	}
	size = read(fd, text, room);
	if (size < 0)
		err = -errno;
	else if ((size_t)size == room || memchr(text, '\0', (size_t)size))
		err = -EBADMSG;
	else
		text[size] = '\0';
	close(fd);
	return err;
}

static int read_number(int folder, const char *name, __u64 least, __u64 most, __u64 *number)
{
	char text[32];
	int err = read_attribute(folder, name, text, sizeof(text));

	if (err)
		return err;
	text[strcspn(text, "\n")] = '\0';
	return number_parse(text, least, most, number) ? -EBADMSG : 0;
}

static bool is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

/* 1: it is a partition; 0: it is none, or has just gone. */
static int read_partition(int folder, struct kernel_partition *partition)
{
	__u64 number, start, size;
	int err = read_number(folder, "partition", 1, PTCHECK_PARTITIONS_MAX, &number);

	if (!err)
		err = read_number(folder, "start", 0, LLONG_MAX / SYSFS_SECTOR, &start);
	if (!err)
		err = read_number(folder, "size", 0, LLONG_MAX / SYSFS_SECTOR, &size);
	if (err)
		return is_gone(err) ? 0 : err;
	if (start + size > LLONG_MAX / SYSFS_SECTOR)
		return -EBADMSG;
	*partition = (struct kernel_partition){
		.number = (unsigned int)number, .start = start * SYSFS_SECTOR, .size = size * SYSFS_SECTOR };
	return 1;
}

const struct kernel_partition *kernel_partitions_find(const struct kernel_partitions *list, unsigned int number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].number == number)
			return &list->items[i];
	return NULL;
}

static int add_partition(struct kernel_partitions *list, int disk, const char *name)
{
	int folder = openat(disk, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct kernel_partition partition;
	int answer;

	if (folder < 0)
		return errno == ENOTDIR || errno == ELOOP || is_gone(-errno) ? 0 : -errno;
	answer = read_partition(folder, &partition);
	close(folder);
	if (answer <= 0)
		return answer;
	if (list->count == PTCHECK_PARTITIONS_MAX || kernel_partitions_find(list, partition.number))
		return -EBADMSG;
	list->items[list->count++] = partition;
	return 0;
}

static int read_folders(struct kernel_partitions *list, DIR *disk)
{
	const struct dirent *entry;
	size_t folders = 0;
	int err = 0;

	while (!err && (errno = 0, entry = readdir(disk))) {
		if (entry->d_name[0] == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
			continue;
		err = ++folders > FOLDERS_MAX ? -EBADMSG : add_partition(list, dirfd(disk), entry->d_name);
	}
	return err ? err : -errno;
}

/* Whether there can be partitions: without the attribute nobody knows that there cannot. */
static int read_kind(struct kernel_partitions *list, int disk)
{
	__u64 number = 0;
	int err;

	if (!faccessat(disk, "partition", F_OK, AT_SYMLINK_NOFOLLOW))
		return -ENOTBLK;
	err = read_number(disk, "ext_range", 0, INT_MAX, &number);
	list->can_be = err || number != 1;
	return err == -ENOENT ? 0 : err;
}

static int by_number(const void *left, const void *right)
{
	const struct kernel_partition *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

int kernel_partitions_read(struct kernel_partitions *list, const char *sysfs, dev_t device)
{
	char path[PATH_MAX];
	DIR *disk;
	int err;

	list->count = 0;
	if (snprintf(path, sizeof(path), "%s/dev/block/%u:%u", sysfs, major(device), minor(device)) >=
		(int)sizeof(path))
		return -ENAMETOOLONG;
	disk = opendir(path);
	if (!disk)
		return -errno;
	err = read_kind(list, dirfd(disk));
	if (!err)
		err = read_folders(list, disk);
	closedir(disk);
	if (err)
		list->count = 0;
	qsort(list->items, list->count, sizeof(*list->items), by_number);
	return err;
}
