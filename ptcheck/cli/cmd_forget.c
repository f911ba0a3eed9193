// SPDX-License-Identifier: GPL-2.0-or-later
/* ptcheck forget: the kernel has no partitions of the disk any more. */
#include "cli.h"
#include "kernel_disk.h"

static int run(const struct command *command, int argc, char **argv)
{
	struct kernel_settings settings = KERNEL_SETTINGS_USUAL;
	struct kernel_disk disk;
	struct plan plan;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = kernel_disk_open(&disk, argv[0], &settings);
	if (code)
		return code;
	plan_forget(&plan, &disk.kernel);
	code = kernel_disk_change(&disk, &plan, &settings);
	kernel_disk_close(&disk);
	return code;
}

const struct command forget_command = {
	.name = "forget",
	.summary = "remove the disk's partitions from the kernel",
	.usage = "[OPTION...] DEVICE",
	.about = "Removes the disk's partitions from the kernel. One that is in use stays. The\n"
		 "disk itself is neither read nor written. What is printed are sectors of 512 bytes;\n"
		 "with --json, bytes.\n",
	.options = kernel_options,
	.notes = "Exit codes: 0 the kernel has none of them any more; 1 --dry-run: it has some; 2 usage;\n"
		 "3 not all could be removed.\n",
	.run = run,
	.arguments = "DEVICE",
	.most = 1,
	.offer = OFFER_FILES,
};
