// SPDX-License-Identifier: GPL-2.0-or-later
/* ptcheck: the verdict about disks, and a table of subcommands. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/command/output.h"
#include "../../lib/command/start.h"
#include "cli.h"
#include "report.h"

const char command_name[] = "ptcheck";

struct check_settings {
	struct disk_settings disk;
	bool json, explain, export;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'e', "explain", NULL, "print each check and how it went", OPTION_FIELD(struct check_settings, explain) },
	{ OPTION_FLAG, 0, "thorough", NULL, "also read what could contradict a certain verdict",
		OPTION_FIELD(struct check_settings, disk.thorough) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct check_settings, json) },
	{ OPTION_FLAG, 0, "export", NULL, "print PTCHECK_VERDICT=table and the like, for udev",
		OPTION_FIELD(struct check_settings, export) },
	{ OPTION_GROUP, OPTION_FIELD(struct check_settings, disk), .group = disk_options },
	{ 0 },
};

static int code_of(const struct ptcheck_result *result)
{
	switch (result->verdict) {
	case PTCHECK_TABLE:
		return EXIT_OK;
	case PTCHECK_WHOLE_DISK:
		return EXIT_WHOLE_DISK;
	case PTCHECK_EMPTY:
		return EXIT_EMPTY;
	case PTCHECK_AMBIGUOUS:
		return EXIT_AMBIGUOUS;
	case PTCHECK_UNREADABLE:
		return EXIT_ERROR;
	default:
		return EXIT_NO;
	}
}

static int check(const char *path, const struct check_settings *settings)
{
	struct ptcheck_result result;
	struct disk disk;
	int err;

	if (open_disk(&disk, path, &settings->disk))
		return EXIT_ERROR;
	err = disk_judge(&disk, &result);
	complain_of_reads(&disk, path);
	if (err)
		complain("%s: %s", path, strerror(-err));
	else if (settings->json)
		report_json(path, &disk, &result);
	else if (settings->export)
		report_export(&result);
	else
		report_text(path, &disk, &result, settings->explain);
	disk_close(&disk);
	return err ? EXIT_ERROR : code_of(&result);
}

static int count_of(const char *word, char **words, int count)
{
	int found = 0;

	for (int i = 0; i < count; i++)
		found += !strcmp(words[i], word);
	return found;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct check_settings settings = { .disk = DISK_SETTINGS_USUAL };
	int code, all;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = disk_settings_check(&settings.disk);
	if (code)
		return code;
	if (settings.export && argc > 1)
		return usage_error("--export takes one device");
	if (settings.json + settings.export + settings.explain > 1)
		return usage_error("--json, --export and --explain: one of them");
	if (count_of("-", argv, argc) > 1)
		return usage_error("-: standard input is there once");
	all = check(argv[0], &settings);
	for (int i = 1; i < argc; i++) {
		code = check(argv[i], &settings);
		if (code == EXIT_ERROR)
			all = EXIT_ERROR;
		else if (code != all && all != EXIT_ERROR)
			all = EXIT_DIFFERENT;
	}
	return all;
}

static const struct command *const subcommands[] = {
	&list_command,
	&tell_command,
	&forget_command,
	NULL,
};

static const struct command ptcheck = {
	.name = command_name,
	.usage = "[OPTION...] DEVICE|IMAGE|-...\n"
		 "SUBCOMMAND [OPTION...] DEVICE",
	.about = "Tells whether a disk has a partition table, is one file system as a whole, is empty,\n"
		 "or is ambiguous, and reads almost nothing for it.\n",
	.options = options,
	.notes = "Exit codes: 0 a table; 1 nothing that is known; 2 usage; 3 it could not be read; 4 a file\n"
		 "system of the whole disk; 5 empty; 6 ambiguous; 7 several disks that are not the same.\n"
		 "ptcheck(1) explains everything.\n",
	.subcommands = subcommands,
	.run = run,
	.arguments = "DEVICE",
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};

int main(int argc, char **argv)
{
	command_start();
	setlocale(LC_CTYPE, "C.UTF-8");
	return output_finish(command_main(&ptcheck, argc, argv), EXIT_ERROR);
}
