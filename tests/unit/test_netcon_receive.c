// SPDX-License-Identifier: GPL-2.0-or-later
/* What datagrams mean: sequence numbers, pieces, hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "netcon/receive/allowed.h"
#include "netcon/receive/assembly.h"
#include "netcon/receive/held.h"
#include "netcon/receive/sequences.h"
#include "netcon/receive/tracker.h"

/* --- sequence numbers, compared with a plain table of what was seen */

enum { NUMBERS = 400 };

static void sequences_are_as_a_table_says(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 200; seed++) {
		struct sequences sequences = { 0 };
		bool seen[NUMBERS] = { false };
		int lowest = NUMBERS, highest = -1;

		srand(seed);
		for (int i = 0; i < 150; i++) {
			/* Close together, so that few gaps are open at a time. */
			int number = rand() % (seed % 2 ? 60 : NUMBERS);
			enum sequence_place place, expected = number > highest ? SEQUENCE_NEWEST : SEQUENCE_LATE;
			struct sequence_gap given_up;

			if (seen[number])
				expected = SEQUENCE_SEEN;
			assert_int_equal(sequences_find(&sequences, (__u64)number), expected);
			assert_int_equal(sequences_add(&sequences, (__u64)number, 1, &place, &given_up), 0);
			if (given_up.first <= given_up.last)
				break; /* from here on the table knows more */
			assert_int_equal(place, expected);
			seen[number] = true;
			lowest = number < lowest ? number : lowest;
			highest = number > highest ? number : highest;
			assert_int_equal(sequences_highest(&sequences), highest);
		}
		for (int i = 0, missing = 0; i < NUMBERS && sequences.count < SEQUENCE_RANGES_MAX; i++) {
			missing += i > lowest && i < highest && !seen[i];
			if (i + 1 < NUMBERS)
				continue;
			struct sequence_gap gap;

			while (sequences_lose(&sequences, 2, &gap))
				missing -= (int)(gap.last - gap.first + 1);
			assert_int_equal(missing, 0);
		}
		sequences_free(&sequences);
	}
}

static enum sequence_place add(struct sequences *sequences, __u64 number, __u64 now)
{
	struct sequence_gap given_up;
	enum sequence_place place;

	assert_int_equal(sequences_add(sequences, number, now, &place, &given_up), 0);
	assert_true(given_up.first > given_up.last);
	return place;
}

static void gaps_are_lost_in_time(void **state)
{
	struct sequences sequences = { 0 };
	struct sequence_gap gap;

	(void)state;
	add(&sequences, 10, 100);
	add(&sequences, 20, 200);
	assert_true(sequences_are_waiting(&sequences));
	assert_false(sequences_lose(&sequences, 200, &gap));
	/* What becomes smaller is not lost yet. */
	assert_int_equal(add(&sequences, 11, 300), SEQUENCE_LATE);
	assert_false(sequences_lose(&sequences, 300, &gap));
	assert_true(sequences_lose(&sequences, 301, &gap));
	assert_true(gap.first == 12 && gap.last == 19);
	assert_false(sequences_are_waiting(&sequences));
	assert_false(sequences_lose(&sequences, ~0ULL, &gap));
	/* Both parts of it stay lost. */
	assert_int_equal(add(&sequences, 15, 400), SEQUENCE_FOUND);
	assert_int_equal(add(&sequences, 16, 400), SEQUENCE_FOUND);
	assert_int_equal(add(&sequences, 14, 400), SEQUENCE_FOUND);
	assert_false(sequences_lose(&sequences, ~0ULL, &gap));
	/* What is below the first is no loss, until there is something below that. */
	assert_int_equal(add(&sequences, 9, 500), SEQUENCE_LATE);
	assert_int_equal(add(&sequences, 0, 500), SEQUENCE_LATE);
	assert_true(sequences_lose(&sequences, ~0ULL, &gap));
	assert_true(gap.first == 1 && gap.last == 8);
	assert_int_equal(add(&sequences, ~0ULL, 500), SEQUENCE_NEWEST);
	assert_int_equal(add(&sequences, ~0ULL, 500), SEQUENCE_SEEN);
	assert_int_equal(add(&sequences, ~0ULL - 1, 500), SEQUENCE_LATE);
	sequences_free(&sequences);
}

/* With more gaps than there is room for, each is given up once, and what is remembered stays bounded. */
static void gaps_without_room(void **state)
{
	struct sequences sequences = { 0 };
	struct sequence_gap given_up, gap;
	enum sequence_place place;
	__u64 missing = 0;

	(void)state;
	for (__u64 i = 0; i < 1000; i++) {
		assert_int_equal(sequences_add(&sequences, 10 * i, 1, &place, &given_up), 0);
		if (given_up.first <= given_up.last)
			missing += given_up.last - given_up.first + 1;
		assert_in_range(sequences.count, 1, SEQUENCE_RANGES_MAX);
	}
	while (sequences_lose(&sequences, 2, &gap))
		missing += gap.last - gap.first + 1;
	assert_int_equal(missing, 999 * 9);
	sequences_free(&sequences);
}

/* A number of the oldest gap itself comes when there is no room: it is not given up with that gap. */
static void gaps_without_room_for_what_comes(void **state)
{
	struct sequences sequences = { 0 };
	struct sequence_gap given_up, gap;
	enum sequence_place place;

	(void)state;
	for (__u64 i = 0; i < SEQUENCE_RANGES_MAX; i++)
		add(&sequences, 10 * i, 1);
	assert_int_equal(sequences_add(&sequences, 5, 1, &place, &given_up), 0);
	assert_int_equal(place, SEQUENCE_LATE);
	assert_true(given_up.first == 11 && given_up.last == 19);
	assert_int_equal(sequences_find(&sequences, 5), SEQUENCE_SEEN);
	assert_int_equal(sequences_find(&sequences, 4), SEQUENCE_LATE);
	assert_true(sequences_lose(&sequences, 2, &gap) && gap.first == 1 && gap.last == 4);
	assert_true(sequences_lose(&sequences, 2, &gap) && gap.first == 6 && gap.last == 9);
	assert_true(sequences_lose(&sequences, 2, &gap) && gap.first == 21 && gap.last == 29);
	/* What is lost already is not given up once more. */
	while (sequences_lose(&sequences, 2, &gap))
		;
	assert_int_equal(sequences_add(&sequences, 10000, 1, &place, &given_up), 0);
	assert_true(given_up.first > given_up.last);
	sequences_free(&sequences);
}

/* --- pieces */

enum { BODY = 3000 };

static struct netcon_message piece_of(const char *body, size_t total, size_t offset, size_t size)
{
	return (struct netcon_message){ .is_extended = true, .sequence = 5, .flag = '-', .body = body + offset, .body_size = size,
		.is_fragment = true, .offset = offset, .total = total };
}

static void pieces_in_any_order(void **state)
{
	char body[BODY], whole[BODY];

	(void)state;
	for (size_t i = 0; i < BODY; i++)
		body[i] = (char)(i * 31 + i / 200);
	for (unsigned int seed = 1; seed <= 300; seed++) {
		struct netcon_message message = piece_of(body, BODY, 0, 1);
		struct assembly assembly;
		enum assembly_result result = ASSEMBLY_GROWN;
		bool has[BODY] = { false };
		size_t have = 0;

		srand(seed);
		assert_int_equal(assembly_open(&assembly, &message), 0);
		while (result != ASSEMBLY_COMPLETE) {
			size_t offset = (size_t)rand() % BODY, size = 1 + (size_t)rand() % 400, new = 0;

			size = size < BODY - offset ? size : BODY - offset;
			message = piece_of(body, BODY, offset, size);
			assert_true(assembly_takes(&assembly, &message));
			assert_int_equal(assembly_add(&assembly, &message, &result), 0);
			for (size_t i = offset; i < offset + size; i++) {
				new += !has[i];
				has[i] = true;
			}
			have += new;
			assert_int_equal(assembly.have, have);
			assert_int_equal(result, !new ? ASSEMBLY_REPEATED : have == BODY ? ASSEMBLY_COMPLETE : ASSEMBLY_GROWN);
		}
		assembly_read(&assembly, whole, &message);
		assert_false(message.is_fragment);
		assert_int_equal(message.body_size, BODY);
		assert_memory_equal(whole, body, BODY);
		assembly_close(&assembly);
	}
}

static void pieces_that_contradict(void **state)
{
	static const char one[] = "0123456789", other[] = "0123x56789";
	struct netcon_message message = piece_of(one, 10, 2, 3);
	enum assembly_result result;
	struct assembly assembly;
	char whole[10];

	(void)state;
	assert_int_equal(assembly_open(&assembly, &message), 0);
	assert_int_equal(assembly_add(&assembly, &message, &result), 0);
	message = piece_of(other, 10, 0, 10);
	assert_int_equal(assembly_add(&assembly, &message, &result), 0);
	assert_int_equal(result, ASSEMBLY_CONFLICT);
	assert_int_equal(assembly.have, 3);
	assembly_read(&assembly, whole, &message);
	assert_int_equal(message.body_size, 5);
	assert_memory_equal(whole, "\0" "234" "\0", 5);
	message = piece_of(one, 10, 0, 10);
	assert_int_equal(assembly_add(&assembly, &message, &result), 0);
	assert_int_equal(result, ASSEMBLY_COMPLETE);
	assembly_close(&assembly);
}

static void pieces_too_many(void **state)
{
	size_t total = 4 * ASSEMBLY_PIECES_MAX;
	char *body = calloc(1, total);
	struct netcon_message message = piece_of(body, total, 0, 1);
	struct assembly assembly;
	enum assembly_result result;

	(void)state;
	assert_int_equal(assembly_open(&assembly, &message), 0);
	for (size_t i = 0; i < ASSEMBLY_PIECES_MAX + 10; i++) {
		message = piece_of(body, total, 2 * i, 1);
		assert_int_equal(assembly_add(&assembly, &message, &result), 0);
		assert_int_equal(result, i < ASSEMBLY_PIECES_MAX ? ASSEMBLY_GROWN : ASSEMBLY_CONFLICT);
	}
	assembly_close(&assembly);
	free(body);
}

/* --- the tracker: what it gives on is written down, a line each */

struct record {
	struct tracker *tracker;
	struct tracker_time time;
	bool has_sizes; /* of bodies are written down, too */
	char text[65536];
	size_t size;
};

static void write_down(struct record *record, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void write_down(struct record *record, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record->size += (size_t)vsnprintf(record->text + record->size, sizeof(record->text) - record->size, format, arguments);
	va_end(arguments);
	assert_true(record->size < sizeof(record->text));
}

static void take_message(void *context, const struct received *received)
{
	const struct netcon_message *message = &received->message;
	struct record *record = context;

	if (message->is_extended)
		write_down(record, "%llu%s%s ", (unsigned long long)message->sequence, received->is_late ? " late" : "",
			received->is_torn ? " torn" : "");
	write_down(record, "%.*s", (int)(message->is_extended ? netcon_text_size(message) : message->body_size), message->body);
	if (record->has_sizes)
		write_down(record, "<%zu>", message->body_size);
	write_down(record, "|");
}

static void take_happened(void *context, const struct happened *happened)
{
	static const char *const names[] = { "lost", "found", "restart", "new", "forgotten", "dropped" };
	struct record *record = context;

	write_down(record, "(%s %llu %llu)|", names[happened->what], (unsigned long long)happened->first,
		(unsigned long long)happened->last);
}

static void open_tracker(struct record *record, const struct tracker_settings *settings)
{
	const struct tracker_sink sink = { record, take_message, take_happened };
	const struct tracker_settings usual = TRACKER_SETTINGS_USUAL;

	memset(record, 0, sizeof(*record));
	record->time.now = 1000000000;
	assert_int_equal(tracker_open(settings ? settings : &usual, &sink, &record->tracker), 0);
}

static struct netcon_source source_number(unsigned int number)
{
	struct netcon_source source = { .port = htons(6665) };

	memcpy(&source.address.s6_addr[12], &number, 4);
	return source;
}

static void take_from(struct record *record, unsigned int number, const char *text)
{
	struct netcon_source source = source_number(number);

	tracker_take(record->tracker, &source, text, strlen(text), &record->time);
}

static void take(struct record *record, const char *text)
{
	take_from(record, 1, text);
}

static void tick(struct record *record, __u64 milliseconds)
{
	record->time.now += milliseconds;
	tracker_tick(record->tracker, &record->time);
}

static void expect(struct record *record, const char *text)
{
	assert_string_equal(record->text, text);
	record->size = 0;
	*record->text = '\0';
}

static void end(struct record *record, const char *text)
{
	tracker_give_up(record->tracker, &record->time);
	expect(record, text);
	tracker_close(record->tracker);
}

#define BOOT_A " netcon_boot_id=0e4b2d1c-aaaa-bbbb-cccc-0123456789ab\n"
#define BOOT_B " netcon_boot_id=0e4b2d1c-aaaa-bbbb-cccc-0123456789ac\n"

static void messages_in_order_and_not(void **state)
{
	struct tracker_counts counts;
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "6,5,1000,-;five\n");
	take(&record, "6,6,1000,-;six\n");
	take(&record, "6,9,1000,-;nine\n");
	take(&record, "6,6,1000,-;six\n");
	take(&record, "6,8,1000,-;eight\n");
	tick(&record, 9000);
	expect(&record, "(new 5 0)|5 five|6 six|9 nine|8 late eight|");
	tick(&record, 1001);
	expect(&record, "(lost 7 7)|");
	take(&record, "6,7,1000,-;seven\n" BOOT_A);
	take(&record, "6,11,1000,-;eleven\n");
	tracker_counts(record.tracker, &counts);
	assert_int_equal(counts.duplicates, 1);
	assert_int_equal(counts.late, 2);
	assert_int_equal(counts.found, 1);
	end(&record, "(found 7 7)|7 late seven|11 eleven|(lost 10 10)|");
}

static void pieces_of_messages(void **state)
{
	struct tracker_counts counts;
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "r,6,1,1000,-,ncfrag=5/10;world");
	take(&record, "r,6,2,1000,-;between\n");
	take(&record, "r,6,1,1000,-,ncfrag=0/10;hello");
	/* Once more, whole and in part: nothing is given on twice, not even in time. */
	take(&record, "r,6,1,1000,-,ncfrag=5/10;world");
	take(&record, "r,6,1,1000,-,ncfrag=0/10;hello");
	take(&record, "r,6,1,1000,-,ncfrag=0/10;hello");
	take(&record, "r,6,3,1000,-,ncfrag=0/4;ab");
	/* Of another whole: not the same message. */
	take(&record, "r,6,3,1000,-,ncfrag=2/5;xyz");
	take(&record, "r,6,4,1000,-,ncfrag=0/4;ab");
	take(&record, "r,6,4,1000,-,ncfrag=1/4;xc");
	/* Of another time, and of another release, one of which the other begins with. */
	take(&record, "r,6,3,2000,-,ncfrag=2/4;cd");
	take(&record, "r,6,6,9,1000,-,ncfrag=0/4;ef");
	take(&record, "r,6,9,1000,-,ncfrag=2/4;gh");
	expect(&record, "(new 1 0)|2 between|1 late helloworld|");
	tick(&record, 2900);
	expect(&record, "");
	tick(&record, 100);
	tracker_counts(record.tracker, &counts);
	/* Those that were given on: what came twice is no message that is incomplete. */
	assert_int_equal(counts.torn, 3);
	assert_int_equal(counts.conflicts, 1);
	assert_int_equal(counts.duplicates, 5);
	end(&record, "3 torn ab|4 torn ab|9 torn ef|(lost 5 8)|");
}

/* A few bytes that claim to be of a long message are given on as a few: otherwise each would be a mebibyte of output. */
static void torn_is_as_long_as_what_came(void **state)
{
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	record.has_sizes = true;
	take(&record, "6,1,0,-,ncfrag=0/1048576;a");
	take(&record, "6,2,0,-,ncfrag=1048575/1048576;b");
	take(&record, "6,3,0,-,ncfrag=9/1048576;c");
	take(&record, "6,3,0,-,ncfrag=500000/1048576;d");
	take(&record, "6,4,0,-,ncfrag=0/6;ab");
	take(&record, "6,4,0,-,ncfrag=4/6;ef");
	tick(&record, 3000);
	end(&record, "(new 1 0)|1 torn a<2>|2 torn <2>|3 torn <5>|4 torn ab<5>|");
}

/* The example of the issue: totals of 8192 and more. */
static void long_messages(void **state)
{
	static const size_t totals[] = { 8191, 8192, 66000, NETCON_BODY_MAX };
	char *body = malloc(NETCON_BODY_MAX), datagram[NETCON_DATAGRAM_MAX];
	struct netcon_source source = source_number(1);
	struct tracker_counts counts;
	struct record record;

	(void)state;
	memset(body, 'x', NETCON_BODY_MAX);
	memcpy(body, "text\n", 5);
	open_tracker(&record, NULL);
	for (size_t i = 0; i < 4; i++) {
		struct netcon_message message = { .is_extended = true, .sequence = i, .flag = '-', .body = body, .body_size = totals[i] };

		for (size_t offset = 0; offset < totals[i];) {
			size_t size = netcon_format(&message, &offset, datagram, sizeof(datagram));

			tracker_take(record.tracker, &source, datagram, size, &record.time);
		}
	}
	tracker_counts(record.tracker, &counts);
	assert_int_equal(counts.torn, 0);
	assert_int_equal(counts.messages, 4);
	assert_in_range(counts.memory, 1, 16384);
	end(&record, "(new 0 0)|0 text|1 text|2 text|3 text|");
	free(body);
}

static void restarts(void **state)
{
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "6,100,50000000,-;a\n");
	take(&record, "6,102,50000000,-;b\n");
	/* Twenty seconds later the clock of the kernel says three. */
	tick(&record, 5000);
	record.time.now += 15000;
	take(&record, "6,101,3000000,-;c\n");
	take(&record, "6,0,3000000,-;d\n");
	expect(&record, "(new 100 0)|100 a|102 b|(lost 101 101)|(restart 101 102)|101 c|0 late d|");
	/* Late by a second is no restart; another release is one at once. */
	record.time.now += 1000;
	take(&record, "6,50,3500000,-;e\n");
	take(&record, "r,6,102,3500000,-;f\n");
	take(&record, "6,103,3500000,-;no release\n");
	take(&record, "s,6,101,3500000,-;g\n");
	end(&record, "50 late e|102 f|103 no release|(lost 1 49)|(lost 51 100)|(restart 101 103)|101 g|");
}

static void boot_ids(void **state)
{
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	/* The kernel's own words first, and then a replay of what was before, by who knows the boot: one boot. */
	take(&record, "6,500,9000000,-;live\n");
	take(&record, "6,0,0,-;zero\n" BOOT_A);
	take(&record, "6,1,0,-;one\n" BOOT_A);
	take(&record, "6,500,9000000,-;live\n" BOOT_A);
	take(&record, "6,501,9000000,-;live\n");
	expect(&record, "(new 500 0)|500 live|0 late zero|1 late one|501 live|");
	/* The same numbers of another boot are no repetitions. */
	take(&record, "6,0,0,-;zero\n" BOOT_B);
	take(&record, "6,1,0,-;one\n" BOOT_B);
	expect(&record, "(lost 2 499)|(restart 0 501)|0 zero|1 one|");
	/* One that never said its boot, and has been known for long, has booted when it does. */
	take_from(&record, 2, "6,7,1000000,-;a\n");
	record.time.now += 100000;
	take_from(&record, 2, "6,0,0,-;b\n" BOOT_A);
	/* What only looks like a boot id is none. */
	take_from(&record, 2, "6,1,0,-;c\n netcon_boot_id=0e4b2d1c\n");
	take_from(&record, 2, "6,2,0,-;d\n netcon_boot_id=ze4b2d1c-aaaa-bbbb-cccc-0123456789ab\n");
	end(&record, "(new 7 0)|7 a|(restart 0 7)|0 b|1 c|2 d|");
}

/* Milliseconds pass, and a message of that number and time, both in milliseconds, comes. */
static void take_after(struct record *record, __u64 passed, __u64 sequence, __u64 time, const char *dictionary)
{
	char text[160];

	record->time.now += passed;
	snprintf(text, sizeof(text), "6,%llu,%llu,-;m\n%s", (unsigned long long)sequence, (unsigned long long)time * 1000, dictionary);
	take(record, text);
}

struct boot_case {
	const char *what;
	/* After each other: milliseconds that pass, the number, the time, the dictionary. */
	struct {
		__u64 passed, sequence, time;
		const char *dictionary;
	} messages[6];
	const char *expected;
};

/* Messages in which nothing but numbers and clocks says whether the host has booted. */
static void boots_without_ids(void **state)
{
	static const struct boot_case cases[] = {
		{ "a burst at the start, with one that was overtaken by another that is much younger",
			{ { 0, 5, 100, "" }, { 0, 7, 9000, "" }, { 0, 6, 200, "" } }, "(new 5 0)|5 m|7 m|6 late m|" },
		{ "one that was late by five seconds, of a host that has been up for long",
			{ { 0, 5, 90000, "" }, { 100, 7, 90100, "" }, { 5000, 6, 90050, "" } }, "(new 5 0)|5 m|7 m|6 late m|" },
		{ "suspended for an hour: the clock has stood still",
			{ { 0, 5, 90000, "" }, { 3600000, 7, 90100, "" }, { 10, 6, 90050, "" } }, "(new 5 0)|5 m|7 m|6 late m|" },
		{ "a crash loop: up for a second, down for a second",
			{ { 0, 5, 500, "" }, { 400, 6, 900, "" }, { 1500, 5, 500, "" }, { 400, 6, 900, "" }, { 1500, 5, 500, "" } },
			"(new 5 0)|5 m|6 m|(restart 5 6)|5 m|6 m|(restart 5 6)|5 m|" },
		{ "the new boot's first number is above all, but its time is below",
			{ { 0, 5, 90000, "" }, { 60000, 700, 10000, "" } }, "(new 5 0)|5 m|(restart 700 5)|700 m|" },
		{ "the new boot has been up for longer than the old one, and has written less",
			{ { 0, 500, 90000, "" }, { 100000, 5, 95000, "" } }, "(new 500 0)|500 m|(restart 5 500)|5 m|" },
		{ "after messages with an id alone, the kernel's own of the next boot",
			{ { 0, 5, 90000, BOOT_A }, { 10, 6, 90010, BOOT_A }, { 30000, 5, 9000, "" }, { 10, 6, 9010, "" } },
			"(new 5 0)|5 m|6 m|(restart 5 6)|5 m|6 m|" },
		{ "a slow kernel behind what sends the same from user space",
			{ { 0, 5, 90000, BOOT_A }, { 10, 6, 90010, BOOT_A }, { 9000, 5, 90000, "" }, { 9000, 6, 90010, "" },
				{ 0, 7, 99000, "" } },
			"(new 5 0)|5 m|6 m|7 m|" },
		{ "the kernel boots first, and then what has an id sends all again",
			{ { 0, 5, 90000, "" }, { 100000, 2, 9000, "" }, { 1000, 0, 0, BOOT_A }, { 0, 1, 5, BOOT_A }, { 0, 2, 9000, BOOT_A },
				{ 0, 3, 11000, "" } },
			"(new 5 0)|5 m|(restart 2 5)|2 m|0 late m|1 late m|3 m|" },
		{ "known for long, and then all of a boot with an id: of a new one, for all that is known",
			{ { 0, 5, 90000, "" }, { 100000, 6, 190000, "" }, { 1000, 0, 0, BOOT_A } }, "(new 5 0)|5 m|6 m|(restart 0 6)|0 m|" },
		{ "after hours, what has an id fills a gap of the boot that is known",
			{ { 0, 5, 900000, "" }, { 9000000, 8, 9900000, "" }, { 5000, 6, 9890000, BOOT_A }, { 0, 8, 9900000, BOOT_A } },
			"(new 5 0)|5 m|8 m|6 late m|" },
		{ "a forged number: what follows is received, and soon the account is right",
			{ { 0, 5, 90000, "" }, { 100, 1000000, 90100, "" }, { 100, 6, 90200, "" }, { 3000, 7, 93200, "" },
				{ 0, 8, 93300, "" } },
			"(new 5 0)|5 m|1000000 m|6 late m|(lost 7 999999)|(restart 7 1000000)|7 m|8 m|" },
		{ "a forged number and a forged time",
			{ { 0, 5, 90000, "" }, { 100, 1000000, 99999999999, "" }, { 600, 6, 90700, "" }, { 0, 7, 90800, "" } },
			"(new 5 0)|5 m|1000000 m|(lost 6 999999)|(restart 6 1000000)|6 m|7 m|" },
		{ "forged: the first number again of a boot that goes on",
			{ { 0, 5, 90000, "" }, { 100, 6, 0, "" }, { 100, 6, 90200, "" }, { 0, 7, 90200, "" } },
			"(new 5 0)|5 m|(restart 6 5)|6 m|(restart 6 6)|6 m|7 m|" },
		{ "a number that none has is no loss of all between",
			{ { 0, 5, 90000, "" }, { 100, ~0ULL, 90100, "" }, { 100, 6, 90200, "" }, { 0, 7, 90200, "" } },
			"(new 5 0)|5 m|(restart 18446744073709551615 5)|18446744073709551615 m|(restart 6 18446744073709551615)|6 m|7 m|" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct record record;

		open_tracker(&record, NULL);
		for (size_t j = 0; j < 6 && cases[i].messages[j].dictionary; j++)
			take_after(&record, cases[i].messages[j].passed, cases[i].messages[j].sequence, cases[i].messages[j].time,
				cases[i].messages[j].dictionary);
		if (strcmp(record.text, cases[i].expected))
			fail_msg("%s: %s", cases[i].what, record.text);
		tracker_close(record.tracker);
	}
}

/* What waits for pieces belongs to the boot that it is of: it is no loss, and takes no place of the other. */
static void pieces_and_boots(void **state)
{
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "6,5,90000000,-;a\n");
	take(&record, "6,6,90000000,-,ncfrag=0/9;old");
	take(&record, "6,7,90000000,-;b\n");
	take(&record, "6,7,90000000,-,ncfrag=0/9;twice");
	record.time.now += 2000;
	take(&record, "6,5,500000,-,ncfrag=0/6;new");
	take(&record, "6,6,500000,-;c\n");
	take(&record, "6,5,500000,-,ncfrag=3/6;new");
	take(&record, "6,5,500000,-;newnew");
	end(&record, "(new 5 0)|5 a|7 b|6 late torn old|(restart 6 7)|6 c|5 late newnew|");
}

static void basic_lines(void **state)
{
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "one\ntwo\nthr");
	take(&record, "ee\n\nfo");
	expect(&record, "(new 0 0)|one|two|three||");
	tick(&record, 400);
	take(&record, "ur");
	tick(&record, 400);
	expect(&record, "");
	tick(&record, 100);
	expect(&record, "four|");
	take(&record, "");
	take(&record, "rest");
	end(&record, "rest|");
}

/* What may have no end takes no more memory than it may: it is given on in parts. */
static void basic_lines_without_an_end(void **state)
{
	const struct tracker_settings settings = { .hosts_max = 1000, .memory_max = 4100, .assemble = 3000, .lose = 10000,
		.forget = 86400000 };
	char long_line[4096];
	struct tracker_counts counts;
	struct record record;

	(void)state;
	open_tracker(&record, &settings);
	memset(long_line, 'x', sizeof(long_line));
	long_line[sizeof(long_line) - 1] = '\0';
	take(&record, long_line);
	expect(&record, "(new 0 0)|");
	tick(&record, 400);
	take(&record, "y");
	/* No room for one more byte of this line. */
	take(&record, "z");
	assert_int_equal(record.size, 4095 + 1 + 1 + 2);
	record.size = 0;
	take_from(&record, 2, "abcd");
	take_from(&record, 3, "6,1,0,-,ncfrag=0/4;ab");
	tracker_counts(record.tracker, &counts);
	assert_true(counts.memory > 4);
	tick(&record, 500);
	expect(&record, "(new 0 0)|(new 1 0)|abcd|");
	tick(&record, 3000);
	expect(&record, "1 torn ab|");
	/* Of all hosts together. */
	memset(long_line, 'x', sizeof(long_line));
	long_line[sizeof(long_line) - 1] = '\0';
	take_from(&record, 2, long_line);
	take_from(&record, 3, "abcde");
	take_from(&record, 3, "fghijk");
	expect(&record, "abcde|fghijk|");
	tracker_close(record.tracker);
}

/* Without room for pieces the oldest is given on as it is. */
static void pieces_without_room(void **state)
{
	const struct tracker_settings settings = { .hosts_max = 1000, .memory_max = 1500, .assemble = 3000, .lose = 10000,
		.forget = 86400000 };
	struct tracker_counts counts;
	struct record record;
	char text[64];

	(void)state;
	open_tracker(&record, &settings);
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "6,%u,0,-,ncfrag=0/4;ab", i);
		take_from(&record, 1 + i % 2, text);
		tracker_counts(record.tracker, &counts);
		assert_in_range(counts.memory, 1, 8192);
	}
	assert_in_range(counts.torn, 90, 99);
	assert_non_null(strstr(record.text, "(new 1 0)|0 torn ab|1 torn ab|2 torn ab|"));
	tracker_give_up(record.tracker, &record.time);
	assert_non_null(strstr(record.text, "|99 torn ab|"));
	tracker_close(record.tracker);
	/* One host alone has no more than its share. */
	open_tracker(&record, NULL);
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "6,%u,0,-,ncfrag=0/4;ab", i);
		take(&record, text);
	}
	tracker_counts(record.tracker, &counts);
	assert_int_equal(counts.torn, 100 - 64);
	tracker_close(record.tracker);
}

/* A message is held back until it is known whether the next one continues it. */
static void continued_lines(void **state)
{
	struct tracker_settings settings = TRACKER_SETTINGS_USUAL;
	struct tracker_counts counts;
	struct record record;

	(void)state;
	settings.join = 200;
	open_tracker(&record, &settings);
	take(&record, "6,1,1000,-,caller=T1;one\n A=1\n");
	expect(&record, "(new 1 0)|");
	take(&record, "6,2,1000,c,caller=T1; two\n B=2\n");
	take(&record, "6,3,1000,+,caller=T1;, three");
	expect(&record, "");
	take(&record, "6,4,1000,-,caller=T1;four\n");
	expect(&record, "1 one two, three|");
	tick(&record, 199);
	expect(&record, "");
	tick(&record, 1);
	expect(&record, "4 four|");
	/* Of another caller, not the next, too late, torn: by themselves. */
	take(&record, "6,5,1000,-,caller=T1;five\n");
	take(&record, "6,6,1000,c,caller=T2;six\n");
	take(&record, "6,8,1000,c,caller=T2;eight\n");
	tick(&record, 200);
	expect(&record, "5 five|6 six|8 eight|");
	take(&record, "6,9,1000,c,caller=T2;nine\n");
	take(&record, "6,10,1000,c;ten\n");
	expect(&record, "9 nine|");
	take(&record, "6,11,1000,c,ncfrag=0/9;eleven");
	tracker_counts(record.tracker, &counts);
	assert_in_range(counts.memory, 1, 8192);
	end(&record, "10 ten|11 torn eleven|(lost 7 7)|");
}

/* The dictionaries of both are kept, and what is too long is not joined. */
static void continued_dictionaries(void **state)
{
	struct received first = { .message = { .is_extended = true, .sequence = 1, .flag = '-', .body = "a\n A=1", .body_size = 6 },
		.boot_id = "0e4b2d1c-aaaa-bbbb-cccc-0123456789ab" };
	struct received next = first;
	struct held *held = held_open(&first);
	char *body = calloc(1, HELD_MAX);

	(void)state;
	assert_non_null(held);
	next.message.flag = 'c';
	next.message.sequence = 2;
	next.message.body = "b\n B=2\n";
	next.message.body_size = 7;
	assert_true(held_continues(held, &next));
	assert_int_equal(held_append(held, &next.message), 0);
	assert_false(held_continues(held, &next));
	assert_int_equal(held_read(held)->joined, 1);
	assert_int_equal(held_read(held)->message.body_size, 13);
	assert_memory_equal(held_read(held)->message.body, "ab\n A=1\n B=2\n", 13);
	assert_string_equal(held_read(held)->boot_id, first.boot_id);
	next.message.body = body;
	next.message.body_size = HELD_MAX - 12;
	assert_int_equal(held_append(held, &next.message), -E2BIG);
	next.message.body_size--;
	assert_int_equal(held_append(held, &next.message), 0);
	assert_int_equal(held_read(held)->message.body_size, HELD_MAX);
	held_close(held);
	free(body);
}

/* Two kernels behind one address, and the same number of a port at two addresses, are different hosts. */
static void hosts_by_address_and_port(void **state)
{
	struct netcon_source source = source_number(1);
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "6,1,0,-,ncfrag=0/4;ab");
	source.port = htons(6000);
	tracker_take(record.tracker, &source, "6,1,0,-,ncfrag=2/4;zz", 21, &record.time);
	source.port = htons(6665);
	source.scope = 1;
	tracker_take(record.tracker, &source, "6,1,0,-,ncfrag=2/4;yy", 21, &record.time);
	take_from(&record, 2, "6,1,0,-,ncfrag=2/4;xx");
	expect(&record, "(new 1 0)|(new 1 0)|(new 1 0)|(new 1 0)|");
	take(&record, "6,1,0,-,ncfrag=2/4;cd");
	expect(&record, "1 abcd|");
	tracker_close(record.tracker);
}

/* A flood of forged sources takes the place of the like, and not of a host that is known. */
static void a_flood_of_sources(void **state)
{
	const struct tracker_settings settings = { .hosts_max = 100, .memory_max = 8 << 10, .assemble = 3000, .lose = 10000,
		.forget = 86400000 };
	struct tracker_counts counts;
	struct record record;
	char text[64];

	(void)state;
	open_tracker(&record, &settings);
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "6,%d,0,-;real\n", i);
		take(&record, text);
		record.time.now += 500;
	}
	take(&record, "6,4,0,-,ncfrag=0/8;real");
	for (unsigned int i = 2; i < 20000; i++) {
		take_from(&record, i, "6,1,0,-,ncfrag=0/1000000;forged");
		tracker_counts(record.tracker, &counts);
		assert_in_range(counts.hosts, 1, 100);
		assert_in_range(counts.memory, 1, (8 << 10) + 100 * 1024);
		record.size = 0;
	}
	*record.text = '\0';
	take(&record, "6,4,0,-,ncfrag=4/8;istic");
	take(&record, "6,4,0,-,ncfrag=4/8;isti");
	assert_non_null(strstr(record.text, "4 realisti|"));
	assert_null(strstr(record.text, "(new"));
	tracker_close(record.tracker);
}

/* What is one host is told by all of address, port and interface, however full the table is. */
static void many_ports_and_interfaces(void **state)
{
	struct netcon_source source = source_number(1);
	struct tracker_counts counts;
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	for (unsigned int i = 0; i < 4000; i++) {
		source.port = (in_port_t)(i < 2000 ? i : 0);
		/* Far from each other, so that they are not spread evenly. */
		source.scope = i < 2000 ? 0 : i * 2654435761U;
		tracker_take(record.tracker, &source, "6,1,0,-;a", 9, &record.time);
		record.size = 0;
	}
	tracker_counts(record.tracker, &counts);
	assert_int_equal(counts.hosts, 4000);
	tracker_close(record.tracker);
}

/* With room for two: one that is known stays, whoever else is heard of, until that one has been heard of for long, too. */
static void probation(void **state)
{
	const struct tracker_settings settings = { .hosts_max = 2, .memory_max = 64 << 10, .assemble = 3000, .lose = 10000,
		.forget = 86400000 };
	/* How often another is heard of, and in how many milliseconds. */
	static const struct {
		unsigned int times, each;
		bool is_known;
	} others[] = { { 3, 1000, false }, { 100, 0, false }, { 100, 9, false }, { 4, 334, true } };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		struct record record;

		open_tracker(&record, &settings);
		for (unsigned int j = 0; j < 4; j++, record.time.now += 400)
			take(&record, "6,1,90000000,-;a\n");
		for (unsigned int j = 0; j < others[i].times; j++, record.time.now += others[i].each)
			take_from(&record, 2, "6,1,90000000,-;b\n");
		take_from(&record, 3, "6,1,90000000,-;c\n");
		take(&record, "6,2,90000000,-;d\n");
		if (others[i].is_known)
			expect(&record, "(new 1 0)|1 a|(new 1 0)|1 b|(forgotten 0 0)|(new 1 0)|1 c|(forgotten 0 0)|(new 2 0)|2 d|");
		else
			expect(&record, "(new 1 0)|1 a|(new 1 0)|1 b|(forgotten 0 0)|(new 1 0)|1 c|2 d|");
		tracker_close(record.tracker);
	}
}

/* One that is silent is forgotten, whether it was known or on probation, and whoever else is not silent. */
static void the_silent_one_is_forgotten(void **state)
{
	struct tracker_counts counts;

	(void)state;
	for (unsigned int silent = 1; silent <= 2; silent++) {
		struct record record;

		open_tracker(&record, NULL);
		for (unsigned int i = 0; i < 4; i++, record.time.now += 400)
			take(&record, "6,1,90000000,-;a\n");
		take_from(&record, 2, "6,1,90000000,-;b\n");
		record.time.now += 3600 * 1000;
		take_from(&record, 3 - silent, "6,2,90000000,-;c\n");
		tick(&record, 23 * 3600 * 1000ULL);
		tracker_counts(record.tracker, &counts);
		assert_int_equal(counts.forgotten_hosts, 1);
		expect(&record, "(new 1 0)|1 a|(new 1 0)|1 b|2 c|(forgotten 0 0)|");
		tracker_close(record.tracker);
	}
}

static void silent_hosts_are_forgotten(void **state)
{
	struct tracker_counts counts;
	struct record record;

	(void)state;
	open_tracker(&record, NULL);
	take(&record, "6,1,0,-;a\n");
	take(&record, "6,3,0,-;b\n");
	tick(&record, 24 * 3600 * 1000ULL - 1);
	expect(&record, "(new 1 0)|1 a|3 b|(lost 2 2)|");
	tick(&record, 1);
	tracker_counts(record.tracker, &counts);
	assert_int_equal(counts.hosts, 0);
	end(&record, "(forgotten 0 0)|");
}

/* --- who may */

static void networks(void **state)
{
	static const struct {
		const char *network, *address;
		bool has;
	} cases[] = {
		{ "192.0.2.0/24", "::ffff:192.0.2.255", true },
		{ "192.0.2.0/24", "::ffff:192.0.3.0", false },
		{ "192.0.2.0/23", "::ffff:192.0.3.0", true },
		{ "192.0.2.7", "::ffff:192.0.2.7", true },
		{ "192.0.2.7", "::ffff:192.0.2.6", false },
		{ "0.0.0.0/0", "::ffff:1.2.3.4", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "2001:db8::1", "2001:db8::1", true },
	};
	static const char *const never[] = { "", "/", "192.0.2.0/", "192.0.2.0/33", "192.0.2.1/24", "2001:db8::1/64", "::/129",
		"192.0.2", "name", "192.0.2.0/24x", "192.0.2.0/-1",
		"00000000000000000000000000000000000000000000000000000000000::1" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct allowed allowed = { 0 };
		struct in6_addr address;

		assert_int_equal(inet_pton(AF_INET6, cases[i].address, &address), 1);
		assert_true(allowed_has(&allowed, &address));
		assert_int_equal(allowed_add(&allowed, cases[i].network), 0);
		assert_int_equal(allowed_has(&allowed, &address), cases[i].has);
		allowed_free(&allowed);
	}
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		struct allowed allowed = { 0 };

		assert_int_equal(allowed_add(&allowed, never[i]), -EINVAL);
		assert_int_equal(allowed.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_are_as_a_table_says),
		cmocka_unit_test(gaps_are_lost_in_time),
		cmocka_unit_test(gaps_without_room),
		cmocka_unit_test(gaps_without_room_for_what_comes),
		cmocka_unit_test(pieces_in_any_order),
		cmocka_unit_test(pieces_that_contradict),
		cmocka_unit_test(pieces_too_many),
		cmocka_unit_test(messages_in_order_and_not),
		cmocka_unit_test(pieces_of_messages),
		cmocka_unit_test(torn_is_as_long_as_what_came),
		cmocka_unit_test(long_messages),
		cmocka_unit_test(restarts),
		cmocka_unit_test(boot_ids),
		cmocka_unit_test(boots_without_ids),
		cmocka_unit_test(pieces_and_boots),
		cmocka_unit_test(basic_lines),
		cmocka_unit_test(basic_lines_without_an_end),
		cmocka_unit_test(pieces_without_room),
		cmocka_unit_test(continued_lines),
		cmocka_unit_test(continued_dictionaries),
		cmocka_unit_test(hosts_by_address_and_port),
		cmocka_unit_test(a_flood_of_sources),
		cmocka_unit_test(many_ports_and_interfaces),
		cmocka_unit_test(probation),
		cmocka_unit_test(the_silent_one_is_forgotten),
		cmocka_unit_test(silent_hosts_are_forgotten),
		cmocka_unit_test(networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
