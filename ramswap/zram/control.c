// SPDX-License-Identifier: GPL-2.0-or-later
#include "control.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "../../lib/file/below.h"
#include "../../lib/file/value.h"
#include "../../lib/text/number.h"

#define CONTROL "sys/class/zram-control"

enum {
	NUMBER_MOST = 1 << 20, /* minors of a block device */
	/* udev opens a device that is new or has changed, for some milliseconds. */
	REMOVE_TRIES = 100,
	REMOVE_PAUSE_NS = 20000000,
};

static int read_number(int root, const char *path, __u64 *number)
{
	char value[32];
	int err = value_read(file_open_below(root, path, O_RDONLY), value, sizeof(value));

	return err ? err : number_parse(value, 0, NUMBER_MOST, number);
}

static void print_path(char path[128], const char *device)
{
	snprintf(path, 128, "sys/block/%.64s/initstate", device);
}

bool zram_exists(int root, const char *device)
{
	char path[128];

	print_path(path, device);
	return file_exists_below(root, path);
}

bool zram_has_size(int root, const char *device)
{
	char path[128];
	__u64 state;

	print_path(path, device);
	return !read_number(root, path, &state) && state;
}

unsigned int zram_next(int root)
{
	char device[32];
	unsigned int number = 0;

	for (; number < NUMBER_MOST; number++) {
		snprintf(device, sizeof(device), "zram%u", number);
		if (!zram_exists(root, device))
			break;
	}
	return number;
}

/* Reading the file makes a device. */
int zram_add(int root, unsigned int *number)
{
	__u64 got;
	int err = read_number(root, CONTROL "/hot_add", &got);

	if (!err)
		*number = (unsigned int)got;
	return err;
}

int zram_remove(int root, const char *device)
{
	const struct timespec pause = { 0, REMOVE_PAUSE_NS };
	int err = -EBUSY;

	for (int i = 0; i < REMOVE_TRIES && err == -EBUSY; i++) {
		if (i)
			nanosleep(&pause, NULL);
		err = value_write(file_open_below(root, CONTROL "/hot_remove", O_WRONLY), device + strlen("zram"));
	}
	return err == -ENODEV ? 0 : err;
}
