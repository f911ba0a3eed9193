/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KEVENTS_WATCH_IMAGE_FILE_H
#define KEVENTS_WATCH_IMAGE_FILE_H

#include "../kevents.h"

/*
 * Opens the file that a process has mapped: as it is mapped, or by its path as the process sees it, or
 * as we do; and only if it is that very inode. -1: it cannot be found any more.
 */
int open_image_file(int32_t pid, const struct kevents_image *image, int flags);

#endif
