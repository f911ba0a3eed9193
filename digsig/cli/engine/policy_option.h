/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments that say what the engine judges, the same for start and policy. */
#ifndef DIGSIG_CLI_POLICY_OPTION_H
#define DIGSIG_CLI_POLICY_OPTION_H

#include "../../../lib/command/options.h"
#include "../../enforce/engine.h"

/* What becomes of memory that is writable and executable: enum digsig_wx. */
extern const struct option_word wx_words[];

/* Every "SCOPE=on" and "SCOPE=off". */
extern const struct option_word scope_words[];

/* Changes *policy as one of scope_words says, and returns EXIT_OK; or complains and returns EXIT_USAGE. */
int policy_option_scope(const char *assignment, struct engine_policy *policy);

#endif
