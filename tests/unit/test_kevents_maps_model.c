// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random histories of forks, execs, exits and mappings: kevents_resolve gives the same answers as a
 * list of all that happened, read from its end; also when what is old was let go of.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kevents/maps.h"

enum { PIDS = 12, PAGES = 48, HAPPENINGS = 4000, QUESTIONS = 60000 };

struct happening {
	uint32_t type;
	int32_t pid, parent; /* of a fork, pid is the child */
	uint64_t time, start, last;
	uint32_t id; /* of an image */
};

static struct happening past[HAPPENINGS];
static size_t count;
static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(random_state >> 33) % below;
}

/* -1: nothing there; -2: no process. */
static int answer(int32_t pid, uint64_t time, uint64_t address)
{
	size_t end = count;

	while (end && past[end - 1].time > time)
		end--;
	for (size_t i = end; i--;) {
		const struct happening *happening = &past[i];

		if (happening->pid != pid)
			continue;
		switch (happening->type) {
		case KEVENTS_EXEC:
			return -1;
		case KEVENTS_EXIT:
			return -2;
		case KEVENTS_FORK:
			return answer(happening->parent, happening->time, address);
		default:
			if (address < happening->start || address > happening->last)
				continue;
			return happening->type == KEVENTS_IMAGE_LOAD ? (int)happening->id : -1;
		}
	}
	return -2;
}

static bool runs(int32_t pid)
{
	for (size_t i = count; i--;)
		if (past[i].pid == pid)
			return past[i].type != KEVENTS_EXIT;
	return false;
}

static void tell(struct kevents_maps *maps, const struct happening *happening)
{
	struct kevents_record record = {.type = happening->type,
		.time = happening->time,
		.pid = happening->pid,
		.tid = happening->pid};
	char path[16];

	if (happening->type == KEVENTS_FORK) {
		record.pid = record.tid = happening->parent;
		record.fork = (struct kevents_fork){
			.child_pid = happening->pid, .child_tid = happening->pid};
	} else if (happening->type == KEVENTS_EXEC) {
		record.exec = (struct kevents_exec){.path = "/x"};
	} else if (happening->type != KEVENTS_EXIT) {
		snprintf(path, sizeof(path), "/%u", happening->id);
		record.image = (struct kevents_image){.address = happening->start,
			.size = happening->last - happening->start + 1,
			.inode = happening->id + 1,
			.path = path};
	}
	assert_int_equal(kevents_maps_add(&record, maps), 0);
}

static void happen(struct kevents_maps *maps, uint64_t time)
{
	struct happening *happening = &past[count];
	int32_t pid = 1 + (int32_t)draw(PIDS);
	uint32_t what = draw(20), pages = draw(8) ? 1 + draw(6) : 1 + draw(PAGES);

	*happening = (struct happening){.pid = pid, .time = time};
	if (!runs(pid)) {
		happening->type = KEVENTS_FORK;
		happening->parent = 1 + (int32_t)draw(PIDS);
		if (happening->parent == pid || !runs(happening->parent))
			happening->parent = 0;
	} else if (what == 0) {
		happening->type = KEVENTS_EXIT;
	} else if (what == 1) {
		happening->type = KEVENTS_EXEC;
	} else {
		happening->type = what < 15 ? KEVENTS_IMAGE_LOAD : KEVENTS_IMAGE_UNLOAD;
		happening->start = 0x1000 * (uint64_t)(1 + draw(PAGES));
		happening->last = happening->start + 0x1000 * (uint64_t)pages - 1;
		happening->id = draw(10) ? (uint32_t)count : draw((uint32_t)count + 1);
	}
	count++;
	tell(maps, happening);
}

static void ask(struct kevents_maps *maps, uint64_t time)
{
	int32_t pid = 1 + (int32_t)draw(PIDS);
	uint64_t address = 0x1000 * (uint64_t)(1 + draw(2 * PAGES)) + draw(0x1000);
	struct kevents_place place;
	struct kevents_error error;
	int err = kevents_resolve(maps, pid, address, time, &place, &error);
	int expected = answer(pid, time, address);

	if (expected < 0 ? !err : err || atoi(place.image + 1) != expected)
		fail_msg("process %d, %#llx at %llu: %s, expected %d", pid,
			(unsigned long long)address, (unsigned long long)time,
			err ? error.text : place.image, expected);
}

static void compare(uint64_t seed, uint64_t age)
{
	struct kevents_maps_options options = {
		.size = sizeof(options), .age = age, .options = KEVENTS_MAPS_NO_SYMBOLS};
	struct kevents_maps_state now;
	struct kevents_maps *maps;
	uint64_t time = 0;

	random_state = seed;
	count = 0;
	assert_int_equal(kevents_maps_new(&options, &maps, NULL), 0);
	while (count < HAPPENINGS) {
		happen(maps, time += 10);
		/* While it grows, too: what is let go of later must not be missed before. */
		for (int i = 0; i < 3; i++)
			ask(maps, age && time > age ? time - draw((uint32_t)age)
						    : 1 + draw((uint32_t)time));
	}
	for (int i = 0; i < QUESTIONS; i++)
		ask(maps, age ? time - draw((uint32_t)age) : draw((uint32_t)time + 20));
	kevents_maps_get_state(maps, &now);
	if (age)
		assert_true(now.forgotten > 0 && now.spans < HAPPENINGS / 2);
	kevents_maps_close(maps);
}

static void the_whole_past(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 6; seed++)
		compare(seed, 0);
}

static void the_recent_past(void **state)
{
	(void)state;
	for (uint64_t seed = 11; seed < 16; seed++)
		compare(seed, 3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_past),
		cmocka_unit_test(the_recent_past),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
