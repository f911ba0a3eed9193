// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel_disk.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../kernel/tell.h"
#include "cli.h"

/* As partx(8) counts. */
enum { SECTOR = 512 };

const struct command_option kernel_options[] = {
	{ OPTION_FLAG, 0, "dry-run", NULL, "only say what would be done",
		OPTION_FIELD(struct kernel_settings, dry_run) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object for each action",
		OPTION_FIELD(struct kernel_settings, json) },
	{ OPTION_CALL, 'n', "nr", "M:N", NUMBER_RANGE_HELP,
		OPTION_FIELD(struct kernel_settings, numbers), .take = number_range_take },
	{ OPTION_DURATION, 0, "wait", "DURATION", "how long to try again what is busy (2)",
		OPTION_FIELD(struct kernel_settings, wait) },
	{ 0 },
};

static unsigned int wait_ms(const struct kernel_settings *settings)
{
	double ms = settings->wait * 1000;

	return ms < 1e9 ? (unsigned int)ms : 1000000000;
}

/* Sets fd and device. 0; or EXIT_ERROR, having complained. */
static int open_device(struct kernel_disk *disk)
{
	struct stat status;
	int size;

	/* Before it is opened: a FIFO would be waited for, and a tape would be wound. */
	if (stat(disk->path, &status)) {
		complain("%s: %s", disk->path, strerror(errno));
		return EXIT_ERROR;
	}
	if (!S_ISBLK(status.st_mode)) {
		complain("%s: not a block device: the kernel has no partitions of it: losetup(8) makes one of a file",
			disk->path);
		return EXIT_ERROR;
	}
	disk->fd = open(disk->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (disk->fd < 0 || fstat(disk->fd, &status)) {
		complain("%s: %s%s", disk->path, strerror(errno), errno == EACCES ? ": root may" : "");
		return EXIT_ERROR;
	}
	disk->device = status.st_rdev;
	disk->sector_size = ioctl(disk->fd, BLKSSZGET, &size) || size < SECTOR ? SECTOR : (__u32)size;
	return 0;
}

static int read_kernel(struct kernel_disk *disk)
{
	int err = kernel_partitions_read(&disk->kernel, KERNEL_SYSFS, disk->device);

	if (!err)
		return 0;
	if (err == -ENOTBLK)
		complain("%s: a partition, which has none itself: name the disk", disk->path);
	else if (err == -ENOENT)
		complain("%s: the kernel's partitions cannot be read: is sysfs mounted at %s?", disk->path,
			KERNEL_SYSFS);
	else
		complain("%s: the kernel's partitions cannot be read from %s: %s", disk->path, KERNEL_SYSFS,
			strerror(-err));
	return EXIT_ERROR;
}

int kernel_disk_open(struct kernel_disk *disk, const char *path, const struct kernel_settings *settings)
{
	int code;

	*disk = (struct kernel_disk){ .path = path, .fd = -1 };
	code = open_device(disk);
	/*
	 * udev, which has the lock while it looks at the disk or at a partition, is waited for. Somebody who has it
	 * for longer may be who called us, and may have locked the disk for this very change.
	 */
	if (!code && !settings->dry_run && tell_lock(disk->fd, wait_ms(settings)))
		complain("%s: locked by another process: told nevertheless", path);
	if (!code)
		code = read_kernel(disk);
	if (code)
		kernel_disk_close(disk);
	return code;
}

void kernel_disk_close(struct kernel_disk *disk)
{
	if (disk->fd >= 0)
		close(disk->fd);
	disk->fd = -1;
}

static const struct {
	const char *name, *refused;
} words[] = {
	[PLAN_REMOVE] = { "remove", "not removed" },
	[PLAN_RESIZE] = { "resize", "not resized" },
	[PLAN_ADD] = { "add", "not added" },
};

static void print_action(const struct plan_action *action)
{
	const struct kernel_partition *partition = &action->partition;
	__u64 sectors = partition->size / SECTOR;

	printf("%s %u: %llu sector%s at %llu", words[action->kind].name, partition->number,
		(unsigned long long)sectors, text_plural(sectors), (unsigned long long)partition->start / SECTOR);
	if (action->kind == PLAN_RESIZE)
		printf(", before %llu", (unsigned long long)action->size_before / SECTOR);
	putchar('\n');
}

/* error: why it was not done; NULL: it was, or would be. */
static void print_json(const struct kernel_disk *disk, const char *name, const struct kernel_partition *partition,
	const __u64 *size_before, bool is_done, const char *error)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "device", disk->path);
	json_add_string(object, "action", name);
	json_add_number(object, "number", partition->number);
	json_add_number(object, "start", partition->start);
	json_add_number(object, "size", partition->size);
	if (size_before)
		json_add_number(object, "size_before", *size_before);
	json_add_flag(object, "done", is_done);
	json_add_string(object, "error", error);
	json_put_line(object);
}

struct change {
	struct kernel_disk *disk;
	const struct kernel_settings *settings;
	bool has_failed;
};

static void explain_busy(
	const struct kernel_disk *disk, const struct plan_action *action, char *text, size_t size)
{
	const struct kernel_partition *obstacle;

	if (action->kind == PLAN_REMOVE) {
		snprintf(text, size, "in use: mounted, swap, part of a volume, or open");
		return;
	}
	obstacle = plan_obstacle(&disk->kernel, action);
	if (!obstacle)
		snprintf(text, size, "the kernel says that another one is in the way");
	else if (obstacle->number == action->partition.number)
		snprintf(text, size, "the kernel still has another one of that number");
	else
		snprintf(text, size, "it overlaps %u, which the kernel has", obstacle->number);
}

/* Why the kernel refused it. */
static void explain(
	const struct kernel_disk *disk, const struct plan_action *action, int err, char *text, size_t size)
{
	const struct kernel_partition *partition = &action->partition;

	if (err == -EBUSY)
		explain_busy(disk, action, text, size);
	else if (!disk->kernel.can_be)
		snprintf(text, size, "the kernel has no partitions of such a disk");
	else if (err == -EINVAL && (partition->start % disk->sector_size || partition->size % disk->sector_size))
		snprintf(text, size, "it is not whole sectors of the disk's %u bytes", disk->sector_size);
	else
		snprintf(text, size, "%s", strerror(-err));
}

static void report(void *context, const struct plan_action *action, int err)
{
	struct change *change = context;
	struct kernel_disk *disk = change->disk;
	char why[128];

	if (err) {
		/* What is in the way is what there is now. */
		kernel_partitions_read(&disk->kernel, KERNEL_SYSFS, disk->device);
		explain(disk, action, err, why, sizeof(why));
		complain("%s: partition %u is %s: %s", disk->path, action->partition.number,
			words[action->kind].refused, why);
		change->has_failed = true;
	}
	if (change->settings->json)
		print_json(disk, words[action->kind].name, &action->partition,
			action->kind == PLAN_RESIZE ? &action->size_before : NULL,
			!err && !change->settings->dry_run, err ? why : NULL);
	else if (!err)
		print_action(action);
}

static void report_outside(struct change *change, const struct plan *plan)
{
	static const char why[] = "it does not end within the disk";

	for (size_t i = 0; i < plan->outside_count; i++) {
		complain("%s: partition %u is left as it is: %s", change->disk->path, plan->outside[i].number, why);
		if (change->settings->json)
			print_json(change->disk, "none", &plan->outside[i], NULL, false, why);
		change->has_failed = true;
	}
}

static int apply(void *context, const struct plan_action *action)
{
	const struct change *change = context;

	return change->settings->dry_run ? 0 : tell_kernel(change->disk->fd, action);
}

int kernel_disk_change(struct kernel_disk *disk, struct plan *plan, const struct kernel_settings *settings)
{
	struct change change = { .disk = disk, .settings = settings };
	const struct tell_calls calls = { .apply = apply, .report = report, .context = &change };

	plan_keep_numbers(plan, settings->numbers.least, settings->numbers.most);
	report_outside(&change, plan);
	if (tell_all(plan, wait_ms(settings), &calls)) {
		complain("%s: the kernel lets nobody but root change its partitions", disk->path);
		return EXIT_ERROR;
	}
	if (!plan->count && !plan->outside_count && !settings->json)
		puts("nothing to do");
	if (change.has_failed)
		return EXIT_ERROR;
	return settings->dry_run && plan->count ? EXIT_NO : EXIT_OK;
}
