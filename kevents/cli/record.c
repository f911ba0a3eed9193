// SPDX-License-Identifier: GPL-2.0-or-later
/* kevents record FILE */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"

static struct {
	const char *path;
	int fd;
	struct kevents_writer *writer;
	uint64_t records;
} recording;

static int failed(int err)
{
	complain("%s: %s", recording.path, strerror(-err));
	return EXIT_ERROR;
}

static int begin(const struct settings *settings)
{
	struct kevents_error error;

	recording.path = settings->output;
	recording.fd = STDOUT_FILENO;
	if (strcmp(recording.path, "-") != 0)
		recording.fd =
			open(recording.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (recording.fd < 0)
		return failed(-errno);
	if (!kevents_writer_new(recording.fd, NULL, &recording.writer, &error))
		return 0;
	complain("%s: %s", recording.path, error.text);
	return EXIT_ERROR;
}

static int write_record(const struct kevents_record *record, uint64_t realtime)
{
	int err = kevents_write(recording.writer, record);

	(void)realtime;
	recording.records++;
	return err ? failed(err) : 0;
}

/* So that a recording that is cut off lacks little. */
static void flush(uint64_t time, uint64_t realtime)
{
	(void)time;
	(void)realtime;
	kevents_writer_flush(recording.writer);
}

static void keep_sums(const struct kevents_sums *sums, uint64_t time, uint64_t realtime)
{
	(void)time;
	(void)realtime;
	kevents_writer_set_sums(recording.writer, sums);
}

static int end(void)
{
	int err = kevents_writer_close(recording.writer);

	if (recording.fd != STDOUT_FILENO && close(recording.fd) && !err)
		err = -errno;
	if (err)
		return failed(err);
	fprintf(stderr, "kevents: %s: %llu records\n", recording.path,
		(unsigned long long)recording.records);
	return 0;
}

const struct view record_view = {.begin = begin,
	.record = write_record,
	.tick = flush,
	.tick_ms = 1000,
	.sums = keep_sums,
	.end = end};
