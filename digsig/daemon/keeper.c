// SPDX-License-Identifier: GPL-2.0-or-later
#include "keeper.h"
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include "../enforce/event_text.h"
#include "../fleet/handover.h"
#include "journal.h"

static __u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return (__u64)time.tv_sec;
}

/* The group of digsig-fleetd, which reads the log; -1: there is none. */
static gid_t fleet_group_id(void)
{
	struct group entry, *found = NULL;
	char text[4096];

	return !getgrnam_r(FLEET_USER, &entry, text, sizeof(text), &found) && found ? found->gr_gid : (gid_t)-1;
}

void keeper_configure(
	struct keeper *keeper, struct daemon_state *state, const struct digsig_config *config)
{
	char *line = config->log_file ? log_file_last_line(config->log_file) : NULL;

	*keeper = (struct keeper){ .state = state, .has_file = config->log_file };
	log_file_init(&keeper->file, config->log_file, config->log_size, config->log_keep);
	if (config->fleet_group)
		keeper->file.group = fleet_group_id();
	keeper->rate = config->rate;
	if (line)
		keeper->last = json_tokener_parse(line);
	free(line);
}

void keeper_close(struct keeper *keeper)
{
	log_file_close(&keeper->file);
	keeper_forget_last(keeper);
}

/* An entry as a line; *lines grows. */
static bool add_line(char **lines, size_t *size, struct json_object *entry)
{
	const char *text = json_object_to_json_string_ext(entry, JSON_C_TO_STRING_PLAIN);
	size_t length = strlen(text);
	char *more = realloc(*lines, *size + length + 1);

	if (!more)
		return false;
	memcpy(more + *size, text, length);
	more[*size + length] = '\n';
	*lines = more;
	*size += length + 1;
	return true;
}

static bool was_written(const struct keeper *keeper, struct json_object *entry)
{
	return entry && keeper->last && event_is_same_entry(keeper->last, entry);
}

static struct json_object *unwritten_note(const struct keeper *keeper)
{
	const struct daemon_state *state = keeper->state;

	return event_note("unwritten", state->unwritten, state->unwritten_notes, NULL,
		strerror(-state->unwritten_error));
}

/* The file has them, or a note of how many it does not have. */
static void settle(struct daemon_state *state)
{
	state->unwritten_notes += state->unwritten > 0;
	state->unwritten = 0;
}

/* events: for how many the lines stand. */
static void write_lines(struct keeper *keeper, const char *lines, size_t size, __u64 events)
{
	struct daemon_state *state = keeper->state;
	int err = lines ? log_file_write(&keeper->file, lines, size) : -ENOMEM;

	if (!err && state->unwritten)
		tell(LOG_NOTICE, "%s: written again; %llu events are missing there",
			keeper->file.path, (unsigned long long)state->unwritten);
	if (!err) {
		settle(state);
		return;
	}
	if (!state->unwritten)
		tell(LOG_ERR, "%s: %s: events are not written there for now, but counted",
			keeper->file.path, strerror(-err));
	state->unwritten += events;
	state->unwritten_error = err;
}

/* Writes the entry, NULL: none; before it a note of what could not be written earlier. */
static void write_to_file(struct keeper *keeper, struct json_object *entry, __u64 events)
{
	struct json_object *note = keeper->state->unwritten ? unwritten_note(keeper) : NULL;
	char *lines = NULL;
	size_t size = 0;

	/* A kill came after the write, before anybody could note that. */
	if (was_written(keeper, entry) || (!entry && was_written(keeper, note))) {
		settle(keeper->state);
	} else {
		bool whole = (!note || add_line(&lines, &size, note)) &&
			(!entry || add_line(&lines, &size, entry));

		write_lines(keeper, whole ? lines : NULL, size, events);
	}
	free(lines);
	json_object_put(note);
}

static void keep(struct keeper *keeper, struct json_object *entry, __u64 events)
{
	if (!entry)
		return;
	journal_write(entry, keeper->has_file);
	if (keeper->has_file)
		write_to_file(keeper, entry, events);
	json_object_put(entry);
}

void keeper_take(const struct digsig_event *event, __u64 lost, void *context)
{
	struct keeper *keeper = context;

	/* Where events are missing, the one that follows is said in any case. */
	if (!lost && repeats_count(&keeper->state->repeats, event, now(), keeper->rate))
		return;
	keep(keeper, event_to_json(event, lost), 1);
}

static void tell_repeat(const struct repeat *repeat, void *context)
{
	keep(context,
		event_note("repeated", repeat->count, repeat->until, &repeat->first, NULL),
		repeat->count);
}

void keeper_tick(struct keeper *keeper)
{
	repeats_tell(&keeper->state->repeats, now(), keeper->rate, tell_repeat, keeper);
	if (keeper->has_file && keeper->state->unwritten)
		write_to_file(keeper, NULL, 0);
}

void keeper_forget_last(struct keeper *keeper)
{
	json_object_put(keeper->last);
	keeper->last = NULL;
}

void keeper_flush(struct keeper *keeper)
{
	repeats_tell(&keeper->state->repeats, ~0ULL, 0, tell_repeat, keeper);
}

void keeper_note_lost(struct keeper *keeper, __u64 count, __u64 total)
{
	keep(keeper, event_note("lost", count, total, NULL, NULL), 0);
}
