// SPDX-License-Identifier: GPL-2.0-or-later
/* What makes a new name last: its directory is synced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/file/sync_directory.h"
#include "lib/file/write_whole.h"

static struct stat synced; /* the last one */
static unsigned int syncs;

int __wrap_fsync(int fd);

int __wrap_fsync(int fd)
{
	syncs++;
	return fstat(fd, &synced);
}

static void expect_synced(const char *directory)
{
	struct stat expected;

	assert_int_equal(stat(directory, &expected), 0);
	assert_true(S_ISDIR(synced.st_mode));
	assert_int_equal(synced.st_dev, expected.st_dev);
	assert_int_equal(synced.st_ino, expected.st_ino);
}

static void the_directory_of_a_name_is_synced(void **state)
{
	static const char *const cases[][2] = {
		{ "/usr/bin/name", "/usr/bin" },
		{ "/name", "/" },
		{ "name", "." },
		{ "../name", ".." },
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		syncs = 0;
		sync_directory_of(cases[i][0]);
		assert_int_equal(syncs, 1);
		expect_synced(cases[i][1]);
	}
}

static void what_cannot_be_synced_is_left(void **state)
{
	static char path[8192];

	(void)state;
	syncs = 0;
	sync_directory_of("/no/such/name");
	sync_directory_of("/dev/null/name");
	memset(path, 'x', sizeof(path) - 1);
	sync_directory_of(path);
	assert_int_equal(syncs, 0);
}

static void a_whole_file_is_synced_before_its_directory(void **state)
{
	char folder[] = "/tmp/sync-directory-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/name", folder);
	syncs = 0;
	assert_int_equal(file_write_whole(path, "text", 4), 0);
	assert_int_equal(syncs, 2);
	expect_synced(folder);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_directory_of_a_name_is_synced),
		cmocka_unit_test(what_cannot_be_synced_is_left),
		cmocka_unit_test(a_whole_file_is_synced_before_its_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
