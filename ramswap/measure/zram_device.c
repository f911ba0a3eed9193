// SPDX-License-Identifier: GPL-2.0-or-later
#include "zram_device.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/system/modprobe.h"
#include "../../lib/text/number.h"
#include "fail.h"

#define CONTROL "/sys/class/zram-control"

enum {
	BUSY_TRIES = 200, /* udev looks into a device that was written to */
	BUSY_NS = 10000000, /* between them */
	NUMBER_MOST = 1 << 20, /* minors of a block device */
};

/* -ENODEV: this kernel has none. */
static int load(struct ramswap_problem *problem)
{
	int err;

	if (!access(CONTROL "/hot_add", F_OK))
		return 0;
	err = modprobe("zram");
	if (!err && access(CONTROL "/hot_add", F_OK))
		err = -ENODEV;
	if (err)
		measure_fail(problem, -ENODEV, "this kernel has no zram, or it cannot be loaded");
	return err ? -ENODEV : 0;
}

/* Reading hot_add makes the device. */
static int hot_add(unsigned int *number, struct ramswap_problem *problem)
{
	int file = open(CONTROL "/hot_add", O_RDONLY | O_CLOEXEC), err = 0;
	char text[32];
	ssize_t size;
	__u64 value = 0;

	if (file < 0)
		return measure_fail(problem, -errno, "a zram device could not be added: %s", strerror(errno));
	size = read(file, text, sizeof(text) - 1);
	if (size < 0)
		err = -errno;
	close(file);
	if (!err) {
		text[size] = 0;
		text[strcspn(text, "\n")] = 0;
		err = number_parse(text, 0, NUMBER_MOST, &value);
	}
	if (err)
		return measure_fail(problem, err, "a zram device could not be added: %s", strerror(-err));
	*number = (unsigned int)value;
	return 0;
}

static int write_file(int folder, const char *name, const char *value)
{
	int file = openat(folder, name, O_WRONLY | O_CLOEXEC), err = 0;

	if (file < 0)
		return -errno;
	if (write(file, value, strlen(value)) < 0)
		err = -errno;
	close(file);
	return err;
}

/* Tries again as long as somebody has the device open. */
static int write_patiently(int folder, const char *name, const char *value)
{
	const struct timespec pause = { .tv_nsec = BUSY_NS };
	int err = write_file(folder, name, value);

	for (int i = 0; err == -EBUSY && i < BUSY_TRIES; i++) {
		nanosleep(&pause, NULL);
		err = write_file(folder, name, value);
	}
	return err;
}

static int remove_number(unsigned int number)
{
	int folder = open(CONTROL, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	char text[32];

	if (folder < 0)
		return -errno;
	snprintf(text, sizeof(text), "%u", number);
	err = write_patiently(folder, "hot_remove", text);
	close(folder);
	return err;
}

int measure_device_add(struct measure_device *device, struct ramswap_problem *problem)
{
	char path[64];
	int err;

	*device = (struct measure_device){ .attributes = -1 };
	if (geteuid())
		return measure_fail(problem, -EACCES, "only root can add a zram device");
	err = load(problem);
	if (!err)
		err = hot_add(&device->number, problem);
	if (err)
		return err;
	snprintf(device->name, sizeof(device->name), "zram%u", device->number);
	snprintf(device->path, sizeof(device->path), "/dev/zram%u", device->number);
	snprintf(path, sizeof(path), "/sys/block/zram%u", device->number);
	device->attributes = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (device->attributes < 0) {
		err = measure_fail(problem, -errno, "%s: %s", path, strerror(errno));
		remove_number(device->number);
	}
	return err;
}

int measure_device_set_up(const struct measure_device *device, const char *algorithm, __u64 size,
	struct ramswap_problem *problem)
{
	char text[32];
	int err = write_file(device->attributes, "comp_algorithm", algorithm);

	snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
	if (!err)
		err = write_file(device->attributes, "disksize", text);
	if (err)
		return measure_fail(problem, err, "%s could not be set up with %s: %s", device->name, algorithm, strerror(-err));
	return 0;
}

int measure_device_reset(const struct measure_device *device, struct ramswap_problem *problem)
{
	int err = write_patiently(device->attributes, "reset", "1");

	if (err)
		measure_fail(problem, err, "%s could not be reset: %s", device->name, strerror(-err));
	return err;
}

int measure_device_remove(struct measure_device *device, struct ramswap_problem *problem)
{
	int err = measure_device_reset(device, problem), removed;

	close(device->attributes);
	device->attributes = -1;
	removed = remove_number(device->number);
	if (removed && !err)
		err = measure_fail(problem, removed, "%s could not be removed: %s", device->name, strerror(-removed));
	return err;
}
