/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which package a file belongs to, by dpkg's own lists, and by rpm where there is one. */
#ifndef DIGSIG_SURVEY_PACKAGES_H
#define DIGSIG_SURVEY_PACKAGES_H

#include "survey.h"

/*
 * Sets package of every entry that a package of the system in the folder root ("/" or a folder
 * without a slash at its end) owns. dpkg's lists are read as files: merged /usr and diversions are
 * heeded. rpm is asked as a program. A system without either has no packages. 0 or -ENOMEM.
 */
int packages_assign(const char *root, struct survey_result *result);

#endif
