// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Samples a program that makes code at run time and that writes itself which of its functions ran
 * when, and counts how many samples are put down to another function: by kevents_resolve, and by a
 * plain reader of the perf map that is there at the end, where the last line for an address holds.
 *
 *   attribution [-f FREQUENCY] [-n] [-w MS] TRUTH COMMAND [ARGUMENT...]
 *
 * TRUTH, which COMMAND writes, has lines "BEGIN END NAME", of CLOCK_MONOTONIC in ns. NAMEs have the
 * form work_NUMBER_. A sample in such a time, in code that either reader calls work_NUMBER_, is
 * judged. -w: how many ms lie at most between two looks; -n: and not less when a perf map grows.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kevents/jit/perf_map.h"
#include "kevents/maps.h"
#include "kevents/sample.h"

struct list {
	size_t count, room, size;
	void *items;
};

static void *append(struct list *list)
{
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 1024;
		list->items = realloc(list->items, list->room * list->size);
		if (!list->items)
			exit(1);
	}
	return (char *)list->items + list->count++ * list->size;
}

struct line {
	uint64_t start, size;
	char *name;
};

struct truth {
	uint64_t begin, end;
	long number;
};

static struct list samples = {.size = sizeof(struct kevents_sample)};
static struct list lines = {.size = sizeof(struct line)};
static struct list truths = {.size = sizeof(struct truth)};
static pid_t child;
static nfds_t wants_notice = 1;

static void die(const char *what)
{
	fprintf(stderr, "attribution: %s\n", what);
	if (child > 0)
		kill(child, SIGKILL);
	exit(1);
}

static int take_sample(const struct kevents_sample *sample, void *context)
{
	(void)context;
	if (sample->pid == child && !(sample->address >> 63))
		*(struct kevents_sample *)append(&samples) = *sample;
	return 0;
}

static int take_line(const struct perf_map_line *line, void *context)
{
	struct line *kept = append(&lines);

	(void)context;
	*kept = (struct line){line->start, line->size, strndup(line->name, line->name_length)};
	return 0;
}

static void read_plain_map(void)
{
	struct perf_map_parser parser = {0};
	char piece[65536];
	size_t size;
	FILE *file;

	snprintf(piece, sizeof(piece), "/tmp/perf-%d.map", child);
	file = fopen(piece, "r");
	while (file && (size = fread(piece, 1, sizeof(piece), file)))
		perf_map_parse(&parser, piece, size, take_line, NULL);
	if (file)
		fclose(file);
}

static void read_truth(const char *path)
{
	FILE *file = fopen(path, "r");
	struct truth truth;
	unsigned long begin, end;

	if (!file)
		die("the command wrote no truth");
	while (fscanf(file, "%lu %lu work_%ld_\n", &begin, &end, &truth.number) == 3) {
		truth.begin = begin;
		truth.end = end;
		*(struct truth *)append(&truths) = truth;
	}
	fclose(file);
}

/* The number in a name, -1: none. */
static long number_of(const char *name)
{
	const char *at = name ? strstr(name, "work_") : NULL;
	char *end;
	long number = at ? strtol(at + 5, &end, 10) : -1;

	return at && *end == '_' ? number : -1;
}

static long plain_number(uint64_t address)
{
	const struct line *line = lines.items;

	for (size_t i = lines.count; i--;)
		if (address - line[i].start < line[i].size)
			return number_of(line[i].name);
	return -1;
}

static long true_number(uint64_t time)
{
	const struct truth *truth = truths.items;

	for (size_t i = 0; i < truths.count; i++)
		if (time >= truth[i].begin && time < truth[i].end)
			return truth[i].number;
	return -1;
}

struct score {
	unsigned long right, wrong, none;
};

static void count(struct score *score, long number, long truth)
{
	score->right += number == truth;
	score->wrong += number >= 0 && number != truth;
	score->none += number < 0;
}

static void judge(struct kevents_maps *maps)
{
	struct score plain = {0}, certain = {0}, possible = {0}, ambiguous = {0};
	const struct kevents_sample *sample = samples.items;
	unsigned long judged = 0;

	for (size_t i = 0; i < samples.count; i++) {
		struct kevents_place place;
		long truth = true_number(sample[i].time), theirs, ours = -1;

		if (truth < 0)
			continue;
		theirs = plain_number(sample[i].address);
		if (kevents_resolve(maps, child, sample[i].address, sample[i].time, &place, NULL))
			memset(&place, 0, sizeof(place));
		else if (place.kind == KEVENTS_PLACE_JIT)
			ours = number_of(place.symbol);
		if (theirs < 0 && ours < 0)
			continue;
		judged++;
		count(&plain, theirs, truth);
		count(place.certainty == KEVENTS_AMBIGUOUS    ? &ambiguous
			: place.certainty == KEVENTS_POSSIBLE ? &possible
							      : &certain,
			ours, truth);
		if (ours >= 0 && ours != truth && place.certainty == KEVENTS_CERTAIN)
			fprintf(stderr,
				"wrong: %#lx at %lu: %s since %lu (%.3f ms), not work_%ld_\n",
				sample[i].address, sample[i].time, place.symbol, place.since,
				(double)(sample[i].time - place.since) / 1e6, truth);
	}
	printf("samples %zu\njudged %lu\n", samples.count, judged);
	printf("plain right %lu wrong %lu none %lu\n", plain.right, plain.wrong, plain.none);
	printf("certain right %lu wrong %lu none %lu\n", certain.right, certain.wrong,
		certain.none);
	printf("possible right %lu wrong %lu none %lu\n", possible.right, possible.wrong,
		possible.none);
	printf("ambiguous right %lu wrong %lu none %lu\n", ambiguous.right, ambiguous.wrong,
		ambiguous.none);
}

static void start(char **command, int *go)
{
	int pipes[2];
	char byte;

	if (pipe(pipes))
		die("pipe");
	child = fork();
	if (child) {
		close(pipes[0]);
		*go = pipes[1];
		return;
	}
	close(pipes[1]);
	if (read(pipes[0], &byte, 1) < 0)
		_exit(1);
	close(pipes[0]);
	execvp(*command, command);
	perror(*command);
	_exit(127);
}

static void follow(struct kevents *watch, struct kevents_sampler *sampler,
	struct kevents_maps *maps, int wait_ms)
{
	struct pollfd grew = {kevents_maps_fd(maps), POLLIN, 0};
	int status;

	do {
		poll(&grew, wants_notice, wait_ms);
		kevents_maps_look(maps);
		kevents_sampler_read(sampler, take_sample, NULL);
		if (kevents_poll(watch, 0, kevents_maps_add, maps) < 0)
			die("poll");
	} while (waitpid(child, &status, WNOHANG) == 0);
	if (status)
		die("the command failed");
	kevents_sampler_read(sampler, take_sample, NULL);
	usleep(100000);
	kevents_flush(watch, kevents_maps_add, maps);
}

int main(int argc, char **argv)
{
	struct kevents_options options = {.size = sizeof(options),
		.options = KEVENTS_SYNTHESISE,
		.filter.types = KEVENTS_MAPS_TYPES};
	struct kevents_maps_options maps_options = {
		.size = sizeof(maps_options), .options = KEVENTS_MAPS_JIT};
	struct kevents_sampler *sampler = NULL;
	struct kevents_maps_state state;
	struct kevents_error error;
	struct kevents_maps *maps;
	struct kevents *watch = NULL;
	int option, go, wait_ms = 5;
	uint32_t frequency = 2000;

	while ((option = getopt(argc, argv, "+f:nw:")) != -1) {
		if (option == 'f')
			frequency = (uint32_t)atoi(optarg);
		else if (option == 'w')
			wait_ms = atoi(optarg);
		else if (option == 'n')
			wants_notice = 0;
		else
			return 2;
	}
	if (argc - optind < 2)
		return 2;
	start(argv + optind + 1, &go);
	if (kevents_maps_new(&maps_options, &maps, &error) ||
		kevents_open(&options, &watch, &error) ||
		kevents_sampler_open(frequency, &sampler, &error))
		die(error.text);
	close(go);
	follow(watch, sampler, maps, wait_ms);
	read_truth(argv[optind]);
	read_plain_map();
	printf("command %d\n", child);
	judge(maps);
	kevents_maps_get_state(maps, &state);
	printf("code %lu bad %lu not-taken %lu lost %lu memory %zu lost-samples %lu\n",
		state.jit_code, state.jit_bad, state.jit_not_taken, state.lost, state.memory,
		kevents_sampler_lost(sampler));
	kevents_sampler_close(sampler);
	kevents_close(watch);
	kevents_maps_close(maps);
	return 0;
}
