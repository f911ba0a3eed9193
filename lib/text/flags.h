/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for the bits of a number, in the order of a list. */
#ifndef KERNKIT_TEXT_FLAGS_H
#define KERNKIT_TEXT_FLAGS_H

#include <json-c/json.h>
#include <stddef.h>

struct flag_word {
	unsigned int flag;
	const char *word; /* NULL ends the list */
};

/* With commas between them, cut to size; "": none. */
void flags_print(char *text, size_t size, unsigned int flags, const struct flag_word *words);

/* As a list of strings. */
struct json_object *flags_json(unsigned int flags, const struct flag_word *words);

#endif
