/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tell and forget share: the disk, their options, and how they do what was planned. */
#ifndef PTCHECK_CLI_KERNEL_DISK_H
#define PTCHECK_CLI_KERNEL_DISK_H

#include "../../lib/command/options.h"
#include "../kernel/plan.h"
#include "number_range.h"

struct kernel_disk {
	const char *path;
	int fd; /* open for reading */
	dev_t device;
	__u32 sector_size; /* of its logical sectors, bytes */
	struct kernel_partitions kernel; /* what the kernel has of it */
};

struct kernel_settings {
	struct number_range numbers;
	double wait; /* seconds, for what is busy */
	bool dry_run, json;
};

#define KERNEL_SETTINGS_USUAL { .numbers = NUMBER_RANGE_ALL, .wait = 2 }

/* The options of both, for struct kernel_settings. */
extern const struct command_option kernel_options[];

/*
 * Opens the disk, locks it unless it stays locked for as long as it waits, and reads which partitions the kernel
 * has. 0; or EXIT_ERROR, having complained: of what is no whole disk, too.
 */
int kernel_disk_open(struct kernel_disk *disk, const char *path, const struct kernel_settings *settings);
void kernel_disk_close(struct kernel_disk *disk);

/*
 * Does what was planned for the numbers in the settings, and prints a line for each action that was done, or, with
 * --dry-run, would be; and complains of each that was not, and of what is outside the disk.
 * EXIT_OK: all of it is done, or there was nothing to do; EXIT_NO: --dry-run, and there is; EXIT_ERROR.
 */
int kernel_disk_change(struct kernel_disk *disk, struct plan *plan, const struct kernel_settings *settings);

#endif
