// SPDX-License-Identifier: GPL-2.0-or-later
/* When the status is published. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../../lib/file/same_version.h"
#include "host_parts.h"

enum {
	LOOK_EVERY = 1000, /* milliseconds: whether digsigd says something new */
	COUNTS_EVERY = 30000, /* where only counts have changed */
	TELL_AGAIN = 30000, /* after the server took none */
};

/* A new string; *stripped: the same without what changes all the time, to be freed too. NULL: memory is short. */
static char *make_status(struct fleet_host *host, char **stripped)
{
	struct status status = {
		.host = host->settings.host,
		.group = host->settings.group,
		.facts = host->settings.facts,
		.clock = host->clock,
		.digsigd = host->settings.report_file ? status_read_report(host->settings.report_file) : NULL,
		.group_sequence = host->accepted[FLEET_GROUP].ready,
		.host_sequence = host->accepted[FLEET_HOST].ready,
	};
	struct json_object *json;
	const char *text;
	char *copy = NULL;

	pthread_mutex_lock(&host->lock);
	status.events = host->events;
	status.problem = fleet_host_problem(host);
	host->sent.changes = host->changes;
	json = status_to_json(&status);
	pthread_mutex_unlock(&host->lock);
	json_object_put(status.digsigd);
	text = json ? json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;
	copy = text ? strdup(text) : NULL;
	if (copy) {
		status_strip(json);
		*stripped = strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
	}
	json_object_put(json);
	if (copy && *stripped)
		return copy;
	free(copy);
	return NULL;
}

/* What costs little: whether it is worth to make the text. */
static bool may_have_changed(struct fleet_host *host, bool *counts)
{
	struct stat st = { 0 };
	bool changed;

	if (host->settings.report_file && stat(host->settings.report_file, &st))
		memset(&st, 0, sizeof(st));
	changed = !is_same_version(&st, &host->sent.report);
	host->sent.report = st;
	pthread_mutex_lock(&host->lock);
	changed |= host->changes != host->sent.changes;
	*counts = host->events.put != host->sent.put || host->events.waiting != host->sent.waiting || changed;
	pthread_mutex_unlock(&host->lock);
	return changed;
}

static void note_sent(struct fleet_host *host, char *stripped)
{
	free(host->sent.stripped);
	host->sent.stripped = stripped;
	host->sent.at = host_now();
	host->sent.due_at = host->sent.at + host_spread(host->settings.status_every);
	pthread_mutex_lock(&host->lock);
	host->sent.put = host->events.put;
	host->sent.waiting = host->events.waiting;
	pthread_mutex_unlock(&host->lock);
}

static void publish_status(struct fleet_host *host)
{
	char subject[FLEET_SUBJECT_MAX], problem[FLEET_LINK_PROBLEM] = "", *stripped = NULL, *text;
	int err;

	text = make_status(host, &stripped);
	if (!text)
		return;
	fleet_host_subject(host->settings.group, host->settings.host, subject);
	err = fleet_link_publish(host->link, subject, text, strlen(text), FLEET_LINK_ANY, problem);
	free(text);
	note_sent(host, stripped);
	if (!err) {
		host_problem(host, TOPIC_STATUS, "%s", "");
		return;
	}
	host->sent.due_at = host->sent.at + TELL_AGAIN;
	host_problem(host, TOPIC_STATUS, "the host's status cannot be published: %s", problem);
	host_link_failed(host, err, problem);
}

/* Something may have: whether it is more than counts. */
static bool has_changed(struct fleet_host *host)
{
	char *stripped = NULL, *text = make_status(host, &stripped);
	bool changed = text && (!host->sent.stripped || strcmp(stripped, host->sent.stripped));

	free(stripped);
	free(text);
	return changed;
}

static void bring_forward(struct fleet_host *host, __u64 due_at)
{
	if (due_at < host->sent.due_at)
		host->sent.due_at = due_at;
}

unsigned int host_tell(struct fleet_host *host)
{
	__u64 now = host_now();
	bool counts;

	if (now >= host->sent.looked_at + LOOK_EVERY) {
		host->sent.looked_at = now;
		if (may_have_changed(host, &counts) && has_changed(host))
			bring_forward(host, host->sent.at + STATUS_LEAST);
		else if (counts)
			bring_forward(host, host->sent.at + COUNTS_EVERY);
	}
	if (now >= host->sent.due_at)
		publish_status(host);
	now = host_now();
	return host->sent.due_at > now && host->sent.due_at < now + LOOK_EVERY ? (unsigned int)(host->sent.due_at - now) :
										 LOOK_EVERY;
}
