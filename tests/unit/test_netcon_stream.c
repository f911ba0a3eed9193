// SPDX-License-Identifier: GPL-2.0-or-later
/* What netcon's messages are called in a stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>
#include "lib/stream/stream.h"
#include "netcon/output/stream_names.h"

/* The test's own; what is linked complains with it. */
const char command_name[] = "test-netcon-stream";

static struct netcon_source source_of(const char *address, __u32 scope)
{
	struct netcon_source source = { .port = htons(6665), .scope = scope };

	assert_int_equal(inet_pton(AF_INET6, address, &source.address), 1);
	return source;
}

static void addresses_are_subjects(void **state)
{
	static const struct {
		const char *address;
		__u32 scope;
		const char *subject;
	} cases[] = {
		{ "::ffff:192.0.2.1", 0, "192-0-2-1" },
		{ "2001:db8::1", 0, "2001:db8::1" },
		{ "fe80::1", 7, "fe80::1%7" },
		{ "::", 0, "::" },
		{ "::192.0.2.1", 0, "::192-0-2-1" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", ~0U, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct netcon_source source = source_of(cases[i].address, cases[i].scope);
		char subject[STREAM_NAME_MAX];

		stream_subject_of(subject, &source);
		assert_string_equal(subject, cases[i].subject);
		assert_true(stream_is_subject(subject));
	}
}

static void assert_identity(const struct received *received, const char *expected)
{
	char identity[STREAM_NAME_MAX];

	stream_identity_of(identity, received);
	assert_string_equal(identity, expected);
}

static void extended_messages_are_known_by_boot_and_sequence(void **state)
{
	struct received received = {
		.source = source_of("::ffff:192.0.2.1", 0),
		.arrived = { 1700000000, 5 },
		.message = { .is_extended = true, .sequence = ~0ULL, .time_us = 17, .body = "x", .body_size = 1 },
		.boot_id = "01234567-89ab-cdef-0123-456789abcdef",
	};

	(void)state;
	assert_identity(&received, "192.0.2.1-6665-01234567-89ab-cdef-0123-456789abcdef-18446744073709551615");
	/* When it came makes no difference. */
	received.arrived.tv_nsec = 6;
	assert_identity(&received, "192.0.2.1-6665-01234567-89ab-cdef-0123-456789abcdef-18446744073709551615");
	/* The whole message may come after all. */
	received.is_torn = true;
	assert_identity(&received, "192.0.2.1-6665-01234567-89ab-cdef-0123-456789abcdef-18446744073709551615-torn");
	received.is_torn = false;
	received.boot_id = NULL;
	assert_identity(&received, "192.0.2.1-6665---18446744073709551615-17");
}

static void basic_messages_are_known_by_time_and_text(void **state)
{
	struct received received = {
		.source = source_of("2001:db8::1", 0),
		.arrived = { 1700000000, 5 },
		.message = { .body = "123456789", .body_size = 9 },
	};

	(void)state;
	/* The check value of CRC-32. */
	assert_identity(&received, "2001:db8::1-6665-1700000000000000005-cbf43926");
	received.message.body_size = 0;
	assert_identity(&received, "2001:db8::1-6665-1700000000000000005-00000000");
}

static void events_are_known_by_what_and_when(void **state)
{
	struct happened happened = {
		.what = HAPPENED_LOST,
		.source = source_of("::ffff:192.0.2.1", 0),
		.when = { 1700000000, 5 },
		.first = 3,
		.last = 7,
	};
	char identity[STREAM_NAME_MAX];

	(void)state;
	stream_identity_of_happened(identity, &happened);
	assert_string_equal(identity, "event-lost-192.0.2.1-6665-1700000000000000005-3-7");
	happened.what = HAPPENED_DROPPED;
	stream_identity_of_happened(identity, &happened);
	assert_null(strstr(identity, "192"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_subjects),
		cmocka_unit_test(extended_messages_are_known_by_boot_and_sequence),
		cmocka_unit_test(basic_messages_are_known_by_time_and_text),
		cmocka_unit_test(events_are_known_by_what_and_when),
	};

	return cmocka_run_group_tests_name("netcon-stream", tests, NULL, NULL);
}
