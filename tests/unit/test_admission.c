// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of a tree that are to be admitted: each is visited once, and an error is not silent. */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/enforce/admission.h"

struct visits {
	unsigned int files, named, errors;
	int error; /* the last one */
	char path[512]; /* the last one */
	bool stops;
};

static bool note_visit(const char *path, bool named, int error, void *context)
{
	struct visits *visits = context;

	visits->files += !error;
	visits->named += named;
	visits->errors += error != 0;
	visits->error = error ? error : visits->error;
	snprintf(visits->path, sizeof(visits->path), "%s", path);
	return !visits->stops;
}

static void touch(const char *folder, const char *name)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static void each_file_is_visited_once(void **state)
{
	char *folder = scratch_folder("tree"), below[512];
	struct visits visits = { 0 };

	(void)state;
	touch(folder, "one");
	snprintf(below, sizeof(below), "%s/below", folder);
	assert_int_equal(mkdir(below, 0755), 0);
	touch(below, "two");
	visit_files(folder, note_visit, &visits);
	assert_int_equal(visits.files, 2);
	assert_int_equal(visits.named, 0);
	assert_int_equal(visits.errors, 0);

	visits = (struct visits){ .stops = true };
	visit_files(folder, note_visit, &visits);
	assert_int_equal(visits.files, 1);
	assert_int_equal(visits.errors, 0);
}

static void a_root_that_cannot_be_visited_is_an_error(void **state)
{
	/* Of these, fts_open(3) refuses the empty name, and fts_read(3) the other. */
	const char *roots[] = { "", scratch_path("not-there") };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct visits visits = { .path = "none" };

		visit_files(roots[i], note_visit, &visits);
		assert_int_equal(visits.errors, 1);
		assert_int_equal(visits.error, -ENOENT);
		assert_int_equal(visits.named, 1);
		assert_int_equal(visits.files, 0);
		assert_string_equal(visits.path, roots[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_visited_once),
		cmocka_unit_test(a_root_that_cannot_be_visited_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, scratch_tear_down);
}
