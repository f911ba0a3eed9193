/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a file is, on the terminal. */
#ifndef DIGSIG_CLI_FILE_PROGRESS_H
#define DIGSIG_CLI_FILE_PROGRESS_H

#include "../../lib/command/progress.h"
#include "../file/progress.h"

/* Passes what the library reports to progress_update. */
extern const struct file_progress progress_of_file;

#endif
