// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_words.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include "../enforce/posture.h"
#include "../enforce/self_check.h"
#include "cli.h"

int open_engine_or_complain(struct engine *engine)
{
	int err = engine_open(engine);

	if (err == -ENOENT) {
		complain("the engine is not running: see digsig start --help");
		return EXIT_NOT_RUNNING;
	}
	if (err == -EPERM || err == -EACCES) {
		complain("the engine is root's: run it with sudo");
		return EXIT_ERROR;
	}
	if (err) {
		complain(DIGSIG_PIN_DIRECTORY ": %s", strerror(-err));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

int read_status_or_complain(struct engine *engine, struct digsig_status *status)
{
	int err = engine_read_status(engine, status);

	if (err == -ETIMEDOUT && posture_ftrace_is_off("/"))
		complain("the kernel does not call the engine, so nothing is enforced: "
			 "sysctl kernel.ftrace_enabled=1");
	else if (err)
		complain("the engine does not answer: %s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

int set_mode_or_complain(struct engine *engine, enum digsig_mode mode, bool forced)
{
	char path[PATH_MAX];
	int err = 0;

	if (mode == DIGSIG_MODE_ENFORCING && !forced)
		err = engine_allows_own_code(engine, path, sizeof(path));
	if (err == -EPERM) {
		complain("%s is not signed by a trusted key, so digsig itself could not run any "
			 "more: sign it first, or use --force",
			path);
		return EXIT_ERROR;
	}
	if (!err)
		err = engine_set_mode(engine, mode);
	if (err == -EPERM) {
		complain("the engine is locked: until the machine restarts the mode can only "
			 "become stricter");
		return EXIT_ERROR;
	}
	if (err) {
		complain("the mode could not be set: %s", strerror(-err));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

unsigned int parse_mode(const char *subcommand, const char *name)
{
	unsigned int mode = engine_mode_by_name(name);

	if (!mode)
		usage_error(subcommand, "%s: the modes are monitor, permissive and enforcing",
			name);
	return mode;
}
