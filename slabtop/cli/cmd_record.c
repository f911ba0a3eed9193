// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "arguments.h"
#include "cli.h"
#include "source.h"

static const char help[] = "usage: slabtop record FILE [-d SECS] [--for TIME] [--force]\n"
			   "Writes a snapshot of all slab caches to FILE now, and another one "
			   "every SECS seconds, until it is\n"
			   "interrupted. A snapshot is written whole, and only what changed: "
			   "slabtop replay, diff and plot\n"
			   "read it, also while it grows.\n\n"
			   "  -d, --delay SECS   3 if not given; may be below 1, and 500ms, 1m\n"
			   "      --for TIME     stop after that: 90s, 10m, 8h, 2d\n"
			   "      --force        write over a FILE that is there\n"
			   "      --file FILE    read it instead of /proc/slabinfo\n"
			   "      --sysfs DIR    read it instead of /sys/kernel/slab\n"
			   "  -h, --help\n";

enum { OPTION_FOR = 256, OPTION_FORCE, OPTION_FILE, OPTION_SYSFS };

static const struct option long_options[] = {
	{ "delay", required_argument, NULL, 'd' },
	{ "for", required_argument, NULL, OPTION_FOR },
	{ "force", no_argument, NULL, OPTION_FORCE },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "sysfs", required_argument, NULL, OPTION_SYSFS },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct recording_job {
	double delay, duration; /* seconds; duration 0: without an end */
	bool force, wants_help;
	const char *path, *sysfs, *output;
};

static int parse(struct recording_job *job, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, ":d:h", long_options, NULL)) != -1) {
		switch (option) {
		case 'd':
			if (!parse_seconds(optarg, 1, &job->delay))
				return usage_error("record", "illegal delay: '%s'", optarg);
			break;
		case OPTION_FOR:
			if (!parse_seconds(optarg, 1, &job->duration))
				return usage_error(
					"record", "illegal time: '%s': as 90s, 10m or 8h", optarg);
			break;
		case OPTION_FORCE:
			job->force = true;
			break;
		case OPTION_FILE:
			job->path = optarg;
			break;
		case OPTION_SYSFS:
			job->sysfs = optarg;
			break;
		case 'h':
			job->wants_help = true;
			return EXIT_OK;
		default:
			return option_error("record", option, argc, argv);
		}
	}
	if (optind + 1 != argc)
		return usage_error("record", optind == argc ? "no file" : "one file at a time");
	job->output = argv[optind];
	return EXIT_OK;
}

static FILE *open_output(const struct recording_job *job)
{
	int fd = open(job->output,
		O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (job->force ? O_TRUNC : O_EXCL), 0666);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out && errno == EEXIST)
		complain("%s: there already: take another name, or --force", job->output);
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

int cmd_record(int argc, char **argv)
{
	struct recording_job job = { .delay = 3 };
	struct source source;
	FILE *out;
	int code = parse(&job, argc, argv);

	if (code)
		return code;
	if (job.wants_help) {
		fputs(help, stdout);
		return EXIT_OK;
	}
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
