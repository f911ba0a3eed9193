/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig key new: a key and its certificate. */
#ifndef DIGSIG_CLI_KEY_MAKE_H
#define DIGSIG_CLI_KEY_MAKE_H

#include "../../trust/key_new.h"

/* The files are NAME.key and NAME.crt in the directory. Complains itself; returns an exit code. */
int key_make(const char *name, const char *directory, struct key_request *request);

#endif
