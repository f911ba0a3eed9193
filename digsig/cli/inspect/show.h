/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judged file, explained. */
#ifndef DIGSIG_CLI_SHOW_H
#define DIGSIG_CLI_SHOW_H

#include <stdbool.h>
#include "../../file/verify.h"

struct json_object;

/* Prints it for people, on stdout. */
void show_text(const char *path, const struct file_judgement *judgement, bool has_colour);

/* The same facts as a JSON object, to be released with json_object_put. */
struct json_object *show_json(const char *path, const struct file_judgement *judgement);

#endif
