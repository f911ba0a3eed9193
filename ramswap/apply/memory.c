// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A dax device as memory of the kernel: the driver kmem takes it in place of device_dax, and makes blocks of memory of
 * it, Documentation/admin-guide/mm/memory-hotplug.rst. Each is set online as movable, so that it can be taken offline.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/text/number.h"
#include "internal.h"

#define DAX "sys/bus/dax"
#define BLOCKS "sys/devices/system/memory"

/* Numbers of blocks: first to before end. */
struct blocks {
	__u64 first, end;
};

/* Only whole blocks of the device become memory. */
static int find_blocks(int root, const char *device, struct blocks *blocks)
{
	char path[128], value[APPLY_VALUE_MAX];
	__u64 start, size, block;
	int err;

	snprintf(path, sizeof(path), DAX "/devices/%s/resource", device);
	err = apply_read(root, path, value);
	if (!err)
		err = number_parse_hex(value, &start);
	snprintf(path, sizeof(path), DAX "/devices/%s/size", device);
	if (!err)
		err = apply_read_number(root, path, &size);
	if (!err)
		err = apply_read(root, BLOCKS "/block_size_bytes", value);
	if (!err)
		err = number_parse_hex(value, &block);
	if (err)
		return err;
	if (!block || start > ~0ULL - size || start + size > ~0ULL - block)
		return -ERANGE;
	blocks->first = (start + block - 1) / block;
	blocks->end = (start + size) / block;
	return blocks->first < blocks->end ? 0 : -ERANGE;
}

static bool has_driver(int root, const char *device, const char *driver)
{
	char path[128];

	snprintf(path, sizeof(path), DAX "/drivers/%s/%s", driver, device);
	return file_exists_below(root, path);
}

static int tell_driver(int root, const char *driver, const char *file, const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), DAX "/drivers/%s/%s", driver, file);
	return apply_write(root, path, device);
}

/* Blocks that have the state already are left. 0 or the first error: the others are tried all the same. */
static int set_blocks(int root, const struct blocks *blocks, bool is_online)
{
	char path[128], state[APPLY_VALUE_MAX];
	int first = 0, err;

	for (__u64 i = blocks->first; i < blocks->end; i++) {
		snprintf(path, sizeof(path), BLOCKS "/memory%llu/state", (unsigned long long)i);
		err = apply_read(root, path, state);
		if (!err && !strcmp(state, is_online ? "offline" : "online"))
			err = apply_write(root, path, is_online ? "online_movable" : "offline");
		/* Without the driver there are none, which is right when they go. */
		if (err && !first && (is_online || err != -ENOENT))
			first = err;
	}
	return first;
}

static bool are_online(int root, const struct blocks *blocks)
{
	char path[128], state[APPLY_VALUE_MAX];

	for (__u64 i = blocks->first; i < blocks->end; i++) {
		snprintf(path, sizeof(path), BLOCKS "/memory%llu/state", (unsigned long long)i);
		if (apply_read(root, path, state) || strcmp(state, "online"))
			return false;
	}
	return true;
}

bool apply_memory_is_whole(int root, const char *device)
{
	struct blocks blocks;

	return has_driver(root, device, "kmem") && !find_blocks(root, device, &blocks) && are_online(root, &blocks);
}

int apply_memory_add(int root, const char *device, struct ramswap_problem *problem)
{
	struct blocks blocks;
	int err = find_blocks(root, device, &blocks);

	if (err == -ERANGE)
		return apply_fail(problem, err, "%s: it is smaller than a block of memory", device);
	if (err)
		return apply_fail(problem, err, "%s: its place and size: %s", device, strerror(-err));
	if (has_driver(root, device, "device_dax"))
		err = tell_driver(root, "device_dax", "unbind", device);
	if (err)
		return apply_fail(problem, err, "take %s from the driver device_dax: %s", device, strerror(-err));
	/* new_id binds it at once. */
	if (!has_driver(root, device, "kmem"))
		err = tell_driver(root, "kmem", "new_id", device);
	if (!err && !has_driver(root, device, "kmem"))
		err = -ENODEV;
	if (err)
		return apply_fail(problem, err, "give %s to the driver kmem: %s", device, strerror(-err));
	err = set_blocks(root, &blocks, true);
	if (err)
		return apply_fail(problem, err, "set the memory of %s online: %s", device, strerror(-err));
	return 0;
}

static int give_back(int root, const char *device)
{
	int err = 0;

	if (has_driver(root, device, "kmem"))
		err = tell_driver(root, "kmem", "unbind", device);
	if (err)
		return err;
	/* Fails if it was never given. */
	tell_driver(root, "kmem", "remove_id", device);
	if (!has_driver(root, device, "device_dax"))
		err = tell_driver(root, "device_dax", "bind", device);
	return err;
}

int apply_memory_remove(int root, const char *device, struct ramswap_problem *problem)
{
	struct blocks blocks;
	int err = find_blocks(root, device, &blocks);

	/* It went by itself. */
	if (err == -ENOENT)
		return 0;
	if (!err && has_driver(root, device, "kmem"))
		err = set_blocks(root, &blocks, false);
	if (err == -EBUSY || err == -ENOMEM)
		return apply_fail(problem, err, "%s stays memory: what is in it cannot be moved elsewhere: %s", device,
			strerror(-err));
	if (err && err != -ERANGE)
		return apply_fail(problem, err, "set the memory of %s offline: %s", device, strerror(-err));
	err = give_back(root, device);
	if (err)
		return apply_fail(problem, err, "give %s back to the driver device_dax: %s", device, strerror(-err));
	return 0;
}
