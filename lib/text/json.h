/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, in one line each. */
#ifndef KERNKIT_TEXT_JSON_H
#define KERNKIT_TEXT_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>

/* A number; JSON has it as digits, so that all of 64 bits are exact. */
void json_add_number(struct json_object *object, const char *name, __u64 number);

/* true or false. */
void json_add_flag(struct json_object *object, const char *name, bool flag);

/* Text of our own, as it is; NULL: null. */
void json_add_string(struct json_object *object, const char *name, const char *text);

/*
 * Text from elsewhere, which may be any bytes: a string that is this very text, or, since JSON is
 * UTF-8, has U+FFFD in place of each byte that is not: then *is_exact is false. NULL: memory is short.
 */
struct json_object *json_text(const char *text, bool *is_exact);

/*
 * The same as a member; if it is not exact, name_hex has all of its bytes as hexadecimal digits. NULL,
 * or memory short: null.
 */
void json_add_text(struct json_object *object, const char *name, const char *text);

/* The same of size bytes, which may be any, 0 too, and behind which a '\0' stands. */
void json_add_bytes(struct json_object *object, const char *name, const char *text, size_t size);

/* Texts from elsewhere, one after the other. */
struct json_texts {
	struct json_object *texts, *bytes;
	bool is_exact; /* each of them */
};

void json_texts_begin(struct json_texts *list);
void json_texts_add(struct json_texts *list, const char *text);

/*
 * The list as a member; if not all are exact, name_hex has the bytes of those that are
 * not, and null for the others.
 */
void json_texts_end(struct json_texts *list, struct json_object *object, const char *name);

/* The bytes of text as hexadecimal digits; NULL: memory is short. */
struct json_object *json_hex(const char *text);

/* A list of texts of our own, as they are. */
void json_add_list(
	struct json_object *object, const char *name, const char *const *items, size_t count);

/* A member that is a string; NULL: there is none. The object's own. */
const char *json_find_text(struct json_object *object, const char *name);

/* A member that is a whole number from 0 on; 0: there is none. */
__u64 json_find_number(struct json_object *object, const char *name);

/* A member that is true. */
bool json_find_flag(struct json_object *object, const char *name);

/*
 * Prints it as a line, with slashes as they are, and lets go of it. Characters that could speak to a
 * terminal are \uNNNN in it.
 */
void json_print_line(FILE *out, struct json_object *object);

/* The same on stdout. */
void json_put_line(struct json_object *object);

/* The same over several lines, for people. NULL: nothing. */
void json_put_pretty(struct json_object *object);

#endif
