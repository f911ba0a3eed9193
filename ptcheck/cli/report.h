/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a verdict is printed. */
#ifndef PTCHECK_REPORT_H
#define PTCHECK_REPORT_H

#include "../disk/disk.h"

/* A line; two more of an ambiguous one; with explains, a line for each check as well. */
void report_text(const char *path, const struct disk *disk, const struct ptcheck_result *result, bool explains);

/* One JSON object, in a line. */
void report_json(const char *path, const struct disk *disk, const struct ptcheck_result *result);

/* PTCHECK_VERDICT=table and the like, a line each, for udev. */
void report_export(const struct ptcheck_result *result);

#endif
