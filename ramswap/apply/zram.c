// SPDX-License-Identifier: GPL-2.0-or-later
/* zram devices are made and removed by two files of /sys/class/zram-control. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "internal.h"

#define CONTROL "sys/class/zram-control"

enum {
	NUMBER_MOST = 1 << 20,
	/* udev opens a device that is new or has changed, for some milliseconds. */
	REMOVE_TRIES = 100,
	REMOVE_PAUSE_NS = 20000000,
};

static bool has_file(int root, const char *device, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/block/%s/%s", device, name);
	return apply_exists(root, path);
}

bool apply_zram_exists(int root, const char *device)
{
	return has_file(root, device, "initstate");
}

bool apply_zram_has_size(int root, const char *device)
{
	char path[128];
	__u64 state;

	snprintf(path, sizeof(path), "sys/block/%s/initstate", device);
	return !apply_read_number(root, path, &state) && state;
}

unsigned int apply_zram_next(int root)
{
	char device[32];
	unsigned int number = 0;

	for (; number < NUMBER_MOST; number++) {
		snprintf(device, sizeof(device), "zram%u", number);
		if (!apply_zram_exists(root, device))
			break;
	}
	return number;
}

/* Reading the file makes a device. */
int apply_zram_add(int root, unsigned int *number)
{
	__u64 got = 0;
	int err = apply_read_number(root, CONTROL "/hot_add", &got);

	if (!err && got > NUMBER_MOST)
		err = -ERANGE;
	if (!err)
		*number = (unsigned int)got;
	return err;
}

int apply_zram_remove(int root, const char *device)
{
	const struct timespec pause = { 0, REMOVE_PAUSE_NS };
	int err = -EBUSY;

	for (int i = 0; i < REMOVE_TRIES && err == -EBUSY; i++) {
		if (i)
			nanosleep(&pause, NULL);
		err = apply_write(root, CONTROL "/hot_remove", device + strlen("zram"));
	}
	return err == -ENODEV ? 0 : err;
}

bool apply_zram_is_left_over(int root, const char *device)
{
	char uuid[APPLY_UUID_TEXT];
	int fd = apply_device_open(root, device, O_RDONLY | O_EXCL);
	bool is_blank;

	if (fd < 0)
		return false;
	is_blank = apply_device_is_blank(fd);
	close(fd);
	return is_blank || (!apply_header_read(root, device, uuid) && *uuid);
}
