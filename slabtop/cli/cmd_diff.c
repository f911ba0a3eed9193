// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void print_change(const struct change *change)
{
	static const char *const words[] = { "", " (new)", " (gone)" };
	char bytes[32], name[256];

	print_signed(bytes, sizeof(bytes), change->bytes);
	print_name(name, sizeof(name), change->track->now.name);
	printf("%10s %12llu %12llu %8.2fK %s%s\n", bytes, (unsigned long long)change->before,
		(unsigned long long)change->after, (double)change->track->now.obj_size / 1024, name,
		words[change->kind]);
}

static void print_change_json(const struct change *change)
{
	static const char *const words[] = { "changed", "new", "gone" };
	struct json_object *object = json_object_new_object();

	json_add_text(object, "name", change->track->now.name);
	json_add_string(object, "change", words[change->kind]);
	json_add_number(object, "obj_size", change->track->now.obj_size);
	json_add_number(object, "active_objs_before", change->before);
	json_add_number(object, "active_objs_after", change->after);
	json_object_object_add(object, "bytes", json_object_new_int64((int64_t)change->bytes));
	json_put_line(object);
}

static int print_changes(const struct slab_tracker *tracker, bool json)
{
	struct change *changes = calloc(tracker->count + 1, sizeof(*changes));
	size_t count = 0;
	double sum = 0;
	char text[32];

	if (!changes) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < tracker->count; i++) {
		struct change change = change_of(tracker->tracks[i]);

		if (change.kind == STAYED && change.before == change.after)
			continue;
		sum += change.bytes;
		changes[count++] = change;
	}
	qsort(changes, count, sizeof(*changes), by_bytes);
	if (!json) {
		print_signed(text, sizeof(text), sum);
		printf(" %zu of %zu caches changed, %s bytes of objects in use\n\n%10s %12s %12s "
		       "%9s %s\n",
			count, tracker->count, text, "GROWN", "ACTIVE IN A", "ACTIVE IN B",
			"OBJ SIZE", "NAME");
	}
	for (size_t i = 0; i < count; i++)
		(json ? print_change_json : print_change)(&changes[i]);
	free(changes);
	return EXIT_OK;
}

struct diff_settings {
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line",
		OPTION_FIELD(struct diff_settings, json) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct slab_tracker tracker = { 0 };
	struct diff_settings settings = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = take_side(&tracker, argv[0], !strcmp(argv[0], argv[1]));
	if (!code)
		code = take_side(&tracker, argv[1], false);
	if (!code)
		code = print_changes(&tracker, settings.json);
	slab_tracker_free(&tracker);
	return code;
}

const struct command diff_command = {
	.name = "diff",
	.summary = "what grew between two files, also: --diff A B",
	.usage = "[--json] A B",
	.about = "What changed from A to B: each a copy of /proc/slabinfo, that file itself, or a recording, of\n"
		 "which the last snapshot counts; if B is A, from its first to its last. What grew most comes\n"
		 "first. " SLABTOP_NAME " --diff A B is the same.\n",
	.options = options,
	.run = run,
	.arguments = "A B",
	.most = 2,
	.offer = OFFER_FILES,
};
