// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon send without a kernel behind it: when a link has settled, the pace, the place, what is sent again, records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "netcon/send/kmsg.h"
#include "netcon/send/pace.h"
#include "netcon/send/place.h"
#include "netcon/send/resend.h"
#include "netcon/send/send.h"
#include "netcon/send/settle.h"
#include "netcon/send/socket.h"

/* --- settling: times in milliseconds; min 1000, max 10000 */

enum { NO_ROUTE, DOWN, UP, ANSWERS, IMMEDIATE, MULTICAST, OTHER, STEPS = 10 };

static const struct link_view views[] = {
	[NO_ROUTE] = { 0 },
	[DOWN] = { .has_route = true, .interface = 2, .needs_neighbour = true },
	[UP] = { .has_route = true, .interface = 2, .has_carrier = true, .needs_neighbour = true },
	[ANSWERS] = { .has_route = true, .interface = 2, .has_carrier = true, .needs_neighbour = true,
		.neighbour_answers = true },
	[IMMEDIATE] = { .has_route = true, .interface = 1, .has_carrier = true, .is_immediate = true },
	[MULTICAST] = { .has_route = true, .interface = 2, .has_carrier = true },
	[OTHER] = { .has_route = true, .interface = 3, .has_carrier = true, .needs_neighbour = true,
		.neighbour_answers = true },
};

struct settle_step {
	__u64 time;
	int view;
	__u32 changes;
	enum settle_state state;
	__u64 wait; /* SETTLE_NEVER: for ever */
};

static const struct settle_case {
	const char *name;
	struct settle_step steps[STEPS]; /* ends with a second time 0 */
} settle_cases[] = {
	{ "a good link takes min",
		{ { 0, ANSWERS, 1, SETTLE_UNSTABLE, 1000 },
			{ 999, ANSWERS, 1, SETTLE_UNSTABLE, 1 },
			{ 1000, ANSWERS, 1, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "loopback settles at once", { { 0, IMMEDIATE, 0, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "multicast has no neighbour",
		{ { 0, MULTICAST, 1, SETTLE_UNSTABLE, 1000 }, { 1500, MULTICAST, 1, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "route, carrier, stability, answer",
		{ { 0, NO_ROUTE, 0, SETTLE_NO_ROUTE, 10000 },
			{ 2000, DOWN, 1, SETTLE_NO_CARRIER, 8000 },
			{ 3000, UP, 2, SETTLE_UNSTABLE, 1000 },
			{ 4000, UP, 2, SETTLE_UNANSWERED, 9000 },
			{ 5000, ANSWERS, 2, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "a change of carrier begins min anew",
		{ { 0, ANSWERS, 1, SETTLE_UNSTABLE, 1000 },
			{ 900, DOWN, 2, SETTLE_NO_CARRIER, 9100 },
			{ 950, ANSWERS, 3, SETTLE_UNSTABLE, 1000 },
			{ 1900, ANSWERS, 3, SETTLE_UNSTABLE, 50 },
			{ 1950, ANSWERS, 3, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "so does one between two views",
		{ { 0, ANSWERS, 1, SETTLE_UNSTABLE, 1000 },
			{ 900, ANSWERS, 3, SETTLE_UNSTABLE, 1000 },
			{ 1899, ANSWERS, 3, SETTLE_UNSTABLE, 1 },
			{ 1900, ANSWERS, 3, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "and another interface",
		{ { 0, ANSWERS, 1, SETTLE_UNSTABLE, 1000 },
			{ 900, OTHER, 1, SETTLE_UNSTABLE, 1000 },
			{ 1900, OTHER, 1, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "a neighbour that does not answer is given up",
		{ { 0, UP, 1, SETTLE_UNSTABLE, 1000 },
			{ 1000, UP, 1, SETTLE_UNANSWERED, 9000 },
			{ 9999, UP, 1, SETTLE_UNANSWERED, 1 },
			{ 10000, UP, 1, SETTLE_GIVEN_UP, SETTLE_NEVER },
			{ 11000, ANSWERS, 1, SETTLE_GIVEN_UP, SETTLE_NEVER } } },
	{ "so is a carrier that is never stable",
		{ { 0, ANSWERS, 1, SETTLE_UNSTABLE, 1000 },
			{ 9900, ANSWERS, 3, SETTLE_UNSTABLE, 100 },
			{ 10000, ANSWERS, 3, SETTLE_GIVEN_UP, SETTLE_NEVER } } },
	{ "an answer at the end is one",
		{ { 0, UP, 1, SETTLE_UNSTABLE, 1000 }, { 10000, ANSWERS, 1, SETTLE_SETTLED, SETTLE_NEVER } } },
	{ "without carrier nothing is given up, and the time does not count",
		{ { 0, UP, 1, SETTLE_UNSTABLE, 1000 },
			{ 500, DOWN, 2, SETTLE_NO_CARRIER, 9500 },
			{ 10000, DOWN, 2, SETTLE_NO_CARRIER, SETTLE_NEVER },
			{ 60000, UP, 3, SETTLE_UNSTABLE, 1000 },
			{ 61000, UP, 3, SETTLE_UNANSWERED, 8500 },
			{ 69500, UP, 3, SETTLE_GIVEN_UP, SETTLE_NEVER } } },
	{ "what has settled stays so",
		{ { 0, IMMEDIATE, 0, SETTLE_SETTLED, SETTLE_NEVER }, { 5, NO_ROUTE, 0, SETTLE_SETTLED, SETTLE_NEVER } } },
};

static void a_link_settles(void **state)
{
	const __u64 base = 1ULL << 40;

	(void)state;
	for (size_t i = 0; i < sizeof(settle_cases) / sizeof(*settle_cases); i++) {
		const struct settle_case *test = &settle_cases[i];
		struct settle settle = { .min = 1000, .max = 10000 };

		settle_begin(&settle, base);
		for (size_t step = 0; step < STEPS && (!step || test->steps[step].time); step++) {
			const struct settle_step *now = &test->steps[step];
			struct link_view view = views[now->view];

			view.carrier_changes = now->changes;
			if (settle_see(&settle, base + now->time, &view) != now->state ||
				settle_wait(&settle, base + now->time) != now->wait)
				fail_msg("%s: at %llu: state %d, wait %llu", test->name, (unsigned long long)now->time,
					settle.state, (unsigned long long)settle_wait(&settle, base + now->time));
		}
	}
}

static void what_was_given_up_is_known(void **state)
{
	struct settle settle = { .min = 1000, .max = 10000 };

	(void)state;
	settle_begin(&settle, 0);
	settle_see(&settle, 0, &views[UP]);
	settle_see(&settle, 10000, &views[UP]);
	assert_int_equal(settle.state, SETTLE_GIVEN_UP);
	assert_int_equal(settle.given_up, SETTLE_UNANSWERED);
	settle_begin(&settle, 20000);
	assert_int_equal(settle_see(&settle, 20000, &views[UP]), SETTLE_UNSTABLE);
}

static void a_missing_link_is_noticed_after_max(void **state)
{
	struct settle settle = { .min = 1000, .max = 10000 };

	(void)state;
	settle_begin(&settle, 500);
	settle_see(&settle, 500, &views[DOWN]);
	assert_false(settle_lacks_link(&settle, 10499));
	assert_true(settle_lacks_link(&settle, 10500));
	settle_see(&settle, 10600, &views[UP]);
	assert_false(settle_lacks_link(&settle, 10600));
}

static void a_loss_is_noticed(void **state)
{
	struct link_view again = views[ANSWERS];

	(void)state;
	assert_false(link_was_lost(&views[ANSWERS], &views[UP]));
	assert_true(link_was_lost(&views[ANSWERS], &views[DOWN]));
	assert_true(link_was_lost(&views[ANSWERS], &views[NO_ROUTE]));
	assert_true(link_was_lost(&views[ANSWERS], &views[OTHER]));
	again.carrier_changes = 2;
	assert_true(link_was_lost(&views[ANSWERS], &again));
}

/* --- the pace */

static void a_burst_goes_at_once_and_the_rest_in_time(void **state)
{
	const __u64 begin = 1ULL << 40;
	struct pace pace;
	__u64 now = begin;

	(void)state;
	pace_set(&pace, 1000, 32);
	for (int i = 0; i < 32; i++) {
		assert_int_equal(pace_wait(&pace, now), 0);
		pace_take(&pace, now);
	}
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(pace_wait(&pace, now), 1000000);
		assert_int_equal(pace_wait(&pace, now + 400000), 600000);
		now += 1000000;
		assert_int_equal(pace_wait(&pace, now), 0);
		pace_take(&pace, now);
	}
	assert_int_equal(now - begin, 1000000000);
	/* However long the pause was, no more than a burst comes after it. */
	now += 3600 * 1000000000ULL;
	for (int i = 0; i < 32; i++) {
		assert_int_equal(pace_wait(&pace, now), 0);
		pace_take(&pace, now);
	}
	assert_int_equal(pace_wait(&pace, now), 1000000);
}

static void a_pause_gives_back_what_it_was_long(void **state)
{
	struct pace pace;

	(void)state;
	pace_set(&pace, 10, 2);
	pace_take(&pace, 0);
	pace_take(&pace, 0);
	assert_int_equal(pace_wait(&pace, 0), 100000000);
	assert_int_equal(pace_wait(&pace, 100000000), 0);
	pace_take(&pace, 100000000);
	assert_int_equal(pace_wait(&pace, 100000000), 100000000);
}

/* --- what is sent again */

static void what_was_sent_in_the_window_is_sent_again(void **state)
{
	const __u64 second = 1000000000;
	const __u64 window = 2 * second;
	struct resend resend = { .window = 60 * second };
	__u64 sequence = 77;

	(void)state;
	assert_false(resend_from(&resend, 5 * second, window, &sequence));
	/* A record each ten milliseconds, for a minute. */
	for (__u64 i = 0; i < 6000; i++) {
		__u64 now = 100 * second + i * second / 100;

		resend_note(&resend, now, i);
		assert_true(resend_from(&resend, now, window, &sequence));
		/* Those of 2 s, and not many more. */
		assert_true(sequence <= (i > 200 ? i - 200 : 0));
		assert_true(sequence + 200 + 30 >= i);
	}
	assert_true(resend_from(&resend, 161 * second, window, &sequence));
	assert_true(sequence <= 5900 && sequence >= 5870);
	assert_false(resend_from(&resend, 163 * second, window, &sequence));
	/* All of the longest time. */
	assert_true(resend_from(&resend, 160 * second, 60 * second, &sequence));
	assert_int_equal(sequence, 0);
	resend_note(&resend, 200 * second, 6000);
	assert_true(resend_from(&resend, 201 * second, window, &sequence));
	assert_in_range(sequence, 5970, 6000);
	resend_forget(&resend);
	assert_false(resend_from(&resend, 201 * second, window, &sequence));
}

static void many_records_at_once_need_no_room(void **state)
{
	struct resend resend = { .window = 1 };
	__u64 sequence;

	(void)state;
	for (__u64 i = 0; i < 1000; i++)
		resend_note(&resend, 10, i);
	assert_true(resend_from(&resend, 11, 1, &sequence));
	assert_int_equal(sequence, 0);
	for (__u64 i = 0; i < 1000; i++)
		resend_note(&resend, 10 + i, 1000 + i);
	assert_true(resend_from(&resend, 1009, 1, &sequence));
	assert_in_range(sequence, 1996, 1998);
}

/* --- the place */

#define UUID "01234567-89ab-cdef-0123-456789abcdef"

static void a_place_is_read_as_it_was_written(void **state)
{
	char folder[] = "/tmp/netcon-send-XXXXXX", path[64], deep[64];
	struct place place = { .boot_id = UUID, .next = ~0ULL }, again;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/new/place", folder);
	snprintf(deep, sizeof(deep), "%s/one/two/place", folder);
	assert_int_equal(place_read(path, &again), -ENOENT);
	assert_int_equal(place_write(path, &place), 0);
	assert_int_equal(place_read(path, &again), 0);
	assert_string_equal(again.boot_id, UUID);
	assert_true(again.next == ~0ULL);
	assert_int_equal(place_write(deep, &place), -ENOENT);
	assert_int_equal(unlink(path), 0);
	*strrchr(path, '/') = '\0';
	assert_int_equal(place_read(path, &again), -EBADMSG);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void what_is_no_place_is_refused(void **state)
{
	static const char *const wrong[] = { "", "\n", "boot_id=", "boot_id=" UUID, "boot_id=" UUID "\n",
		"boot_id=" UUID "\nnext=", "boot_id=" UUID "\nnext=1", "boot_id=" UUID "\nnext=\n",
		"boot_id=" UUID "\nnext=-1\n", "boot_id=" UUID "\nnext= 1\n", "boot_id=" UUID "\nnext=1 \n",
		"boot_id=" UUID "\nnext=0x10\n", "boot_id=" UUID "\nnext=18446744073709551616\n",
		"boot_id=" UUID "\nnext=1\n\n", "boot_id=" UUID "\nnext=1\nmore", " boot_id=" UUID "\nnext=1\n",
		"boot_id=01234567-89AB-cdef-0123-456789abcdef\nnext=1\n",
		"boot_id=01234567-89ab-cdef-0123-456789abcde\nnext=1\n", "boot_id=0123456789abcdef0123456789abcdef0123\nnext=1\n",
		"next=1\nboot_id=" UUID "\n" };
	static const char right[] = "boot_id=" UUID "\nnext=18446744073709551615\n";
	char zero[sizeof(right)], large[4096];
	struct place place = { .next = 5 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (place_parse(wrong[i], strlen(wrong[i]), &place) != -EBADMSG)
			fail_msg("\"%s\" is taken", wrong[i]);
	memcpy(zero, right, sizeof(right));
	assert_int_equal(place_parse(zero, sizeof(right), &place), -EBADMSG);
	memset(large, '1', sizeof(large));
	memcpy(large, right, sizeof(right) - 2);
	assert_int_equal(place_parse(large, sizeof(large), &place), -EBADMSG);
	assert_int_equal(place.next, 5);
	/* Each shorter one, from memory that ends there. */
	for (size_t size = 0; size < sizeof(right) - 1; size++) {
		char *exact = malloc(size + 1);

		memcpy(exact, right, size);
		assert_int_equal(place_parse(exact, size, &place), -EBADMSG);
		free(exact);
	}
	assert_int_equal(place_parse(right, sizeof(right) - 1, &place), 0);
	assert_true(place.next == ~0ULL);
}

static void the_boot_has_an_id(void **state)
{
	char boot_id[BOOT_ID_SIZE + 1];

	(void)state;
	assert_int_equal(boot_id_read(boot_id), 0);
	assert_int_equal(strlen(boot_id), BOOT_ID_SIZE);
}

static void the_keeper_writes_the_last_place(void **state)
{
	char path[] = "/tmp/netcon-send-XXXXXX";
	struct place place = { .boot_id = UUID }, again;
	struct place_keeper *keeper;

	(void)state;
	close(mkstemp(path));
	assert_int_equal(place_keeper_start(path, &keeper), 0);
	for (place.next = 0; place.next < 100000; place.next++)
		place_keeper_put(keeper, &place);
	assert_int_equal(place_keeper_stop(keeper), 0);
	assert_int_equal(place_read(path, &again), 0);
	assert_int_equal(again.next, 99999);
	unlink(path);
	assert_int_equal(place_keeper_stop(NULL), 0);
}

static void the_keeper_says_that_it_cannot_write(void **state)
{
	struct place place = { .boot_id = UUID };
	struct place_keeper *keeper;

	(void)state;
	assert_int_equal(place_keeper_start("/proc/none/place", &keeper), 0);
	place_keeper_put(keeper, &place);
	for (int i = 0; i < 6000 && !place_keeper_error(keeper); i++)
		usleep(10000);
	assert_int_equal(place_keeper_error(keeper), -ENOENT);
	assert_int_equal(place_keeper_stop(keeper), -ENOENT);
}

/* --- records */

/* As read(2) gives them: from a socket that keeps their limits. */
static int read_record(struct kmsg *kmsg, const char *bytes, size_t size, struct netcon_message *message)
{
	int pair[2], err;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(write(pair[1], bytes, size), size);
	kmsg->fd = pair[0];
	err = kmsg_read(kmsg, message);
	close(pair[1]);
	kmsg_close(kmsg);
	assert_int_equal(kmsg->fd, -1);
	return err;
}

static void the_boot_is_added_to_the_dictionary(void **state)
{
	static const char *const records[][2] = {
		{ "6,339,5140900,-;text\n", "text\n boot=one\n" },
		{ "6,339,5140900,-;text", "text\n boot=one\n" },
		{ "6,339,5140900,-;\n", "\n boot=one\n" },
		{ "6,339,5140900,-;", "\n boot=one\n" },
		{ "6,339,5140900,c,caller=T7;text\n SUBSYSTEM=net\n", "text\n SUBSYSTEM=net\n boot=one\n" },
	};
	struct kmsg *kmsg = malloc(sizeof(*kmsg));

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		struct netcon_message message;
		size_t size = strlen(records[i][1]);

		memset(kmsg->record, 'x', sizeof(kmsg->record));
		assert_int_equal(read_record(kmsg, records[i][0], strlen(records[i][0]), &message), 0);
		assert_int_equal(message.sequence, 339);
		assert_int_equal(kmsg_add(kmsg, &message, "boot", "one"), 0);
		assert_int_equal(message.body_size, size);
		assert_memory_equal(message.body, records[i][1], size);
	}
	free(kmsg);
}

static void what_is_no_record_is_refused(void **state)
{
	static const char *const wrong[] = { "text\n", ";", "6,1,-;text\n", "6,x,1,-;text\n", "6,1,1,-,ncfrag=0/10;text\n" };
	struct kmsg *kmsg = malloc(sizeof(*kmsg));
	struct netcon_message message;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(read_record(kmsg, wrong[i], strlen(wrong[i]), &message), -EBADMSG);
	free(kmsg);
}

static void the_largest_record_has_room_for_the_boot(void **state)
{
	static char bytes[KMSG_ROOM];
	struct kmsg *kmsg = malloc(sizeof(*kmsg));
	struct netcon_message message;
	char value[KMSG_ADDED];

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	memcpy(bytes, "6,1,1,-;", 8);
	assert_int_equal(read_record(kmsg, bytes, sizeof(bytes), &message), 0);
	assert_int_equal(kmsg_add(kmsg, &message, "netcon_boot_id", UUID), 0);
	assert_int_equal(message.body_size, sizeof(bytes) - 8 + strlen("\n netcon_boot_id=" UUID "\n"));
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(kmsg_add(kmsg, &message, "long", value), -E2BIG);
	assert_int_equal(message.body_size, sizeof(bytes) - 8 + strlen("\n netcon_boot_id=" UUID "\n"));
	free(kmsg);
}

/* --- the receiver */

static void a_receiver_is_found(void **state)
{
	static const struct {
		const char *text, *address;
		int family, port;
	} right[] = {
		{ "192.0.2.1", "192.0.2.1", AF_INET, 6666 },
		{ "192.0.2.1:1514", "192.0.2.1", AF_INET, 1514 },
		{ "192.0.2.1:65535", "192.0.2.1", AF_INET, 65535 },
		{ "2001:db8::1", "2001:db8::1", AF_INET6, 6666 },
		{ "[2001:db8::1]", "2001:db8::1", AF_INET6, 6666 },
		{ "[2001:db8::1]:1514", "2001:db8::1", AF_INET6, 1514 },
		{ "[192.0.2.1]:7", "192.0.2.1", AF_INET, 7 },
	};
	static const char *const wrong[] = { "", ":", ":1", "a:", "a:0", "a:65536", "a:-1", "a: 1", "a:1x", "[", "[]", "[]:1",
		"[::1", "[::1]1", "[::1]:", "[::1]:0", "[::1]:x" };
	union address found;
	const char *why = NULL;
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		assert_int_equal(send_receiver_find(right[i].text, 6666, &found, &why), 0);
		assert_int_equal(found.any.sa_family, right[i].family);
		assert_int_equal(address_port(&found), right[i].port);
		assert_string_equal(address_print(text, &found), right[i].address);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (send_receiver_find(wrong[i], 6666, &found, &why) != -EINVAL)
			fail_msg("\"%s\" is taken", wrong[i]);
	assert_null(why);
	assert_int_equal(send_receiver_find("192.0.2.999", 6666, &found, &why), -ENXIO);
	assert_non_null(why);
}

static void datagrams_fit_into_the_packet(void **state)
{
	struct send_settings settings = { .receiver.any.sa_family = AF_INET };

	(void)state;
	assert_int_equal(socket_datagram_size(&settings), 1000);
	settings.mtu = 1500;
	assert_int_equal(socket_datagram_size(&settings), 1472);
	settings.receiver.any.sa_family = AF_INET6;
	assert_int_equal(socket_datagram_size(&settings), 1452);
}

static void errors_have_their_outcome(void **state)
{
	static const struct {
		int err;
		enum socket_outcome outcome;
	} errors[] = {
		{ 0, SOCKET_SENT },
		{ ECONNREFUSED, SOCKET_REFUSED },
		{ ENOBUFS, SOCKET_BUSY },
		{ EAGAIN, SOCKET_BUSY },
		{ ENETUNREACH, SOCKET_LOST },
		{ ENETDOWN, SOCKET_LOST },
		{ EHOSTUNREACH, SOCKET_LOST },
		{ EPERM, SOCKET_LOST },
		{ EBADF, SOCKET_FAILED },
		{ EINVAL, SOCKET_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		assert_int_equal(socket_outcome_of(errors[i].err), errors[i].outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_settles),
		cmocka_unit_test(what_was_given_up_is_known),
		cmocka_unit_test(a_missing_link_is_noticed_after_max),
		cmocka_unit_test(a_loss_is_noticed),
		cmocka_unit_test(a_burst_goes_at_once_and_the_rest_in_time),
		cmocka_unit_test(a_pause_gives_back_what_it_was_long),
		cmocka_unit_test(what_was_sent_in_the_window_is_sent_again),
		cmocka_unit_test(many_records_at_once_need_no_room),
		cmocka_unit_test(a_place_is_read_as_it_was_written),
		cmocka_unit_test(what_is_no_place_is_refused),
		cmocka_unit_test(the_boot_has_an_id),
		cmocka_unit_test(the_keeper_writes_the_last_place),
		cmocka_unit_test(the_keeper_says_that_it_cannot_write),
		cmocka_unit_test(the_boot_is_added_to_the_dictionary),
		cmocka_unit_test(what_is_no_record_is_refused),
		cmocka_unit_test(the_largest_record_has_room_for_the_boot),
		cmocka_unit_test(a_receiver_is_found),
		cmocka_unit_test(datagrams_fit_into_the_packet),
		cmocka_unit_test(errors_have_their_outcome),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
