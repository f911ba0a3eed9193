// SPDX-License-Identifier: GPL-2.0-or-later
#include "flags.h"
#include <stdio.h>

void flags_print(char *text, size_t size, unsigned int flags, const struct flag_word *words)
{
	size_t used = 0;

	*text = '\0';
	for (; words->word; words++)
		if (flags & words->flag && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "," : "", words->word);
}

struct json_object *flags_json(unsigned int flags, const struct flag_word *words)
{
	struct json_object *list = json_object_new_array();

	for (; words->word; words++)
		if (flags & words->flag)
			json_object_array_add(list, json_object_new_string(words->word));
	return list;
}
