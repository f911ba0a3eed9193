// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "disk.h"
#include "reader.h"

enum {
	PIECE = 4096, /* what a range is read in where it cannot be read as a whole */
	PIECES_FAILED_MAX = 3, /* then the rest of it is given up: each can take a device minutes */
};

/* More of a pipe is not kept. */
#define PIPE_MOST (4U << 20)

/* --- opening */

static int ask_device(struct disk *disk)
{
	int sector_size;

	if (ioctl(disk->fd, BLKGETSIZE64, &disk->known.size) || ioctl(disk->fd, BLKSSZGET, &sector_size))
		return -errno;
	disk->known.sector_size = disk->device_sector_size = (__u32)sector_size;
	disk->is_device = true;
	disk->reader = reader_open(disk->fd, disk->settings.timeout);
	return disk->reader ? 0 : -errno;
}

static int ask(struct disk *disk)
{
	struct stat facts;
	int err = 0;

	if (fstat(disk->fd, &facts))
		return -errno;
	if (S_ISBLK(facts.st_mode))
		err = ask_device(disk);
	else if (S_ISREG(facts.st_mode))
		disk->known.size = (__u64)facts.st_size;
	else if (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode))
		disk->is_pipe = true;
	else
		return -ENOTBLK;
	if (disk->settings.size)
		disk->known.size = disk->settings.size;
	if (disk->settings.sector_size)
		disk->known.sector_size = disk->settings.sector_size;
	disk->known.thorough = disk->settings.thorough;
	return err;
}

/* Not every device can be read past the page cache. */
static int open_path(const char *path)
{
	struct stat facts;
	int fd, flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

	if (!strcmp(path, "-"))
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (stat(path, &facts))
		return -1;
	/* Opening is enough to rewind a tape, or to arm a watchdog. */
	if (!S_ISBLK(facts.st_mode) && !S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode)) {
		errno = ENOTBLK;
		return -1;
	}
	if (!S_ISBLK(facts.st_mode))
		return open(path, flags);
	fd = open(path, flags | O_DIRECT);
	if (fd < 0 && errno == EINVAL) {
		fd = open(path, flags);
		if (fd >= 0)
			posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	}
	return fd;
}

int disk_open(struct disk *disk, const char *path, const struct disk_settings *settings)
{
	int err;

	*disk = (struct disk){ .settings = *settings, .fd = open_path(path) };
	if (disk->fd < 0)
		return -errno;
	err = ask(disk);
	if (err)
		disk_close(disk);
	return err;
}

void disk_close(struct disk *disk)
{
	reader_close(disk->reader);
	for (size_t i = 0; i < disk->count; i++)
		free((void *)disk->blocks[i].bytes);
	free(disk->blocks);
	free(disk->piped);
	close(disk->fd);
}

/* --- what was read */

/* Takes bytes over. */
static int add_block(struct disk *disk, __u64 offset, __u32 size, void *bytes, int err)
{
	if (disk->count == disk->room) {
		size_t room = disk->room ? 2 * disk->room : 8;
		struct ptcheck_block *blocks = reallocarray(disk->blocks, room, sizeof(*blocks));

		if (!blocks) {
			free(bytes);
			return -ENOMEM;
		}
		disk->blocks = blocks;
		disk->room = room;
	}
	disk->blocks[disk->count++] = (struct ptcheck_block){ offset, size, err, bytes };
	return 0;
}

/* What there was of it, as bytes to take over; the rest is not there. */
static int add_read(struct disk *disk, __u64 offset, __u32 size, void *bytes, __u32 got)
{
	int err = 0;

	if (got)
		err = add_block(disk, offset, got, bytes, 0);
	else
		free(bytes);
	return !err && got < size ? add_block(disk, offset + got, size - got, NULL, -ENODATA) : err;
}

static int add_copy(struct disk *disk, __u64 offset, __u32 size, const void *bytes, __u32 got)
{
	void *copy = malloc(got ? got : 1);

	if (!copy)
		return -ENOMEM;
	if (got)
		memcpy(copy, bytes, got);
	return add_read(disk, offset, size, copy, got);
}

static void count_read(struct disk *disk, long got)
{
	__u32 sector_size = disk->is_device ? disk->device_sector_size :
			    disk->known.sector_size ? disk->known.sector_size : 512;

	disk->reads++;
	if (got > 0)
		disk->sectors += ((__u64)got + sector_size - 1) / sector_size;
}

static bool has_reads(const struct disk *disk)
{
	return !disk->settings.max_reads || disk->reads < disk->settings.max_reads;
}

/* --- devices */

/* In pieces, so that what can be read is; true: it is worthwhile. */
static bool is_divisible(__u32 size, long err)
{
	return size > PIECE && err != -ETIMEDOUT && err != -ENXIO && err != -ENODEV && err != -ENOMEM;
}

/* Reads a piece into its place. 0 or a negative errno; -EIO: it was shorter. */
static int read_piece(struct disk *disk, __u64 offset, __u32 size, __u8 *place)
{
	const void *bytes;
	long got = reader_read(disk->reader, offset, size, &bytes);

	count_read(disk, got);
	if (got >= 0 && got < (long)size)
		got = -EIO;
	if (got > 0)
		memcpy(place, bytes, size);
	return got < 0 ? (int)got : 0;
}

/* Adjacent pieces that could be read are one block, since what lies in two is not seen. */
static int add_pieces(struct disk *disk, __u64 offset, __u32 size, __u8 *bytes)
{
	__u32 begin = 0, done = 0;
	unsigned int failed = 0;
	int err = 0;

	while (!err && done < size) {
		__u32 piece = size - done < PIECE ? size - done : PIECE;
		int read = -ECANCELED;

		if (failed < PIECES_FAILED_MAX && has_reads(disk))
			read = read_piece(disk, offset + done, piece, bytes + done);
		else
			piece = size - done;
		if (read) {
			failed++;
			err = add_copy(disk, offset + begin, done - begin, bytes + begin, done - begin);
			if (!err)
				err = add_block(disk, offset + done, piece, NULL, read);
			begin = done + piece;
		}
		done += piece;
	}
	return err ? err : add_copy(disk, offset + begin, size - begin, bytes + begin, size - begin);
}

static int read_pieces(struct disk *disk, __u64 offset, __u32 size)
{
	__u8 *bytes = malloc(size);
	int err = bytes ? add_pieces(disk, offset, size, bytes) : -ENOMEM;

	free(bytes);
	return err;
}

/* Whole sectors are read, of the device's size. */
static int read_device(struct disk *disk, __u64 offset, __u32 size)
{
	__u32 sector_size = disk->device_sector_size, before = (__u32)(offset % sector_size);
	const void *bytes;
	long got;

	offset -= before;
	size = (size + before + sector_size - 1) / sector_size * sector_size;
	if (size > READER_MOST)
		return add_block(disk, offset, size, NULL, -EFBIG);
	got = reader_read(disk->reader, offset, size, &bytes);
	count_read(disk, got);
	if (got >= 0)
		return add_copy(disk, offset, size, bytes, (__u32)got);
	return is_divisible(size, got) ? read_pieces(disk, offset, size) : add_block(disk, offset, size, NULL, (int)got);
}

/* --- files and pipes */

static int read_file(struct disk *disk, __u64 offset, __u32 size)
{
	void *bytes = malloc(size);
	ssize_t got;
	int err;

	if (!bytes)
		return -ENOMEM;
	got = pread(disk->fd, bytes, size, (off_t)offset);
	err = -errno;
	count_read(disk, got);
	if (got >= 0)
		return add_read(disk, offset, size, bytes, (__u32)got);
	free(bytes);
	return add_block(disk, offset, size, NULL, err);
}

/* Up to so many bytes from its beginning, if there are so many. 0 or a negative errno. */
static int fill_pipe(struct disk *disk, size_t end)
{
	while (disk->piped_size < end) {
		ssize_t got;

		if (disk->piped_room < end) {
			__u8 *piped = realloc(disk->piped, end);

			if (!piped)
				return -ENOMEM;
			disk->piped = piped;
			disk->piped_room = end;
		}
		got = read(disk->fd, disk->piped + disk->piped_size, end - disk->piped_size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : 0;
		disk->piped_size += (size_t)got;
	}
	return 0;
}

static int read_pipe(struct disk *disk, __u64 offset, __u32 size)
{
	size_t before = disk->piped_size;
	__u64 got;
	int err;

	if (offset > PIPE_MOST - size)
		return add_block(disk, offset, size, NULL, -ENODATA);
	err = fill_pipe(disk, (size_t)offset + size);
	if (err == -ENOMEM)
		return err;
	count_read(disk, (long)(disk->piped_size - before));
	if (err)
		return add_block(disk, offset, size, NULL, err);
	got = disk->piped_size > offset ? disk->piped_size - offset : 0;
	return add_copy(disk, offset, size, got ? disk->piped + offset : NULL, got < size ? (__u32)got : size);
}

static int read_wanted(struct disk *disk, const struct ptcheck_range *wanted)
{
	if (disk->is_device)
		return read_device(disk, wanted->offset, wanted->size);
	return disk->is_pipe ? read_pipe(disk, wanted->offset, wanted->size) : read_file(disk, wanted->offset, wanted->size);
}

int disk_judge(struct disk *disk, struct ptcheck_result *result)
{
	int err = 0;

	for (unsigned int i = 0; !err && ptcheck_judge(result, &disk->known, disk->blocks, disk->count); i++) {
		if (!has_reads(disk) || i == PTCHECK_READS_MAX)
			break;
		err = read_wanted(disk, &result->wanted);
	}
	return err;
}

int disk_list(struct disk *disk, enum ptcheck_kind kind, struct ptcheck_table *table)
{
	int err = 0;

	for (unsigned int i = 0; !err && ptcheck_list(table, kind, &disk->known, disk->blocks, disk->count); i++) {
		if (!has_reads(disk) || i == PTCHECK_LIST_READS_MAX)
			break;
		err = read_wanted(disk, &table->wanted);
	}
	if (!err && table->wanted.size && !table->fault)
		table->fault = "not all of it was read";
	return err;
}
