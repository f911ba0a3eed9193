// SPDX-License-Identifier: GPL-2.0-or-later
#include "events.h"
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "position.h"

enum {
	BATCH = 256, /* entries in one step */
	IN_MEMORY_MAX = 1024, /* entries that neither the server nor the disk has: the log keeps the others meanwhile */
	WAIT_FOR_ROOM = 5, /* milliseconds */
	WAIT_FOR_LINES = 200,
	SAVE_EVERY = 1000,
	ENTRY_DEPTH = 16,
	WRAP = 1024, /* bytes around an entry, and of what is added to it */
};

struct fleet_events {
	struct fleet_events_settings settings;
	int folder;
	struct log_reader reader;
	struct position position;
	struct json_tokener *tokener;
	__u64 lost_before; /* when the reader was made */
	__u64 not_entries; /* lines that are no JSON object */
	__u64 saved_at; /* milliseconds of CLOCK_MONOTONIC */
	bool is_unsaved;
	char subject[STREAM_SUBJECT_MAX + 1];
	char read_problem[512], save_problem[512]; /* each lasts until that works */
	char message[LOG_LINE_MAX + WRAP];
};

static void free_events(struct fleet_events *events)
{
	if (events->tokener)
		json_tokener_free(events->tokener);
	log_reader_free(&events->reader);
	if (events->folder >= 0)
		close(events->folder);
	free(events);
}

static int read_position(struct fleet_events *events)
{
	bool damaged;
	int err = position_read(events->folder, events->settings.boot, &events->position, &damaged);

	/* Which sequences were used is not known any more: those that follow must be none of them. */
	if (!err && damaged) {
		events->position.sequence = clock_read(CLOCK_REALTIME) / CLOCK_MILLISECOND;
		events->position.lost++;
	}
	events->lost_before = events->position.lost;
	return err;
}

int fleet_events_open(const struct fleet_events_settings *settings, struct fleet_events **opened)
{
	struct fleet_events *events = calloc(1, sizeof(*events));
	int err;

	if (!events)
		return -ENOMEM;
	events->settings = *settings;
	events->reader.fd = -1;
	snprintf(events->subject, sizeof(events->subject), "%s.%s", settings->group, settings->host);
	events->tokener = json_tokener_new_ex(ENTRY_DEPTH);
	events->folder = open(settings->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = events->folder < 0 ? -errno : events->tokener ? read_position(events) : -ENOMEM;
	if (!err)
		err = log_reader_init(&events->reader, settings->log_file, settings->log_keep, &events->position.place);
	if (err) {
		free_events(events);
		return err;
	}
	json_tokener_set_flags(events->tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*opened = events;
	return 0;
}

/* NULL: none is known. */
static const char *package_of(struct fleet_events *events, struct json_object *entry)
{
	const char *safe = json_find_text(entry, "path");
	char path[PATH_MAX];
	size_t used;

	/* A whole path; of a file that was deleted the log has its name only. */
	if (!events->settings.packages || !safe || *safe != '/' || json_object_object_get_ex(entry, "package", NULL))
		return NULL;
	/* It is longer than a path, or no text of the log's. */
	if (safe[safe_text_parse(safe, strlen(safe), path, sizeof(path) - 1, &used)] || memchr(path, '\0', used))
		return NULL;
	path[used] = '\0';
	return package_index_find(events->settings.packages, path);
}

/*
 * A line becomes a part of a JSON text, so it has to be one. A kill of digsigd leaves one that is torn. *package: of the file that it is
 * about, or NULL.
 */
static bool is_entry(struct fleet_events *events, const char *line, size_t size, const char **package)
{
	struct json_object *entry;
	bool is_object;

	json_tokener_reset(events->tokener);
	entry = json_tokener_parse_ex(events->tokener, line, (int)size);
	is_object = json_tokener_get_error(events->tokener) == json_tokener_success &&
		json_tokener_get_parse_end(events->tokener) == size && json_object_is_type(entry, json_type_object);
	*package = is_object ? package_of(events, entry) : NULL;
	json_object_put(entry);
	return is_object;
}

/* Into message; its size. The package is the entry's last member. */
static size_t wrap(struct fleet_events *events, __u64 sequence, const char *line, size_t size, const char *package)
{
	const struct fleet_events_settings *settings = &events->settings;
	int begin = snprintf(events->message, WRAP, "{\"host\":\"%s\",\"group\":\"%s\",\"boot\":\"%s\",\"sequence\":%llu,\"entry\":",
		settings->host, settings->group, settings->boot, (unsigned long long)sequence);
	char *end = events->message + begin;

	memcpy(end, line, size);
	if (!package) {
		end[size] = '}';
		return (size_t)begin + size + 1;
	}
	end = memrchr(end, '}', size);
	end += sprintf(end, ",\"package\":\"%.*s\"}}", PACKAGE_NAME_MAX, package);
	return (size_t)(end - events->message);
}

/* What the stream does not take, for whatever reason, has a sequence too: its gap shows what is missing. */
static void put_entry(struct fleet_events *events, const char *line, size_t size, const char *package)
{
	__u64 sequence = ++events->position.sequence;
	size_t message_size = wrap(events, sequence, line, size, package);
	char id[BOOT_SIZE + 24];

	snprintf(id, sizeof(id), "%s-%llu", events->settings.boot, (unsigned long long)sequence);
	if (stream_put(events->settings.stream, events->subject, id, events->message, message_size))
		events->position.refused++;
}

static bool has_room(const struct fleet_events *events)
{
	struct stream_counts counts;

	stream_counts(events->settings.stream, &counts);
	return counts.waiting - counts.spooled < IN_MEMORY_MAX;
}

/* How many were taken. */
static unsigned int take_entries(struct fleet_events *events)
{
	unsigned int count = 0;
	const char *line, *package;
	size_t size;
	int got = 1;

	*events->read_problem = '\0';
	while (count < BATCH && (got = log_reader_next(&events->reader, &line, &size)) > 0) {
		count++;
		events->is_unsaved = true;
		if (!size)
			continue; /* digsigd closes a torn line so */
		if (is_entry(events, line, size, &package))
			put_entry(events, line, size, package);
		else
			events->not_entries++;
	}
	if (got < 0)
		snprintf(events->read_problem, sizeof(events->read_problem), "%.400s: %s", events->settings.log_file, strerror(-got));
	return count;
}

static void save(struct fleet_events *events)
{
	int err;

	events->saved_at = clock_now() / CLOCK_MILLISECOND;
	if (!events->is_unsaved)
		return;
	log_reader_place(&events->reader, &events->position.place);
	events->position.lost = events->lost_before + events->reader.lost + events->not_entries;
	err = stream_flush(events->settings.stream);
	if (!err)
		err = position_write(events->folder, &events->position);
	*events->save_problem = '\0';
	if (err)
		snprintf(events->save_problem, sizeof(events->save_problem), "%.400s: %s", events->settings.folder, strerror(-err));
	events->is_unsaved = err != 0;
}

unsigned int fleet_events_step(struct fleet_events *events)
{
	unsigned int count = 0;
	bool room = has_room(events);

	if (room) {
		log_reader_look(&events->reader);
		count = take_entries(events);
	}
	if (clock_now() / CLOCK_MILLISECOND >= events->saved_at + SAVE_EVERY)
		save(events);
	if (!room)
		return WAIT_FOR_ROOM;
	return count ? 0 : WAIT_FOR_LINES;
}

void fleet_events_close(struct fleet_events *events)
{
	save(events);
	free_events(events);
}

void fleet_events_counts(struct fleet_events *events, struct status_events *counts)
{
	struct stream_counts stream;
	__u64 put = events->position.sequence - events->position.refused;

	stream_counts(events->settings.stream, &stream);
	*counts = (struct status_events){
		.put = events->position.sequence,
		.waiting = stream.waiting,
		.refused = events->position.refused + stream.rejected,
		.lost = events->lost_before + events->reader.lost + events->not_entries,
		.acknowledged = put > stream.waiting + stream.rejected ? put - stream.waiting - stream.rejected : 0,
	};
}

const char *fleet_events_problem(const struct fleet_events *events)
{
	return *events->save_problem ? events->save_problem : events->read_problem;
}
