// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations, one after the other: into the state first, then done. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/system/modprobe.h"
#include "../zram/control.h"
#include "header.h"
#include "internal.h"

enum { BUSES_MOST = 64 }; /* of libnvdimm */

/* What the operation's words begin a complaint with. */
static int say(const struct apply_run *run, int err, const char *words)
{
	return apply_fail(run->problem, err, "%s: %s", words, strerror(-err));
}

static int record(struct apply_run *run, const struct state_step *step)
{
	int err = state_add(run->root, run->state, step);

	if (err)
		return apply_fail(run->problem, err, "/%s: %s", STATE_FILE, strerror(-err));
	return 0;
}

static int stopped(const struct apply_run *run)
{
	return apply_fail(run->problem, -ECANCELED, "interrupted");
}

static struct state_step step_of(enum state_kind kind, const char *prefix, const char *name)
{
	struct state_step step = { .kind = kind };

	snprintf(step.name, sizeof(step.name), "%s%s", prefix, name);
	return step;
}

/* libnvdimm finds devices while modprobe(8) has long come back. Reading this waits for them. */
static void wait_for_pmem(const struct apply_run *run)
{
	char path[64], value[APPLY_VALUE_MAX];

	for (unsigned int bus = 0; bus < BUSES_MOST; bus++) {
		snprintf(path, sizeof(path), "sys/bus/nd/devices/ndbus%u/wait_probe", bus);
		if (apply_read(run->root, path, value) == -ENOENT)
			break;
	}
}

/* zram comes with a device, which is then the one to use; brd is there for its device alone. */
static int run_module(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	struct state_step step = step_of(STATE_MODULE, "", operation->device);
	bool is_recorded = true;
	char path[RAMSWAP_NAME_MAX + 32];
	int err = 0;

	snprintf(path, sizeof(path), "sys/module/%s", operation->device);
	if (file_exists_below(run->root, path))
		return 0;
	if (!strcmp(operation->device, "zram"))
		step = step_of(STATE_ADDING, "", "zram0");
	else
		is_recorded = !strcmp(operation->device, "brd");
	if (is_recorded)
		err = record(run, &step);
	if (!err && !apply_tell(run->watcher, APPLY_RECORDED, words))
		return stopped(run);
	if (!err && (err = modprobe_with(operation->device, operation->value)))
		return apply_fail(run->problem, err, "%s: %s", words,
			err == -ENOENT ? "there is no modprobe" : "modprobe could not");
	if (!err)
		wait_for_pmem(run);
	return err;
}

/* Between the two lines a kill leaves a device that has no size: "adding" is enough to find it. */
static int add_zram(struct apply_run *run, const char *words)
{
	struct state_step step = { .kind = STATE_ADDING };
	unsigned int number;
	int err;

	snprintf(step.name, sizeof(step.name), "zram%u", zram_next(run->root));
	err = record(run, &step);
	if (err)
		return err;
	if (!apply_tell(run->watcher, APPLY_RECORDED, words))
		return stopped(run);
	err = zram_add(run->root, &number);
	if (err)
		return say(run, err, words);
	if (!apply_tell(run->watcher, APPLY_MADE, words))
		return stopped(run);
	step.kind = STATE_ZRAM;
	snprintf(step.name, sizeof(step.name), "zram%u", number);
	strcpy(run->zram, step.name);
	err = state_replace(run->root, run->state, run->state->count - 1, &step);
	return err ? say(run, err, "/" STATE_FILE) : 0;
}

/* The device that came with the module, if it did and is as new. Its step is where its swap follows. */
static int take_zram(struct apply_run *run, bool *is_taken)
{
	ssize_t place = state_find(run->state, STATE_ADDING, "zram0");
	struct state_step step = step_of(STATE_ZRAM, "", "zram0");
	int err = 0;

	*is_taken = place >= 0 && zram_exists(run->root, "zram0") && !zram_has_size(run->root, "zram0");
	if (*is_taken) {
		strcpy(run->zram, step.name);
		err = state_add(run->root, run->state, &step);
	}
	if (!err && place >= 0)
		err = state_drop(run->root, run->state, (size_t)place);
	return err ? say(run, err, "/" STATE_FILE) : 0;
}

static int run_zram(struct apply_run *run, const char *words)
{
	bool is_taken;
	int err = take_zram(run, &is_taken);

	return err || is_taken ? err : add_zram(run, words);
}

static int run_attribute(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	char path[sizeof(operation->device) + sizeof(operation->path) + 32];
	int err;

	snprintf(path, sizeof(path), "sys/block/%s/%s", operation->device, operation->path);
	err = apply_write(run->root, path, operation->value);
	return err ? say(run, err, words) : 0;
}

/* The kernel claims it for zram. Our claim ends just before, so what is in it is looked at again under the kernel's. */
static int run_backing(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	char path[RAMSWAP_NAME_MAX + 64], disk[RAMSWAP_NAME_MAX + 1];
	int err = apply_device_find(run->root, operation->value, disk), fd;

	if (err)
		return apply_fail(run->problem, err, "%s: it is no block device that could be used", operation->value);
	fd = apply_device_open(run->root, disk, O_RDWR | O_EXCL);
	if (fd < 0)
		return say(run, fd, operation->value);
	err = apply_device_check(run->root, fd, disk, run->problem);
	close(fd);
	if (err)
		return err;
	snprintf(path, sizeof(path), "sys/block/%s/backing_dev", operation->device);
	err = apply_write(run->root, path, operation->value);
	return err ? say(run, err, words) : apply_device_check_content(run->root, disk, run->problem);
}

/* The claim on the device lasts from the look into it to the header. */
static int write_header(struct apply_run *run, const struct apply_operation *operation, int fd, const char *words)
{
	struct state_step step = step_of(STATE_SWAP, "/dev/", operation->device);
	char uuid[HEADER_UUID_TEXT_MAX];
	int err = 0;

	if (!operation->is_of_new_zram)
		err = apply_device_check(run->root, fd, operation->device, run->problem);
	else if (!apply_device_is_blank(fd))
		err = apply_fail(run->problem, -EBUSY, "%s: somebody else has written to it", operation->device);
	if (err)
		return err;
	err = header_uuid_make(uuid);
	if (err)
		return say(run, err, words);
	snprintf(step.value, sizeof(step.value), "%s", uuid);
	err = record(run, &step);
	if (err)
		return err;
	if (!apply_tell(run->watcher, APPLY_RECORDED, words))
		return stopped(run);
	err = apply_header_write(fd, operation->size, uuid);
	return err ? say(run, err, words) : 0;
}

static int run_header(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	int fd = apply_device_open(run->root, operation->device, O_RDWR | O_EXCL), err;

	if (fd < 0)
		return say(run, fd, words);
	err = write_header(run, operation, fd, words);
	close(fd);
	return err;
}

static int run_memory(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	struct state_step step = step_of(STATE_MEMORY, "", operation->device);
	int err = record(run, &step);

	if (!err && !apply_tell(run->watcher, APPLY_RECORDED, words))
		err = stopped(run);
	return err ? err : apply_memory_add(run->root, operation->device, run->problem);
}

static int run_tuning(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	struct state_step step = step_of(STATE_TUNED, "", operation->path);
	char was[APPLY_VALUE_MAX];
	int err = apply_read(run->root, operation->path, was);

	if (err)
		return say(run, err, words);
	if (strlen(operation->value) >= sizeof(step.value) || strlen(was) >= sizeof(step.was))
		return say(run, -E2BIG, words);
	strcpy(step.value, operation->value);
	strcpy(step.was, was);
	err = record(run, &step);
	if (err)
		return err;
	if (!apply_tell(run->watcher, APPLY_RECORDED, words))
		return stopped(run);
	err = apply_write(run->root, operation->path, operation->value);
	return err ? say(run, err, words) : 0;
}

static int run_one(struct apply_run *run, const struct apply_operation *operation, const char *words)
{
	switch (operation->kind) {
	case APPLY_MODULE:
		return run_module(run, operation, words);
	case APPLY_ZRAM:
		return run_zram(run, words);
	case APPLY_ATTRIBUTE:
		return run_attribute(run, operation, words);
	case APPLY_BACKING:
		return run_backing(run, operation, words);
	case APPLY_HEADER:
		return run_header(run, operation, words);
	case APPLY_SWAPON:
		return apply_swapon(run->root, operation->device, operation->priority, operation->discards,
			run->problem);
	case APPLY_MEMORY:
		return run_memory(run, operation, words);
	case APPLY_TUNING:
		return run_tuning(run, operation, words);
	}
	return -EINVAL;
}

int apply_run(struct apply_run *run, const struct apply_operation *operation)
{
	struct apply_operation named = *operation;
	char words[sizeof(run->problem->text) / 2];
	int err;

	if (named.is_of_new_zram && *run->zram)
		strcpy(named.device, run->zram);
	else if (named.kind == APPLY_ZRAM && state_has(run->state, STATE_ADDING, "zram0"))
		strcpy(named.device, "zram0");
	apply_operation_print(&named, words, sizeof(words));
	if (!apply_tell(run->watcher, APPLY_WILL, words))
		return stopped(run);
	err = run_one(run, &named, words);
	if (!err && !apply_tell(run->watcher, APPLY_MADE, words))
		err = stopped(run);
	return err;
}
