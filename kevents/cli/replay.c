// SPDX-License-Identifier: GPL-2.0-or-later
/* A recording, shown as what happens is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../watch/filter.h"
#include "account.h"
#include "cli.h"
#include "output_file.h"

struct replay {
	const struct settings *settings;
	const struct view *view;
	struct kevents_reader *reader;
	struct filter *processes; /* which are wanted */
	uint64_t realtime;
	uint64_t tick; /* time of the next one; 0: there was no record yet */
	uint64_t time; /* of the last record */
	uint64_t lost;
};

static void tick_until(struct replay *replay, uint64_t time)
{
	uint64_t every = tick_every(replay->view, replay->settings);

	if (!every)
		return;
	if (!replay->tick)
		replay->tick = time + every;
	/* A recording of a machine that slept: empty ticks, but not without end. */
	for (int i = 0; replay->tick <= time && i < 100000; i++) {
		replay->view->tick(replay->tick, replay->realtime);
		replay->tick += every;
	}
	if (replay->tick <= time)
		replay->tick = time + every;
}

static bool takes(const struct replay *replay, const struct kevents_record *record)
{
	const struct settings *settings = replay->settings;

	if (record->type == KEVENTS_LOST)
		return true;
	if (!filter_takes(replay->processes, record))
		return false;
	return (!settings->has_uid || record->uid == settings->uid) &&
		(!settings->cgroup || record->cgroup == settings->cgroup) &&
		(!settings->comm || !strcmp(settings->comm, record->comm)) &&
		(replay->view->sees_all || is_selected(settings, record));
}

static int show_all(struct replay *replay)
{
	struct kevents_record record;
	struct kevents_error error;
	int got, code;

	while ((got = kevents_read(replay->reader, &record, &error)) == 1) {
		if (!(record.flags & KEVENTS_SYNTHESISED))
			tick_until(replay, record.time);
		replay->time = record.time;
		if (record.type == KEVENTS_LOST)
			replay->lost += record.lost.count;
		if (!takes(replay, &record))
			continue;
		code = replay->view->record(&record, replay->realtime);
		if (code)
			return code;
	}
	if (got < 0) {
		complain("%s: %s", replay->settings->input, error.text);
		return EXIT_ERROR;
	}
	return 0;
}

/* The account of what was recorded, however little of it is shown. 0, or an exit code: of --strict. */
static int show_sums(const struct replay *replay)
{
	struct kevents_sums sums;

	if (kevents_reader_get_sums(replay->reader, &sums))
		return 0;
	if (replay->view->sums)
		replay->view->sums(&sums, replay->time, replay->realtime);
	return replay->settings->strict ? account_check(&sums) : 0;
}

static int show_recording(struct replay *replay)
{
	const struct settings *settings = replay->settings;
	struct kevents_filter wanted = {.types = KEVENTS_ALL,
		.pids = settings->pids,
		.pid_count = settings->pid_count};
	struct kevents_recording_info info;
	int code, end;

	kevents_reader_info(replay->reader, &info);
	replay->realtime = info.realtime - info.monotonic;
	replay->processes = filter_new(&wanted, settings->options & KEVENTS_DESCENDANTS);
	if (!replay->processes) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	code = replay->view->begin ? replay->view->begin(settings) : 0;
	if (!code)
		code = show_all(replay);
	if (replay->view->tick && replay->tick)
		replay->view->tick(replay->tick, replay->realtime);
	if (!code)
		code = show_sums(replay);
	end = replay->view->end ? replay->view->end() : 0;
	if (replay->lost)
		complain("%s: %llu records are missing", settings->input,
			(unsigned long long)replay->lost);
	if (!code && replay->lost && settings->strict)
		code = EXIT_LOST;
	return code ? code : end;
}

/* Where both are one, the recording would be gone before it is read. */
static bool is_same_file(int one, int other)
{
	struct stat a, b;

	return !fstat(one, &a) && !fstat(other, &b) && S_ISREG(a.st_mode) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int begin_output(const struct settings *settings, int recording)
{
	struct output_file file;
	int code = output_file_open(&file, settings->output_file);

	if (code || !file.path)
		return code;
	if (is_same_file(recording, file.fd)) {
		complain("%s: is the recording itself", file.path);
		code = EXIT_ERROR;
	} else {
		code = output_file_begin(&file);
	}
	if (code)
		output_file_cancel(&file);
	return code;
}

int run_replay(const struct settings *settings, const struct view *view)
{
	bool is_stdin = !strcmp(settings->input, "-");
	int fd = is_stdin ? STDIN_FILENO : open(settings->input, O_RDONLY | O_CLOEXEC);
	struct replay replay = {.settings = settings, .view = view};
	struct kevents_error error;
	int code = EXIT_ERROR;

	if (fd < 0) {
		complain("%s: %s", settings->input, strerror(errno));
		return EXIT_ERROR;
	}
	if (kevents_reader_new(fd, &replay.reader, &error))
		complain("%s: %s", settings->input, error.text);
	else
		code = begin_output(settings, fd);
	if (replay.reader && !code)
		code = show_recording(&replay);
	kevents_reader_close(replay.reader);
	filter_free(replay.processes);
	if (!is_stdin)
		close(fd);
	return code;
}
