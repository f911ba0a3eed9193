// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/table/table.h"
#include "../../lib/text/json.h"
#include "cli.h"
#include "config.h"
#include "source.h"
#include "words.h"

/* The tracker gets the last snapshot of a file, or the first. */
static int take_side(struct slab_tracker *tracker, const char *path, bool first)
{
	struct source source;
	int code = source_open_any(&source, path), err;

	if (code)
		return code;
	code = source_refresh(&source);
	if (!code && source.recording && !first)
		code = source_seek(&source, slab_recording_frames(source.recording) - 1);
	if (!code && source.snapshot.malformed)
		complain("%s: %zu lines were not understood, and are left out", path,
			source.snapshot.malformed);
	err = code ? 0 : slab_tracker_update(tracker, &source.snapshot);
	if (err) {
		complain("%s: %s", path, strerror(-err));
		code = EXIT_ERROR;
	}
	source_close(&source);
	return code;
}

struct change {
	const struct slab_track *track;
	enum { STAYED, CAME, WENT } kind;
	__u64 before, after; /* active objects */
	double bytes;
};

static int by_bytes(const void *one, const void *other)
{
	const struct change *a = one, *b = other;

	return a->bytes < b->bytes   ? 1
	       : a->bytes > b->bytes ? -1
				     : strcmp(a->track->now.name, b->track->now.name);
}

static struct change change_of(const struct slab_track *track)
{
	struct change change = {
		.track = track, .before = track->before_active, .after = track->now.active_objs
	};

	if (!track->is_present) {
		change.kind = WENT;
		change.before = track->now.active_objs;
		change.after = 0;
	} else if (!track->was_first) {
		change.kind = CAME;
		change.before = 0;
	}
	change.bytes = ((double)change.after - (double)change.before) * (double)track->now.obj_size;
	return change;
}

enum { GROWN, BEFORE, AFTER, SIZE, CHANGE, NAME };

static const struct option_word columns[] = {
	{ "GROWN", GROWN | TABLE_NUMBER },
	{ "BEFORE", BEFORE | TABLE_NUMBER },
	{ "AFTER", AFTER | TABLE_NUMBER },
	{ "SIZE", SIZE | TABLE_NUMBER },
	{ "CHANGE", CHANGE },
	{ "NAME", NAME | TABLE_CUT },
	{ 0 },
};

static const char *const change_names[] = { [STAYED] = "changed", [CAME] = "new", [WENT] = "gone" };

/* Bytes as people read them, or for a script all digits. */
static void add_change(struct table *table, const struct change *change, bool is_raw)
{
	char bytes[32];

	print_signed(bytes, sizeof(bytes), change->bytes);
	table_row(table);
	if (is_raw)
		table_put(table, GROWN, "%.0f", change->bytes);
	else
		table_put(table, GROWN, "%s", bytes);
	table_put(table, BEFORE, "%llu", (unsigned long long)change->before);
	table_put(table, AFTER, "%llu", (unsigned long long)change->after);
	table_put(table, SIZE, "%llu", (unsigned long long)change->track->now.obj_size);
	table_put(table, CHANGE, "%s", change_names[change->kind]);
	table_put(table, NAME, "%s", change->track->now.name);
}

static void print_change_json(const struct change *change)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "name", change->track->now.name);
	json_add_string(object, "change", change_names[change->kind]);
	json_add_number(object, "obj_size", change->track->now.obj_size);
	json_add_number(object, "active_objs_before", change->before);
	json_add_number(object, "active_objs_after", change->after);
	json_object_object_add(object, "bytes", json_object_new_int64((int64_t)change->bytes));
	json_put_line(object);
}

struct diff_settings {
	struct table_settings table;
	bool json;
};

/* Those caches that changed, what grew most first; NULL: memory is short. */
static struct change *find_changes(const struct slab_tracker *tracker, size_t *count)
{
	struct change *changes = calloc(tracker->count + 1, sizeof(*changes));

	*count = 0;
	for (size_t i = 0; changes && i < tracker->count; i++) {
		struct change change = change_of(tracker->tracks[i]);

		if (change.kind != STAYED || change.before != change.after)
			changes[(*count)++] = change;
	}
	if (changes)
		qsort(changes, *count, sizeof(*changes), by_bytes);
	return changes;
}

static void explain(const struct change *changes, size_t count, size_t of)
{
	double sum = 0;
	char text[32];

	for (size_t i = 0; i < count; i++)
		sum += changes[i].bytes;
	print_signed(text, sizeof(text), sum);
	printf("%zu of %zu caches changed, %s bytes of objects in use\n\n", count, of, text);
}

/* table: NULL: JSON. */
static int print_changes(
	const struct slab_tracker *tracker, const struct diff_settings *settings, struct table *table)
{
	size_t count;
	struct change *changes = find_changes(tracker, &count);

	if (!changes) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	if (table && table_is_explained(&settings->table))
		explain(changes, count, tracker->count);
	for (size_t i = 0; i < count; i++) {
		if (table)
			add_change(table, &changes[i], settings->table.raw);
		else
			print_change_json(&changes[i]);
	}
	free(changes);
	return EXIT_OK;
}

static const struct command_option options[] = {
	TABLE_OPTIONS(struct diff_settings, table, columns),
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line",
		OPTION_FIELD(struct diff_settings, json) },
	{ 0 },
};

static int compare(const struct diff_settings *settings, char **sides)
{
	struct slab_tracker tracker = { 0 };
	struct table *table = NULL;
	int code = EXIT_OK, printed;

	if (!settings->json) {
		table = table_open(&settings->table, columns, "GROWN,BEFORE,AFTER,SIZE,CHANGE,NAME",
			EXIT_ERROR, &code);
		if (!table)
			return code;
	}
	code = take_side(&tracker, sides[0], !strcmp(sides[0], sides[1]));
	if (!code)
		code = take_side(&tracker, sides[1], false);
	if (!code)
		code = print_changes(&tracker, settings, table);
	printed = table ? table_close(table) : EXIT_OK;
	slab_tracker_free(&tracker);
	return code ? code : printed;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct diff_settings settings = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	return compare(&settings, argv);
}

const struct command diff_command = {
	.name = "diff",
	.summary = "what grew between two files, also: --diff A B",
	.usage = TABLE_USAGE " A B\n--json A B",
	.about = "What changed from A to B: each a copy of /proc/slabinfo, that file itself, or a recording, of\n"
		 "which the last snapshot counts; if B is A, from its first to its last. What grew most comes\n"
		 "first. " SLABTOP_NAME " --diff A B is the same.\n",
	.options = options,
	.notes = "Columns:\n"
		 "  GROWN     bytes of objects in use in B more than in A; with --raw all digits\n"
		 "  BEFORE    objects in use in A\n"
		 "  AFTER     objects in use in B\n"
		 "  SIZE      bytes of an object\n"
		 "  CHANGE    changed, new or gone\n"
		 "  NAME      the cache's name\n",
	.run = run,
	.arguments = "A B",
	.most = 2,
	.offer = OFFER_FILES,
};
