// SPDX-License-Identifier: GPL-2.0-or-later
/* digsig-fleetd's reader of digsigd's log, which is rotated, truncated and replaced while it is read. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "digsig/fleetd/log_reader.h"
#include "folder.h"

static struct log_reader reader;

static void start(const struct log_place *place)
{
	assert_int_equal(log_reader_init(&reader, "log", 3, place), 0);
}

static int set_up(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		char name[16];

		snprintf(name, sizeof(name), i ? "log.%d" : "log", i);
		unlink(name);
	}
	start(&(struct log_place){ 0 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	log_reader_free(&reader);
	return 0;
}

/* As a process that ends, and the next one. */
static void restart(void)
{
	struct log_place place;

	log_reader_place(&reader, &place);
	log_reader_free(&reader);
	start(&place);
}

static void write_to(const char *name, int flags, const char *text, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

static void append(const char *text)
{
	write_to("log", O_APPEND, text, strlen(text));
}

/* A line of that many bytes without its newline, of which the last is its end. */
static void append_long(size_t size, char end)
{
	char *line = malloc(size + 1);

	assert_non_null(line);
	memset(line, 'x', size);
	line[size] = end;
	write_to("log", O_APPEND, line, size + 1);
	free(line);
}

static void rotate(void)
{
	rename("log.2", "log.3");
	rename("log.1", "log.2");
	assert_int_equal(rename("log", "log.1"), 0);
}

/* The next line is this; NULL: there is none at the moment. */
static void expect_line(const char *text)
{
	const char *line;
	size_t size;
	int got = log_reader_next(&reader, &line, &size);

	if (!text) {
		assert_int_equal(got, 0);
		return;
	}
	assert_int_equal(got, 1);
	assert_int_equal(size, strlen(text));
	assert_memory_equal(line, text, size);
}

static void a_cut_line_waits_for_its_end(void **state)
{
	(void)state;
	expect_line(NULL); /* no file */
	append("one\n\ntw");
	expect_line("one");
	expect_line("");
	expect_line(NULL);
	append("o");
	expect_line(NULL);
	append("\n");
	expect_line("two");
	expect_line(NULL);
	assert_int_equal(reader.lost, 0);
}

static void a_place_is_behind_the_last_line(void **state)
{
	(void)state;
	append("one\ntwo\nthr");
	expect_line("one");
	restart();
	expect_line("two");
	expect_line(NULL);
	restart();
	append("ee\n");
	expect_line("three");
	assert_int_equal(reader.lost, 0);
}

static void what_was_written_before_a_rotation_comes_first(void **state)
{
	(void)state;
	append("one\n");
	expect_line("one");
	append("two\n");
	rotate();
	append("three\n");
	rotate();
	append("four\n");
	expect_line("two");
	expect_line("three");
	expect_line("four");
	expect_line(NULL);
	assert_int_equal(reader.lost, 0);
}

/* Between the two renames of a rotation there is no file of the first name. */
static void in_the_middle_of_a_rotation_nothing_is_missed(void **state)
{
	(void)state;
	append("one\n");
	expect_line("one");
	rotate();
	expect_line(NULL);
	restart();
	expect_line(NULL);
	append("two\n");
	expect_line("two");
	assert_int_equal(reader.lost, 0);
}

static void a_file_of_which_nothing_was_read_is_not_skipped(void **state)
{
	(void)state;
	append("one\n");
	expect_line("one");
	rotate();
	append("");
	expect_line(NULL);
	restart(); /* the place is the end of the file before */
	append("two\n");
	rotate();
	append("three\n");
	expect_line("two");
	expect_line("three");
	assert_int_equal(reader.lost, 0);
}

static void half_a_line_of_a_rotated_file_is_lost(void **state)
{
	(void)state;
	append("one\ntw");
	expect_line("one");
	rotate();
	append("three\n");
	expect_line("three");
	assert_int_equal(reader.lost, 1);
}

static void a_file_that_was_rotated_away_is_lost(void **state)
{
	(void)state;
	append("one\n");
	expect_line("one");
	restart();
	assert_int_equal(rename("log", "gone"), 0);
	append("three\n");
	rotate();
	append("four\n");
	expect_line("three");
	expect_line("four");
	assert_int_equal(reader.lost, 1);
	/* Also while it is open. */
	rotate();
	append("five\n");
	assert_int_equal(unlink("log.1"), 0);
	assert_int_equal(unlink("log.2"), 0);
	expect_line("five");
	assert_int_equal(reader.lost, 2);
	unlink("gone");
}

static void a_truncated_file_is_read_from_its_begin(void **state)
{
	(void)state;
	append("one\ntwo\n");
	expect_line("one");
	expect_line("two");
	log_reader_look(&reader);
	assert_int_equal(reader.lost, 0);
	write_to("log", O_TRUNC, "3\n", 2);
	log_reader_look(&reader);
	expect_line("3");
	expect_line(NULL);
	assert_int_equal(reader.lost, 1);
}

/* The place is asked for between: it is of what was read, not of what the file has by now. */
static void a_file_that_is_written_anew_is_noticed_by_its_bytes(void **state)
{
	struct log_place place;

	(void)state;
	append("one\n");
	expect_line("one");
	write_to("log", O_TRUNC, "another\nand more\n", 17);
	log_reader_place(&reader, &place);
	log_reader_look(&reader);
	expect_line("another");
	expect_line("and more");
	assert_int_equal(reader.lost, 1);
}

/* A mark of the first bytes is enough to tell: those behind it are not compared. */
static void a_long_file_is_known_by_its_begin(void **state)
{
	(void)state;
	append_long(LOG_MARK_MAX - 2, '\n');
	append("one\ntwo\n");
	assert_int_equal(log_reader_next(&reader, &(const char *){ NULL }, &(size_t){ 0 }), 1);
	expect_line("one");
	restart();
	expect_line("two");
	assert_int_equal(reader.place.mark_size, LOG_MARK_MAX);
	assert_int_equal(reader.lost, 0);
	assert_int_equal(truncate("log", LOG_MARK_MAX), 0);
	log_reader_look(&reader);
	assert_int_equal(reader.lost, 1);
	assert_int_equal(log_reader_next(&reader, &(const char *){ NULL }, &(size_t){ 0 }), 1);
	write_to("log", 0, "y", 1);
	log_reader_look(&reader);
	assert_int_equal(reader.lost, 2);
}

static void a_file_replaced_by_a_shorter_one_is_another(void **state)
{
	(void)state;
	append("one\ntwo\nthree\n");
	expect_line("one");
	expect_line("two");
	restart();
	write_to("new", O_TRUNC, "4\n", 2);
	assert_int_equal(rename("new", "log"), 0);
	expect_line("4");
	expect_line(NULL);
	assert_int_equal(reader.lost, 1);
}

/* copytruncate of logrotate: the copy has what was not read. */
static void a_copy_is_read_to_its_end(void **state)
{
	(void)state;
	append("one\ntwo\n");
	expect_line("one");
	restart();
	expect_line("two");
	write_to("log.1", O_TRUNC, "one\ntwo\nthree\n", 14);
	write_to("log", O_TRUNC, "4\n", 2);
	log_reader_look(&reader);
	expect_line("three");
	expect_line("4");
	assert_int_equal(reader.lost, 0);
}

static void a_line_may_be_as_long_as_this(void **state)
{
	const char *line;
	size_t size;

	(void)state;
	append_long(LOG_LINE_MAX, '\n');
	append_long(LOG_LINE_MAX + 1, '\n');
	append_long(3 * LOG_LINE_MAX, '\n');
	append("next\n");
	assert_int_equal(log_reader_next(&reader, &line, &size), 1);
	assert_int_equal(size, LOG_LINE_MAX);
	expect_line("next");
	assert_int_equal(reader.lost, 2);
}

static void the_rest_of_a_long_line_is_no_line(void **state)
{
	(void)state;
	append_long(LOG_LINE_MAX + 100, 'x');
	expect_line(NULL);
	assert_int_equal(reader.lost, 1);
	restart();
	append("rest\nnext\n");
	expect_line("next");
	assert_int_equal(reader.lost, 0); /* it was counted before */
}

static void a_long_line_without_an_end_is_lost_once(void **state)
{
	(void)state;
	append_long(LOG_LINE_MAX + 100, 'x');
	expect_line(NULL);
	append("more");
	rotate();
	append("next\n");
	expect_line("next");
	assert_int_equal(reader.lost, 1);
}

static void what_is_no_file_is_not_read(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("log", 0600), 0);
	expect_line(NULL);
	unlink("log");
	write_to("log.1", 0, "one\n", 4);
	write_to("elsewhere", 0, "two\n", 4);
	assert_int_equal(symlink("elsewhere", "log"), 0);
	expect_line("one");
	expect_line(NULL);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_cut_line_waits_for_its_end),
		CASE(a_place_is_behind_the_last_line),
		CASE(what_was_written_before_a_rotation_comes_first),
		CASE(in_the_middle_of_a_rotation_nothing_is_missed),
		CASE(a_file_of_which_nothing_was_read_is_not_skipped),
		CASE(half_a_line_of_a_rotated_file_is_lost),
		CASE(a_file_that_was_rotated_away_is_lost),
		CASE(a_truncated_file_is_read_from_its_begin),
		CASE(a_file_that_is_written_anew_is_noticed_by_its_bytes),
		CASE(a_long_file_is_known_by_its_begin),
		CASE(a_file_replaced_by_a_shorter_one_is_another),
		CASE(a_copy_is_read_to_its_end),
		CASE(a_line_may_be_as_long_as_this),
		CASE(the_rest_of_a_long_line_is_no_line),
		CASE(a_long_line_without_an_end_is_lost_once),
		CASE(what_is_no_file_is_not_read),
	};

	return cmocka_run_group_tests_name("fleet-log", tests, folder_enter, folder_leave);
}
