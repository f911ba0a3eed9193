// SPDX-License-Identifier: GPL-2.0-or-later
#include "hostile_json.h"
#include <errno.h>
#include "../../lib/text/json.h"

enum { DEPTH_MAX = 6 };

int hostile_json_parse(const char *bytes, size_t size, size_t most, struct json_object **object)
{
	struct json_tokener *tokener;

	*object = NULL;
	if (size > most)
		return -EBADMSG;
	tokener = json_tokener_new_ex(DEPTH_MAX);
	if (!tokener)
		return -ENOMEM;
	*object = json_tokener_parse_ex(tokener, bytes, (int)size);
	json_tokener_free(tokener);
	if (json_object_is_type(*object, json_type_object))
		return 0;
	json_object_put(*object);
	*object = NULL;
	return -EBADMSG;
}

const char *hostile_json_text(struct json_object *object, const char *name)
{
	const char *text = json_find_text(object, name);

	return text ? text : "";
}
