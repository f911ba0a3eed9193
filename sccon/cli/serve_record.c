// SPDX-License-Identifier: GPL-2.0-or-later
#include "serve_record.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "../screen/screen.h"
#include "../transcript/transcript.h"
#include "cli.h"

/* Before anybody says how large it is. */
enum { ROWS_USUAL = 24, COLUMNS_USUAL = 80 };

const struct command_option record_options[] = {
	{ OPTION_VALUE, 'l', "log", "FILE", "log what the machine sends, a line a record with its time",
		OPTION_FIELD(struct record_settings, log), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "log-input", NULL, "log what is sent to the machine, too: passwords are in it",
		OPTION_FIELD(struct record_settings, has_input) },
	{ OPTION_SIZE, 0, "rotate", "SIZE", "rotate the log before it is larger (default: never)",
		OPTION_FIELD(struct record_settings, rotate), .least = 64 << 10, .most = 1ULL << 50 },
	{ OPTION_DURATION, 0, "rotate-age", "DURATION", "rotate it when its first record is so old (default: never)",
		OPTION_FIELD(struct record_settings, rotate_age) },
	{ OPTION_NUMBER, 0, "keep", "N", "keep so many rotated logs, FILE.1 to FILE.N (default: 9)",
		OPTION_FIELD(struct record_settings, keep), .least = 0, .most = 9999 },
	{ OPTION_NUMBER, 0, "scrollback", "N", "who attaches gets so many lines of what left the screen (default: 200)",
		OPTION_FIELD(struct record_settings, scrollback), .least = 0, .most = SCREEN_SCROLLBACK_MAX },
	{ 0 },
};

struct serve_record {
	const struct record_settings *settings;
	struct transcript *log; /* NULL: none */
	struct screen *screen;
	bool has_output; /* the machine has sent something */
};

static __u64 milliseconds(const struct server_time *time)
{
	return time->real / CLOCK_MILLISECOND;
}

static __u64 milliseconds_now(void)
{
	return clock_read(CLOCK_REALTIME) / CLOCK_MILLISECOND;
}

/* --- what the server tells */

static void from_machine(void *context, const void *bytes, size_t size, const struct server_time *time)
{
	struct serve_record *record = context;

	record->has_output = true;
	screen_put(record->screen, bytes, size);
	if (record->log)
		transcript_output(record->log, milliseconds(time), bytes, size);
}

static void to_machine(void *context, const void *bytes, size_t size, const struct server_time *time)
{
	struct serve_record *record = context;

	if (record->log && record->settings->has_input)
		transcript_input(record->log, milliseconds(time), bytes, size);
}

static void happened(void *context, const char *words, const struct server_time *time)
{
	struct serve_record *record = context;

	if (record->log)
		transcript_note(record->log, milliseconds(time), words);
}

static void resized(void *context, unsigned int rows, unsigned int columns)
{
	struct serve_record *record = context;

	if (rows && columns)
		screen_resize(record->screen, rows, columns);
}

static int replay(void *context, unsigned int rows, unsigned int columns, void **bytes, size_t *size)
{
	struct screen_window window = { rows, columns };
	struct serve_record *record = context;

	/* An empty screen is none to be drawn. */
	return record->has_output ? screen_replay(record->screen, window, SERVER_REPLAY_MOST, bytes, size) : 0;
}

static void reopen(void *context)
{
	struct serve_record *record = context;
	int err = record->log ? transcript_reopen(record->log, milliseconds_now()) : 0;

	if (err)
		complain("%s: %s: the log goes on in the file that was open", record->settings->log, strerror(-err));
}

static __u64 attend(void *context, __u64 now)
{
	struct serve_record *record = context;
	int wait = record->log ? transcript_tick(record->log, milliseconds_now()) : -1;

	return wait < 0 ? ~0ULL : now + (__u64)wait * CLOCK_MILLISECOND;
}

static void add_status(void *context, struct json_object *status)
{
	struct serve_record *record = context;
	struct json_object *log = record->log ? json_object_new_object() : NULL;
	unsigned int rows, columns;

	screen_size(record->screen, &rows, &columns);
	json_add_number(status, "screen_rows", rows);
	json_add_number(status, "screen_columns", columns);
	if (!log)
		return;
	json_add_text(log, "path", record->settings->log);
	json_add_number(log, "records", record->log->file.records);
	json_add_number(log, "bytes", record->log->file.bytes);
	json_add_number(log, "records_dropped", record->log->file.dropped);
	json_add_number(log, "rotations", record->log->file.rotations);
	json_add_flag(log, "is_failing", record->log->file.is_failing);
	json_object_object_add(status, "log", log);
}

struct server_observer serve_record_observer(struct serve_record *record)
{
	return (struct server_observer){
		.context = record,
		.from_machine = from_machine,
		.to_machine = to_machine,
		.event = happened,
		.window = resized,
		.replay = replay,
		.reopen = reopen,
		.attend = attend,
		.add_status = add_status,
	};
}

/* --- the log */

static void tell(void *context, enum log_file_event event, int err)
{
	const char *log = ((struct serve_record *)context)->settings->log;

	if (event == LOG_FILE_FAILING)
		complain("%s: %s: the log waits in memory, and is written when that is over", log, strerror(-err));
	else if (event == LOG_FILE_WRITTEN_AGAIN)
		complain("%s: written again", log);
	else
		complain("%s: could not be rotated: %s: it grows, and rotation is tried again", log, strerror(-err));
}

static int complain_of_log(const char *log, int err)
{
	if (err == -EWOULDBLOCK)
		complain("%s: another process logs there", log);
	else if (err == -EINVAL || err == -ELOOP || err == -ENXIO)
		complain("%s: not a regular file: choose another name", log);
	else
		complain("%s: %s", log, strerror(-err));
	return EXIT_ERROR;
}

static int open_log(struct serve_record *record)
{
	const struct log_file_settings settings = {
		.path = record->settings->log,
		.rotate_size = record->settings->rotate,
		.rotate_age = (__u64)(record->settings->rotate_age * 1000),
		.keep = record->settings->keep,
	};
	struct transcript *log = calloc(1, sizeof(*log));
	int err;

	if (!log)
		return complain_of_log(settings.path, -ENOMEM);
	log->file.tell = tell;
	log->file.context = record;
	err = transcript_open(log, &settings, milliseconds_now());
	if (err) {
		free(log);
		return complain_of_log(settings.path, err);
	}
	record->log = log;
	transcript_note(log, milliseconds_now(), "the log begins");
	return EXIT_OK;
}

int serve_record_open(const struct record_settings *settings, struct serve_record **record)
{
	int code = EXIT_OK;

	*record = calloc(1, sizeof(**record));
	if (*record)
		(*record)->screen = screen_new(ROWS_USUAL, COLUMNS_USUAL, settings->scrollback);
	if (!*record || !(*record)->screen) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	(*record)->settings = settings;
	if (settings->log)
		code = open_log(*record);
	return code;
}

void serve_record_close(struct serve_record *record)
{
	__u64 lost;

	if (!record)
		return;
	if (record->log) {
		transcript_note(record->log, milliseconds_now(), "the log ends");
		lost = transcript_close(record->log, milliseconds_now());
		if (lost)
			complain("%s: %llu record%s could not be written: lost", record->settings->log, (unsigned long long)lost,
				text_plural(lost));
	}
	free(record->log);
	screen_free(record->screen);
	free(record);
}
