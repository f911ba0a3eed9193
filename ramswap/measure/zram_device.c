// SPDX-License-Identifier: GPL-2.0-or-later
#include "zram_device.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/file/value.h"
#include "../../lib/system/modprobe.h"
#include "../state/lock.h"
#include "../zram/control.h"
#include "fail.h"

#define CONTROL "/sys/class/zram-control"

enum {
	LOCK_SECONDS = 10, /* another ramswap may be at work for so long */
	BUSY_TRIES = 200, /* udev looks into a device that was written to */
	BUSY_NS = 10000000, /* between them */
};

int measure_device_load(struct ramswap_problem *problem)
{
	int err;

	if (geteuid())
		return measure_fail(problem, -EACCES, "only root can add a zram device");
	if (!access(CONTROL "/hot_add", F_OK))
		return 0;
	/* Without a device of its own, which would stay. */
	err = modprobe_with("zram", "num_devices=0");
	if (!err && access(CONTROL "/hot_add", F_OK))
		err = -ENODEV;
	if (err)
		measure_fail(problem, -ENODEV, "this kernel has no zram, or it cannot be loaded");
	return err ? -ENODEV : 0;
}

static int write_attribute(const struct measure_device *device, const char *name, const char *value)
{
	return value_write(file_open_below(device->attributes, name, O_WRONLY), value);
}

/* Whether nobody has it, and its first page is empty. */
static bool is_left_over(const char *name)
{
	unsigned char bytes[512] = { 0 };
	char path[sizeof("/dev/") + sizeof(((struct state_step *)NULL)->name)];
	ssize_t got;
	int file;

	snprintf(path, sizeof(path), "/dev/%s", name);
	file = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	if (file < 0)
		return false;
	got = pread(file, bytes, sizeof(bytes), 0);
	close(file);
	for (ssize_t i = 0; i < got; i++)
		if (bytes[i])
			return false;
	return got >= 0;
}

/* Devices that are in the state, and were not made into swap: who made them was killed. */
static void remove_left_over(struct measure_device *device)
{
	for (size_t i = device->state.count; i--;) {
		const struct state_step *step = &device->state.steps[i];

		if (step->kind != STATE_ZRAM || state_has(&device->state, STATE_SWAP, step->name) ||
			!is_left_over(step->name) || zram_remove(device->root, step->name))
			continue;
		state_drop(device->root, &device->state, i);
	}
}

/* The device is added, and in the state. */
static int add_device(struct measure_device *device, struct ramswap_problem *problem)
{
	struct state_step step = { .kind = STATE_ADDING };
	size_t place = device->state.count;
	int err;

	snprintf(step.name, sizeof(step.name), "zram%u", zram_next(device->root));
	err = state_add(device->root, &device->state, &step);
	if (err)
		return measure_fail(problem, err, "/%s: %s", STATE_FILE, strerror(-err));
	err = zram_add(device->root, &device->number);
	if (err) {
		state_drop(device->root, &device->state, place);
		return measure_fail(problem, err, "a zram device could not be added: %s", strerror(-err));
	}
	snprintf(device->name, sizeof(device->name), "zram%u", device->number);
	snprintf(device->path, sizeof(device->path), "/dev/zram%u", device->number);
	step.kind = STATE_ZRAM;
	memcpy(step.name, device->name, sizeof(device->name));
	err = state_replace(device->root, &device->state, place, &step);
	if (err) {
		zram_remove(device->root, device->name);
		state_drop(device->root, &device->state, place);
		return measure_fail(problem, err, "/%s: %s", STATE_FILE, strerror(-err));
	}
	return 0;
}

static int open_attributes(struct measure_device *device, struct ramswap_problem *problem)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%u", device->number);
	device->attributes = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return device->attributes < 0 ? measure_fail(problem, -errno, "%s: %s", path, strerror(errno)) : 0;
}

/* Removes the device and its line. */
static int remove_device(struct measure_device *device, struct ramswap_problem *problem)
{
	int err = zram_remove(device->root, device->name);
	ssize_t place = state_find(&device->state, STATE_ZRAM, device->name);

	if (err)
		return measure_fail(problem, err, "%s could not be removed: %s", device->name, strerror(-err));
	if (place >= 0)
		err = state_drop(device->root, &device->state, (size_t)place);
	return err ? measure_fail(problem, err, "/%s: %s", STATE_FILE, strerror(-err)) : 0;
}

static void close_all(struct measure_device *device)
{
	if (device->attributes >= 0)
		close(device->attributes);
	state_free(&device->state);
	if (device->lock >= 0)
		close(device->lock);
	if (device->root >= 0)
		close(device->root);
	*device = (struct measure_device){ .root = -1, .lock = -1, .attributes = -1 };
}

static int open_state(struct measure_device *device, struct ramswap_problem *problem)
{
	int err;

	device->root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (device->root < 0)
		return measure_fail(problem, -errno, "/: %s", strerror(errno));
	device->lock = state_lock(device->root, LOCK_SECONDS, problem);
	if (device->lock < 0)
		return device->lock;
	err = state_read(device->root, &device->state);
	return err ? measure_fail(problem, err, "/%s: %s", STATE_FILE, strerror(-err)) : 0;
}

int measure_device_add(struct measure_device *device, struct ramswap_problem *problem)
{
	struct ramswap_problem other;
	int err;

	*device = (struct measure_device){ .root = -1, .lock = -1, .attributes = -1 };
	err = open_state(device, problem);
	if (!err) {
		remove_left_over(device);
		err = add_device(device, problem);
	}
	if (!err) {
		err = open_attributes(device, problem);
		if (err)
			remove_device(device, &other);
	}
	if (err)
		close_all(device);
	return err;
}

int measure_device_set_up(const struct measure_device *device, const char *algorithm, __u64 size,
	struct ramswap_problem *problem)
{
	char text[32];
	int err = write_attribute(device, "comp_algorithm", algorithm);

	snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
	if (!err)
		err = write_attribute(device, "disksize", text);
	if (err)
		return measure_fail(problem, err, "%s could not be set up with %s: %s", device->name, algorithm,
			strerror(-err));
	return 0;
}

int measure_device_reset(const struct measure_device *device, struct ramswap_problem *problem)
{
	const struct timespec pause = { .tv_nsec = BUSY_NS };
	int err = write_attribute(device, "reset", "1");

	for (int i = 0; err == -EBUSY && i < BUSY_TRIES; i++) {
		nanosleep(&pause, NULL);
		err = write_attribute(device, "reset", "1");
	}
	if (err)
		measure_fail(problem, err, "%s could not be reset: %s", device->name, strerror(-err));
	return err;
}

int measure_device_remove(struct measure_device *device, struct ramswap_problem *problem)
{
	struct ramswap_problem other;
	int err = measure_device_reset(device, problem), removed;

	removed = remove_device(device, err ? &other : problem);
	close_all(device);
	return err ? err : removed;
}
