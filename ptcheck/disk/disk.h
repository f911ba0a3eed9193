/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk, an image or the beginning of one through a pipe: what ptcheck_judge wants is read of it, and counted. */
#ifndef PTCHECK_DISK_H
#define PTCHECK_DISK_H

#include "../ptcheck.h"

struct disk_settings {
	__u64 size; /* bytes; 0: what it has; of a pipe unknown */
	__u32 sector_size; /* 0: what a device says; of an image unknown */
	bool thorough;
	unsigned int max_reads; /* 0: as many as it needs */
	double timeout; /* seconds that a device has for a read */
};

struct disk_reader;

struct disk {
	struct disk_settings settings;
	struct ptcheck_disk known;
	int fd;
	bool is_device, is_pipe;
	__u32 device_sector_size; /* whatever the settings say: what a device can be read in */
	struct ptcheck_block *blocks; /* what was read, and what could not be */
	size_t count, room;
	unsigned int reads; /* how often it was read */
	__u64 sectors; /* how many, of the device's, or of known.sector_size or 512 */
	struct disk_reader *reader; /* of a device */
	__u8 *piped; /* of a pipe: all so far */
	size_t piped_size, piped_room;
};

/*
 * Opens path; "-": standard input. 0; a negative errno: -ENOTBLK: neither a disk nor a file. A device is
 * read past the page cache where that is possible, so that the kernel reads no more than was asked for.
 */
int disk_open(struct disk *disk, const char *path, const struct disk_settings *settings);

/*
 * 0 or -ENOMEM. What cannot be read is a block with err set: -ENODATA behind the end of an image, -ETIMEDOUT, and
 * -ECANCELED of what was given up because much before it failed.
 */
int disk_judge(struct disk *disk, struct ptcheck_result *result);
int disk_list(struct disk *disk, enum ptcheck_kind kind, struct ptcheck_table *table);

/* Closes it, and frees what was read. */
void disk_close(struct disk *disk);

#endif
