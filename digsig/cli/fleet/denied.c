// SPDX-License-Identifier: GPL-2.0-or-later
#include "denied.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../catalog/sum_line.h"
#include "../../format/inspect.h"
#include "../../survey/learned.h"
#include "../../../lib/command/interrupt.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../cli.h"

static bool take(void *closure, const struct fleet_message *message)
{
	struct denied_reading *reading = closure;
	const struct denied_filter *filter = reading->filter;
	struct fleet_event event;
	int err = fleet_event_parse(message, &event);
	bool go_on = true;

	if (err == -EBADMSG) {
		reading->not_understood++;
		return !interrupted;
	}
	if (!err && (!filter->host || !strcmp(filter->host, event.host))) {
		if (reading->denials)
			err = fleet_denials_add(reading->denials, &event);
		if (!err && reading->visit)
			go_on = reading->visit(reading->closure, &event);
	}
	/* One that could not be parsed has nothing to free. */
	fleet_event_free(&event);
	reading->err = err;
	return !err && go_on && !interrupted;
}

int denied_read(struct fleet_link *link, struct denied_reading *reading)
{
	const struct denied_filter *filter = reading->filter;
	__s64 since = filter->since > 0 ? ((__s64)time(NULL) - (__s64)filter->since) * 1000000000 : 0;
	char subject[FLEET_SUBJECT_MAX] = "digsig.event.>", problem[FLEET_LINK_PROBLEM] = "";
	int err;

	if (filter->group && filter->host)
		fleet_event_subject(filter->group, filter->host, subject);
	else if (filter->group)
		snprintf(subject, sizeof(subject), "digsig.event.%s.>", filter->group);
	err = fleet_link_read(
		link, FLEET_STREAM_EVENTS, subject, since, reading->follow, &interrupted, take, reading, problem);
	err = err ? err : reading->err;
	if (err)
		complain("fleet: %s", *problem ? problem : strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

void denied_warn(const struct denied_reading *reading)
{
	struct fleet_denials_sums sums = fleet_denials_sums(reading->denials);

	if (sums.lost)
		complain("warning: hosts lost %llu events: there may be more", (unsigned long long)sums.lost);
	if (sums.passed_over)
		complain("warning: %llu events of further files were passed over: the list is full",
			(unsigned long long)sums.passed_over);
	if (reading->not_understood)
		complain("warning: %llu messages are no events, and were passed over",
			(unsigned long long)reading->not_understood);
}

char *denied_path(const struct fleet_denial *denial)
{
	char *path = learned_restore_text(denial->path);

	/* A host may send what no log would hold. */
	return path ? path : strdup(denial->path);
}

struct json_object *denied_json(const struct fleet_denial *denial)
{
	struct json_object *object = json_object_new_object();
	char digest[2 * DIGSIG_DIGEST_SIZE + 1], first[32], last[32], *path = denied_path(denial);

	print_hex(digest, denial->digest, sizeof(denial->digest));
	print_time(first, (__u64)denial->first);
	print_time(last, (__u64)denial->last);
	json_add_text(object, "path", path && *path ? path : NULL);
	free(path);
	json_add_string(object, "digest", denial->has_digest ? digest : NULL);
	json_add_text(object, "package", *denial->package ? denial->package : NULL);
	json_add_string(object, "verdict", digsig_verdict_name(denial->verdict));
	json_add_number(object, "hosts", denial->hosts);
	json_add_number(object, "denied", denial->denied);
	json_add_number(object, "would_deny", denial->would_deny);
	json_add_string(object, "first", first);
	json_add_string(object, "last", last);
	return object;
}

void denied_print_sum(const struct fleet_denial *denial)
{
	char *path;

	if (!denial->has_digest || denial->verdict != DIGSIG_VERDICT_UNSIGNED)
		return;
	path = denied_path(denial);
	sum_line_print(stdout, denial->digest, path && *path ? path : "unknown");
	free(path);
}
