// SPDX-License-Identifier: GPL-2.0-or-later
#include "event.h"
#include <errno.h>
#include <string.h>
#include "../format/inspect.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/text/time.h"
#include "hostile_json.h"

/* How far a host's time may be from the server's: it may have been without a network for as long. */
enum { EARLIEST = 60 * 86400, LATEST = 300 }; /* seconds */

/* The entry's own time, if it can be true. */
static __s64 time_of(struct json_object *entry, __s64 received)
{
	const char *text = json_find_text(entry, "time");
	__s64 seconds = received / 1000000000;
	__u64 own;

	if (!text || !time_read(&text, &own))
		return seconds;
	return (__s64)own < seconds - EARLIEST || (__s64)own > seconds + LATEST ? seconds : (__s64)own;
}

static void take_deed(struct json_object *entry, struct fleet_event *event)
{
	const char *digest = json_find_text(entry, "digest");

	event->verdict = digsig_verdict_parse(hostile_json_text(entry, "verdict"));
	event->is_denied = !strcmp(hostile_json_text(entry, "action"), "denied");
	event->hook = hostile_json_text(entry, "hook");
	event->path = hostile_json_text(entry, "path");
	event->package = hostile_json_text(entry, "package");
	event->has_digest = digest && parse_hex(digest, event->digest, sizeof(event->digest));
	if (event->verdict == DIGSIG_VERDICT_NONE || event->verdict == DIGSIG_VERDICT_OK)
		event->kind = FLEET_EVENT_OTHER;
}

static void take_entry(struct json_object *entry, struct fleet_event *event)
{
	const char *note = json_find_text(entry, "note");

	event->hook = event->path = event->package = "";
	event->count = note ? json_find_number(entry, "count") : 1;
	if (!note)
		event->kind = FLEET_EVENT_JUDGED;
	else if (!strcmp(note, "repeated"))
		event->kind = FLEET_EVENT_REPEATED;
	else
		event->kind = !strcmp(note, "lost") || !strcmp(note, "unwritten") ? FLEET_EVENT_LOST : FLEET_EVENT_OTHER;
	if (event->kind == FLEET_EVENT_JUDGED || event->kind == FLEET_EVENT_REPEATED)
		take_deed(entry, event);
}

int fleet_event_parse(const struct fleet_message *message, struct fleet_event *event)
{
	struct json_object *entry;
	int err;

	*event = (struct fleet_event){ 0 };
	if (!fleet_subject_names(message->subject, "digsig.event.", event->group, event->host))
		return -EBADMSG;
	err = hostile_json_parse(message->bytes, message->size, FLEET_EVENT_SIZE_MAX, &event->object);
	if (err)
		return err;
	entry = json_object_object_get(event->object, "entry");
	if (!json_object_is_type(entry, json_type_object)) {
		fleet_event_free(event);
		return -EBADMSG;
	}
	event->boot = hostile_json_text(event->object, "boot");
	event->sequence = json_find_number(event->object, "sequence");
	event->time = time_of(entry, message->time);
	take_entry(entry, event);
	return 0;
}

void fleet_event_free(struct fleet_event *event)
{
	json_object_put(event->object);
	event->object = NULL;
}
