// SPDX-License-Identifier: GPL-2.0-or-later
/* Waits: until a time, and between attempts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/time.h>
#include "lib/time/clock.h"

static volatile sig_atomic_t is_ended;

static void end(int number)
{
	(void)number;
	is_ended = 1;
}

static void waits_grow_to_their_bound(void **state)
{
	(void)state;
	assert_int_equal(clock_back_off(0, 250, 8000), 250);
	assert_int_equal(clock_back_off(250, 250, 8000), 500);
	assert_int_equal(clock_back_off(4000, 250, 8000), 8000);
	assert_int_equal(clock_back_off(3999, 250, 8000), 7998);
	assert_int_equal(clock_back_off(5000, 250, 8000), 8000);
	assert_int_equal(clock_back_off(8000, 250, 8000), 8000);
	assert_int_equal(clock_back_off(UINT64_MAX, 250, UINT64_MAX), UINT64_MAX);
}

static void a_sleep_ends_at_its_time_or_by_a_signal(void **state)
{
	const struct itimerval soon = { .it_value.tv_usec = 20000, .it_interval.tv_usec = 20000 }, none = { 0 };
	struct sigaction action = { .sa_handler = end };
	__u64 until = clock_now() + 20 * CLOCK_MILLISECOND;

	(void)state;
	clock_sleep_until(until, &is_ended);
	assert_true(clock_now() >= until);
	/* It is over already. */
	clock_sleep_until(until, &is_ended);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	clock_sleep_until(clock_now() + 3600 * CLOCK_SECOND, &is_ended);
	setitimer(ITIMER_REAL, &none, NULL);
	assert_true(is_ended);
	clock_sleep_until(clock_now() + 3600 * CLOCK_SECOND, &is_ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_grow_to_their_bound),
		cmocka_unit_test(a_sleep_ends_at_its_time_or_by_a_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
