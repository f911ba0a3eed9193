// SPDX-License-Identifier: GPL-2.0-or-later
/* Block devices, and the swap headers in them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../facts/usable.h"
#include "header.h"
#include "internal.h"

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int apply_device_open(int root, const char *device, int flags)
{
	char path[RAMSWAP_NAME_MAX + 16];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "dev/%s", device);
	fd = file_open_below(root, path, flags);
	if (fd < 0)
		return fd;
	if (!fstat(fd, &st) && S_ISBLK(st.st_mode))
		return fd;
	close(fd);
	return -ENOTBLK;
}

int apply_device_find(int root, const char *path, char device[RAMSWAP_NAME_MAX + 1])
{
	char link[64], target[RAMSWAP_PATH_MAX + 1];
	int fd = file_open_below(root, path, O_PATH);
	struct stat st;
	ssize_t size;

	if (fd < 0)
		return fd;
	size = fstat(fd, &st) ? -1 : 0;
	close(fd);
	if (size < 0 || !S_ISBLK(st.st_mode))
		return -ENOTBLK;
	snprintf(link, sizeof(link), "sys/dev/block/%u:%u", major(st.st_rdev), minor(st.st_rdev));
	size = readlinkat(root, link, target, sizeof(target) - 1);
	if (size < 0)
		return -ENODEV;
	target[size] = 0;
	if (snprintf(device, RAMSWAP_NAME_MAX + 1, "%s", strrchr(target, '/') ? strrchr(target, '/') + 1 : target) >
		RAMSWAP_NAME_MAX)
		return -ENAMETOOLONG;
	return 0;
}

/* What facts say of the device, is it of the one that fd has? */
static bool is_same_device(int fd, const struct ramswap_block *block)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISBLK(st.st_mode) && major(st.st_rdev) == block->major &&
	       minor(st.st_rdev) == block->minor;
}

static int judge(int root, int fd, struct ramswap_facts *facts, const char *device, struct ramswap_problem *problem)
{
	char reason[FACTS_REASON_MAX + 1];
	const struct ramswap_block *block;
	int err = ramswap_facts_read_signature(root, facts, device);

	block = ramswap_find_block(facts, device);
	if (!block || !is_same_device(fd, block))
		return apply_fail(problem, -ENODEV, "%s: it is not there any more", device);
	if (err)
		return apply_fail(problem, err, "%s: what is in it could not be read: %s", device, strerror(-err));
	if (facts_block_usable(facts, block, reason, sizeof(reason)) != SOURCE_USABLE)
		return apply_fail(problem, -EBUSY, "%s is not taken: %s", device, reason);
	return 0;
}

int apply_device_check(int root, int fd, const char *device, struct ramswap_problem *problem)
{
	struct ramswap_facts *facts;
	int err = ramswap_facts_read_some(root,
		RAMSWAP_READ_BLOCKS | RAMSWAP_READ_SIGNATURES | RAMSWAP_READ_ZRAM | RAMSWAP_READ_NAMESPACES |
			RAMSWAP_READ_HIBERNATION,
		&facts, problem);

	if (err)
		return err;
	err = judge(root, fd, facts, device, problem);
	ramswap_facts_free(facts);
	return err;
}

int apply_device_check_content(int root, const char *device, struct ramswap_problem *problem)
{
	const struct ramswap_block *block = NULL;
	struct ramswap_facts *facts;
	int err = ramswap_facts_read_some(root, RAMSWAP_READ_BLOCKS, &facts, problem);

	if (err)
		return err;
	if (!ramswap_facts_read_signature(root, facts, device))
		block = ramswap_find_block(facts, device);
	if (!block)
		err = apply_fail(problem, -ENODEV, "%s: it is not there any more, or cannot be read", device);
	else if (*block->signature && (strcmp(block->signature, "swap") || strcmp(block->label, STATE_SWAP_LABEL)))
		err = apply_fail(problem, -EBUSY, "%s is not taken: %s is on it", device, block->signature);
	ramswap_facts_free(facts);
	return err;
}

/* The caller frees it; NULL: it could not be read. */
static __u8 *read_page(int fd)
{
	__u8 *page = malloc(page_size());

	if (page && pread(fd, page, page_size(), 0) == (ssize_t)page_size())
		return page;
	free(page);
	return NULL;
}

bool apply_device_is_blank(int fd)
{
	__u8 *page = read_page(fd);
	bool is_blank = page && !page[0] && !memcmp(page, page + 1, page_size() - 1);

	free(page);
	return is_blank;
}

static int read_uuid(int fd, char uuid[APPLY_UUID_TEXT])
{
	__u8 *page = read_page(fd);

	*uuid = 0;
	if (!page)
		return -EIO;
	if (!header_parse(page, page_size(), uuid))
		*uuid = 0;
	free(page);
	return 0;
}

int apply_header_read(int root, const char *device, char uuid[APPLY_UUID_TEXT])
{
	int fd = apply_device_open(root, device, O_RDONLY), err;

	*uuid = 0;
	if (fd < 0)
		return fd;
	err = read_uuid(fd, uuid);
	close(fd);
	return err;
}

static int write_page(int fd, const __u8 *page)
{
	ssize_t put = pwrite(fd, page, page_size(), 0);

	if (put != (ssize_t)page_size())
		return put < 0 ? -errno : -EIO;
	return fsync(fd) ? -errno : 0;
}

int apply_header_write(int fd, __u64 size, const char *uuid)
{
	__u8 *page = malloc(page_size());
	__u64 room = 0;
	int err;

	if (!page)
		return -ENOMEM;
	if (ioctl(fd, BLKGETSIZE64, &room))
		err = -errno;
	else
		err = size > room ? -ENOSPC : header_make(page, page_size(), size, uuid);
	if (!err)
		err = write_page(fd, page);
	free(page);
	return err;
}

int apply_header_wipe(int root, const char *device, const char *uuid)
{
	int fd = apply_device_open(root, device, O_RDWR | O_EXCL), err;
	char has[APPLY_UUID_TEXT];
	__u8 *blank;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	err = read_uuid(fd, has);
	if (!err && *has && !strcmp(has, uuid)) {
		blank = calloc(1, page_size());
		err = blank ? write_page(fd, blank) : -ENOMEM;
		free(blank);
	}
	close(fd);
	return err;
}
