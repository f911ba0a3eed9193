// SPDX-License-Identifier: GPL-2.0-or-later
#include "hosts.h"
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../fleet/signed_manifest.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/text/json.h"
#include "../cli.h"

struct reading {
	struct fleet_hosts *hosts;
	const char *group, *host; /* NULL: any */
	struct json_object *newest; /* sequences by subject */
	int err;
};

static bool is_wanted(const struct reading *reading, const struct fleet_host_status *status)
{
	return (!reading->group || !strcmp(reading->group, status->group)) &&
		(!reading->host || !strcmp(reading->host, status->host));
}

static bool take_host(void *closure, const struct fleet_message *message)
{
	struct reading *reading = closure;
	struct fleet_hosts *hosts = reading->hosts;
	struct fleet_host_status status;
	size_t room = hosts->room ? 2 * hosts->room : 64;
	struct fleet_host_row *rows;
	int err = fleet_host_status_parse(message, &status);

	if (err == -EBADMSG) {
		hosts->not_understood++;
		return true;
	}
	if (!err && !is_wanted(reading, &status)) {
		fleet_host_status_free(&status);
		return true;
	}
	if (!err && hosts->count == hosts->room) {
		rows = reallocarray(hosts->rows, room, sizeof(*rows));
		if (rows) {
			hosts->rows = rows;
			hosts->room = room;
		} else {
			fleet_host_status_free(&status);
			err = -ENOMEM;
		}
	}
	if (!err)
		hosts->rows[hosts->count++] = (struct fleet_host_row){ .status = status };
	reading->err = err;
	return !err && !interrupted;
}

/* The signature is not looked at: the host does that. */
static bool take_state(void *closure, const struct fleet_message *message)
{
	struct reading *reading = closure;
	struct fleet_manifest manifest;
	struct fleet_problem problem;

	if (signed_manifest_look(message->bytes, message->size, &manifest, &problem))
		return true;
	if (json_find_number(reading->newest, message->subject) < manifest.sequence)
		json_add_number(reading->newest, message->subject, manifest.sequence);
	fleet_manifest_free(&manifest);
	return !interrupted;
}

static __u64 newest_of(const struct reading *reading, enum fleet_scope scope, const char *name)
{
	char subject[FLEET_SUBJECT_MAX];

	fleet_state_subject(scope, name, subject);
	return json_find_number(reading->newest, subject);
}

static int compare(const void *a, const void *b)
{
	const struct fleet_host_row *one = a, *other = b;
	int order = strcmp(one->status.group, other->status.group);

	return order ? order : strcmp(one->status.host, other->status.host);
}

static void judge_all(const struct reading *reading, double silent_after)
{
	struct fleet_hosts *hosts = reading->hosts;
	__s64 now = time(NULL);

	for (size_t i = 0; i < hosts->count; i++) {
		struct fleet_host_row *row = &hosts->rows[i];

		row->newest.group_sequence = newest_of(reading, FLEET_GROUP, row->status.group);
		row->newest.host_sequence = newest_of(reading, FLEET_HOST, row->status.host);
		row->state = fleet_host_judge(&row->status, &row->newest, now, (__s64)silent_after);
	}
	if (hosts->count)
		qsort(hosts->rows, hosts->count, sizeof(*hosts->rows), compare);
}

int fleet_hosts_read(struct fleet_link *link, const char *group, const char *host, double silent_after,
	struct fleet_hosts *hosts)
{
	struct reading reading = { hosts, group, host, json_object_new_object(), 0 };
	char problem[FLEET_LINK_PROBLEM] = "";
	int err;

	err = fleet_link_read(link, FLEET_STREAM_HOSTS, "digsig.host.>", 0, false, &interrupted, take_host, &reading, problem);
	if (!err && !reading.err)
		err = fleet_link_read(link, FLEET_STREAM_STATE, "digsig.state.>", 0, false, &interrupted, take_state, &reading,
			problem);
	err = err ? err : reading.err;
	if (!err)
		judge_all(&reading, silent_after);
	json_object_put(reading.newest);
	if (err)
		complain("fleet: %s", *problem ? problem : strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

void fleet_hosts_free(struct fleet_hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		fleet_host_status_free(&hosts->rows[i].status);
	free(hosts->rows);
	*hosts = (struct fleet_hosts){ 0 };
}
