// SPDX-License-Identifier: GPL-2.0-or-later
/* Records of kevents on their way into the order of time, and the filter that is asked there. */
#include "support.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "kevents/watch/filter.h"
#include "kevents/watch/order.h"
#include "kevents/watch/sums.h"

#define SEEN_MAX 4096

struct seen {
	struct {
		uint32_t type, flags;
		int32_t pid;
		uint64_t time;
		char text[32];
		uint32_t args_size, args_missing, args_count;
	} list[SEEN_MAX];
	size_t count;
	size_t stop_after; /* 0: never */
};

static struct seen seen;

static int note(const struct kevents_record *record, void *context)
{
	const char *text = record->type == KEVENTS_EXEC ? record->exec.path : "";

	(void)context;
	assert_true(seen.count < SEEN_MAX);
	if (record->type == KEVENTS_IMAGE_LOAD)
		text = record->image.path;
	seen.list[seen.count].type = record->type;
	seen.list[seen.count].flags = record->flags;
	seen.list[seen.count].pid = record->pid;
	seen.list[seen.count].time = record->time;
	snprintf(seen.list[seen.count].text, sizeof(seen.list[0].text), "%s", text);
	if (record->type == KEVENTS_EXEC) {
		seen.list[seen.count].args_size = record->exec.args_size;
		seen.list[seen.count].args_missing = record->exec.args_missing;
		seen.list[seen.count].args_count = record->exec.count;
	}
	seen.count++;
	return seen.stop_after && seen.count >= seen.stop_after ? -ECANCELED : 0;
}

static struct order *begin(void)
{
	struct order *order = order_new(1 << 20);

	assert_non_null(order);
	memset(&seen, 0, sizeof(seen));
	return order;
}

static struct kevents_record make(uint32_t type, int32_t pid, uint64_t time)
{
	return (struct kevents_record){.type = type, .pid = pid, .tid = pid, .time = time};
}

static void add(struct order *order, uint32_t type, int32_t pid, uint64_t time, const char *text)
{
	struct kevents_record record = make(type, pid, time);

	assert_int_equal(order_add(order, &record, text, strlen(text), NULL, 0), 0);
}

static void by_time(void **state)
{
	struct order *order = begin();
	uint64_t number = 12345;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		number = number * 6364136223846793005ULL + 1442695040888963407ULL;
		add(order, KEVENTS_FORK, i, 1 + (number >> 50), "");
	}
	assert_int_equal(order_hand_on(order, 8000, note, NULL) > 0, 1);
	for (size_t i = 1; i < seen.count; i++)
		assert_true(seen.list[i - 1].time <= seen.list[i].time);
	assert_true(seen.list[seen.count - 1].time <= 8000);
	assert_int_equal(order_hand_on(order, UINT64_MAX, note, NULL) > 0, 1);
	assert_int_equal(seen.count, 2000);
	assert_true(order_is_empty(order));
	assert_int_equal(order_late(order), 0);
	order_free(order);
}

/* Of the same time, what came first is told first. */
static void same_time(void **state)
{
	struct order *order = begin();

	(void)state;
	for (int i = 0; i < 100; i++)
		add(order, KEVENTS_FORK, i, 7, "");
	assert_int_equal(order_hand_on(order, 7, note, NULL), 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(seen.list[i].pid, i);
	order_free(order);
}

static void too_late(void **state)
{
	struct order *order = begin();

	(void)state;
	add(order, KEVENTS_FORK, 1, 10, "");
	assert_int_equal(order_hand_on(order, 10, note, NULL), 1);
	add(order, KEVENTS_FORK, 2, 9, "");
	add(order, KEVENTS_FORK, 3, 10, "");
	assert_int_equal(order_hand_on(order, 10, note, NULL), 2);
	assert_int_equal(seen.list[1].flags, KEVENTS_LATE);
	assert_int_equal(seen.list[2].flags, 0);
	assert_int_equal(order_late(order), 1);
	order_free(order);
}

/* Who says stop gets the rest the next time. */
static void stopped(void **state)
{
	struct order *order = begin();

	(void)state;
	for (int i = 0; i < 10; i++)
		add(order, KEVENTS_FORK, i, (uint64_t)i + 1, "");
	seen.stop_after = 4;
	assert_int_equal(order_hand_on(order, UINT64_MAX, note, NULL), -ECANCELED);
	seen.stop_after = 0;
	assert_int_equal(order_hand_on(order, UINT64_MAX, note, NULL), 6);
	for (int i = 0; i < 10; i++)
		assert_int_equal(seen.list[i].pid, i);
	order_free(order);
}

static void add_image(struct order *order, int32_t pid, uint64_t time, const char *path)
{
	struct kevents_record record = make(KEVENTS_IMAGE_LOAD, pid, time);

	assert_int_equal(order_add_in_exec(order, &record, path, strlen(path)), 0);
}

/* What an exec maps is told by the kernel before the exec, and handed on behind it. */
static void images_of_an_exec(void **state)
{
	struct order *order = begin();

	(void)state;
	add_image(order, 5, 100, "program");
	add_image(order, 6, 101, "another");
	add_image(order, 5, 102, "loader");
	assert_int_equal(order_hand_on(order, 150, note, NULL), 0);
	add(order, KEVENTS_EXEC, 5, 200, "exec");
	order_exec_done(order, 5, 200, 0);
	assert_int_equal(order_hand_on(order, 300, note, NULL), 3);
	assert_string_equal(seen.list[0].text, "exec");
	assert_string_equal(seen.list[1].text, "program");
	assert_string_equal(seen.list[2].text, "loader");
	assert_int_equal(seen.list[2].time, 200);
	/* The other one's exec never comes: after a while it goes on. */
	assert_int_equal(order_hand_on(order, 1000000000, note, NULL), 0);
	assert_int_equal(order_hand_on(order, 3000000000, note, NULL), 1);
	assert_string_equal(seen.list[3].text, "another");
	assert_int_equal(seen.list[3].flags, KEVENTS_LATE);
	order_free(order);
}

/* The same where images come from another source: before the exec, or after it. */
static void images_of_another_source(void **state)
{
	struct order *order = begin();

	(void)state;
	add(order, KEVENTS_IMAGE_LOAD, 5, 90, "before");
	add(order, KEVENTS_IMAGE_LOAD, 5, 100, "program");
	add(order, KEVENTS_EXEC, 5, 200, "exec");
	order_exec_done(order, 5, 200, 95);
	add(order, KEVENTS_IMAGE_LOAD, 5, 110, "loader");
	add(order, KEVENTS_IMAGE_LOAD, 7, 110, "of another");
	add(order, KEVENTS_IMAGE_LOAD, 5, 210, "library");
	assert_int_equal(order_hand_on(order, 300, note, NULL), 6);
	assert_string_equal(seen.list[0].text, "before");
	assert_string_equal(seen.list[1].text, "of another");
	assert_string_equal(seen.list[2].text, "exec");
	assert_string_equal(seen.list[3].text, "program");
	assert_string_equal(seen.list[4].text, "loader");
	assert_string_equal(seen.list[5].text, "library");
	assert_int_equal(order_late(order), 0);
	order_free(order);
}

static void add_exec(struct order *order, int32_t pid, uint64_t time, uint32_t total)
{
	struct kevents_record record = make(KEVENTS_EXEC, pid, time);

	record.exec.args_missing = total;
	assert_int_equal(order_add(order, &record, "program", 7, NULL, 0), 0);
}

/* A long vector comes in parts, between other records; a part that is lost is said to be missing.
 */
static void arguments_in_parts(void **state)
{
	struct order *order = begin();
	char part[1000];

	(void)state;
	memset(part, 'x', sizeof(part));
	part[499] = part[999] = 0;
	add_exec(order, 5, 10, 100000);
	add_exec(order, 6, 10, 3000);
	for (int i = 0; i < 100; i++) {
		order_add_arguments(order, 5, 10, (size_t)i * sizeof(part), part, sizeof(part));
		add(order, KEVENTS_FORK, 9, 11, "");
		if (i < 2)
			order_add_arguments(order, 6, 10, (size_t)i * (sizeof(part) - 100), part,
				sizeof(part) - 100);
	}
	order_add_arguments(order, 7, 10, 0, part, sizeof(part));
	order_add_arguments(order, 5, 11, 0, part, sizeof(part));
	assert_int_equal(order_hand_on(order, 10, note, NULL), 2);
	assert_int_equal(seen.list[0].args_size, 100000);
	assert_int_equal(seen.list[0].args_missing, 0);
	assert_int_equal(seen.list[0].args_count, 200);
	/* 1800 bytes came, and the last string of them does not end. */
	assert_int_equal(seen.list[1].args_size, 1400);
	assert_int_equal(seen.list[1].args_missing, 1600);
	assert_int_equal(seen.list[1].args_count, 2);
	order_free(order);
}

/* A part that is lost leaves a hole: what comes behind it is not put together with what was before.
 */
static void hole_in_arguments(void **state)
{
	struct order *order = begin();
	char part[1000];

	(void)state;
	memset(part, 'x', sizeof(part));
	part[999] = 0;
	add_exec(order, 5, 10, 4000);
	order_add_arguments(order, 5, 10, 0, part, sizeof(part));
	order_add_arguments(order, 5, 10, 2000, part, sizeof(part));
	order_add_arguments(order, 5, 10, 3000, part, sizeof(part));
	/* And the first part. */
	add_exec(order, 6, 10, 2000);
	order_add_arguments(order, 6, 10, 1000, part, sizeof(part));
	assert_int_equal(order_hand_on(order, 10, note, NULL), 2);
	assert_int_equal(seen.list[0].args_size, 1000);
	assert_int_equal(seen.list[0].args_missing, 3000);
	assert_int_equal(seen.list[0].args_count, 1);
	assert_int_equal(seen.list[1].args_size, 0);
	assert_int_equal(seen.list[1].args_missing, 2000);
	order_free(order);
}

static void deliver(struct kevents_sums *sums, struct kevents_record record)
{
	count_delivered(sums, &record);
}

/* What of the records that are handed on is counted as lost, and what as incomplete. */
static void account(void **state)
{
	struct kevents_record exec = make(KEVENTS_EXEC, 5, 10),
			      load = make(KEVENTS_IMAGE_LOAD, 5, 10);
	struct kevents_record lost = make(KEVENTS_LOST, 0, 10), old = exec;
	struct kevents_sums sums = {0};

	(void)state;
	exec.exec.path = "/bin/true";
	exec.exec.args = "true";
	exec.exec.args_size = 5;
	deliver(&sums, exec);
	deliver(&sums, load);
	assert_int_equal(sums.incomplete, 0);
	exec.exec.args_missing = 1;
	deliver(&sums, exec);
	exec.exec.args_missing = exec.exec.args_size = 0;
	deliver(&sums, exec);
	exec.exec.args_size = 5;
	exec.exec.path = "";
	deliver(&sums, exec);
	load.flags = KEVENTS_PATH_CUT;
	deliver(&sums, load);
	assert_int_equal(sums.incomplete, 4);
	old.flags = KEVENTS_SYNTHESISED;
	old.exec.path = "";
	deliver(&sums, old);
	lost.lost.count = 7;
	deliver(&sums, lost);
	assert_int_equal(sums.delivered, 6);
	assert_int_equal(sums.lost, 7);
	add_source(&sums, &(struct source_sums){.made = 10, .missed = 2});
	sums.unwanted = 1;
	assert_false(sums_agree(&sums));
	add_source(&sums, &(struct source_sums){.made = 2});
	assert_true(sums_agree(&sums));
}

static void has_a_bound(void **state)
{
	struct order *order = order_new(100000);
	size_t memory = 0;

	(void)state;
	memset(&seen, 0, sizeof(seen));
	for (uint64_t time = 1; time < 200000; time++) {
		add(order, KEVENTS_FORK, 1, time, "");
		if (order_is_full(order)) {
			assert_true(order_hand_on(order, time - 1, note, NULL) > 0);
			seen.count = 0;
		}
		if (time == 10000)
			memory = order_memory(order);
	}
	assert_true(order_memory(order) <= memory);
	order_free(order);
}

static void descendants(void **state)
{
	int32_t pids[] = {10, 20};
	struct kevents_filter wanted = {
		.types = KEVENTS_BIT(KEVENTS_EXEC), .pids = pids, .pid_count = 2};
	struct filter *filter = filter_new(&wanted, true);
	struct kevents_record fork = make(KEVENTS_FORK, 10, 1);
	struct kevents_record exec = make(KEVENTS_EXEC, 11, 2);
	struct kevents_record exit = make(KEVENTS_EXIT, 11, 3);
	struct kevents_record other = make(KEVENTS_EXEC, 12, 2);
	struct kevents_record lost = make(KEVENTS_LOST, 0, 2);
	struct process list[] = {{.pid = 32, .parent_pid = 31}, {.pid = 31, .parent_pid = 20},
		{.pid = 33, .parent_pid = 1}};

	(void)state;
	fork.fork.child_pid = fork.fork.child_tid = 11;
	assert_false(filter_takes(filter, &exec));
	assert_false(filter_takes(filter, &fork)); /* a type that is not wanted */
	assert_true(filter_takes(filter, &exec));
	assert_false(filter_takes(filter, &other));
	assert_true(filter_takes(filter, &lost));
	exit.exit.is_thread = true;
	filter_takes(filter, &exit);
	assert_true(filter_has_pid(filter, 11));
	exit.exit.is_thread = false;
	filter_takes(filter, &exit);
	assert_false(filter_takes(filter, &exec)); /* the id may be somebody else's now */
	assert_int_equal(filter_add_descendants(filter, list, 3), 0);
	assert_true(filter_has_pid(filter, 31));
	assert_true(filter_has_pid(filter, 32));
	assert_false(filter_has_pid(filter, 33));
	filter_free(filter);
}

/* Whether all processes must be read for descendants: a child of any thread is enough, none is not.
 */
static void children(void **state)
{
	int gate[2];
	pid_t child;

	(void)state;
	if (access("/proc/thread-self/children", F_OK))
		skip();
	assert_int_equal(pipe(gate), 0);
	assert_false(process_may_have_children(getpid()));
	child = fork();
	if (!child) {
		char byte;

		close(gate[1]);
		_exit(read(gate[0], &byte, 1) < 0);
	}
	assert_true(process_may_have_children(getpid()));
	assert_false(process_may_have_children(child));
	close(gate[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(process_may_have_children(child)); /* gone: it cannot be known */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_time),
		cmocka_unit_test(same_time),
		cmocka_unit_test(too_late),
		cmocka_unit_test(stopped),
		cmocka_unit_test(images_of_an_exec),
		cmocka_unit_test(images_of_another_source),
		cmocka_unit_test(arguments_in_parts),
		cmocka_unit_test(hole_in_arguments),
		cmocka_unit_test(account),
		cmocka_unit_test(has_a_bound),
		cmocka_unit_test(descendants),
		cmocka_unit_test(children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
