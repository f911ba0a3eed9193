// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../error.h"
#include "internal.h"

enum { PIECE = 64 << 10 };

struct jit_reading {
	struct jit_target target;
	uint64_t earliest, seen;
	bool is_dump, is_begun;
	struct jitdump_parser dump;
	struct perf_map_parser map;
};

static int take_line(const struct perf_map_line *line, void *context)
{
	struct jit_reading *reading = context;

	return maps_take_line(line, reading->earliest, reading->seen, &reading->target);
}

static int take_record(const struct jitdump_record *record, void *context)
{
	struct jit_reading *reading = context;
	struct perf_map_line line = {
		record->start, record->size, record->name, record->name_length};

	if (!reading->dump.clock_is_tsc)
		return maps_take_record(record, &reading->target);
	return record->kind == JITDUMP_LOAD && record->size && record->name_length
		       ? take_line(&line, context)
		       : 0;
}

/* A jitdump begins with four letters, in one order of bytes or the other. */
static bool begins_a_dump(const char *piece, size_t size)
{
	return size >= 4 && (!memcmp(piece, "JiTD", 4) || !memcmp(piece, "DTiJ", 4));
}

static int parse(struct jit_reading *reading, const char *piece, size_t size)
{
	if (!reading->is_begun) {
		reading->is_dump = begins_a_dump(piece, size);
		reading->is_begun = true;
	}
	if (reading->is_dump)
		return jitdump_parse(&reading->dump, piece, size, take_record, reading);
	return perf_map_parse(&reading->map, piece, size, take_line, reading);
}

static int read_file(struct jit_reading *reading, int fd)
{
	char piece[PIECE];
	ssize_t size;
	int err = 0;

	while (!err && (size = read(fd, piece, sizeof(piece))) != 0) {
		if (size < 0)
			return -errno;
		err = parse(reading, piece, (size_t)size);
	}
	if (!err && !reading->is_dump)
		err = perf_map_parse(
			&reading->map, "\n", reading->map.length ? 1 : 0, take_line, reading);
	if (err)
		return err;
	if (reading->is_dump)
		return reading->dump.length || reading->dump.skip ? -EBADMSG : 0;
	return reading->map.bad && reading->map.bad == reading->map.lines ? -EBADMSG : 0;
}

/* The era of a process that had executable memory last: the one that the file is about. */
static const struct era *era_of_code(const struct process *process)
{
	for (uint32_t i = process ? process->count : 0; i--;)
		if (process->eras[i].space)
			return &process->eras[i];
	return NULL;
}

int kevents_maps_read_jit(
	struct kevents_maps *maps, int32_t pid, const char *path, struct kevents_error *error)
{
	struct jit_reading reading = {0};
	const struct process *process;
	const struct era *era, *last;
	int fd, err;

	if (!maps || !path)
		return kevents_fail(error, -EINVAL, "no maps, or no path");
	process = process_find(&maps->processes, pid);
	era = era_of_code(process);
	if (!era)
		return kevents_fail(error, -ESRCH, "%d: no such process in the records", pid);
	last = process_now(process);
	/* A process that has ended wrote no code later: that bounds the times. */
	reading.target = (struct jit_target){.maps = maps,
		.space = era->space,
		.latest = last == era ? 0 : last->from,
		.is_one_file = true,
		.sequence = maps->spans.sequence};
	reading.earliest = era->from;
	reading.seen = last == era ? maps->now : last->from;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return kevents_fail(error, -errno, "%s: %s", path, strerror(errno));
	err = read_file(&reading, fd);
	close(fd);
	maps->jit_count.bad += reading.map.bad + (err == -EBADMSG);
	if (err == -EBADMSG)
		return kevents_fail(error, err,
			"%s: neither a perf map nor a whole jitdump: %llu "
			"pieces of code were taken",
			path,
			(unsigned long long)(reading.dump.loads + reading.map.lines -
					     reading.map.bad));
	return err ? kevents_fail(error, err, "%s: %s", path, strerror(-err)) : 0;
}
