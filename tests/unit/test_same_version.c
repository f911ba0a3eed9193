// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a file is still the version that was seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>
#include "lib/file/same_version.h"

static void what_makes_another_version(void **state)
{
	const struct stat seen = { .st_dev = 1, .st_ino = 2, .st_size = 3, .st_mtim = { 4, 5 }, .st_ctim = { 6, 7 } };
	struct stat others[7];

	(void)state;
	assert_true(is_same_version(&seen, &seen));
	for (size_t i = 0; i < 7; i++)
		others[i] = seen;
	others[0].st_dev++;
	others[1].st_ino++;
	others[2].st_size++;
	others[3].st_mtim.tv_sec++;
	others[4].st_mtim.tv_nsec++;
	others[5].st_ctim.tv_sec++;
	others[6].st_ctim.tv_nsec++;
	for (size_t i = 0; i < 7; i++)
		assert_false(is_same_version(&seen, &others[i]));
}

static void times_put_back_do_not_hide_a_write(void **state)
{
	FILE *file = tmpfile();
	struct stat before, after;
	struct timespec times[2];

	(void)state;
	assert_non_null(file);
	assert_int_equal(write(fileno(file), "old", 3), 3);
	assert_int_equal(fstat(fileno(file), &before), 0);
	/* Longer than a tick of the slowest kernel's clock. */
	usleep(20000);
	assert_int_equal(pwrite(fileno(file), "new", 3, 0), 3);
	times[0] = before.st_atim;
	times[1] = before.st_mtim;
	assert_int_equal(futimens(fileno(file), times), 0);
	assert_int_equal(fstat(fileno(file), &after), 0);
	assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
	assert_false(is_same_version(&before, &after));
	fclose(file);
}

static void what_is_read_stays_the_version(void **state)
{
	FILE *file = tmpfile();
	struct stat before, after;
	char bytes[3];

	(void)state;
	assert_non_null(file);
	assert_int_equal(write(fileno(file), "old", 3), 3);
	assert_int_equal(fstat(fileno(file), &before), 0);
	usleep(20000);
	assert_int_equal(pread(fileno(file), bytes, 3, 0), 3);
	assert_int_equal(fstat(fileno(file), &after), 0);
	assert_true(is_same_version(&before, &after));
	fclose(file);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_makes_another_version),
		cmocka_unit_test(times_put_back_do_not_hide_a_write),
		cmocka_unit_test(what_is_read_stays_the_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
