// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tracker, compared with the truth. A host boots some times and writes numbered messages; a network loses, repeats, overtakes and
 * cuts them up; user space sends some again. The test knows what reached the tracker, and so what has to be given on, and what is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "netcon/receive/tracker.h"

enum { BOOTS = 4, NUMBERS = 120, DATAGRAMS_MAX = 200000, BODY_MAX = 4000 };

/* How a stream is made: each a percentage, of messages or of datagrams. */
struct stream {
	unsigned int lost, repeated, overtaken, again;
	enum { NO_IDS, IDS, IDS_IN_WHAT_IS_SENT_AGAIN } ids;
};

struct datagram {
	__u64 when; /* milliseconds */
	unsigned int order; /* of those that come at the same time */
	unsigned int boot, number, form;
	size_t offset, size; /* of the body */
	char *bytes;
	size_t length;
};

/* What became of a message. */
struct message {
	size_t size;
	struct {
		size_t size, have;
		bool has_come[BODY_MAX + 100]; /* bytes of it */
	} forms[2]; /* as it is sent at once, and as it is sent again */
	unsigned int given, given_torn;
	int lost; /* said to be lost, less those said to be found */
};

struct world {
	struct stream stream;
	struct datagram *datagrams;
	size_t count;
	struct message messages[BOOTS][NUMBERS];
	unsigned int boot; /* as the tracker has it: how many restarts it said */
	struct tracker_time time;
};

static unsigned int chance(unsigned int percent)
{
	return (unsigned int)rand() % 100 < percent;
}

/* Every byte of a body tells where it belongs. */
static char byte_of(unsigned int boot, unsigned int number, size_t offset)
{
	return (char)('a' + (boot * 7 + number * 3 + offset) % 26);
}

static size_t make_body(const struct world *world, unsigned int boot, unsigned int number, bool has_id, char *body)
{
	size_t size = world->messages[boot][number].size;

	for (size_t i = 0; i < size; i++)
		body[i] = byte_of(boot, number, i);
	if (!has_id)
		return size;
	return size + (size_t)sprintf(body + size, "\n netcon_boot_id=00000000-0000-0000-0000-%012u\n", boot);
}

/* The milliseconds since its boot at which a message is written: of each boot others. */
static __u64 time_of(unsigned int boot, unsigned int number)
{
	return 500 + number * 40 + boot;
}

static void send_datagram(struct world *world, __u64 when, const struct datagram *datagram)
{
	struct datagram *to = &world->datagrams[world->count];

	assert_true(world->count < DATAGRAMS_MAX);
	*to = *datagram;
	to->when = when;
	to->order = (unsigned int)world->count++;
	to->bytes = malloc(datagram->length);
	memcpy(to->bytes, datagram->bytes, datagram->length);
}

/* On its way a datagram may get lost, come twice, and be overtaken. */
static void send_message(struct world *world, unsigned int boot, unsigned int number, __u64 when, bool has_id, unsigned int form)
{
	char body[BODY_MAX + 100], bytes[NETCON_DATAGRAM_MAX];
	struct netcon_message message = {
		.is_extended = true,
		.priority = boot,
		.sequence = number,
		.time_us = time_of(boot, number) * 1000,
		.flag = '-',
		.body = body,
		.body_size = make_body(world, boot, number, has_id, body),
	};
	size_t offset = 0;

	world->messages[boot][number].forms[form].size = message.body_size;
	do {
		struct datagram datagram = { .boot = boot, .number = number, .form = form, .offset = offset, .bytes = bytes };

		datagram.length = netcon_format(&message, &offset, bytes, sizeof(bytes));
		datagram.size = offset - datagram.offset;
		if (!chance(world->stream.lost))
			send_datagram(world, when + (chance(world->stream.overtaken) ? (__u64)rand() % 300 : 0), &datagram);
		if (chance(world->stream.repeated))
			send_datagram(world, when + (__u64)rand() % 300, &datagram);
	} while (offset < message.body_size);
}

static void make_datagrams(struct world *world)
{
	__u64 began = world->time.now;

	for (unsigned int boot = 0; boot < BOOTS; boot++) {
		unsigned int count = 20 + (unsigned int)rand() % (NUMBERS - 20);
		bool is_again = chance(world->stream.again), has_ids = world->stream.ids == IDS;

		for (unsigned int number = 0; number < count; number++) {
			world->messages[boot][number].size = chance(80) ? 20 : 1 + (size_t)rand() % BODY_MAX;
			send_message(world, boot, number, began + time_of(boot, number), has_ids, 0);
		}
		/* After a while, and soon enough, user space sends what there was. */
		for (unsigned int number = 0; is_again && number < count; number++)
			send_message(world, boot, number, began + time_of(boot, count) + 5000 + number, true, 1);
		began += time_of(boot, count) + (is_again ? 5000 + count : 0) + 1000 + (__u64)rand() % 20000;
	}
}

static int compare(const void *left, const void *right)
{
	const struct datagram *one = left, *other = right;

	if (one->when != other->when)
		return one->when < other->when ? -1 : 1;
	return one->order < other->order ? -1 : 1;
}

static void take_message(void *context, const struct received *received)
{
	const struct netcon_message *message = &received->message;
	unsigned int boot = message->priority, number = (unsigned int)message->sequence;
	struct world *world = context;
	struct message *known;

	assert_in_range(boot, 0, BOOTS - 1);
	assert_in_range(number, 0, NUMBERS - 1);
	known = &world->messages[boot][number];
	/* A boot is known as such before any message of it is given on, and a message that is whole is the one that was written. */
	assert_int_equal(boot, world->boot);
	known->given++;
	known->given_torn += received->is_torn;
	if (received->is_torn)
		return;
	assert_int_equal(netcon_text_size(message), known->size);
	for (size_t i = 0; i < known->size; i++)
		assert_int_equal(message->body[i], byte_of(boot, number, i));
}

static void take_happened(void *context, const struct happened *happened)
{
	struct world *world = context;

	if (happened->what == HAPPENED_RESTART)
		world->boot++;
	if (happened->what == HAPPENED_LOST || happened->what == HAPPENED_FOUND)
		for (__u64 number = happened->first; number <= happened->last; number++)
			world->messages[world->boot][number].lost += happened->what == HAPPENED_LOST ? 1 : -1;
}

static void hear(struct world *world, const struct datagram *datagram)
{
	struct message *message = &world->messages[datagram->boot][datagram->number];

	for (size_t i = datagram->offset; i < datagram->offset + datagram->size; i++) {
		message->forms[datagram->form].have += !message->forms[datagram->form].has_come[i];
		message->forms[datagram->form].has_come[i] = true;
	}
}

static bool is_heard(const struct message *message)
{
	return message->forms[0].have || message->forms[1].have;
}

/* Whether what came first of it was whole. */
static bool is_whole(const struct message *message)
{
	unsigned int form = !message->forms[0].have;

	return message->forms[form].have == message->forms[form].size;
}

/* A message that came was given on, and one that did not, between others that did, was said to be lost. */
static void judge_boot(const struct message *messages, bool has_room)
{
	unsigned int lowest = 0, highest = NUMBERS - 1;

	while (lowest < NUMBERS && !is_heard(&messages[lowest]))
		lowest++;
	while (highest > lowest && !is_heard(&messages[highest]))
		highest--;
	for (unsigned int i = 0; i < NUMBERS; i++) {
		const struct message *message = &messages[i];
		bool is_between = i >= lowest && i <= highest;

		assert_int_equal((int)message->given + message->lost, is_between);
		assert_true(message->given <= is_heard(message));
		if (has_room)
			assert_int_equal(message->given, is_heard(message));
		if (message->given)
			assert_int_equal(message->given_torn, !is_whole(message));
	}
}

static void run_stream(const struct stream *stream, unsigned int seed, bool has_room)
{
	const struct tracker_settings settings = TRACKER_SETTINGS_USUAL;
	struct world *world = calloc(1, sizeof(*world));
	const struct tracker_sink sink = { world, take_message, take_happened };
	struct netcon_source source = { .port = htons(6665) };
	struct tracker *tracker;
	__u64 ticked;

	srand(seed);
	world->stream = *stream;
	world->time.now = ticked = 1000000;
	world->datagrams = calloc(DATAGRAMS_MAX, sizeof(*world->datagrams));
	make_datagrams(world);
	qsort(world->datagrams, world->count, sizeof(*world->datagrams), compare);
	assert_int_equal(tracker_open(&settings, &sink, &tracker), 0);
	for (size_t i = 0; i < world->count; i++) {
		const struct datagram *datagram = &world->datagrams[i];

		for (; ticked + 100 <= datagram->when; ticked += 100) {
			world->time.now = ticked + 100;
			tracker_tick(tracker, &world->time);
		}
		world->time.now = datagram->when;
		hear(world, datagram);
		tracker_take(tracker, &source, datagram->bytes, datagram->length, &world->time);
		free(datagram->bytes);
	}
	tracker_give_up(tracker, &world->time);
	tracker_close(tracker);
	assert_int_equal(world->boot, BOOTS - 1);
	for (unsigned int boot = 0; boot < BOOTS; boot++)
		judge_boot(world->messages[boot], has_room);
	free(world->datagrams);
	free(world);
}

static void run_streams(const struct stream *stream, bool has_room)
{
	for (unsigned int seed = 1; seed <= 40; seed++)
		for (unsigned int ids = NO_IDS; ids <= IDS_IN_WHAT_IS_SENT_AGAIN; ids++) {
			struct stream one = *stream;

			one.ids = ids;
			if (ids == NO_IDS)
				one.again = 0;
			run_stream(&one, seed, has_room);
		}
}

static void nothing_happens(void **state)
{
	(void)state;
	run_streams(&(struct stream){ .again = 50 }, true);
}

static void some_is_lost(void **state)
{
	(void)state;
	run_streams(&(struct stream){ .lost = 10, .again = 50 }, true);
}

static void all_of_it(void **state)
{
	(void)state;
	run_streams(&(struct stream){ .lost = 10, .repeated = 20, .overtaken = 30, .again = 50 }, true);
}

/* With more gaps than there is room for, what was said to be lost may be dropped. */
static void too_much_is_lost(void **state)
{
	(void)state;
	run_streams(&(struct stream){ .lost = 70, .repeated = 20, .overtaken = 100, .again = 80 }, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_happens),
		cmocka_unit_test(some_is_lost),
		cmocka_unit_test(all_of_it),
		cmocka_unit_test(too_much_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
