// SPDX-License-Identifier: GPL-2.0-or-later
/* What sccon decides about input: keys for the kernel, when to look, and whether interrupts are relied on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "sccon/kernel/input.h"

/* Which byte of the text is a key for the kernel, with so much time between two: -1 is none. */
static int key_in(const char *text, unsigned long long apart)
{
	struct sccon_sysrq sysrq = { 0 };
	int key = -1;

	for (size_t i = 0; text[i]; i++)
		if (sccon_sysrq_take(&sysrq, (unsigned char)text[i], 1000000 + i * apart)) {
			assert_int_equal(key, -1);
			key = (int)i;
		}
	return key;
}

static void escape_and_three_letters_make_a_key_the_kernels(void **state)
{
	static const struct {
		const char *text;
		int key;
	} cases[] = {
		{ "\x1bSYSh", 4 },
		{ "abc\x1bSYSt", 7 },
		{ "SYSh", -1 },
		{ "\x1bSYS", -1 },
		{ "\x1bSYsh", -1 },
		{ "\x1bsysh", -1 },
		{ "\x1b\x1bSYSh", 5 },
		{ "\x1bS\x1bSYSh", 6 },
		{ "\x1bSY\x1bSYSh", 7 },
		{ "\x1bSxSYSh", -1 },
		{ "\x1bSYSht", 4 },
		{ "\x1bSYS\x1b", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(key_in(cases[i].text, 1), cases[i].key);
}

static void only_within_five_seconds(void **state)
{
	struct sccon_sysrq sysrq = { 0 };

	(void)state;
	/* The four may take their time, the key may not. */
	assert_int_equal(key_in("\x1bSYSh", 4999), 4);
	assert_int_equal(key_in("\x1bSYSh", 5000), -1);
	sccon_sysrq_arm(&sysrq, 100);
	assert_false(sccon_sysrq_take(&sysrq, 'h', 5100));
	assert_false(sccon_sysrq_take(&sysrq, 'h', 5100));
	sccon_sysrq_arm(&sysrq, 100);
	assert_false(sccon_sysrq_take(&sysrq, 0, 101));
	assert_false(sccon_sysrq_take(&sysrq, 'h', 102));
	sccon_sysrq_arm(&sysrq, 100);
	assert_true(sccon_sysrq_take(&sysrq, 'h', 5099));
}

/* How often is looked in so many microseconds in which nothing comes. */
static unsigned int looks_in(struct sccon_pace *pace, unsigned long long time)
{
	unsigned int looks = 0;

	for (unsigned long long at = 0; at < time; at += sccon_pace_next(pace, false))
		looks++;
	return looks;
}

static void at_rest_there_are_ten_looks_a_second(void **state)
{
	struct sccon_pace pace = { .typing = 10 };

	(void)state;
	looks_in(&pace, 3000000);
	assert_int_equal(looks_in(&pace, 10000000), 100);
}

static void after_input_it_looks_soon_and_then_as_one_types(void **state)
{
	struct sccon_pace pace = { .typing = 10 };

	(void)state;
	looks_in(&pace, 3000000);
	assert_int_equal(sccon_pace_next(&pace, true), SCCON_POLL_LEAST_US);
	assert_int_equal(sccon_pace_next(&pace, false), 2 * SCCON_POLL_LEAST_US);
	looks_in(&pace, 50000);
	assert_in_range(looks_in(&pace, 500000), 49, 51);
	looks_in(&pace, 2000000);
	assert_int_equal(looks_in(&pace, 1000000), 10);
}

static void with_interrupts_failures_among_input_do_not_slow_it_down(void **state)
{
	struct sccon_pace pace = { .typing = 10 };

	(void)state;
	assert_int_equal(sccon_pace_with_interrupts(&pace, 0), SCCON_WATCHDOG_US);
	for (unsigned int i = 0; i < 10000; i++) {
		assert_int_equal(sccon_pace_with_interrupts(&pace, 5), 0);
		assert_in_range(sccon_pace_with_interrupts(&pace, -5), 1, 2 * SCCON_POLL_LEAST_US);
	}
	/* A firmware that does nothing but fail is left alone. */
	for (unsigned int i = 0; i < 10000; i++)
		sccon_pace_with_interrupts(&pace, -5);
	assert_int_equal(sccon_pace_with_interrupts(&pace, -5), 1000 * SCCON_POLL_MOST);
}

static void interrupts_that_do_not_come_are_not_relied_on(void **state)
{
	struct sccon_trust trust = { 0 };

	(void)state;
	sccon_trust_begin(&trust);
	assert_false(sccon_trust_missed(&trust, 10));
	assert_false(sccon_trust_missed(&trust, 11));
	assert_false(sccon_trust_came(&trust, 1, true, 12));
	assert_false(sccon_trust_missed(&trust, 13));
	assert_false(sccon_trust_missed(&trust, 14));
	assert_true(sccon_trust_missed(&trust, 15));
	assert_false(trust.is_trusted);
	assert_int_equal(trust.until, 15 + SCCON_DISTRUST);
	assert_false(sccon_trust_missed(&trust, 16));
	sccon_trust_begin(&trust);
	assert_true(trust.is_trusted);
	assert_int_equal(trust.lost, 0);
}

static void neither_are_those_that_come_for_nothing(void **state)
{
	struct sccon_trust trust = { 0 };

	(void)state;
	sccon_trust_begin(&trust);
	/* So many a second are borne for ever. */
	for (unsigned int second = 1; second < 100; second++)
		assert_false(sccon_trust_came(&trust, SCCON_IDLE_MOST, false, 1000 * second));
	assert_true(sccon_trust_came(&trust, 1, false, 99 * 1000 + 1));
	assert_false(sccon_trust_came(&trust, 100000, false, 99 * 1000 + 2));
	/* Each that had something to do is no complaint. */
	sccon_trust_begin(&trust);
	for (unsigned int i = 0; i < 100000; i++)
		assert_false(sccon_trust_came(&trust, 1, true, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape_and_three_letters_make_a_key_the_kernels),
		cmocka_unit_test(only_within_five_seconds),
		cmocka_unit_test(at_rest_there_are_ten_looks_a_second),
		cmocka_unit_test(after_input_it_looks_soon_and_then_as_one_types),
		cmocka_unit_test(with_interrupts_failures_among_input_do_not_slow_it_down),
		cmocka_unit_test(interrupts_that_do_not_come_are_not_relied_on),
		cmocka_unit_test(neither_are_those_that_come_for_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
