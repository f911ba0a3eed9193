// SPDX-License-Identifier: GPL-2.0-or-later
/* A watch among other descriptors: it is polled together with them, and holds nobody up. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "kevents/kevents.h"

enum { CHILDREN = 100 };

static int count_end(const struct kevents_record *record, void *context)
{
	int *ended = context;

	*ended += record->type == KEVENTS_EXIT && record->pid != (int32_t)getpid();
	return 0;
}

static void run_child(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

/* How often this process gave the processor up by itself. */
static long waits(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

static struct kevents *open_watch(uint32_t source)
{
	int32_t self = (int32_t)getpid();
	struct kevents_options options = {.size = sizeof(options),
		.source = source,
		.options = KEVENTS_DESCENDANTS,
		.filter = {.types = KEVENTS_BIT(KEVENTS_EXIT), .pids = &self, .pid_count = 1}};
	struct kevents *watch;
	struct kevents_error error;
	int err = kevents_open(&options, &watch, &error);

	if (!err)
		return watch;
	print_message("SKIP: %s\n", error.text);
	skip();
	return NULL;
}

/* The descriptor tells of all there is to be handed on; who is told of nothing may wait for ever. */
static void take_all(struct kevents *watch, int *ended)
{
	struct pollfd fd = {.fd = kevents_fd(watch), .events = POLLIN};

	while (*ended < CHILDREN) {
		assert_int_equal(poll(&fd, 1, 20000), 1);
		assert_true(kevents_poll(watch, 0, count_end, ended) >= 0);
	}
}

static void a_poll_that_need_not_wait_does_not(uint32_t source)
{
	struct kevents *watch = open_watch(source);
	long waited = 0;
	int ended = 0;

	for (int i = 0; i < CHILDREN; i++) {
		long before;

		run_child();
		before = waits();
		assert_true(kevents_poll(watch, 0, count_end, &ended) >= 0);
		waited += waits() - before;
	}
	take_all(watch, &ended);
	kevents_close(watch);
	assert_int_equal(ended, CHILDREN);
	/* Now and then it is a lock of the kernel's, or a page. */
	assert_true(waited < CHILDREN / 4);
}

static void by_bpf(void **state)
{
	(void)state;
	a_poll_that_need_not_wait_does_not(KEVENTS_SOURCE_BPF);
}

static void by_perf_events(void **state)
{
	(void)state;
	a_poll_that_need_not_wait_does_not(KEVENTS_SOURCE_PERF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_bpf),
		cmocka_unit_test(by_perf_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
