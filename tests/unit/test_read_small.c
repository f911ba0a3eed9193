// SPDX-License-Identifier: GPL-2.0-or-later
/* Small files, whole: at the bound, above it, and what is no file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/file/read_small.h"
#include "folder.h"

enum { MOST = 8 };

static void write_file(const char *name, const char *text, size_t size)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void sizes(void **state)
{
	static const char text[] = "0123456789";
	char got[MOST + 1];
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++) {
		write_file("file", text, i);
		size = 99;
		if (i > MOST) {
			assert_int_equal(file_read_small(AT_FDCWD, "file", got, MOST, &size), -EFBIG);
			continue;
		}
		assert_int_equal(file_read_small(AT_FDCWD, "file", got, MOST, &size), 0);
		assert_int_equal(size, i);
		assert_memory_equal(got, text, i);
		assert_int_equal(got[i], 0);
	}
	write_file("file", "a\0b", 3);
	assert_int_equal(file_read_small(AT_FDCWD, "file", got, MOST, &size), 0);
	assert_int_equal(size, 3);
	assert_memory_equal(got, "a\0b", 4);
}

/* stat(2) says 0 of it. */
static void of_proc(void **state)
{
	char got[65536];
	size_t size;

	(void)state;
	assert_int_equal(file_read_small(AT_FDCWD, "/proc/self/status", got, sizeof(got) - 1, &size), 0);
	assert_true(size > 100);
	assert_int_equal(strlen(got), size);
}

static void what_is_no_file(void **state)
{
	char got[MOST + 1];
	size_t size;
	int directory;

	(void)state;
	assert_int_equal(mkdir("directory", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(file_read_small(AT_FDCWD, "missing", got, MOST, &size), -ENOENT);
	assert_int_equal(file_read_small(AT_FDCWD, "directory", got, MOST, &size), -EINVAL);
	assert_int_equal(file_read_small(AT_FDCWD, "fifo", got, MOST, &size), -EINVAL);
	assert_int_equal(file_read_small(AT_FDCWD, "/dev/zero", got, MOST, &size), -EINVAL);
	directory = open("directory", O_RDONLY | O_DIRECTORY);
	assert_true(directory >= 0);
	write_file("directory/below", "x", 1);
	assert_int_equal(file_read_small(directory, "below", got, MOST, &size), 0);
	assert_int_equal(file_read_small(directory, "file", got, MOST, &size), -ENOENT);
	close(directory);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(of_proc),
		cmocka_unit_test(what_is_no_file),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
