/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments that say what the engine judges, the same for start and policy. */
#ifndef DIGSIG_CLI_POLICY_OPTION_H
#define DIGSIG_CLI_POLICY_OPTION_H

#include "../enforce/engine.h"

/* Each changes *policy and returns EXIT_OK, or complains and returns EXIT_USAGE. */
int policy_option_wx(const char *subcommand, const char *name, struct engine_policy *policy);
/* assignment: "SCOPE=on" or "SCOPE=off" */
int policy_option_scope(
	const char *subcommand, const char *assignment, struct engine_policy *policy);

#endif
