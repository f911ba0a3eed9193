/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbolic links that lead somewhere else than who names them may expect. */
#ifndef DIGSIG_FILE_LINK_H
#define DIGSIG_FILE_LINK_H

#include <stdbool.h>

/*
 * Whether path is itself a symbolic link, and target, what realpath(3) says of it, is not below the
 * folder that the link lies in. Links on the way to that folder do not count: who names the path
 * names them. Also true where the folder cannot be found.
 */
bool link_leads_outside(const char *path, const char *target);

#endif
