// SPDX-License-Identifier: GPL-2.0-or-later
/* The events of a host: the position that is kept on disk, and identities that stay over a kill. The stream is the test's own. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "digsig/fleetd/events.h"
#include "digsig/fleetd/position.h"
#include "folder.h"
#include "killed.h"

#define BOOT "8f3c1a52-0d5e-4c8e-9a55-111111111111"
#define OTHER_BOOT "8f3c1a52-0d5e-4c8e-9a55-222222222222"

/* --- the stream */

static struct put {
	char subject[64], id[64], message[512];
} puts_seen[2048];
static unsigned int put_count;
static int put_error, flush_error;
static struct stream_counts counts;

int stream_put(struct stream *stream, const char *subject, const char *id, const void *bytes, size_t size)
{
	struct put *put = &puts_seen[put_count];

	(void)stream;
	if (put_error)
		return put_error;
	assert_true(put_count < sizeof(puts_seen) / sizeof(puts_seen[0]));
	snprintf(put->subject, sizeof(put->subject), "%s", subject);
	snprintf(put->id, sizeof(put->id), "%s", id);
	snprintf(put->message, sizeof(put->message), "%.*s", (int)size, (const char *)bytes);
	put_count++;
	counts.waiting++;
	return 0;
}

int stream_flush(struct stream *stream)
{
	(void)stream;
	return flush_error;
}

void stream_counts(struct stream *stream, struct stream_counts *copy)
{
	(void)stream;
	*copy = counts;
}

/* --- the host */

static int here = -1;

static struct fleet_events *open_in(const char *boot)
{
	const struct fleet_events_settings settings = {
		.group = "web", .host = "h1", .boot = boot, .folder = ".", .log_file = "log", .log_keep = 2 };
	struct fleet_events *events;

	assert_int_equal(fleet_events_open(&settings, &events), 0);
	return events;
}

static void write_file(const char *name, const char *text, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

static void append_bytes(const char *bytes, size_t size)
{
	int fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

static void append(const char *text)
{
	append_bytes(text, strlen(text));
}

static void take_all(struct fleet_events *events)
{
	while (!fleet_events_step(events))
		;
}

static int set_up(void **state)
{
	(void)state;
	unlink("log");
	unlink("position");
	put_count = 0;
	put_error = flush_error = 0;
	counts = (struct stream_counts){ 0 };
	here = open(".", O_RDONLY | O_DIRECTORY);
	return here < 0;
}

static int tear_down(void **state)
{
	(void)state;
	return close(here);
}

static const struct position sample = { .boot = BOOT, .sequence = 7, .refused = 2, .lost = 3,
	.place = { .offset = 600, .mark = ~0ULL, .mark_size = LOG_MARK_MAX } };

/* --- the position */

static void a_position_is_read_as_it_was_written(void **state)
{
	struct position position;
	bool damaged;

	(void)state;
	assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
	assert_false(damaged); /* none is not damaged */
	assert_string_equal(position.boot, BOOT);
	assert_int_equal(position.sequence, 0);
	assert_int_equal(position_write(here, &sample), 0);
	assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
	assert_false(damaged);
	assert_memory_equal(&position, &sample, sizeof(sample));
}

static void another_boot_counts_anew_from_the_same_place(void **state)
{
	struct position position;
	bool damaged;

	(void)state;
	assert_int_equal(position_write(here, &sample), 0);
	assert_int_equal(position_read(here, OTHER_BOOT, &position, &damaged), 0);
	assert_false(damaged);
	assert_string_equal(position.boot, OTHER_BOOT);
	assert_int_equal(position.sequence, 0);
	assert_int_equal(position.refused, 0);
	assert_int_equal(position.lost, 0);
	assert_memory_equal(&position.place, &sample.place, sizeof(sample.place));
}

static void a_position_that_was_cut_short_is_none(void **state)
{
	struct position position;
	char text[POSITION_TEXT];
	bool damaged;

	(void)state;
	position_print(&sample, text);
	for (size_t size = 0; size < strlen(text); size++) {
		write_file("position", text, size);
		assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
		assert_true(damaged);
		assert_int_equal(position.sequence, 0);
		assert_int_equal(position.place.mark_size, 0);
	}
}

#define REST "\nrefused 2\nlost 3\noffset 600\nmark 5\nmark-size 512\n"

static void garbage_is_no_position(void **state)
{
	static const char *const texts[] = { "\n", "boot " BOOT, "boot " BOOT "x\nsequence 7" REST, "boot b\nsequence -1" REST,
		"boot b\nsequence 18446744073709551616" REST, "boot b\nsequence 0x7" REST, "boot b\nsequence 7 " REST,
		"boot b\nsequence 000000000000000000000000000007" REST, "boot b\nsequence 7" REST "more 1\n", "boot b\nsequence 7\n" REST,
		"sequence 7\nboot b" REST, "boot b\nsequence 7\nrefused 2\nlost 3\noffset 9223372036854775808\nmark 5\nmark-size 512\n",
		"boot b\nsequence 7\nrefused 2\nlost 3\noffset 600\nmark 5\nmark-size 513\n",
		"boot b\nsequence 7\nrefused 2\nlost 3\noffset 5\nmark 5\nmark-size 6\n" };
	char text[POSITION_TEXT + 2];
	struct position position;
	bool damaged;

	(void)state;
	assert_true(position_parse("boot b\nsequence 7" REST, &position));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(position_parse(texts[i], &position));
	/* A NUL in it, and more bytes than it can have. */
	position_print(&sample, text);
	write_file("position", text, strlen(text) + 1);
	assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
	assert_true(damaged);
	memset(text, 'x', sizeof(text));
	write_file("position", text, sizeof(text));
	assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
	assert_true(damaged);
}

static int write_next(void *closure)
{
	struct position next = sample;

	(void)closure;
	next.sequence = 8;
	return position_write(here, &next);
}

static void killed_between_writes_it_is_the_old_or_the_new_one(void **state)
{
	struct position position;
	unsigned int count = 0;
	bool damaged;

	(void)state;
	assert_int_equal(position_write(here, &sample), 0);
	while (killed_before(count++, write_next, NULL)) {
		assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
		assert_false(damaged);
		assert_in_range(position.sequence, 7, 8);
		assert_int_equal(position_write(here, &sample), 0);
	}
	assert_true(count > 4);
	assert_int_equal(position_read(here, BOOT, &position, &damaged), 0);
	assert_int_equal(position.sequence, 8);
}

/* --- the events */

static void entries_have_identities(void **state)
{
	struct fleet_events *events;

	(void)state;
	append("{\"a\":1}\n\n{\"note\":\"repeated\",\"count\":9}\n");
	events = open_in(BOOT);
	take_all(events);
	assert_int_equal(put_count, 2);
	assert_string_equal(puts_seen[0].subject, "web.h1");
	assert_string_equal(puts_seen[0].id, BOOT "-1");
	assert_string_equal(puts_seen[0].message,
		"{\"host\":\"h1\",\"group\":\"web\",\"boot\":\"" BOOT "\",\"sequence\":1,\"entry\":{\"a\":1}}");
	/* The sum that digsigd made of repeats is one entry, as it is. */
	assert_string_equal(puts_seen[1].id, BOOT "-2");
	assert_non_null(strstr(puts_seen[1].message, "\"entry\":{\"note\":\"repeated\",\"count\":9}}"));
	fleet_events_close(events);
	events = open_in(BOOT);
	append("{\"a\":3}\n");
	take_all(events);
	assert_int_equal(put_count, 3);
	assert_string_equal(puts_seen[2].id, BOOT "-3");
	fleet_events_close(events);
}

/* What is published again must have the same identity, or JetStream would count it twice. */
static void what_was_not_saved_gets_the_same_identity_again(void **state)
{
	struct fleet_events *events;

	(void)state;
	append("{\"a\":1}\n");
	events = open_in(BOOT);
	take_all(events);
	fleet_events_close(events);
	append("{\"a\":2}\n{\"a\":3}\n");
	events = open_in(BOOT);
	flush_error = -EIO; /* nothing is safe, so nothing is saved */
	take_all(events);
	assert_int_equal(put_count, 3);
	fleet_events_close(events);
	flush_error = 0;
	events = open_in(BOOT);
	take_all(events);
	assert_int_equal(put_count, 5);
	assert_string_equal(puts_seen[3].id, puts_seen[1].id);
	assert_string_equal(puts_seen[3].message, puts_seen[1].message);
	assert_string_equal(puts_seen[4].id, puts_seen[2].id);
	fleet_events_close(events);
}

static void another_boot_has_other_identities(void **state)
{
	struct fleet_events *events = open_in(BOOT);

	(void)state;
	append("{\"a\":1}\n");
	take_all(events);
	fleet_events_close(events);
	append("{\"a\":2}\n");
	events = open_in(OTHER_BOOT);
	take_all(events);
	assert_int_equal(put_count, 2);
	assert_string_equal(puts_seen[1].id, OTHER_BOOT "-1");
	fleet_events_close(events);
}

static void a_damaged_position_uses_no_identity_again(void **state)
{
	struct status_events said;
	struct fleet_events *events;

	(void)state;
	append("{\"a\":1}\n{\"a\":2}\n");
	write_file("position", "boot", 4);
	events = open_in(BOOT);
	take_all(events);
	assert_int_equal(put_count, 2);
	/* Above any that was used: no host has more entries in a boot than milliseconds passed since 1970. */
	assert_true(strtoull(puts_seen[0].id + strlen(BOOT "-"), NULL, 10) > 1600000000000ULL);
	fleet_events_counts(events, &said);
	assert_int_equal(said.lost, 1);
	fleet_events_close(events);
}

static void what_is_no_entry_is_counted(void **state)
{
	struct fleet_events *events = open_in(BOOT);
	struct status_events said;

	(void)state;
	append_bytes("{\"a\":1}\0}\n", 10);
	append("{\"torn\":\n{\"a\":1}{\"b\":2}\n[1]\n7\n{\"a\":\"\xff\"}\n{\"a\":1}},\"sequence\":9,\"x\":{\"y\":1}\n{\"a\":1}\n");
	take_all(events);
	assert_int_equal(put_count, 1);
	assert_string_equal(puts_seen[0].id, BOOT "-1");
	fleet_events_counts(events, &said);
	assert_int_equal(said.lost, 7);
	fleet_events_close(events);
	events = open_in(BOOT);
	fleet_events_counts(events, &said);
	assert_int_equal(said.lost, 7); /* it is kept */
	fleet_events_close(events);
}

/* Whatever the disk says: the gap in the sequences shows it, and the counts add up. */
static void what_the_stream_refuses_is_counted(void **state)
{
	static const int errors[] = { -ENOSPC, -EMSGSIZE, -EINVAL, -EIO, -EDQUOT, -ENOMEM };
	enum { ERRORS = sizeof(errors) / sizeof(errors[0]) };
	struct fleet_events *events = open_in(BOOT);
	struct status_events said;
	char id[64];

	(void)state;
	for (size_t i = 0; i < ERRORS; i++) {
		put_error = errors[i];
		append("{\"a\":1}\n");
		take_all(events);
	}
	put_error = 0;
	append("{\"a\":2}\n");
	take_all(events);
	assert_int_equal(put_count, 1);
	snprintf(id, sizeof(id), BOOT "-%d", ERRORS + 1);
	assert_string_equal(puts_seen[0].id, id);
	counts.waiting = 0;
	fleet_events_counts(events, &said);
	assert_int_equal(said.refused, ERRORS);
	assert_int_equal(said.put, ERRORS + 1);
	assert_int_equal(said.acknowledged, 1);
	fleet_events_close(events);
}

/* The log keeps what neither the server nor the disk takes. */
static void memory_is_bounded(void **state)
{
	struct fleet_events *events = open_in(BOOT);

	(void)state;
	for (int i = 0; i < 2000; i++)
		append("{\"a\":1}\n");
	while (put_count < 1024)
		assert_int_equal(fleet_events_step(events), 0);
	assert_true(fleet_events_step(events) > 0);
	assert_int_equal(put_count, 1024);
	counts.spooled = counts.waiting;
	assert_int_equal(fleet_events_step(events), 0);
	assert_true(put_count > 1024);
	fleet_events_close(events);
}

static void a_position_that_cannot_be_saved_is_said(void **state)
{
	struct fleet_events *events = open_in(BOOT);

	(void)state;
	assert_int_equal(mkdir("position.new", 0700), 0);
	append("{\"a\":1}\n");
	take_all(events);
	assert_non_null(strstr(fleet_events_problem(events), "Is a directory"));
	assert_int_equal(rmdir("position.new"), 0);
	fleet_events_close(events);
	assert_int_equal(access("position", F_OK), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_position_is_read_as_it_was_written),
		CASE(another_boot_counts_anew_from_the_same_place),
		CASE(a_position_that_was_cut_short_is_none),
		CASE(garbage_is_no_position),
		CASE(killed_between_writes_it_is_the_old_or_the_new_one),
		CASE(entries_have_identities),
		CASE(what_was_not_saved_gets_the_same_identity_again),
		CASE(another_boot_has_other_identities),
		CASE(a_damaged_position_uses_no_identity_again),
		CASE(what_is_no_entry_is_counted),
		CASE(what_the_stream_refuses_is_counted),
		CASE(memory_is_bounded),
		CASE(a_position_that_cannot_be_saved_is_said),
	};

	return cmocka_run_group_tests_name("fleet-events", tests, folder_enter, folder_leave);
}
