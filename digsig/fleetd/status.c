// SPDX-License-Identifier: GPL-2.0-or-later
#include "status.h"
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include "../../lib/file/read_small.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"

enum { REPORT_MAX = 64 << 10, REPORT_DEPTH = 8 };

static struct json_object *events_to_json(const struct status_events *events)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	json_add_number(object, "put", events->put);
	json_add_number(object, "acknowledged", events->acknowledged);
	json_add_number(object, "waiting", events->waiting);
	json_add_number(object, "refused", events->refused);
	json_add_number(object, "lost", events->lost);
	return object;
}

static struct json_object *spool_to_json(const struct status *status)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	json_add_number(object, "group_sequence", status->group_sequence);
	json_add_number(object, "host_sequence", status->host_sequence);
	json_add_text(object, "problem", *status->problem ? status->problem : NULL);
	return object;
}

static struct json_object *clock_to_json(const struct status_clock *clock)
{
	char text[40];

	if (!clock->is_known)
		return NULL;
	snprintf(text, sizeof(text), "%.3f", clock->offset);
	return json_object_new_double_s(clock->offset, text);
}

struct json_object *status_to_json(const struct status *status)
{
	struct json_object *object = json_object_new_object();
	char now[32];

	if (!object)
		return NULL;
	print_time(now, (__u64)time(NULL));
	json_add_string(object, "host", status->host);
	json_add_string(object, "group", status->group);
	json_add_string(object, "boot", status->facts.boot);
	json_add_text(object, "kernel", status->facts.kernel);
	json_add_text(object, "machine", status->facts.machine);
	json_add_string(object, "version", status->facts.version);
	json_add_string(object, "time", now);
	json_object_object_add(object, "events", events_to_json(&status->events));
	json_object_object_add(object, "clock_offset", clock_to_json(&status->clock));
	json_object_object_add(object, "digsigd", json_object_get(status->digsigd));
	json_object_object_add(object, "spool", spool_to_json(status));
	return object;
}

static void strip(struct json_object *object, const char *const *names)
{
	for (; object && *names; names++)
		json_object_object_del(object, *names);
}

void status_strip(struct json_object *json)
{
	static const char *const often[] = { "time", "clock_offset", NULL };
	static const char *const counts[] = { "put", "acknowledged", "waiting", NULL };
	static const char *const engine_counts[] = { "denied", "would_deny", "events_lost", NULL };
	struct json_object *digsigd = json_object_object_get(json, "digsigd");

	strip(json, often);
	strip(json_object_object_get(json, "events"), counts);
	digsigd = digsigd ? json_object_object_get(digsigd, "engine") : NULL;
	if (json_object_is_type(digsigd, json_type_object))
		strip(digsigd, engine_counts);
}

struct json_object *status_read_report(const char *path)
{
	struct json_tokener *tokener = json_tokener_new_ex(REPORT_DEPTH);
	char *text = malloc(REPORT_MAX + 1);
	struct json_object *object = NULL;
	size_t size;

	if (tokener && text && !file_read_small(AT_FDCWD, path, text, REPORT_MAX, &size))
		object = json_tokener_parse_ex(tokener, text, (int)size + 1);
	if (object && !json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		object = NULL;
	}
	free(text);
	if (tokener)
		json_tokener_free(tokener);
	return object;
}
