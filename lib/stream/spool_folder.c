// SPDX-License-Identifier: GPL-2.0-or-later
/* The names in a spool's folder; how far the messages are acknowledged. */
#include "spool_folder.h"
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../file/write_whole.h"
#include "../text/text.h"

#define POSITION_MAGIC "KKSPOOLP"
enum { POSITION_SIZE = 20 }; /* the magic, u64 position, u32 CRC32 of both */

void spool_print_name(char *name, __u64 first)
{
	snprintf(name, SEGMENT_NAME_MAX, "%016llx.segment", (unsigned long long)first);
}

bool spool_parse_name(const char *name, __u64 *first)
{
	char digits[17] = "", usual[SEGMENT_NAME_MAX];
	__u8 bytes[8];
	__u64 number;

	if (strlen(name) != 16 + strlen(".segment") || strcmp(name + 16, ".segment"))
		return false;
	memcpy(digits, name, 16);
	if (!parse_hex(digits, bytes, sizeof(bytes)))
		return false;
	memcpy(&number, bytes, sizeof(number));
	*first = be64toh(number);
	spool_print_name(usual, *first);
	return *first < RECORD_NUMBER_MAX && !strcmp(name, usual);
}

int spool_open_segment(const struct spool *spool, const struct spool_segment *segment, int flags)
{
	char name[SEGMENT_NAME_MAX];
	int fd;

	spool_print_name(name, segment->first);
	fd = openat(spool->folder_fd, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	return fd < 0 ? -errno : fd;
}

int spool_read_position(struct spool *spool)
{
	int fd = openat(spool->folder_fd, POSITION_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char bytes[POSITION_SIZE + 1];
	__u64 position;
	ssize_t size;
	__u32 sum;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	size = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (size < 0)
		return -EIO;
	memcpy(&position, bytes + 8, sizeof(position));
	memcpy(&sum, bytes + 16, sizeof(sum));
	position = le64toh(position);
	if (size != POSITION_SIZE || memcmp(bytes, POSITION_MAGIC, 8) || position >= RECORD_NUMBER_MAX ||
		le32toh(sum) != record_checksum(bytes, 8, bytes + 8, 8)) {
		spool->damaged += (__u64)size;
		return 0;
	}
	spool->position = position;
	return 0;
}

static int write_position(const struct spool *spool, __u64 position)
{
	char path[PATH_MAX], bytes[POSITION_SIZE] = POSITION_MAGIC;
	__u64 number = htole64(position);
	__u32 sum;

	if (snprintf(path, sizeof(path), "%s/" POSITION_NAME, spool->folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	memcpy(bytes + 8, &number, sizeof(number));
	sum = htole32(record_checksum(bytes, 8, bytes + 8, 8));
	memcpy(bytes + 16, &sum, sizeof(sum));
	return file_write_whole(path, bytes, sizeof(bytes));
}

static void delete_segment(struct spool *spool, size_t i)
{
	char name[SEGMENT_NAME_MAX];

	spool_print_name(name, spool->segments[i].first);
	unlinkat(spool->folder_fd, name, 0);
	spool->bytes -= spool->segments[i].size;
	if (i == spool->count - 1 && spool->active_fd >= 0) {
		close(spool->active_fd);
		spool->active_fd = -1;
		spool->is_dirty = false;
	}
}

int spool_acknowledge(struct spool *spool, __u64 position)
{
	size_t kept = 0;

	if (position <= spool->position)
		return 0;
	for (size_t i = 0; i < spool->count; i++)
		if (spool->segments[i].last < position)
			delete_segment(spool, i);
		else
			spool->segments[kept++] = spool->segments[i];
	spool->count = kept;
	spool->position = position;
	if (spool->next < position)
		spool->next = position;
	/* Of what is not there nothing needs to be known: numbers go on from the last position that was written. */
	return kept ? write_position(spool, position) : 0;
}
