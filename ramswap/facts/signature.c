// SPDX-License-Identifier: GPL-2.0-or-later
#include "signature.h"
#include <blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "blocks.h"
#include "reader.h"

/* Of safe probing. */
enum { FOUND = 0, NOTHING = 1 };

enum { IMAGE_MOST = 1 << 20 };

static bool is_device(int fd, bool has_images, const struct ramswap_block *block)
{
	struct stat stat;

	if (fstat(fd, &stat))
		return false;
	if (S_ISREG(stat.st_mode))
		return has_images;
	return S_ISBLK(stat.st_mode) && !has_images && stat.st_rdev == makedev(block->major, block->minor);
}

static int open_device(int root, bool has_images, const struct ramswap_block *block)
{
	char path[RAMSWAP_NAME_MAX + 6];
	int fd;

	facts_block_path(path, block->name);
	fd = file_open_below(root, path, O_RDONLY);
	if (fd >= 0 && !is_device(fd, has_images, block)) {
		close(fd);
		return -ENODEV;
	}
	return fd;
}

/* A recorded device is its first bytes: zeroes follow, up to its size, without which libblkid finds it too small. */
static int complete_image(int fd, __u64 size)
{
	char *bytes = NULL;
	size_t room = 0, length;
	int whole = memfd_create("image", MFD_CLOEXEC);

	if (whole < 0 || file_read_open(fd, IMAGE_MOST, &bytes, &room, &length) ||
		write(whole, bytes, length) != (ssize_t)length || ftruncate(whole, (off_t)size)) {
		if (whole >= 0)
			close(whole);
		whole = -EIO;
	}
	free(bytes);
	close(fd);
	return whole;
}

static void take_value(blkid_probe probe, const char *name, char *to)
{
	const char *value;

	if (!blkid_probe_lookup_value(probe, name, &value, NULL))
		snprintf(to, RAMSWAP_NAME_MAX + 1, "%s", value);
}

/* A superblock with a wrong checksum is somebody's, too. */
static void probe_open(blkid_probe probe, struct ramswap_block *block)
{
	int found;

	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL | BLKID_SUBLKS_BADCSUM);
	blkid_probe_enable_partitions(probe, 1);
	found = blkid_do_safeprobe(probe);
	if (found != FOUND && found != NOTHING)
		return;
	*block->signature = 0;
	if (found == NOTHING)
		return;
	take_value(probe, "TYPE", block->signature);
	take_value(probe, "LABEL", block->label);
	if (!*block->signature)
		take_value(probe, "PTTYPE", block->signature);
	/* Something was found that has no name. */
	if (!*block->signature)
		strcpy(block->signature, "?");
}

void facts_probe(int root, bool has_images, struct ramswap_block *block)
{
	blkid_probe probe;
	int fd = open_device(root, has_images, block);

	strcpy(block->signature, "?");
	*block->label = 0;
	if (fd >= 0 && has_images)
		fd = complete_image(fd, block->size);
	if (fd < 0)
		return;
	probe = blkid_new_probe();
	if (probe && !blkid_probe_set_device(probe, fd, 0, 0))
		probe_open(probe, block);
	blkid_free_probe(probe);
	close(fd);
}

static bool is_swap(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_file && !strcmp(facts->swaps[i].device, block->name))
			return true;
	return false;
}

/* An active swap is not read: the kernel says what it is, and each page of zram would be decompressed. */
int facts_read_signatures(struct facts_reader *reader)
{
	for (size_t i = 0; i < reader->facts->block_count; i++) {
		struct ramswap_block *block = &reader->facts->blocks[i];

		if (block->kind == RAMSWAP_DISK)
			continue;
		if (is_swap(reader->facts, block))
			strcpy(block->signature, "swap");
		else if (!block->size)
			*block->signature = 0;
		else
			facts_probe(reader->root, !reader->is_running, block);
	}
	return 0;
}
