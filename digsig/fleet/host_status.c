// SPDX-License-Identifier: GPL-2.0-or-later
#include "host_status.h"
#include <errno.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "hostile_json.h"

static __u64 sequence_of(struct json_object *digsigd, const char *scope)
{
	return json_find_number(json_object_object_get(digsigd, scope), "sequence");
}

static void take_digsigd(struct json_object *digsigd, struct fleet_host_status *status)
{
	struct json_object *engine = json_object_object_get(digsigd, "engine"), *list;

	status->has_engine = json_object_is_type(engine, json_type_object);
	status->is_running = json_find_flag(engine, "running");
	status->is_locked = json_find_flag(engine, "locked");
	status->mode = hostile_json_text(engine, "mode");
	status->denied = json_find_number(engine, "denied");
	status->would_deny = json_find_number(engine, "would_deny");
	status->lost += json_find_number(engine, "events_lost");
	status->is_stale = json_find_flag(digsigd, "stale");
	status->group_sequence = sequence_of(digsigd, "group");
	status->host_sequence = sequence_of(digsigd, "host");
	status->problem = hostile_json_text(json_object_object_get(digsigd, "refused"), "reason");
	list = json_object_object_get(digsigd, "at_next_start");
	if (json_object_is_type(list, json_type_array) && json_object_array_length(list))
		status->at_next_start = list;
}

int fleet_host_status_parse(const struct fleet_message *message, struct fleet_host_status *status)
{
	struct json_object *events, *spool, *offset;
	int err;

	*status = (struct fleet_host_status){ 0 };
	if (!fleet_subject_names(message->subject, "digsig.host.", status->group, status->host))
		return -EBADMSG;
	err = hostile_json_parse(message->bytes, message->size, FLEET_STATUS_SIZE_MAX, &status->object);
	if (err)
		return err;
	events = json_object_object_get(status->object, "events");
	spool = json_object_object_get(status->object, "spool");
	offset = json_object_object_get(status->object, "clock_offset");
	status->seen = message->time / 1000000000;
	status->kernel = hostile_json_text(status->object, "kernel");
	status->version = hostile_json_text(status->object, "version");
	status->lost = json_find_number(events, "lost") + json_find_number(events, "refused");
	status->waiting = json_find_number(events, "waiting");
	status->fetched_sequence = json_find_number(spool, "group_sequence");
	status->clock_offset = json_object_is_type(offset, json_type_int) ? json_object_get_int64(offset) : 0;
	take_digsigd(json_object_object_get(status->object, "digsigd"), status);
	if (!*status->problem)
		status->problem = hostile_json_text(spool, "problem");
	return 0;
}

void fleet_host_status_free(struct fleet_host_status *status)
{
	json_object_put(status->object);
	status->object = NULL;
}

enum fleet_host_state fleet_host_judge(
	const struct fleet_host_status *status, const struct fleet_newest *newest, __s64 now, __s64 silent_after)
{
	bool is_behind = status->group_sequence < newest->group_sequence || status->host_sequence < newest->host_sequence;

	if (status->seen < now - silent_after)
		return FLEET_HOST_SILENT;
	if (!status->has_engine || !status->is_running)
		return FLEET_HOST_NO_ENGINE;
	if (is_behind && *status->problem)
		return FLEET_HOST_REFUSED;
	if (status->is_stale)
		return FLEET_HOST_STALE;
	if (is_behind)
		return FLEET_HOST_BEHIND;
	return status->at_next_start ? FLEET_HOST_NEXT_START : FLEET_HOST_CURRENT;
}

const char *fleet_host_state_name(enum fleet_host_state state)
{
	static const char *const names[FLEET_HOST_STATES] = {
		[FLEET_HOST_SILENT] = "silent",
		[FLEET_HOST_NO_ENGINE] = "no-engine",
		[FLEET_HOST_REFUSED] = "refused",
		[FLEET_HOST_STALE] = "stale",
		[FLEET_HOST_BEHIND] = "behind",
		[FLEET_HOST_NEXT_START] = "at-next-start",
		[FLEET_HOST_CURRENT] = "current",
	};

	return state < FLEET_HOST_STATES ? names[state] : "?";
}
