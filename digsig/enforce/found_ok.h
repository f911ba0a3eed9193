/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine in the kernel itself finds of a file: not what a verifier in user space would. */
#ifndef DIGSIG_ENFORCE_FOUND_OK_H
#define DIGSIG_ENFORCE_FOUND_OK_H

#include <stdbool.h>

/* A descriptor for engine_finds_ok, to be closed; a negative errno. */
int engine_open_verdicts(void);

/* Has the engine judge the file: it must be in scope to be mapped as code. Whether it is ok. */
bool engine_finds_ok(int verdicts, int fd);

#endif
