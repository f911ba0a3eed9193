// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_open.h"
#include <errno.h>
#include <string.h>
#include "../enforce/bring_up.h"
#include "../enforce/posture.h"
#include "cli.h"

int open_engine_or_complain(struct engine *engine)
{
	int err = engine_open(engine);

	if (err == -ENOENT) {
		complain("the engine is not running: see digsig start --help");
		return EXIT_NOT_RUNNING;
	}
	if (err == -EPERM || err == -EACCES) {
		complain("only root can reach the engine: run it with sudo");
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
	struct bring_up_problem problem;

	if (!engine_enter_mode(engine, mode, forced, &problem))
		return EXIT_OK;
	complain("%s", problem.text);
	return EXIT_ERROR;
}

const struct option_word mode_words[] = {
	{ "monitor", DIGSIG_MODE_MONITOR },
	{ "permissive", DIGSIG_MODE_PERMISSIVE },
	{ "enforcing", DIGSIG_MODE_ENFORCING },
	{ 0 },
};
