// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "cli.h"
#include "config.h"
#include "source.h"

struct recording_job {
	double delay, duration; /* seconds; duration 0: without an end */
	bool force;
	const char *path, *sysfs, *output;
};

static FILE *open_output(const struct recording_job *job)
{
	int fd = open(job->output,
		O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (job->force ? O_TRUNC : O_EXCL), 0666);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out && errno == EEXIST)
		complain("%s: exists already: take another name, or --force", job->output);
	else if (!out)
		complain("%s: cannot be written: %s", job->output, strerror(errno));
	return out;
}

/* The end of what was written whole stays the end of the file. */
static int fail_to_write(FILE *out, const char *path, off_t whole, int err)
{
	int cut = ftruncate(fileno(out), whole);

	complain("%s: cannot be written: %s%s", path, strerror(-err),
		cut ? "" : ": it ends with the last whole snapshot");
	return EXIT_ERROR;
}

static int record_one(struct source *source, struct slab_recorder *recorder, FILE *out)
{
	if (!source->sysfs && source->sysfs_path) /* for the names of merged caches */
		slab_sysfs_open(&source->sysfs, source->sysfs_path);
	if (slab_recorder_add(recorder, out, &source->snapshot, source->sysfs) == -ENOMEM)
		return -ENOMEM;
	return fflush(out) || ferror(out) ? -(errno ? errno : EIO) : 0;
}

static int record(struct source *source, const struct recording_job *job, FILE *out)
{
	struct slab_recorder recorder = { 0 };
	struct utsname machine;
	off_t whole = 0;
	__u64 start = 0, due;
	int code = source_refresh(source), err = 0;

	uname(&machine);
	if (!code)
		slab_recorder_begin(out, source->page_size, machine.release);
	for (start = due = source->snapshot.monotonic; !code && !err && !interrupted;) {
		errno = 0;
		err = record_one(source, &recorder, out);
		if (err)
			break;
		whole = ftello(out);
		due += (__u64)(job->delay * 1e9);
		if (job->duration > 0 && (double)(due - start) > job->duration * 1e9 + 1)
			break;
		/* After a stop or a slow disk go on from now: no burst to catch up. */
		if (due < source->snapshot.monotonic)
			due = source->snapshot.monotonic;
		wait_until(due);
		if (!interrupted)
			code = source_refresh(source);
	}
	if (err)
		code = fail_to_write(out, job->output, whole, err);
	slab_recorder_free(&recorder);
	return code;
}

static const struct command_option options[] = {
	{ OPTION_DURATION, 'd', "delay", "<secs>",
		"between two snapshots; may be below 1, and 500ms, 1m (default: 3)",
		OPTION_FIELD(struct recording_job, delay) },
	{ OPTION_DURATION, 0, "for", "<time>", "stop after that: 90s, 10m, 8h, 2d",
		OPTION_FIELD(struct recording_job, duration) },
	{ OPTION_FLAG, 0, "force", NULL, "write over a FILE that is there",
		OPTION_FIELD(struct recording_job, force) },
	{ OPTION_VALUE, 0, "file", "<file>", "read it instead of /proc/slabinfo",
		OPTION_FIELD(struct recording_job, path), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "sysfs", "<dir>", "read it instead of /sys/kernel/slab",
		OPTION_FIELD(struct recording_job, sysfs), .offer = OFFER_FOLDERS },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct recording_job job = { .delay = 3 };
	struct source source;
	FILE *out;
	int code;

	if (!options_take(command, &argc, &argv, &job, &code))
		return code;
	job.output = argv[0];
	code = source_open(&source, job.path, job.sysfs, 0);
	if (code)
		return code;
	out = open_output(&job);
	if (out) {
		catch_interrupts();
		code = record(&source, &job, out);
		if (fclose(out) && !code) {
			complain("%s: cannot be written: %s", job.output, strerror(errno));
			code = EXIT_ERROR;
		}
	} else {
		code = EXIT_ERROR;
	}
	source_close(&source);
	return code;
}

const struct command record_command = {
	.name = "record",
	.summary = "write snapshots to a file, until interrupted",
	.usage = "FILE [-d secs] [--for time] [--force]",
	.about = "Writes a snapshot of all slab caches to FILE now, and another one every <secs> seconds, until\n"
		 "it is interrupted. A snapshot is written whole, and only what changed: " SLABTOP_NAME " replay, diff\n"
		 "and plot read it, also while it grows.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = 1,
	.offer = OFFER_FILES,
};
