/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig sign --detached */
#ifndef DIGSIG_CLI_SIGN_DETACHED_H
#define DIGSIG_CLI_SIGN_DETACHED_H

#include <stdbool.h>
#include "../../file/sign.h"

/* Writes FILE.digsig for each file; complains itself; returns the first exit code that is not 0. */
int sign_detached_files(char **paths, int count, const struct sign_options *options, bool quiet);

#endif
