// SPDX-License-Identifier: GPL-2.0-or-later
/* The log of a console: its form, its file, its rotation, and what reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "folder.h"
#include "lib/file/write_whole.h"
#include "sccon/transcript/reader.h"
#include "sccon/transcript/transcript.h"

#define NOW 1796060545123ULL

static unsigned int events[3];

static void count(void *context, enum log_file_event event, int err)
{
	(void)context;
	(void)err;
	events[event]++;
}

static struct transcript *open_log(const struct log_file_settings *settings)
{
	struct transcript *transcript = calloc(1, sizeof(*transcript));

	assert_non_null(transcript);
	transcript->file.tell = count;
	memset(events, 0, sizeof(events));
	assert_int_equal(transcript_open(transcript, settings, NOW), 0);
	return transcript;
}

static void close_log(struct transcript *transcript)
{
	assert_int_equal(transcript_close(transcript, NOW), 0);
	free(transcript);
}

static void file_is(const char *path, const char *wanted)
{
	static char text[1 << 16];
	int fd = open(path, O_RDONLY);
	ssize_t size = read(fd, text, sizeof(text) - 1);

	assert_true(fd >= 0 && size >= 0);
	close(fd);
	text[size] = '\0';
	assert_string_equal(text, wanted);
}

/* All output in the log, as its bytes; how many records of all kinds there are. */
static unsigned int read_output(const char *path, char *text, size_t room, size_t *size)
{
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	unsigned int records = 0;
	const char *line;
	int result;

	assert_int_equal(reader_open(reader, path, 0), 0);
	*size = 0;
	while ((result = reader_next(reader, true, record, &line)) == READER_RECORD) {
		const char *end = record_end(record->kind);

		records++;
		if (record->kind > RECORD_PART)
			continue;
		assert_true(*size + record->size + 2 < room);
		memcpy(text + *size, record->text, record->size);
		*size += record->size;
		memcpy(text + *size, end, strlen(end));
		*size += strlen(end);
	}
	assert_int_equal(result, READER_END);
	assert_int_equal(reader->damaged, 0);
	reader_close(reader);
	free(reader);
	free(record);
	return records;
}

/* --- the form */

static void a_record_is_a_line_that_can_be_read_back(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		enum record_kind kind;
		const char *line;
	} cases[] = {
		{ "login: ", 7, RECORD_PART, "2026-11-30T15:42:25.123Z + login: \n" },
		{ "", 0, RECORD_LINE, "2026-11-30T15:42:25.123Z / \n" },
		{ "a\\-", 3, RECORD_LINE_CRLF, "2026-11-30T15:42:25.123Z | a\\\\-\n" },
		{ "a \\-", 4, RECORD_LINE_CRLF, "2026-11-30T15:42:25.123Z | a \\\\-\n" },
		{ "\0\x1b[1m\xff", 6, RECORD_LINE, "2026-11-30T15:42:25.123Z / \\x00\\x1b[1m\\xff\n" },
		{ "\xc3\xa9\xc3", 3, RECORD_LINE, "2026-11-30T15:42:25.123Z / \xc3\xa9\\xc3\n" },
		{ "\xe2\x80\xae", 3, RECORD_INPUT, "2026-11-30T15:42:25.123Z < \\xe2\\x80\\xae\n" },
		{ "note", 4, RECORD_NOTE, "2026-11-30T15:42:25.123Z # note\n" },
	};
	struct record *record = malloc(sizeof(*record));
	char *line = malloc(RECORD_LINE_MAX + 1);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = record_print(line, NOW - 7200000, cases[i].kind, cases[i].text, cases[i].size);

		assert_string_equal(line, cases[i].line);
		assert_int_equal(size, strlen(cases[i].line));
		line[size - 1] = '\0';
		assert_int_equal(record_parse(line, size - 1, record), 0);
		assert_int_equal(record->time, NOW - 7200000);
		assert_int_equal(record->kind, cases[i].kind);
		assert_false(record->is_torn);
		assert_int_equal(record->size, cases[i].size);
		assert_memory_equal(record->text, cases[i].text, cases[i].size);
	}
	free(line);
	free(record);
}

static void every_byte_has_room(void **state)
{
	struct record *record = malloc(sizeof(*record));
	char *line = malloc(RECORD_LINE_MAX + 1), text[RECORD_TEXT_MAX + 1];
	size_t size;

	(void)state;
	for (size_t i = 0; i < RECORD_TEXT_MAX; i++)
		text[i] = (char)(i * 7);
	text[RECORD_TEXT_MAX] = '\0';
	size = record_print(line, ~0ULL, RECORD_LINE, text, RECORD_TEXT_MAX);
	assert_true(size <= RECORD_LINE_MAX);
	line[size - 1] = '\0';
	assert_int_equal(record_parse(line, size - 1, record), 0);
	assert_int_equal(record->size, RECORD_TEXT_MAX);
	assert_memory_equal(record->text, text, RECORD_TEXT_MAX);
	assert_int_equal(record->time, 253402300799999);
	memset(text, 1, RECORD_TEXT_MAX);
	assert_int_equal(record_print(line, 0, RECORD_LINE, text, RECORD_TEXT_MAX), RECORD_LINE_MAX);
	free(line);
	free(record);
}

static void what_is_no_record_is_refused(void **state)
{
	static const char *const cases[] = {
		"", "x", "2026-11-30T15:42:25.123Z", "2026-11-30T15:42:25.123Z |", "2026-11-30T15:42:25.123Z ? x",
		"2026-11-30T15:42:25.123Z |x", "2026-11-30T15:42:25.123Z | \\", "2026-11-30T15:42:25.123Z | \\x1",
		"2026-11-30T15:42:25.123Z | \\n", "2026-04-31T15:42:25.123Z | x", "2026-13-30T15:42:25.123Z | x",
		"2026-11-30T24:42:25.123Z | x", "2026-11-30T15:60:25.123Z | x", "1969-11-30T15:42:25.123Z | x",
		"2026-11-30 15:42:25.123Z | x", "2026-11-30T15:42:25Z | x", " 2026-11-30T15:42:25.123Z | x", "2026-1 \\-",
	};
	struct record *record = malloc(sizeof(*record));
	char *line;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(record_parse(cases[i], strlen(cases[i]), record), -EBADMSG);
	/* One byte more than a record has. */
	line = malloc(RECORD_TEXT_MAX + 64);
	memset(line, 'a', RECORD_TEXT_MAX + 63);
	memcpy(line, "2026-11-30T15:42:25.123Z | ", 27);
	line[RECORD_TEXT_MAX + 28] = '\0';
	assert_int_equal(record_parse(line, RECORD_TEXT_MAX + 28, record), -EBADMSG);
	line[RECORD_TEXT_MAX + 27] = '\0';
	assert_int_equal(record_parse(line, RECORD_TEXT_MAX + 27, record), 0);
	free(line);
	free(record);
}

static void a_torn_line_gives_what_it_has(void **state)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
		{ "2026-11-30T15:42:25.123Z | abc \\-", "abc" },
		{ "2026-11-30T15:42:25.123Z | abc\\ \\-", "abc" },
		{ "2026-11-30T15:42:25.123Z | abc\\x \\-", "abc" },
		{ "2026-11-30T15:42:25.123Z | abc\\x1 \\-", "abc" },
		{ "2026-11-30T15:42:25.123Z | abc\\x41 \\-", "abcA" },
		{ "2026-11-30T15:42:25.123Z |  \\-", "" },
	};
	struct record *record = malloc(sizeof(*record));

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(record_parse(cases[i].line, strlen(cases[i].line), record), 0);
		assert_true(record->is_torn);
		assert_int_equal(record->kind, RECORD_PART);
		assert_string_equal(record->text, cases[i].text);
	}
	free(record);
}

/* --- streams */

static void lines_and_prompts_have_their_times(void **state)
{
	const struct log_file_settings settings = { .path = "streams" };
	struct transcript *log = open_log(&settings);

	(void)state;
	transcript_output(log, 1000, "on", 2);
	assert_int_equal(transcript_tick(log, 1100), 100);
	transcript_output(log, 1150, "e\r", 2);
	transcript_output(log, 1160, "\ntwo\n\r\nlogin: ", 14);
	assert_int_equal(transcript_tick(log, 1359), 1);
	file_is("streams", "1970-01-01T00:00:01.000Z | one\n1970-01-01T00:00:01.160Z / two\n1970-01-01T00:00:01.160Z | \n");
	assert_int_equal(transcript_tick(log, 1360), -1);
	transcript_input(log, 2000, "ro", 2);
	transcript_note(log, 2001, "a\nnote");
	transcript_input(log, 2002, "ot\rx", 4);
	/* The clock is set back. */
	assert_int_equal(transcript_tick(log, 5), -1);
	transcript_output(log, 3000, "root\r\n", 6);
	close_log(log);
	file_is("streams",
		"1970-01-01T00:00:01.000Z | one\n1970-01-01T00:00:01.160Z / two\n1970-01-01T00:00:01.160Z | \n"
		"1970-01-01T00:00:01.160Z + login: \n1970-01-01T00:00:02.001Z # a\\x0anote\n1970-01-01T00:00:02.000Z < root\\x0d\n"
		"1970-01-01T00:00:02.002Z < x\n1970-01-01T00:00:03.000Z | root\n");
}

/* A line that just fits is one record; what is typed later does not keep a prompt waiting. */
static void lines_are_not_divided_without_need(void **state)
{
	const struct log_file_settings settings = { .path = "fits" };
	struct transcript *log = open_log(&settings);
	char text[RECORD_TEXT_MAX + 1], back[RECORD_TEXT_MAX + 8];
	size_t size;

	(void)state;
	memset(text, 'a', sizeof(text));
	transcript_output(log, 1000, text, RECORD_TEXT_MAX);
	transcript_output(log, 1000, "\n", 1);
	assert_int_equal(read_output("fits", back, sizeof(back), &size), 1);
	transcript_output(log, 2000, "prompt", 6);
	transcript_input(log, 2100, "typed", 5);
	assert_int_equal(transcript_tick(log, 2150), 50);
	assert_int_equal(transcript_tick(log, 2200), -1);
	close_log(log);
}

/* Bytes of which many are ends of lines, and some lines are long. */
static void make_bytes(char *bytes, size_t size, unsigned int seed)
{
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (seed >> 16 & 0xff) < 20 && i % 30000 < 15000 ? "\r\n\n\r\\"[(seed >> 24) % 5] : (char)(seed >> 16);
		if (bytes[i] == '\n' && i % 30000 >= 15000)
			bytes[i] = '\r';
	}
}

static void any_bytes_in_any_pieces_over_rotations_come_back(void **state)
{
	const struct log_file_settings settings = { .path = "rotated", .rotate_size = 20000, .keep = 100 };
	enum { SIZE = 400000 };
	char *bytes = malloc(SIZE), *back = malloc(SIZE + 8);
	struct transcript *log = open_log(&settings);
	unsigned int seed = 1;
	struct stat st;
	size_t size;

	(void)state;
	make_bytes(bytes, SIZE, 7);
	for (size_t at = 0; at < SIZE; at += size) {
		seed = seed * 1103515245 + 12345;
		size = (seed >> 16) % 6000;
		if (size > SIZE - at)
			size = SIZE - at;
		transcript_output(log, NOW + at, bytes + at, size);
		if (seed >> 30 == 1)
			transcript_tick(log, NOW + at + 1000);
		if (seed >> 29 == 1)
			transcript_input(log, NOW + at, "typed\r", 6);
	}
	assert_true(log->file.rotations > 30);
	close_log(log);
	assert_true(read_output("rotated", back, SIZE + 8, &size) > 1000);
	assert_int_equal(size, SIZE);
	assert_memory_equal(back, bytes, SIZE);
	for (unsigned int i = 1; i < 30; i++) {
		char name[32];

		snprintf(name, sizeof(name), "rotated.%u", i);
		assert_int_equal(stat(name, &st), 0);
		assert_true(st.st_size <= 20000 && st.st_size > 3000);
	}
	assert_int_not_equal(stat(".rotated.new", &st), 0);
	assert_int_equal(events[LOG_FILE_FAILING] + events[LOG_FILE_NOT_ROTATED], 0);
	free(bytes);
	free(back);
}

/* --- the file */

static void rotation_keeps_so_many_and_comes_with_age(void **state)
{
	const struct log_file_settings settings = { .path = "aged", .rotate_age = 60000, .keep = 2 };
	struct transcript *log = open_log(&settings);
	char line[8] = "line 0\n";
	struct stat st;

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		line[5] = (char)('0' + i);
		transcript_output(log, i * 60000, line, 7);
		transcript_output(log, i * 60000 + 59999, "late\n", 5);
	}
	close_log(log);
	file_is("aged", "1970-01-01T00:04:00.000Z / line 4\n1970-01-01T00:04:59.999Z / late\n");
	file_is("aged.1", "1970-01-01T00:03:00.000Z / line 3\n1970-01-01T00:03:59.999Z / late\n");
	file_is("aged.2", "1970-01-01T00:02:00.000Z / line 2\n1970-01-01T00:02:59.999Z / late\n");
	assert_int_not_equal(stat("aged.3", &st), 0);
	/* The age of a file that was there is that of its first record. */
	log = open_log(&settings);
	/* The clock was set back: nothing is known of its age. */
	transcript_output(log, 60000, "w\n", 2);
	assert_int_equal(log->file.rotations, 0);
	transcript_output(log, 4 * 60000 + 59999, "x\n", 2);
	assert_int_equal(log->file.rotations, 0);
	transcript_output(log, 5 * 60000, "y\n", 2);
	assert_int_equal(log->file.rotations, 1);
	close_log(log);
}

static void one_process_writes_and_only_into_a_file(void **state)
{
	const struct log_file_settings settings = { .path = "locked" }, link = { .path = "link" }, pipe = { .path = "pipe" },
		nowhere = { .path = "nowhere/log" }, here = { .path = "./" };
	struct transcript *log = open_log(&settings), *other = calloc(1, sizeof(*other));
	struct stat st;

	(void)state;
	assert_int_equal(transcript_open(other, &settings, NOW), -EWOULDBLOCK);
	assert_int_equal(stat("locked", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(transcript_open(other, &link, NOW), -ELOOP);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(transcript_open(other, &pipe, NOW), -EINVAL);
	assert_int_equal(transcript_open(other, &nowhere, NOW), -ENOENT);
	assert_int_equal(transcript_open(other, &here, NOW), -EISDIR);
	close_log(log);
	free(other);
}

static void another_s_rotation_is_followed_by_reopening(void **state)
{
	const struct log_file_settings settings = { .path = "hup", .rotate_size = 64, .keep = 1 };
	struct transcript *log = open_log(&settings);

	(void)state;
	transcript_output(log, 1000, "one\n", 4);
	assert_int_equal(rename("hup", "hup-old"), 0);
	assert_int_equal(transcript_reopen(log, 1000), 0);
	transcript_output(log, 1000, "two\n", 4);
	assert_int_equal(transcript_reopen(log, 1000), 0);
	file_is("hup-old", "1970-01-01T00:00:01.000Z / one\n");
	/* Without a signal, the name is noticed when it is time to rotate. */
	assert_int_equal(rename("hup", "hup-old"), 0);
	transcript_output(log, 1000, "three\nfour\n", 11);
	close_log(log);
	file_is("hup-old", "1970-01-01T00:00:01.000Z / two\n1970-01-01T00:00:01.000Z / three\n");
	file_is("hup", "1970-01-01T00:00:01.000Z / four\n");
}

static void a_last_line_without_an_end_gets_one(void **state)
{
	static const char torn[] = "1970-01-01T00:00:01.000Z | one\n1970-01-01T00:00:01.000Z | tw\\x";
	const struct log_file_settings settings = { .path = "torn" };
	struct transcript *log;
	char text[64];
	size_t size;

	(void)state;
	assert_int_equal(file_write_whole("torn", torn, sizeof(torn) - 1), 0);
	assert_int_equal(read_output("torn", text, sizeof(text), &size), 2);
	assert_int_equal(size, 7);
	assert_memory_equal(text, "one\r\ntw", 7);
	log = open_log(&settings);
	transcript_output(log, 2000, "three\n", 6);
	close_log(log);
	assert_int_equal(read_output("torn", text, sizeof(text), &size), 3);
	assert_int_equal(size, 13);
	assert_memory_equal(text, "one\r\ntwthree\n", 13);
}

static void a_time_without_a_record_is_nothing(void **state)
{
	static const char torn[] = "1970-01-01T00:00:01.000Z | one\n1970-01-01T0";
	const struct log_file_settings settings = { .path = "header" };
	struct transcript *log;
	char text[64];
	size_t size;

	(void)state;
	assert_int_equal(file_write_whole("header", torn, sizeof(torn) - 1), 0);
	assert_int_equal(read_output("header", text, sizeof(text), &size), 1);
	log = open_log(&settings);
	transcript_output(log, 2000, "two\n", 4);
	close_log(log);
	assert_int_equal(read_output("header", text, sizeof(text), &size), 2);
	assert_memory_equal(text, "one\r\ntwo\n", 9);
}

static void set_limit(rlim_t limit)
{
	const struct rlimit rlimit = { limit, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &rlimit), 0);
}

/* A limit of the size stands for a full disk: the write that reaches it is a short one. */
static void a_full_disk_is_told_once_and_nothing_is_lost(void **state)
{
	const struct log_file_settings settings = { .path = "full" };
	struct transcript *log = open_log(&settings);
	char text[1024];
	size_t size;

	(void)state;
	set_limit(100);
	for (unsigned int i = 0; i < 20; i++)
		transcript_output(log, NOW, "0123456789\n", 11);
	assert_int_equal(events[LOG_FILE_FAILING], 1);
	assert_int_equal(transcript_tick(log, NOW), 1000);
	set_limit(RLIM_INFINITY);
	assert_int_equal(transcript_tick(log, NOW), -1);
	assert_int_equal(events[LOG_FILE_WRITTEN_AGAIN], 1);
	close_log(log);
	assert_int_equal(read_output("full", text, sizeof(text), &size), 20);
	assert_int_equal(size, 220);
}

static void what_is_dropped_is_counted_where_it_is_missing(void **state)
{
	const struct log_file_settings settings = { .path = "dropped" };
	struct transcript *log = open_log(&settings);
	char *text = malloc(LOG_FILE_WAITING_MAX), line[40];
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	unsigned int next = 0, missing = 0;
	const char *rest;

	(void)state;
	set_limit(100);
	for (unsigned int i = 0; i < 20000; i++) {
		snprintf(line, sizeof(line), "%06u\n", i);
		transcript_output(log, NOW, line, 7);
	}
	assert_true(log->file.dropped > 1000);
	set_limit(RLIM_INFINITY);
	transcript_output(log, NOW, "020000\n", 7);
	assert_int_equal(log->file.waiting_size, 0);
	close_log(log);
	assert_int_equal(events[LOG_FILE_FAILING], 1);
	assert_int_equal(reader_open(reader, "dropped", 0), 0);
	while (reader_next(reader, true, record, &rest) == READER_RECORD) {
		if (record->kind == RECORD_NOTE) {
			assert_int_equal(sscanf(record->text, "%u records are missing here", &missing), 1);
			next += missing;
		} else {
			assert_int_equal(strtoul(record->text, NULL, 10), next++);
		}
	}
	assert_int_equal(next, 20001);
	assert_true(missing > 1000);
	reader_close(reader);
	free(reader);
	free(record);
	free(text);
}

static void a_record_that_was_cut_is_whole_in_the_reopened_file(void **state)
{
	const struct log_file_settings settings = { .path = "cut" };
	struct transcript *log = open_log(&settings);

	(void)state;
	set_limit(40);
	transcript_output(log, 1000, "one\ntwo\n", 8);
	set_limit(RLIM_INFINITY);
	assert_int_equal(log->file.waiting_done, 9);
	set_limit(40);
	assert_int_equal(rename("cut", "cut-old"), 0);
	assert_int_equal(transcript_reopen(log, 1000), 0);
	set_limit(RLIM_INFINITY);
	close_log(log);
	file_is("cut-old", "1970-01-01T00:00:01.000Z / one\n");
	file_is("cut", "1970-01-01T00:00:01.000Z / two\n");
}

/* Nor is it torn by a rotation that is due meanwhile. */
static void a_record_that_was_cut_is_not_in_two_files(void **state)
{
	const struct log_file_settings settings = { .path = "due", .rotate_size = 64, .keep = 1 };
	struct transcript *log = open_log(&settings);

	(void)state;
	set_limit(40);
	transcript_output(log, 1000, "one\ntwo\n", 8);
	set_limit(RLIM_INFINITY);
	assert_int_equal(log->file.waiting_done, 9);
	transcript_output(log, 1000, "three\n", 6);
	close_log(log);
	file_is("due.1", "1970-01-01T00:00:01.000Z / one\n1970-01-01T00:00:01.000Z / two\n");
	file_is("due", "1970-01-01T00:00:01.000Z / three\n");
}

static void what_never_reaches_the_disk_is_told_at_the_end(void **state)
{
	const struct log_file_settings settings = { .path = "never" };
	struct transcript *log = open_log(&settings);

	(void)state;
	set_limit(0);
	transcript_output(log, NOW, "one\ntwo\n", 8);
	assert_int_equal(transcript_close(log, NOW), 2);
	set_limit(RLIM_INFINITY);
	free(log);
}

static void rotation_that_fails_is_told_once_and_tried_again(void **state)
{
	const struct log_file_settings settings = { .path = "stuck", .rotate_size = 100, .keep = 1 };
	struct transcript *log = open_log(&settings);
	char text[1024];
	size_t size;

	(void)state;
	/* A folder with something in it cannot be written over. */
	assert_int_equal(mkdir("stuck.1", 0700) || mkdir("stuck.1/x", 0700), 0);
	for (unsigned int i = 0; i < 10; i++)
		transcript_output(log, NOW, "0123456789\n", 11);
	assert_int_equal(events[LOG_FILE_NOT_ROTATED], 1);
	assert_int_equal(log->file.waiting_size, 0);
	assert_int_equal(rmdir("stuck.1/x") || rmdir("stuck.1"), 0);
	transcript_output(log, NOW + 9999, "0123456789\n", 11);
	assert_int_equal(log->file.rotations, 0);
	transcript_output(log, NOW + 10000, "0123456789\n", 11);
	assert_int_equal(log->file.rotations, 1);
	close_log(log);
	read_output("stuck", text, sizeof(text), &size);
	assert_int_equal(size, 12 * 11);
}

/* --- reading */

static void a_reader_follows_over_rotations(void **state)
{
	const struct log_file_settings settings = { .path = "followed", .rotate_size = 200, .keep = 40 };
	struct transcript *log = open_log(&settings);
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	unsigned int next = 0;
	const char *line;
	char text[16];

	(void)state;
	assert_int_equal(reader_open(reader, "followed", 0), 0);
	for (unsigned int i = 0; i < 400; i++) {
		snprintf(text, sizeof(text), "%u\n", i);
		transcript_output(log, NOW, text, strlen(text));
		/* Now and then it is many files behind. */
		if (i % 150 > 100)
			continue;
		while (reader_next(reader, false, record, &line) == READER_RECORD)
			assert_int_equal(strtoul(record->text, NULL, 10), next++);
		assert_int_equal(next, i + 1);
	}
	assert_int_equal(reader->gaps, 0);
	assert_int_equal(reader->damaged, 0);
	close_log(log);
	reader_close(reader);
	free(reader);
	free(record);
}

/* A rotation that was killed between two renamings. */
static void a_hole_in_the_numbers_hides_nothing(void **state)
{
	const struct log_file_settings settings = { .path = "hole", .rotate_size = 60, .keep = 9 };
	struct transcript *log = open_log(&settings);
	char text[64];
	size_t size;

	(void)state;
	transcript_output(log, 1000, "1\n2\n3\n4\n5\n6\n7\n8\n", 16);
	assert_int_equal(log->file.rotations, 3);
	assert_int_equal(rename("hole.3", "hole.4") || rename("hole.2", "hole.3"), 0);
	assert_int_equal(read_output("hole", text, sizeof(text), &size), 8);
	assert_memory_equal(text, "1\n2\n3\n4\n5\n6\n7\n8\n", 16);
	transcript_output(log, 1000, "9\n", 2);
	assert_int_equal(log->file.rotations, 4);
	assert_int_equal(read_output("hole", text, sizeof(text), &size), 9);
	/* Between the last two renamings there is no newest file. */
	assert_int_equal(rename("hole", "hole.0"), 0);
	assert_int_equal(read_output("hole", text, sizeof(text), &size), 8);
	assert_int_equal(rename("hole.0", "hole"), 0);
	close_log(log);
}

static void a_reader_tells_of_files_that_went_away(void **state)
{
	const struct log_file_settings settings = { .path = "gone", .rotate_size = 100, .keep = 2 };
	struct transcript *log = open_log(&settings);
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	unsigned int last = 0;
	const char *line;
	char text[16];

	(void)state;
	assert_int_equal(reader_open(reader, "gone", 0), 0);
	for (unsigned int i = 0; i < 40; i++) {
		snprintf(text, sizeof(text), "%u\n", i);
		transcript_output(log, NOW, text, strlen(text));
	}
	while (reader_next(reader, false, record, &line) == READER_RECORD)
		last = (unsigned int)strtoul(record->text, NULL, 10);
	assert_int_equal(last, 39);
	assert_int_equal(reader->gaps, 1);
	close_log(log);
	reader_close(reader);
	free(reader);
	free(record);
}

/* The records from a time on, each a number; what was not printed, because it is earlier, is passed over. */
static unsigned int numbers_since(const char *path, __u64 since, __u64 from, unsigned int *numbers, unsigned int most, __u64 *bytes)
{
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	unsigned int count = 0;
	const char *line;

	assert_int_equal(reader_open(reader, path, since), 0);
	while (reader_next(reader, true, record, &line) == READER_RECORD)
		if (record->time >= from && count < most)
			numbers[count++] = (unsigned int)strtoul(record->text, NULL, 10);
	if (bytes)
		*bytes = reader->bytes_read;
	reader_close(reader);
	free(reader);
	free(record);
	return count;
}

/* A search gives all that reading the whole gives. Returns how many bytes it has read. */
static __u64 is_found(const char *path, __u64 since)
{
	enum { MOST = 60000 };
	static unsigned int all[MOST], found[MOST];
	unsigned int count = numbers_since(path, 0, since, all, MOST, NULL);
	__u64 bytes;

	assert_int_equal(numbers_since(path, since, since, found, MOST, &bytes), count);
	assert_memory_equal(found, all, count * sizeof(*all));
	return bytes;
}

static void put_number(struct transcript *log, __u64 now, unsigned int number)
{
	char text[32];
	int size = snprintf(text, sizeof(text), "%u of the log\r\n", number);

	transcript_output(log, now, text, (size_t)size);
}

/* 50,000 records, of 40 bytes or more, one a second. */
static void a_time_is_found_by_reading_a_small_part(void **state)
{
	const struct log_file_settings settings = { .path = "searched" };
	struct transcript *log = open_log(&settings);
	static const unsigned int places[] = { 1, 20000, 40000, 49000, 49999, 50000, 70000 };
	unsigned int numbers[8];
	struct stat st;

	(void)state;
	for (unsigned int i = 0; i < 50000; i++)
		put_number(log, NOW + i * 1000ULL, i);
	close_log(log);
	assert_int_equal(stat("searched", &st), 0);
	assert_true(st.st_size > 2000000);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		__u64 rest = places[i] < 50000 ? (50000 - places[i]) * (__u64)st.st_size / 50000 : 0;

		assert_true(is_found("searched", NOW + places[i] * 1000ULL) < rest + 200000);
	}
	assert_int_equal(numbers_since("searched", NOW + 49998000, NOW + 49998000, numbers, 8, NULL), 2);
	assert_int_equal(numbers[0], 49998);
}

static void earlier_files_of_a_rotation_are_hardly_read(void **state)
{
	const struct log_file_settings settings = { .path = "files", .rotate_size = 256 << 10, .keep = 20 };
	struct transcript *log = open_log(&settings);

	(void)state;
	for (unsigned int i = 0; i < 50000; i++)
		put_number(log, NOW + i * 1000ULL, i);
	assert_true(log->file.rotations >= 7);
	close_log(log);
	assert_true(is_found("files", NOW + 49999000) < 500000);
	is_found("files", NOW + 25000000);
	is_found("files", NOW + 1);
}

/* The clock is set back and forth by seconds, hours and years; the process ends and begins again. */
static void a_clock_that_is_set_back_loses_nothing(void **state)
{
	static const __u64 steps[] = { 5000, 11000, 3600000, 31536000000ULL };

	(void)state;
	for (unsigned int seed = 1; seed <= 6; seed++) {
		const struct log_file_settings settings = { .path = "steps", .rotate_size = seed % 3 ? 0 : 100000, .keep = 50 };
		struct transcript *log = open_log(&settings);
		unsigned int random = seed;
		__u64 now = NOW, times[20];

		for (unsigned int i = 0; i < 4000; i++) {
			random = random * 1103515245 + 12345;
			now += random >> 16 & 1023;
			if (i % 200 == 0)
				times[i / 200] = now;
			put_number(log, now, i);
			if ((random >> 8) % 500 == 0)
				now -= steps[(random >> 20) % 4];
			if ((random >> 8) % 500 == 1)
				now += steps[(random >> 20) % 4];
			if ((random >> 8) % 2000 == 2) {
				close_log(log);
				log = open_log(&settings);
			}
		}
		close_log(log);
		for (unsigned int i = 0; i < 20; i++) {
			is_found("steps", times[i]);
			is_found("steps", times[i] + 1);
		}
		assert_int_equal(system("rm -f steps steps.*"), 0);
	}
}

static void a_clock_that_is_set_back_is_marked(void **state)
{
	const struct log_file_settings settings = { .path = "behind", .rotate_size = 200, .keep = 3 };
	struct transcript *log = open_log(&settings);

	(void)state;
	transcript_output(log, 100000, "a\n", 2);
	transcript_output(log, 90000, "b\n", 2);
	transcript_output(log, 89999, "c\n", 2);
	transcript_output(log, 99999, "d\n", 2);
	close_log(log);
	file_is("behind", "1970-01-01T00:01:40.000Z / a\n1970-01-01T00:01:30.000Z / b\n"
		"1970-01-01T00:01:29.999Z~/ c\n1970-01-01T00:01:39.999Z / d\n");
	/* Another process knows it, too; another file begins anew. */
	log = open_log(&settings);
	transcript_output(log, 80000, "e\n", 2);
	transcript_output(log, 80001, "f\n", 2);
	transcript_output(log, 80002, "g\n", 2);
	transcript_output(log, 80003, "h\n", 2);
	close_log(log);
	file_is("behind.1", "1970-01-01T00:01:40.000Z / a\n1970-01-01T00:01:30.000Z / b\n"
		"1970-01-01T00:01:29.999Z~/ c\n1970-01-01T00:01:39.999Z / d\n1970-01-01T00:01:20.000Z~/ e\n1970-01-01T00:01:20.001Z~/ f\n");
	file_is("behind", "1970-01-01T00:01:20.002Z / g\n1970-01-01T00:01:20.003Z / h\n");
}

/* Records in this order of seconds. */
static void write_records(const char *path, unsigned int count, __u64 (*time_of)(unsigned int number))
{
	FILE *out = fopen(path, "w");
	char time[RECORD_TIME_SIZE];

	for (unsigned int i = 0; i < count; i++) {
		record_print_time(time, NOW + time_of(i));
		fprintf(out, "%s | %u\n", time, i);
	}
	assert_int_equal(fclose(out), 0);
}

static __u64 changed_places(unsigned int number)
{
	return number * 10 + (number % 2 ? 0 : 9000);
}

static void records_that_change_places_are_found(void **state)
{
	(void)state;
	write_records("places", 20000, changed_places);
	for (unsigned int i = 0; i < 20; i++)
		is_found("places", NOW + i * 10000 + 4321);
	is_found("places", NOW + 199990 + 4000);
	is_found("places", NOW + 199980 + 9000);
}

/* Ascending when the middle is looked at, and not behind it. */
static __u64 with_a_hill(unsigned int number)
{
	return 1000 * (number < 12000 ? number : number < 14000 ? 60000 : number < 16000 ? 5000 : 100000);
}

static void an_order_that_does_not_hold_is_noticed(void **state)
{
	(void)state;
	write_records("hill", 20000, with_a_hill);
	is_found("hill", NOW + 50000000);
}

/* Records that another program has put together, in no order: all of it is read. */
static void what_is_in_no_order_is_read(void **state)
{
	FILE *out = fopen("unordered", "w");
	char time[RECORD_TIME_SIZE];

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		record_print_time(time, NOW + (i < 10000 ? i + 50000 : i - 10000) * 1000ULL);
		fprintf(out, "%s | %u\n", time, i);
	}
	assert_int_equal(fclose(out), 0);
	is_found("unordered", NOW + 5000000);
	is_found("unordered", NOW + 55000000);
}

static void damage_is_passed_over_and_counted(void **state)
{
	struct reader *reader = malloc(sizeof(*reader));
	struct record *record = malloc(sizeof(*record));
	const char *line;
	FILE *out = fopen("damaged", "w");

	(void)state;
	fputs("1970-01-01T00:00:01.000Z / one\nrubbish\n", out);
	for (unsigned int i = 0; i < 200000; i++)
		fputc('a', out);
	fputs("\n1970-01-01T00:00:01.000Z / two\n", out);
	for (unsigned int i = 0; i < 200000; i++)
		fputc('b', out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(reader_open(reader, "damaged", 0), 0);
	assert_int_equal(reader_next(reader, true, record, &line), READER_RECORD);
	assert_int_equal(reader_next(reader, true, record, &line), READER_DAMAGED);
	assert_string_equal(line, "rubbish");
	assert_int_equal(reader_next(reader, true, record, &line), READER_DAMAGED);
	assert_int_equal(strspn(line, "a"), 80);
	assert_int_equal(reader_next(reader, true, record, &line), READER_RECORD);
	assert_string_equal(record->text, "two");
	assert_int_equal(reader_next(reader, true, record, &line), READER_DAMAGED);
	assert_int_equal(reader_next(reader, true, record, &line), READER_END);
	assert_int_equal(reader->damaged, 3);
	reader_close(reader);
	assert_int_equal(reader_open(reader, "nowhere", 0), -ENOENT);
	assert_int_equal(reader_open(reader, "/dev/null", 0), -EINVAL);
	free(reader);
	free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_a_line_that_can_be_read_back),
		cmocka_unit_test(every_byte_has_room),
		cmocka_unit_test(what_is_no_record_is_refused),
		cmocka_unit_test(a_torn_line_gives_what_it_has),
		cmocka_unit_test(lines_and_prompts_have_their_times),
		cmocka_unit_test(lines_are_not_divided_without_need),
		cmocka_unit_test(any_bytes_in_any_pieces_over_rotations_come_back),
		cmocka_unit_test(rotation_keeps_so_many_and_comes_with_age),
		cmocka_unit_test(one_process_writes_and_only_into_a_file),
		cmocka_unit_test(another_s_rotation_is_followed_by_reopening),
		cmocka_unit_test(a_last_line_without_an_end_gets_one),
		cmocka_unit_test(a_time_without_a_record_is_nothing),
		cmocka_unit_test(a_full_disk_is_told_once_and_nothing_is_lost),
		cmocka_unit_test(what_is_dropped_is_counted_where_it_is_missing),
		cmocka_unit_test(a_record_that_was_cut_is_whole_in_the_reopened_file),
		cmocka_unit_test(a_record_that_was_cut_is_not_in_two_files),
		cmocka_unit_test(what_never_reaches_the_disk_is_told_at_the_end),
		cmocka_unit_test(rotation_that_fails_is_told_once_and_tried_again),
		cmocka_unit_test(a_reader_follows_over_rotations),
		cmocka_unit_test(a_hole_in_the_numbers_hides_nothing),
		cmocka_unit_test(a_reader_tells_of_files_that_went_away),
		cmocka_unit_test(a_time_is_found_by_reading_a_small_part),
		cmocka_unit_test(earlier_files_of_a_rotation_are_hardly_read),
		cmocka_unit_test(a_clock_that_is_set_back_loses_nothing),
		cmocka_unit_test(a_clock_that_is_set_back_is_marked),
		cmocka_unit_test(records_that_change_places_are_found),
		cmocka_unit_test(an_order_that_does_not_hold_is_noticed),
		cmocka_unit_test(what_is_in_no_order_is_read),
		cmocka_unit_test(damage_is_passed_over_and_counted),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
