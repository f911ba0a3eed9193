// SPDX-License-Identifier: GPL-2.0-or-later
/* ptcheck tell: the kernel gets the partitions of the disk's table. */
#include "cli.h"
#include "kernel_disk.h"

struct tell_settings {
	struct kernel_settings kernel;
	struct disk_settings disk;
	unsigned int as;
};

static const struct command_option options[] = {
	{ OPTION_GROUP, OPTION_FIELD(struct tell_settings, kernel), .group = kernel_options },
	AS_OPTION(struct tell_settings, as),
	{ OPTION_GROUP, OPTION_FIELD(struct tell_settings, disk), .group = disk_options },
	{ 0 },
};

static int tell(struct kernel_disk *disk, const struct tell_settings *settings)
{
	struct ptcheck_table table;
	struct plan plan;
	int code = read_table(disk->path, &settings->disk, settings->as, &table);

	if (code)
		return code;
	plan_make(&plan, &disk->kernel, table.partitions, table.count, disk->sector_size);
	if (table.fault) {
		complain("%s: %s: partitions that are not listed are left as they are", disk->path, table.fault);
		plan_keep_unlisted(&plan);
	}
	code = kernel_disk_change(disk, &plan, &settings->kernel);
	return table.fault ? EXIT_ERROR : code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct tell_settings settings = { KERNEL_SETTINGS_USUAL, DISK_SETTINGS_USUAL, PTCHECK_NONE };
	struct kernel_disk disk;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = disk_settings_check(&settings.disk);
	if (!code)
		code = kernel_disk_open(&disk, argv[0], &settings.kernel);
	if (code)
		return code;
	code = tell(&disk, &settings);
	kernel_disk_close(&disk);
	return code;
}

const struct command tell_command = {
	.name = "tell",
	.summary = "put the partitions of the disk's table into the kernel",
	.usage = "[OPTION...] DEVICE",
	.about = "Reads the table of the disk, and tells the kernel what differs from the partitions\n"
		 "that it has. One that begins where it began is resized, mounted or not; another one\n"
		 "is removed and added. One that is in use cannot be removed: it stays as it is, and\n"
		 "the others change nevertheless. A disk without a table is refused, and so is one\n"
		 "that is ambiguous, but for --as. The sectors printed are of 512 bytes; --json: bytes.\n",
	.options = options,
	.notes = "Exit codes: 0 the kernel has the partitions of the table; 1 --dry-run: it has not;\n"
		 "2 usage; 3 it could not be told, or not all of it.\n",
	.run = run,
	.arguments = "DEVICE",
	.most = 1,
	.offer = OFFER_FILES,
};
