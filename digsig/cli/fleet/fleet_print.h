/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States in words. */
#ifndef DIGSIG_CLI_FLEET_PRINT_H
#define DIGSIG_CLI_FLEET_PRINT_H

#include <json-c/json.h>
#include "fleet_file.h"

/* All that it says, indented. */
void fleet_print_manifest(const struct fleet_manifest *manifest);

/* The same for --json, into object. */
void fleet_json_manifest(struct json_object *object, const struct fleet_manifest *manifest);

/* What changes from one to the next, NULL: there is none; files: what was read from the disk. */
void fleet_print_changes(
	const struct fleet_manifest *last, const struct fleet_manifest *next, const struct fleet_files *files);

#endif
