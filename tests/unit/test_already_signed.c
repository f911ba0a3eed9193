// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files need not be signed again: those that would come out the same. */
#include "support.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "digsig/file/already_signed.h"

static struct sign_options usual_options(void)
{
	return (struct sign_options){ .signer = scratch_signer(), .identity = "org.example",
		.epoch = 3, .signing_time = 1000, .may_map_wx = true };
}

/* A small program, signed so, in the file "already". */
static int open_signed(struct bytes *image, const struct sign_options *options)
{
	const char *path = scratch_path("already");
	struct file_problem problem;
	int fd;

	image_make(image, IMAGE_USUAL, true, false);
	bytes_save(image, path);
	assert_int_equal(file_sign(path, options, &problem), 0);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	return fd;
}

static enum already_signed state_of(int fd, const struct sign_options *options,
	const struct trust_store *own, bool compares_time)
{
	enum already_signed found;

	assert_int_equal(already_signed_find(fd, options, own, compares_time, &found), 0);
	return found;
}

static void each_option_counts(void **state)
{
	const struct sign_options usual = usual_options();
	struct sign_options other[] = { usual, usual, usual, usual, usual, usual };
	struct bytes image;
	int fd = open_signed(&image, &usual);

	(void)state;
	assert_int_equal(state_of(fd, &usual, scratch_store(), true), FILE_IS_ALREADY_SIGNED);
	other[0].identity = NULL;
	other[1].identity = "org.exampl";
	other[2].identity = "org.example.";
	other[3].epoch = 4;
	other[4].epoch = 2;
	other[5].may_map_wx = false;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (state_of(fd, &other[i], scratch_store(), true) != FILE_IS_SIGNED_OTHERWISE)
			fail_msg("option %zu does not count", i);
	close(fd);
	bytes_free(&image);
}

/* The time of a signature is that of who signs, unless SOURCE_DATE_EPOCH says it. */
static void the_time_counts_if_it_is_to(void **state)
{
	struct sign_options options = usual_options();
	struct bytes image;
	int fd = open_signed(&image, &options);

	(void)state;
	options.signing_time++;
	assert_int_equal(state_of(fd, &options, scratch_store(), true), FILE_IS_SIGNED_OTHERWISE);
	assert_int_equal(state_of(fd, &options, scratch_store(), false), FILE_IS_ALREADY_SIGNED);
	close(fd);
	bytes_free(&image);
}

/* Also where another key signed it: a store without certificates knows none. */
static void a_change_is_seen_whoever_signed(void **state)
{
	const struct sign_options options = usual_options();
	struct trust_store *nobody;
	struct bytes image;
	int fd = open_signed(&image, &options);
	__u8 byte;

	(void)state;
	assert_int_equal(trust_store_new(&nobody), 0);
	assert_int_equal(state_of(fd, &options, nobody, false), FILE_IS_SIGNED_OTHERWISE);
	assert_int_equal(pread(fd, &byte, 1, 150), 1); /* of .text */
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 150), 1);
	assert_int_equal(state_of(fd, &options, nobody, false), FILE_IS_TAMPERED);
	assert_int_equal(state_of(fd, &options, scratch_store(), false), FILE_IS_TAMPERED);
	trust_store_free(nobody);
	close(fd);
	bytes_free(&image);
}

static void what_is_not_signed_is_unsigned(void **state)
{
	const struct sign_options options = usual_options();
	struct bytes image;
	int fd = open_signed(&image, &options);

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)image.size), 0);
	assert_int_equal(state_of(fd, &options, scratch_store(), false), FILE_IS_UNSIGNED);
	close(fd);
	bytes_free(&image);
}

static void a_target_is_made_of_its_source_alone(void **state)
{
	const struct sign_options options = usual_options();
	const char *path = scratch_path("source");
	struct bytes image;
	int source, target = open_signed(&image, &options);

	(void)state;
	bytes_save(&image, path);
	source = open(path, O_RDWR);
	assert_true(source >= 0);
	assert_int_equal(file_is_made_of(target, source, &options), 1);
	/* A source that is signed itself: the original in it counts. */
	assert_int_equal(file_is_made_of(target, target, &options), 1);
	/* Another byte, and no byte more. */
	image.data[150] ^= 1;
	bytes_save(&image, path);
	assert_int_equal(file_is_made_of(target, source, &options), 0);
	close(source);
	close(target);
	bytes_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_counts),
		cmocka_unit_test(the_time_counts_if_it_is_to),
		cmocka_unit_test(a_change_is_seen_whoever_signed),
		cmocka_unit_test(what_is_not_signed_is_unsigned),
		cmocka_unit_test(a_target_is_made_of_its_source_alone),
	};

	return cmocka_run_group_tests_name("already-signed", tests, NULL, scratch_tear_down);
}
