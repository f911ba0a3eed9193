// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../error.h"
#include "../watch/filter.h"
#include "../watch/synthesise.h"

/* Whether its memory may be looked at; the file of maps gives the reason. */
static int check_right(int32_t pid, struct kevents_error *error)
{
	char path[64], byte;
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &byte, 1) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	if (err == -ENOENT || err == -ESRCH)
		return kevents_fail(error, -ESRCH, "process %d: there is none", pid);
	if (err)
		return kevents_fail(error, err,
			"process %d: %s: its user or root may look at its memory", pid,
			strerror(-err));
	return 0;
}

static int take_all(struct synthesis *synthesis, struct kevents_maps *maps)
{
	int count;

	do {
		count = synthesis_step(synthesis, kevents_maps_add, maps);
	} while (count > 0);
	return count;
}

int maps_of_running(int32_t pid, struct kevents_maps **maps, struct kevents_error *error)
{
	struct kevents_maps_options options = {
		.size = sizeof(options), .options = KEVENTS_MAPS_JIT | KEVENTS_MAPS_THIS_KERNEL};
	struct kevents_filter wanted = {
		.types = KEVENTS_MAPS_TYPES, .pids = pid ? &pid : NULL, .pid_count = pid ? 1 : 0};
	struct synthesis *synthesis = NULL;
	struct filter *filter;
	int err = pid ? check_right(pid, error) : 0;

	if (!err)
		err = kevents_maps_new(&options, maps, error);
	if (err)
		return err;
	filter = filter_new(&wanted, false);
	err = filter ? synthesis_new(filter, clock_now(), &synthesis)
		     : -ENOMEM;
	if (!err)
		err = take_all(synthesis, *maps);
	synthesis_free(synthesis);
	filter_free(filter);
	if (err < 0)
		return kevents_fail(error, err, "the processes cannot be read: %s", strerror(-err));
	kevents_maps_look(*maps);
	return 0;
}

/* The same kernel, not started again since: then the difference of its clocks is the same. */
static bool is_this_boot(const struct kevents_recording_info *info)
{
	int64_t then = (int64_t)(info->realtime - info->monotonic);
	int64_t now = (int64_t)(clock_read(CLOCK_REALTIME) - clock_now());
	struct utsname name;

	return !uname(&name) && !strcmp(name.release, info->release) &&
	       !strcmp(name.nodename, info->host) && then - now < 2000000000 &&
	       now - then < 2000000000;
}

int maps_of_recording(struct kevents_reader *reader, struct kevents_maps_options *options,
	struct kevents_maps **maps, uint64_t *end, struct kevents_error *error)
{
	struct kevents_recording_info info;
	struct kevents_record record;
	int got, err;

	kevents_reader_info(reader, &info);
	if (is_this_boot(&info))
		options->options |= KEVENTS_MAPS_THIS_KERNEL;
	err = kevents_maps_new(options, maps, error);
	if (err)
		return err;
	while ((got = kevents_read(reader, &record, error)) == 1) {
		err = kevents_maps_add(&record, *maps);
		if (err == -ENOMEM)
			return kevents_fail(error, err,
				"no room for more than what came before "
				"%.6f: --memory",
				(double)record.time / 1e9);
		if (record.time > *end)
			*end = record.time;
	}
	return got;
}
