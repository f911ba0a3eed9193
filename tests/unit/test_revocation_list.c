// SPDX-License-Identifier: GPL-2.0-or-later
/* A file of revocations is read whole, or not at all. */
#include "support.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/revocation/list_file.h"

static int read_bytes(const void *text, size_t size)
{
	const char *path = scratch_path("list");
	struct revocation_problem problem;
	struct bytes bytes = { 0 };
	char *read;
	int err;

	bytes_append(&bytes, text, size);
	bytes_save(&bytes, path);
	err = list_read(path, &read, &problem);
	if (!err) {
		assert_int_equal(strlen(read), size);
		free(read);
	}
	bytes_free(&bytes);
	return err;
}

static void only_a_whole_text_is_read(void **state)
{
	static const char nul[] = "# key\n\0# digest\n";
	char *large = malloc(REVOCATION_FILE_SIZE_MAX + 1), *read;
	struct revocation_problem problem;

	(void)state;
	assert_non_null(large);
	memset(large, '\n', REVOCATION_FILE_SIZE_MAX + 1);
	assert_int_equal(read_bytes("", 0), 0);
	assert_int_equal(read_bytes(nul, 6), 0);
	assert_int_equal(read_bytes(nul, sizeof(nul) - 1), -EINVAL);
	assert_int_equal(read_bytes(large, REVOCATION_FILE_SIZE_MAX), 0);
	assert_int_equal(read_bytes(large, REVOCATION_FILE_SIZE_MAX + 1), -EFBIG);
	free(large);
	/* None is one that says nothing; what is there and no file is an error. */
	assert_int_equal(list_read(scratch_path("nothing-there"), &read, &problem), 0);
	assert_null(read);
	assert_int_equal(mkfifo(scratch_path("pipe"), 0600), 0);
	assert_int_equal(list_read(scratch_path("pipe"), &read, &problem), -EINVAL);
	assert_int_equal(list_read(scratch_directory(), &read, &problem), -EINVAL);
}

static void a_sequence_is_a_number_and_the_highest_counts(void **state)
{
	static const struct {
		const char *text;
		int err;
		__u64 sequence;
	} cases[] = {
		{ "sequence 7", 0, 7 },
		{ "sequence 7\nsequence 5\n", 0, 7 },
		{ "sequence 5\nsequence 7\n", 0, 7 },
		{ "sequence 18446744073709551615", 0, ~0ULL },
		{ "sequence 18446744073709551616", -EINVAL, 0 },
		{ "sequence ", -EINVAL, 0 },
		{ "sequence -1", -EINVAL, 0 },
		{ "sequence  7", -EINVAL, 0 },
		{ "sequence 7x", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct revocations list = { 0 };
		struct revocation_problem problem;
		char *text = strdup(cases[i].text);

		assert_non_null(text);
		assert_int_equal(list_parse("list", text, &list, &problem), cases[i].err);
		if (!cases[i].err)
			assert_int_equal(list.sequence, cases[i].sequence);
		revocations_free(&list);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_whole_text_is_read),
		cmocka_unit_test(a_sequence_is_a_number_and_the_highest_counts),
	};

	return cmocka_run_group_tests_name("revocation-list", tests, NULL, scratch_tear_down);
}
