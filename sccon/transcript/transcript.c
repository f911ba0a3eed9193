// SPDX-License-Identifier: GPL-2.0-or-later
#include "transcript.h"

/* How often a file that cannot be written to is tried. */
enum { RETRY_AFTER = 1000 };

/* The time of a record is its own; that of the file is the time of the call, which is later. */
static void take_record(void *context, __u64 time, enum record_kind kind, const char *text, size_t size)
{
	struct transcript *transcript = context;
	char line[RECORD_LINE_MAX + 1];

	size = record_print(line, time, kind, text, size);
	log_file_add(&transcript->file, time, line, size);
}

int transcript_open(struct transcript *transcript, const struct log_file_settings *settings, __u64 now)
{
	transcript->lines.take = take_record;
	transcript->lines.context = transcript;
	return log_file_open(&transcript->file, settings, now);
}

void transcript_output(struct transcript *transcript, __u64 now, const char *bytes, size_t size)
{
	lines_put(&transcript->lines, now, bytes, size);
	log_file_write(&transcript->file, now);
}

void transcript_input(struct transcript *transcript, __u64 now, const char *bytes, size_t size)
{
	lines_put_input(&transcript->lines, now, bytes, size);
	log_file_write(&transcript->file, now);
}

void transcript_note(struct transcript *transcript, __u64 now, const char *text)
{
	lines_note(&transcript->lines, now, text);
	log_file_write(&transcript->file, now);
}

int transcript_tick(struct transcript *transcript, __u64 now)
{
	__u64 since;
	int wait = -1;

	if (lines_wait(&transcript->lines, &since)) {
		/* A clock that was set back makes it due, too. */
		if (now - since >= TRANSCRIPT_PART_AFTER)
			lines_flush(&transcript->lines);
		else
			wait = TRANSCRIPT_PART_AFTER - (int)(now - since);
	}
	log_file_write(&transcript->file, now);
	if (transcript->file.waiting_size && (wait < 0 || wait > RETRY_AFTER))
		wait = RETRY_AFTER;
	return wait;
}

int transcript_reopen(struct transcript *transcript, __u64 now)
{
	return log_file_reopen(&transcript->file, now);
}

__u64 transcript_close(struct transcript *transcript, __u64 now)
{
	lines_flush(&transcript->lines);
	return log_file_close(&transcript->file, now);
}
