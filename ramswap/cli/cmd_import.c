// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap import: the configuration of zram-generator or zram-tools as ramswap.conf. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../config/config.h"
#include "../config/import.h"
#include "cli.h"

struct import_settings {
	const char *root;
	bool write, force;
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 0, "root", "DIR", "the machine whose files are below this folder",
		OPTION_FIELD(struct import_settings, root), .offer = OFFER_FOLDERS },
	{ OPTION_FLAG, 0, "write", NULL, "put it to " CONFIG_FILE ", if there is no such file",
		OPTION_FIELD(struct import_settings, write) },
	{ OPTION_FLAG, 0, "force", NULL, "with --write: replace the file",
		OPTION_FIELD(struct import_settings, force) },
	{ 0 },
};

/* The whole file, to be freed, having tried that it is read back as it is. NULL: memory is short. */
static char *make_text(const struct imported *imported)
{
	const char *whose = imported->others & RAMSWAP_OTHER_GENERATOR ? "zram-generator" : "zram-tools";
	char *settings = config_print(&imported->settings), *again = NULL, *text = NULL;
	struct ramswap_settings parsed;
	struct ramswap_problem problem;

	ramswap_settings_init(&parsed);
	if (settings && !config_parse("ramswap.conf", settings, strlen(settings), &parsed, &problem))
		again = config_print(&parsed);
	if (!again || strcmp(settings, again) ||
		asprintf(&text, "# ramswap.conf(5): what %s was told, by ramswap import.\n%s", whose, settings) < 0)
		text = NULL;
	free(settings);
	free(again);
	return text;
}

static int write_text(const struct import_settings *settings, const char *text)
{
	char path[RAMSWAP_PATH_MAX + 1];
	struct stat st;
	bool exists;
	int err;

	if (snprintf(path, sizeof(path), "%s%s", strcmp(settings->root, "/") ? settings->root : "", CONFIG_FILE) >=
		(int)sizeof(path)) {
		complain("%s: %s", settings->root, strerror(ENAMETOOLONG));
		return EXIT_ERROR;
	}
	exists = !lstat(path, &st);
	if (exists && !settings->force) {
		complain("%s: it is there, and was left as it is: --force replaces it", path);
		return EXIT_REFUSED;
	}
	if (exists && !S_ISREG(st.st_mode)) {
		complain("%s: not a file, so it was left as it is: take it away first", path);
		return EXIT_REFUSED;
	}
	err = file_write_whole(path, text, strlen(text));
	if (!err)
		return EXIT_OK;
	complain("%s: %s", path, strerror(-err));
	return EXIT_ERROR;
}

/* One of them at a time is enough. */
static void say_how_to_stop(int root, unsigned int others)
{
	unsigned int active = import_find_active(root);

	if (active & RAMSWAP_OTHER_GENERATOR)
		complain("zram-generator sets up zram when this machine starts: turn it off: mkdir -p "
			 "/etc/systemd/system-generators; ln -s /dev/null /etc/systemd/system-generators/zram-generator");
	else if (others & RAMSWAP_OTHER_GENERATOR)
		complain("zram-generator sets up no swap when this machine starts: there is nothing to turn off");
	if (active & RAMSWAP_OTHER_TOOLS)
		complain("zram-tools sets up zram when this machine starts: turn it off: systemctl disable zramswap.service");
	else if (others & RAMSWAP_OTHER_TOOLS)
		complain("zram-tools sets up no swap when this machine starts: there is nothing to turn off");
}

static int put(const struct import_settings *settings, int root, const struct imported *imported)
{
	char *text = make_text(imported);
	int code = EXIT_OK;

	if (!text) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	if (settings->write)
		code = write_text(settings, text);
	else
		fputs(text, stdout);
	free(text);
	for (size_t i = 0; i < imported->note_count; i++)
		complain("%s", imported->notes[i].text);
	say_how_to_stop(root, imported->others);
	return code;
}

static int import(const struct import_settings *settings, int root)
{
	struct imported imported;
	struct ramswap_problem problem;
	int err = import_read(root, &imported, &problem), code;

	if (err) {
		complain("%s", problem.text);
		return err == -ENOENT ? EXIT_NO : EXIT_ERROR;
	}
	code = put(settings, root, &imported);
	import_free(&imported);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct import_settings settings = { .root = "/" };
	int code, root;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.force && !settings.write)
		return usage_error("--force is for --write");
	root = open(settings.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0) {
		complain("%s: %s", settings.root, strerror(errno));
		return EXIT_ERROR;
	}
	code = import(&settings, root);
	close(root);
	return code;
}

const struct command import_command = {
	.name = "import",
	.summary = "take over the configuration of zram-generator or zram-tools",
	.usage = "[--root DIR] [--write [--force]]",
	.about = "Reads what zram-generator or zram-tools was told, and prints it as ramswap.conf(5). What has no\n"
		 "counterpart there, or another meaning, is said on standard error, with file and line, and how\n"
		 "the other one is turned off. Nothing is turned off.\n",
	.options = options,
	.notes = "Exit codes: 0 it was printed or written; 1 there is no such configuration; 2 usage; 3 it could not\n"
		 "be read or written; 4 with --write: the file is there, and was left as it is.\n",
	.run = run,
};
