// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A profiler: who used the processors for some seconds, and in which function, also of programs that
 * have ended by then, and of code that a JIT compiler has replaced.
 *
 *   cc -o profile profile.c $(pkg-config --cflags --libs kevents)
 *   ./profile 10 | sort | uniq -c | sort -rn | head
 */
#include <kevents/maps.h>
#include <kevents/sample.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct kevents_sample samples[1 << 20];
static size_t count;

static int keep(const struct kevents_sample *sample, void *context)
{
	(void)context;
	if (count < sizeof(samples) / sizeof(samples[0]))
		samples[count++] = *sample;
	return 0;
}

int main(int argc, char **argv)
{
	struct kevents_options wanted = {.size = sizeof(wanted), .options = KEVENTS_SYNTHESISE,
		.filter.types = KEVENTS_MAPS_TYPES};
	struct kevents_maps_options how = {.size = sizeof(how),
		.options = KEVENTS_MAPS_JIT | KEVENTS_MAPS_THIS_KERNEL};
	struct kevents *watch;
	struct kevents_maps *maps;
	struct kevents_sampler *sampler;
	struct kevents_error error;
	time_t end;

	if (kevents_open(&wanted, &watch, &error) || kevents_maps_new(&how, &maps, &error) ||
		kevents_sampler_open(999, &sampler, &error))
		return fprintf(stderr, "profile: %s\n", error.text), 1;
	struct pollfd fds[] = {
		{.fd = kevents_fd(watch), .events = POLLIN}, {.fd = kevents_maps_fd(maps), .events = POLLIN}};
	for (end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10); time(NULL) < end;) {
		poll(fds, 2, 10);
		kevents_maps_look(maps); /* at once: a line of a perf map is as old as the look at it */
		kevents_sampler_read(sampler, keep, NULL);
		kevents_poll(watch, 0, kevents_maps_add, maps);
	}
	poll(NULL, 0, 100); /* what happened up to now is told a moment later */
	kevents_flush(watch, kevents_maps_add, maps);
	kevents_maps_look(maps);
	for (size_t i = 0; i < count; i++) {
		struct kevents_place place;

		if (kevents_resolve(maps, samples[i].pid, samples[i].address, samples[i].time, &place, NULL))
			printf("? process %d\n", samples[i].pid);
		else
			printf("%s %s %s%s\n", place.comm, place.image, place.symbol ? place.symbol : "?",
				place.certainty == KEVENTS_CERTAIN ? "" : " (not certain)");
	}
	kevents_sampler_close(sampler);
	kevents_maps_close(maps);
	kevents_close(watch);
	return 0;
}
