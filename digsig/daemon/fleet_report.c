// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_report.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../enforce/keyring.h"

static void add_time(struct json_object *object, const char *name, __s64 seconds)
{
	char text[32];

	print_time(text, (__u64)seconds);
	json_add_string(object, name, text);
}

static struct json_object *manifest_object(const struct fleet_manifest *manifest)
{
	struct json_object *object = json_object_new_object();
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, manifest->digest, sizeof(manifest->digest));
	json_add_string(object, "name", manifest->name);
	json_add_number(object, "sequence", manifest->sequence);
	json_add_string(object, "digest", hex);
	add_time(object, "made", manifest->made);
	add_time(object, "valid_until", manifest->valid_until);
	return object;
}

static void add_set(struct json_object *object, const struct fleet_report *report)
{
	const struct fleet_set *set = report->set;

	json_object_object_add(object, "group", set ? manifest_object(&set->group) : NULL);
	json_object_object_add(
		object, "host", set && fleet_set_has_host(set) ? manifest_object(&set->host) : NULL);
	if (set)
		add_time(object, "applied_at", report->taken);
	else
		json_add_string(object, "applied_at", NULL);
	json_add_flag(object, "stale", report->is_stale);
	json_add_flag(object, "made_in_future", report->is_made_later);
}

/* What the engine does not have as the set wants it: a start takes all of it. */
static struct json_object *waiting(const struct fleet_report *report)
{
	struct json_object *list = json_object_new_array();
	const struct digsig_settings *settings = report->engine ? &report->engine->settings : NULL;
	const struct fleet_manifest *merged = report->set ? &report->set->merged : NULL;
	const struct {
		const char *name;
		bool waits;
	} items[] = {
		{ "trust", settings && report->keyring > 0 },
		{ "catalogs", settings && report->lacks_room },
		{ "mode", settings && merged && settings->mode != report->wanted->mode &&
				(merged->has_mode || (report->is_stale && merged->stale == FLEET_STALE_MONITOR)) },
		{ "scopes", settings && merged && merged->has_scopes && settings->scopes != merged->scopes },
		{ "wx", settings && merged && merged->has_wx && settings->wx != merged->wx },
	};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (items[i].waits)
			json_object_array_add(list, json_object_new_string(items[i].name));
	return list;
}

static struct json_object *refusal_object(const struct fleet_refusal *refusal)
{
	struct json_object *object = json_object_new_object();

	if (refusal->sequence)
		json_add_number(object, "sequence", refusal->sequence);
	else
		json_object_object_add(object, "sequence", NULL);
	json_add_string(object, "what", fleet_scope_name(refusal->scope));
	json_add_text(object, "reason", refusal->reason);
	return object;
}

struct json_object *fleet_report_state(const struct fleet_report *report)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		return NULL;
	json_add_string(object, "configured_group", report->group);
	add_set(object, report);
	json_object_object_add(object, "at_next_start", waiting(report));
	json_object_object_add(object, "refused", report->refused ? refusal_object(report->refused) : NULL);
	json_add_text(object, "problem", *report->problem ? report->problem : NULL);
	return object;
}

struct json_object *fleet_report_engine(const struct fleet_report *report)
{
	struct json_object *object = json_object_new_object();
	const struct digsig_status *engine = report->engine;

	if (!object)
		return NULL;
	json_add_flag(object, "running", engine);
	json_add_string(object, "mode", engine ? engine_mode_name(engine->settings.mode) : NULL);
	json_add_flag(object, "locked", engine && engine->settings.is_locked);
	json_add_number(object, "denied", engine ? engine->counters.denied : 0);
	json_add_number(object, "would_deny", report->would_deny);
	json_add_number(object, "events_lost", engine ? engine->settings.events_lost : 0);
	json_add_string(object, "kernel", report->kernel);
	return object;
}

/* The umask of digsigd keeps others from what it writes; this is for others. */
int fleet_report_write(const char *path, const char *text)
{
	char made[PATH_MAX];
	int fd, err;

	if (snprintf(made, sizeof(made), "%s.new", path) >= (int)sizeof(made))
		return -ENAMETOOLONG;
	fd = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	err = file_write_all(fd, text, strlen(text));
	if (!err)
		err = file_write_all(fd, "\n", 1);
	if (!err && fchmod(fd, 0644))
		err = -errno;
	close(fd);
	if (!err && rename(made, path))
		err = -errno;
	if (err)
		unlink(made);
	return err;
}
