// SPDX-License-Identifier: GPL-2.0-or-later
/* sccon log: the log of a console, made harmless. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/output.h"
#include "../../lib/text/duration.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "../transcript/follow.h"
#include "../transcript/reader.h"
#include "cli.h"
#include "log_print.h"

/* Besides what inotify tells, of file systems that others write to. */
enum { LOOK_AGAIN = 1000 };

struct log_settings {
	bool follows, is_raw, is_json, is_plain;
	__u64 since, until; /* milliseconds since 1970 */
};

/* "2026-11-30T17:42:25Z", with or without milliseconds, or so long ago: "10m". */
static int take_time(void *field, char *value)
{
	char text[RECORD_TIME_SIZE];
	size_t size = strlen(value);
	double seconds;
	__u64 time, now = clock_read(CLOCK_REALTIME) / CLOCK_MILLISECOND, ago;

	if (!duration_parse(value, &seconds)) {
		ago = (__u64)(seconds * 1000);
		*(__u64 *)field = now > ago ? now - ago : 0;
		return EXIT_OK;
	}
	if (size == RECORD_TIME_SIZE - 5 && value[size - 1] == 'Z')
		snprintf(text, sizeof(text), "%.*s.000Z", (int)size - 1, value);
	else
		snprintf(text, sizeof(text), "%s", value);
	if (size >= RECORD_TIME_SIZE || record_parse_time(text, &time) != RECORD_TIME_SIZE - 1)
		return usage_error("%s: not a time: it is 2026-01-31T12:00:00Z, or how long ago: " DURATION_RULE, value);
	*(__u64 *)field = time;
	return EXIT_OK;
}

static const struct command_option options[] = {
	{ OPTION_FLAG, 'f', "follow", NULL, "go on with what is written later, over rotations",
		OPTION_FIELD(struct log_settings, follows) },
	{ OPTION_CALL, 0, "since", "TIME", "only what came then or later: 2026-01-31T12:00:00Z, or how long ago: 10m",
		OPTION_FIELD(struct log_settings, since), .take = take_time },
	{ OPTION_CALL, 0, "until", "TIME", "only what came then or earlier", OPTION_FIELD(struct log_settings, until),
		.take = take_time },
	{ OPTION_FLAG, 0, "plain", NULL, "leave control sequences out, such as those for colours",
		OPTION_FIELD(struct log_settings, is_plain) },
	{ OPTION_FLAG, 0, "raw", NULL, "the very bytes that the machine sent; they may do anything to a terminal",
		OPTION_FIELD(struct log_settings, is_raw) },
	{ OPTION_FLAG, 0, "json", NULL, "an object a record, a line each", OPTION_FIELD(struct log_settings, is_json) },
	{ 0 },
};

static enum log_form form_of(const struct log_settings *settings)
{
	return settings->is_raw ? LOG_RAW : settings->is_json ? LOG_JSON : settings->is_plain ? LOG_PLAIN : LOG_LINES;
}

/* All that is there now. 0 or a negative errno. */
static int print_all(struct reader *reader, const struct log_settings *settings, struct record *record)
{
	enum log_form form = form_of(settings);
	const char *line;
	int result;

	while ((result = reader_next(reader, !settings->follows, record, &line)) == READER_RECORD || result == READER_DAMAGED)
		if (result == READER_RECORD && record->time >= settings->since && record->time <= settings->until)
			log_print(form, record);
	return result == READER_END ? 0 : result;
}

/* Until the output has no reader any more, or a signal comes. */
static int follow(struct reader *reader, const struct log_settings *settings, struct record *record)
{
	struct pollfd fds[] = { { .fd = follow_open(reader->folder), .events = POLLIN }, { .fd = STDOUT_FILENO } };
	__u64 gaps = 0;
	int err;

	do {
		follow_drain(fds[0].fd);
		err = print_all(reader, settings, record);
		if (reader->gaps != gaps)
			complain("files of the log were removed before they could be read: records may be missing");
		gaps = reader->gaps;
		if (!err)
			err = output_flush();
		if (!err && poll(fds, 2, LOOK_AGAIN) < 0 && errno != EINTR)
			err = -errno;
	} while (!err && !(fds[1].revents & (POLLERR | POLLHUP)));
	if (fds[0].fd >= 0)
		close(fds[0].fd);
	return err;
}

static int show(const char *path, const struct log_settings *settings)
{
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	int err = reader && record ? reader_open(reader, path, settings->since) : -ENOMEM, code = EXIT_OK;

	if (!err) {
		err = settings->follows ? follow(reader, settings, record) : print_all(reader, settings, record);
		if (reader->damaged) {
			complain("%s: %llu line%s no record%s: not shown", path, (unsigned long long)reader->damaged,
				reader->damaged == 1 ? " is" : "s are", text_plural(reader->damaged));
			code = EXIT_NO;
		}
		reader_close(reader);
	}
	if (err) {
		complain("%s: %s", path, err == -EINVAL ? "not a regular file" : strerror(-err));
		code = EXIT_ERROR;
	}
	free(reader);
	free(record);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct log_settings settings = { .until = ~0ULL };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.is_raw + settings.is_json + settings.is_plain > 1)
		return usage_error("--raw, --json and --plain exclude each other");
	if (settings.follows && settings.until != ~0ULL)
		return usage_error("--follow and --until exclude each other");
	return show(argv[0], &settings);
}

const struct command log_command = {
	.name = "log",
	.summary = "show the log of a console, made harmless",
	.usage = "[-f] [--since TIME] [--until TIME] [--plain | --raw | --json] FILE",
	.about = "Shows a log that sccon serve --log wrote, with its rotated files, the oldest first. What could control\n"
		 "the terminal is escaped: \\x1b is an escape, \\\\ a backslash.\n",
	.options = options,
	.notes = "Exit codes: 0 shown; 1 some lines are no records; 2 usage; 3 it could not be read.\n",
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
