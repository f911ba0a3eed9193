/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, in one line each. */
#ifndef KERNKIT_TEXT_JSON_H
#define KERNKIT_TEXT_JSON_H

#include <json-c/json.h>
#include <stddef.h>
#include <linux/types.h>

void json_add_number(struct json_object *object, const char *name, __u64 number);

/* Text of our own, as it is; NULL: null. */
void json_add_string(struct json_object *object, const char *name, const char *text);

/* Text from elsewhere, as safe_text makes it, since JSON is UTF-8; NULL, or memory short: null. */
void json_add_text(struct json_object *object, const char *name, const char *text);

void json_add_list(
	struct json_object *object, const char *name, const char *const *items, size_t count);

/* Prints it as a line, with slashes as they are, and lets go of it. */
void json_put_line(struct json_object *object);

#endif
