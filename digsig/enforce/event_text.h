/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An event as a JSON object and as a line for a person: what digsig log prints and what digsigd
 * writes. A log has entries of two kinds: events, and notes, which have a member "note":
 *
 *   repeated   count events like the one described here came, and were not written one by one
 *   lost       count events were lost here: the engine's buffer was full
 *   unwritten  count events could not be written here, for reason
 */
#ifndef DIGSIG_ENFORCE_EVENT_TEXT_H
#define DIGSIG_ENFORCE_EVENT_TEXT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include "../kernel/engine.h"

/* New objects, NULL when memory is short. lost: how many events were lost before this one. */
struct json_object *event_to_json(const struct digsig_event *event, __u64 lost);
/*
 * The time of the note is now. serial tells it from another of its kind; event: what was repeated,
 * or NULL; reason may be NULL.
 */
struct json_object *event_note(const char *note, __u64 count, __u64 serial,
	const struct digsig_event *event, const char *reason);

/* Whether two entries are one and the same event, or one and the same note. */
bool event_is_same_entry(struct json_object *one, struct json_object *other);

/* What an entry says, in one line, without its time and without a newline. */
void event_print_words(FILE *out, struct json_object *entry, bool colour);

/* The entry as a line with its time; and a line before it where events were lost. */
void event_print_line(FILE *out, struct json_object *entry, bool colour);

#endif
