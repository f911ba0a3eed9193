// SPDX-License-Identifier: GPL-2.0-or-later
#include "puback.h"
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>

/* err_code: larger than the stream's max_msg_size; another message was the last one. */
enum { MESSAGE_EXCEEDS_MAXIMUM = 10054, WRONG_LAST_SEQUENCE = 10071 };

static void refuse(struct acknowledgement *acknowledgement, enum acknowledgement_kind kind, const char *why)
{
	acknowledgement->kind = kind;
	snprintf(acknowledgement->problem, PROBLEM_MAX, "the message is %s: %s",
		kind == REFUSED_FOREVER ? "dropped" : "not stored", why ? why : "no reason was given");
}

static void read_answer(struct json_object *answer, struct acknowledgement *acknowledgement)
{
	struct json_object *error, *member;

	if (json_object_object_get_ex(answer, "error", &error)) {
		int code = json_object_object_get_ex(error, "err_code", &member) ? json_object_get_int(member) : 0;

		acknowledgement->is_out_of_sequence = code == WRONG_LAST_SEQUENCE;
		member = NULL;
		json_object_object_get_ex(error, "description", &member);
		refuse(acknowledgement, code == MESSAGE_EXCEEDS_MAXIMUM ? REFUSED_FOREVER : REFUSED_FOR_NOW,
			json_object_get_string(member));
		return;
	}
	/* Something that is no JetStream may answer too: it has stored nothing. */
	if (!json_object_object_get_ex(answer, "stream", &member) || !json_object_object_get_ex(answer, "seq", &member) ||
		!json_object_is_type(member, json_type_int)) {
		refuse(acknowledgement, REFUSED_FOR_NOW, "the answer is not that of a stream");
		return;
	}
	acknowledgement->kind = json_object_object_get_ex(answer, "duplicate", &member) &&
		json_object_get_boolean(member) ? ACKNOWLEDGED_DUPLICATE : ACKNOWLEDGED;
	*acknowledgement->problem = '\0';
}

void puback_parse(const char *bytes, size_t size, struct acknowledgement *acknowledgement)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *answer = NULL;

	acknowledgement->is_out_of_sequence = false;
	if (tokener && size <= INT_MAX)
		answer = json_tokener_parse_ex(tokener, bytes, (int)size);
	if (json_object_is_type(answer, json_type_object))
		read_answer(answer, acknowledgement);
	else
		refuse(acknowledgement, REFUSED_FOR_NOW, "the answer is not JSON");
	json_object_put(answer);
	if (tokener)
		json_tokener_free(tokener);
}
