/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where new versions of files go when the files themselves stay: a folder, and folders in it. */
#ifndef DIGSIG_FILE_OUTPUT_H
#define DIGSIG_FILE_OUTPUT_H

#include "replacement.h"

/*
 * Opens the folder below base that path, "a/b/name", lies in, and fills *name, for
 * replacement_options.output; name->directory is the caller's to close. Folders that are missing
 * are made, by the umask. No symbolic link is followed: what is to be in base gets there. 0;
 * -ENOTDIR or -ELOOP: a component is something else; -ENAMETOOLONG; mkdir(2)'s errors.
 */
int output_open(int base, const char *path, struct replacement_name *name);

#endif
