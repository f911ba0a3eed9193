// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is swap in memory worth it? Of traces that guests recorded, and of samples made for one cause alone; and what a trace
 * may hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/file/below.h"
#include "ramswap/status/advise.h"
#include "ramswap/status/trace.h"

#define SECOND 1000000000ULL
#define MIB (1ULL << 20)
#define GIB (1ULL << 30)

static bool has_reason(const struct advice *advice, const char *code)
{
	for (size_t i = 0; i < advice->reason_count; i++)
		if (!strcmp(advice->reasons[i].code, code))
			return true;
	return false;
}

static void load(const char *name, struct trace *trace)
{
	struct ramswap_problem problem;
	int folder = open(TRACES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *text;
	size_t size;

	assert_int_equal(file_read_below(folder, name, TRACE_SIZE_MAX, &text, &size), 0);
	close(folder);
	if (trace_parse(name, text, size, trace, &problem))
		fail_msg("%s", problem.text);
	free(text);
}

/* What guests with 7.2 and 512 MB recorded while they did that. */
static void traces_of_guests(void **state)
{
	static const struct {
		const char *name;
		enum advise_answer answer;
		const char *reason;
	} cases[] = {
		{ "idle", ADVISE_NO, "memory" },
		{ "files-without-swap", ADVISE_YES, "no-swap" },
		{ "swap-on-disk", ADVISE_YES, "slow-swap" },
		{ "zram-at-rest", ADVISE_ENOUGH, "saved" },
		{ "files-beside-zram", ADVISE_ENOUGH, "swappiness" },
		{ "zram-busy", ADVISE_TOO_MUCH, "too-much" },
		{ "killed", ADVISE_LARGER, "fast-full" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct advice advice;
		struct trace trace;

		load(cases[i].name, &trace);
		assert_int_equal(advise_judge(trace.samples, trace.count, &advice), 0);
		if (advice.answer != cases[i].answer)
			fail_msg("%s: %s", cases[i].name, advise_answer_word(advice.answer));
		if (!has_reason(&advice, cases[i].reason))
			fail_msg("%s: no reason %s", cases[i].name, cases[i].reason);
		trace_free(&trace);
	}
}

/* Two samples, ten seconds apart, of a machine with 4 GiB, half of it anonymous, and nothing that happens. */
static void make_samples(struct status_sample samples[2])
{
	samples[0] = (struct status_sample){ .time = SECOND, .page_size = 4096, .total = 4 * GIB, .available = GIB,
		.anonymous = 2 * GIB, .file = GIB, .has_counters = true, .counters.has_refaults = true, .has_pressure = true };
	samples[1] = samples[0];
	samples[1].time = 11 * SECOND;
}

static struct advice judge(const struct status_sample samples[2])
{
	struct advice advice;

	assert_int_equal(advise_judge(samples, 2, &advice), 0);
	assert_true(advice.reason_count >= 2);
	for (size_t i = 0; i < advice.reason_count; i++)
		assert_true(*advice.reasons[i].code && *advice.reasons[i].text);
	return advice;
}

/* From 1 % of waiting on, memory is short. */
static void where_it_begins(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	samples[1].some = 99999;
	assert_int_equal(judge(samples).answer, ADVISE_NO);
	samples[1].some = 100000;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_YES);
	assert_true(advice.rates.some == 1.0);
	/* Half of 2 GiB, at 3 : 1. */
	assert_non_null(strstr(advice.reasons[advice.reason_count - 1].text, "1.0G, compressed 3 : 1 would take 341.3M, and "
									     "free 682.7M"));
}

static void a_kill_is_enough(void **state)
{
	struct status_sample samples[2];

	(void)state;
	make_samples(samples);
	samples[1].counters.kills = 1;
	assert_int_equal(judge(samples).answer, ADVISE_YES);
}

static void files_alone_cannot_be_swapped(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	samples[1].some = 5000000;
	samples[1].counters.refaults_file = 1000000;
	samples[0].anonymous = samples[1].anonymous = 400 * MIB;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_NO);
	assert_true(has_reason(&advice, "little-anonymous"));
	/* They are few, and yet they come and go. */
	samples[1].counters.in = 640;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_YES);
	assert_false(has_reason(&advice, "little-anonymous"));
}

/* A higher swappiness is no matter where pages are swapped. */
static void files_beside_fast_swap(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	samples[1].some = 5000000;
	samples[1].counters.refaults_file = 1000000;
	samples[0].swap = samples[1].swap = samples[0].fast = samples[1].fast = GIB;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_ENOUGH);
	assert_true(has_reason(&advice, "swappiness"));
	samples[1].counters.out = 100000;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_ENOUGH);
	assert_false(has_reason(&advice, "swappiness"));
}

static void swap_that_is_full(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	samples[1].some = 5000000;
	samples[0].swap = samples[1].swap = GIB;
	samples[1].swap_used = GIB;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_YES);
	assert_true(has_reason(&advice, "full"));
	samples[1].fast = GIB;
	samples[1].fast_used = GIB;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_LARGER);
	samples[1].fast_used = GIB / 2;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_ENOUGH);
}

/* Pages that come back while all wait: no swap helps. Without those that come back, the kernel fills it just now. */
static void too_much(void **state)
{
	struct status_sample samples[2];

	(void)state;
	make_samples(samples);
	samples[1].some = 9000000;
	samples[1].full = 8000000;
	samples[0].swap = samples[1].swap = samples[0].fast = samples[1].fast = GIB;
	samples[1].counters.out = 100000;
	assert_int_equal(judge(samples).answer, ADVISE_ENOUGH);
	samples[1].counters.in = 100000;
	assert_int_equal(judge(samples).answer, ADVISE_TOO_MUCH);
	samples[1].full = 900000;
	assert_int_equal(judge(samples).answer, ADVISE_ENOUGH);
}

/* A kernel without pressure: what is moved counts. */
static void without_pressure(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	samples[0].has_pressure = samples[1].has_pressure = false;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_NO);
	assert_true(has_reason(&advice, "no-pressure"));
	samples[1].counters.refaults_file = 639;
	assert_int_equal(judge(samples).answer, ADVISE_NO);
	/* A number that only the last sample has is no time that passed. */
	samples[1].has_pressure = true;
	samples[1].some = 5000000;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_NO);
	assert_true(has_reason(&advice, "no-pressure"));
	samples[1].has_pressure = false;
	samples[1].counters.refaults_file = 640;
	assert_int_equal(judge(samples).answer, ADVISE_YES);
}

/* A day in which it was short for ten seconds. */
static void the_worst_time_counts(void **state)
{
	enum { COUNT = 1000 };
	struct status_sample *samples = calloc(COUNT, sizeof(*samples));
	struct advice advice;
	__u64 some = 0;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		make_samples(&samples[i < COUNT - 1 ? i : i - 1]);
		samples[i].time = (i + 1) * SECOND;
	}
	samples[COUNT - 1] = samples[0];
	samples[COUNT - 1].time = COUNT * SECOND;
	for (size_t i = 0; i < COUNT; i++) {
		some += i > 500 && i <= 510 ? 95000 : 0;
		samples[i].some = some;
	}
	assert_int_equal(advise_judge(samples, COUNT, &advice), 0);
	assert_int_equal(advice.answer, ADVISE_NO);
	assert_true(advice.worst.some > 9.49 && advice.worst.some < 9.51);
	assert_true(advice.worst.seconds == 10);
	for (size_t i = 505; i < COUNT; i++)
		samples[i].some += 100000;
	assert_int_equal(advise_judge(samples, COUNT, &advice), 0);
	assert_int_equal(advice.answer, ADVISE_YES);
	assert_true(advice.is_of_worst && has_reason(&advice, "worst"));
	/* One bad second, also the first one, is no bad time. */
	for (size_t i = 0; i < COUNT; i++)
		samples[i].some = i ? 900000 : 0;
	assert_int_equal(advise_judge(samples, COUNT, &advice), 0);
	assert_int_equal(advice.answer, ADVISE_NO);
	free(samples);
}

static void too_little_to_say(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	assert_int_equal(advise_judge(samples, 0, &advice), -ENODATA);
	assert_int_equal(advise_judge(samples, 1, &advice), -ENODATA);
	samples[1].time = samples[0].time + SECOND - 1;
	assert_int_equal(advise_judge(samples, 2, &advice), -ENODATA);
	samples[1].time = samples[0].time - SECOND;
	assert_int_equal(advise_judge(samples, 2, &advice), -ENODATA);
	samples[1].time = samples[0].time + SECOND;
	assert_int_equal(advise_judge(samples, 2, &advice), 0);
}

static void nonsense(void **state)
{
	struct status_sample samples[2];
	struct advice advice;

	(void)state;
	make_samples(samples);
	memset((char *)&samples[1] + offsetof(struct status_sample, page_size), 0xff,
		offsetof(struct status_sample, has_counters) - offsetof(struct status_sample, page_size));
	samples[1].counters.in = samples[1].counters.out = samples[1].some = samples[1].full = UINT64_MAX;
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_TOO_MUCH);
	samples[0] = samples[1];
	samples[1] = (struct status_sample){ .time = UINT64_MAX, .has_counters = true, .has_pressure = true };
	samples[0].time = 0;
	/* All counters went back. */
	advice = judge(samples);
	assert_int_equal(advice.answer, ADVISE_NO);
	assert_true(advice.rates.in == 0 && advice.rates.some == 0);
}

/* ## traces */

static char *print(const struct trace *trace)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	trace_print_head(out);
	for (size_t i = 0; i < trace->count; i++)
		trace_print_sample(out, &trace->samples[i]);
	fclose(out);
	return text;
}

static void what_is_printed_is_read_again(void **state)
{
	static const char *const names[] = { "zram-busy", "killed", "idle" };
	struct ramswap_problem problem;
	struct trace trace, again;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *text;

		load(names[i], &trace);
		text = print(&trace);
		assert_int_equal(trace_parse("again", text, strlen(text), &again, &problem), 0);
		assert_int_equal(again.count, trace.count);
		for (size_t j = 0; j < trace.count; j++)
			assert_memory_equal(&again.samples[j], &trace.samples[j], sizeof(*trace.samples));
		free(text);
		trace_free(&trace);
		trace_free(&again);
	}
}

/* What the kernel does not say is not in the trace, and not said when it is read. */
static void what_is_missing_stays_missing(void **state)
{
	struct status_sample sample = { .time = 5, .page_size = 4096 };
	struct trace trace = { .samples = &sample, .count = 1 }, again;
	struct ramswap_problem problem;
	char *text = print(&trace);

	(void)state;
	assert_null(strstr(text, " in="));
	assert_null(strstr(text, "some="));
	assert_int_equal(trace_parse("again", text, strlen(text), &again, &problem), 0);
	assert_false(again.samples->has_counters || again.samples->has_pressure || again.samples->counters.has_zeros);
	free(text);
	trace_free(&again);
}

static void traces_that_are_none(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "", "t:1: it is no trace: its first line is not \"ramswap-trace 1\"" },
		{ "ramswap-trace 2\ntime=1\n", "t:1: it is no trace" },
		{ "ramswap-trace 1", "t:1: it is no trace" },
		{ "ramswap-trace 1\n", "t:1: there is no sample in it" },
		{ "ramswap-trace 1\ntime=0\n", "t:2: there is no time=" },
		{ "ramswap-trace 1\nin=1\n", "t:2: there is no time=" },
		{ "ramswap-trace 1\n\n", "t:2: there is no time=" },
		{ "ramswap-trace 1\ntime=1\ntime=1\n", "t:3: its time is not after that of the line before" },
		{ "ramswap-trace 1\ntime=2\ntime=1\n", "t:3: its time is not after" },
		{ "ramswap-trace 1\ntime=1 in\n", "t:2: \"in\" is not NAME=NUMBER" },
		{ "ramswap-trace 1\ntime=1 in=\n", "t:2: \"in=\" is not NAME=NUMBER" },
		{ "ramswap-trace 1\ntime=1 in=-1\n", "t:2: \"in=-1\" is not" },
		{ "ramswap-trace 1\ntime=1 in=1x\n", "t:2: \"in=1x\" is not" },
		{ "ramswap-trace 1\ntime=1 in=18446744073709551616\n", "is not NAME=NUMBER" },
		{ "ramswap-trace 1\ntime=1 \x1b[2J\n", "t:2: \"\\x1b[2J\" is not" },
	};
	struct ramswap_problem problem;
	struct trace trace;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(trace_parse("t", cases[i].text, strlen(cases[i].text), &trace, &problem), -EINVAL);
		if (!strstr(problem.text, cases[i].problem))
			fail_msg("%s: %s", cases[i].text, problem.text);
		assert_null(trace.samples);
	}
	assert_int_equal(trace_parse("t", "ramswap-trace 1\ntime=1\0\n", 24, &trace, &problem), -EINVAL);
	/* A later ramswap may say more. */
	assert_int_equal(trace_parse("t", "ramswap-trace 1\ntime=1  later=5 in=7 \ntime=2", 44, &trace, &problem), 0);
	assert_int_equal(trace.count, 2);
	assert_int_equal(trace.samples[0].counters.in, 7);
	assert_int_equal(trace.samples[0].page_size, 4096);
	trace_free(&trace);
}

static void a_trace_has_an_end(void **state)
{
	struct ramswap_problem problem;
	struct trace trace;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	trace_print_head(out);
	for (int i = 1; i <= TRACE_SAMPLES_MAX; i++)
		fprintf(out, "time=%d\n", i);
	fflush(out);
	assert_int_equal(trace_parse("t", text, size, &trace, &problem), 0);
	assert_int_equal(trace.count, TRACE_SAMPLES_MAX);
	trace_free(&trace);
	fprintf(out, "time=%d\n", TRACE_SAMPLES_MAX + 1);
	fclose(out);
	assert_int_equal(trace_parse("t", text, size, &trace, &problem), -EFBIG);
	assert_null(trace.samples);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traces_of_guests),
		cmocka_unit_test(where_it_begins),
		cmocka_unit_test(a_kill_is_enough),
		cmocka_unit_test(files_alone_cannot_be_swapped),
		cmocka_unit_test(files_beside_fast_swap),
		cmocka_unit_test(swap_that_is_full),
		cmocka_unit_test(too_much),
		cmocka_unit_test(without_pressure),
		cmocka_unit_test(the_worst_time_counts),
		cmocka_unit_test(too_little_to_say),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(what_is_printed_is_read_again),
		cmocka_unit_test(what_is_missing_stays_missing),
		cmocka_unit_test(traces_that_are_none),
		cmocka_unit_test(a_trace_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
