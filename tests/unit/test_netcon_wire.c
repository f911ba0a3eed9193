// SPDX-License-Identifier: GPL-2.0-or-later
/* Datagrams taken apart and put together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "netcon/netcon.h"

static struct netcon_message parse(const char *text)
{
	struct netcon_message message;

	netcon_parse(text, strlen(text), &message);
	return message;
}

static void assert_part(const char *part, size_t size, const char *expected)
{
	if (!expected) {
		assert_null(part);
		assert_int_equal(size, 0);
		return;
	}
	assert_int_equal(size, strlen(expected));
	assert_memory_equal(part, expected, size);
}

static void headers(void **state)
{
	static const struct {
		const char *text, *release;
		unsigned int priority;
		__u64 sequence, time;
		char flag;
		const char *caller, *body;
	} cases[] = {
		{ "6,1822,115075213798,-;text\n", NULL, 6, 1822, 115075213798, '-', NULL, "text\n" },
		{ "6.11.1-0_fbk0_rc13_509_g30d75cea12f7,13,1822,115075213798,-;", "6.11.1-0_fbk0_rc13_509_g30d75cea12f7", 13, 1822,
			115075213798, '-', NULL, "" },
		{ "6.1.0,0,0,0,c,caller=T1;a;b", "6.1.0", 0, 0, 0, 'c', "T1", "a;b" },
		{ "6,1,2,+,unknown=1,caller=C0,x;a", NULL, 6, 1, 2, '+', "C0", "a" },
		/* A release may be made of digits, and hold commas. */
		{ "6,13,1822,115,-;a", "6", 13, 1822, 115, '-', NULL, "a" },
		{ "a,b,1,2,3,-;a", "a,b", 1, 2, 3, '-', NULL, "a" },
		{ ",1,2,3,-;a", NULL, 1, 2, 3, '-', NULL, "a" },
		{ "1,2,3,-,4,5,6,-;a", NULL, 1, 2, 3, '-', NULL, "a" },
		{ "2047,18446744073709551615,18446744073709551615,-;a", NULL, 2047, ~0ULL, ~0ULL, '-', NULL, "a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct netcon_message message = parse(cases[i].text);

		assert_true(message.is_extended);
		assert_false(message.is_fragment);
		if (cases[i].release)
			assert_part(message.release, message.release_size, cases[i].release);
		else
			assert_int_equal(message.release_size, 0);
		assert_int_equal(message.priority, cases[i].priority);
		assert_true(message.sequence == cases[i].sequence && message.time_us == cases[i].time);
		assert_int_equal(message.flag, cases[i].flag);
		assert_part(message.caller, message.caller_size, cases[i].caller);
		assert_part(message.body, message.body_size, cases[i].body);
	}
}

/* Of 64 characters and more: a receiver that looks for the comma in the first 64 bytes refuses them. */
static void releases_of_any_length(void **state)
{
	(void)state;
	for (size_t length = 1; length < 900; length++) {
		char text[1000];
		struct netcon_message message;

		memset(text, 'r', length);
		strcpy(text + length, ",13,1822,115,-;body");
		message = parse(text);
		assert_true(message.is_extended);
		assert_int_equal(message.release_size, length);
		assert_int_equal(message.sequence, 1822);
		assert_part(message.body, message.body_size, "body");
	}
}

static void what_is_basic(void **state)
{
	static const char *const texts[] = { "", ";", "[   12.3] text\n", "text;", "6,1,2,-", "6,1,2;a", "6,1,2,x;a", "6,1,2,--;a",
		"6,-1,2,-;a", "6,0x1,2,-;a", "6, 1,2,-;a", "6,:,2,-;a", "6,,2,-;a", "2048,1,2,-;a", "6,18446744073709551616,2,-;a",
		"6,1,99999999999999999999,-;a", "-;6,1,2,-;a",
		/* Pieces that cannot be: outside their whole, empty, too large, said twice. */
		"6,1,2,-,ncfrag=5/5;a", "6,1,2,-,ncfrag=6/5;a", "6,1,2,-,ncfrag=0/1;ab", "6,1,2,-,ncfrag=0/5;", "6,1,2,-,ncfrag=0/1048577;a",
		"6,1,2,-,ncfrag=;a", "6,1,2,-,ncfrag=1;a", "6,1,2,-,ncfrag=0/;a", "6,1,2,-,ncfrag=/5;a", "6,1,2,-,ncfrag=-1/5;a",
		"6,1,2,-,ncfrag=18446744073709551615/5;a", "6,1,2,-,ncfrag=0/2,ncfrag=1/2;a" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct netcon_message message = parse(texts[i]);

		assert_false(message.is_extended);
		assert_int_equal(message.sequence, 0);
		assert_ptr_equal(message.body, texts[i]);
		assert_int_equal(message.body_size, strlen(texts[i]));
	}
}

static void pieces(void **state)
{
	/* The example of the kernel's documentation, whose pieces are of 16 and 15 bytes. */
	struct netcon_message first = parse("6,416,1758426,-,ncfrag=0/31;the first chunk,");
	struct netcon_message second = parse("6,416,1758426,-,ncfrag=16/31; the 2nd chunk.");

	(void)state;
	assert_true(first.is_fragment && second.is_fragment);
	assert_int_equal(first.offset, 0);
	assert_int_equal(second.offset, 16);
	assert_int_equal(first.total, 31);
	assert_part(second.body, second.body_size, " the 2nd chunk.");
	assert_true(parse("6,1,2,-,ncfrag=65999/66000;a").is_fragment);
	assert_true(parse("6,1,2,-,ncfrag=0/8192;a").is_fragment);
	assert_true(parse("6,1,2,-,ncfrag=1048575/1048576;a").is_fragment);
}

static struct netcon_message example(const char *body, size_t size)
{
	return (struct netcon_message){
		.is_extended = true,
		.release = "6.1.0-50",
		.release_size = 8,
		.priority = 13,
		.sequence = 18446744073709551615ULL,
		.time_us = 12,
		.flag = 'c',
		.caller = "T77",
		.caller_size = 3,
		.body = body,
		.body_size = size,
	};
}

/* What is formatted in pieces of any size is the same when it is put together. */
static void format_and_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 5, 899, 900, 941, 942, 943, 944, 945, 1000, 4096, 66000 };
	char *body = malloc(66000), *again = malloc(66000), datagram[NETCON_DATAGRAM_MAX];

	(void)state;
	for (size_t i = 0; i < 66000; i++)
		body[i] = (char)(i * 7 + i / 256);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (size_t room = 100; room <= NETCON_DATAGRAM_MAX; room += 75) {
			const struct netcon_message message = example(body, sizes[i]);
			size_t offset = 0, count = 0;

			do {
				struct netcon_message piece;
				size_t before = offset, size = netcon_format(&message, &offset, datagram, room);

				assert_in_range(size, 1, room);
				netcon_parse(datagram, size, &piece);
				assert_true(piece.is_extended);
				assert_int_equal(piece.is_fragment, offset - before < sizes[i]);
				if (piece.is_fragment) {
					assert_int_equal(piece.offset, before);
					assert_int_equal(piece.total, sizes[i]);
					assert_true(size == room || offset == sizes[i]);
				}
				assert_int_equal(piece.body_size, offset - before);
				assert_true(piece.sequence == message.sequence && piece.priority == 13 && piece.flag == 'c');
				assert_part(piece.release, piece.release_size, "6.1.0-50");
				assert_part(piece.caller, piece.caller_size, "T77");
				memcpy(again + before, piece.body, piece.body_size);
				count++;
			} while (offset < sizes[i]);
			assert_memory_equal(again, body, sizes[i]);
			assert_true(count == 1 || sizes[i] + 50 > room);
		}
	}
	free(body);
	free(again);
}

static void no_room_for_the_header(void **state)
{
	static const char body[] = "a body that is longer than what there is room for at the most";
	const struct netcon_message message = example(body, strlen(body));
	char datagram[100];

	(void)state;
	for (size_t room = 0; room < sizeof(datagram); room++) {
		size_t offset = 0, size;

		memset(datagram, '!', sizeof(datagram));
		size = netcon_format(&message, &offset, datagram, room);
		assert_true(size <= room);
		assert_true(size ? offset > 0 : offset == 0);
		assert_int_equal(datagram[room], '!');
	}
}

/* What just has room is not cut up. */
static void just_enough_room(void **state)
{
	const struct netcon_message message = example("body", 4);
	struct netcon_message again;
	size_t offset = 0, size;
	char datagram[200];

	(void)state;
	size = netcon_format(&message, &offset, datagram, sizeof(datagram));
	offset = 0;
	assert_int_equal(netcon_format(&message, &offset, datagram, size), size);
	netcon_parse(datagram, size, &again);
	assert_false(again.is_fragment);
	assert_int_equal(offset, 4);
	/* With one byte less, there is not even room for a piece: that says more. */
	offset = 0;
	assert_int_equal(netcon_format(&message, &offset, datagram, size - 1), 0);
}

static void dictionaries(void **state)
{
	struct netcon_message message = parse("6,1,2,-;text\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:1f.0\nnone\nnone=none\n =none\n \n\n a=b=c\n empty=");
	static const char *const expected[][2] = { { "SUBSYSTEM", "pci" }, { "DEVICE", "+pci:0000:00:1f.0" }, { "a", "b=c" },
		{ "empty", "" } };
	struct netcon_entry entry;
	size_t place = 0;

	(void)state;
	assert_int_equal(netcon_text_size(&message), 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(netcon_entry_next(&message, &place, &entry));
		assert_part(entry.name, entry.name_size, expected[i][0]);
		assert_part(entry.value, entry.value_size, expected[i][1]);
	}
	assert_false(netcon_entry_next(&message, &place, &entry));
	assert_false(netcon_entry_next(&message, &place, &entry));
	message = parse("6,1,2,-;text =no\n");
	place = 0;
	assert_false(netcon_entry_next(&message, &place, &entry));
	message = parse("basic\n a=b\n");
	place = 0;
	assert_false(netcon_entry_next(&message, &place, &entry));
}

static void escapes(void **state)
{
	static const char text[] = "a\\x1b[31m\\x5c\\x00\\\\x4\\xg0\\x";
	static const char bytes[] = "a\x1b[31m\\\0\\\\x4\\xg0\\x";
	char out[4 * 256];
	char all[256], back[4 * 256];
	size_t size;

	(void)state;
	size = netcon_unescape(text, sizeof(text) - 1, out);
	assert_int_equal(size, sizeof(bytes) - 1);
	assert_memory_equal(out, bytes, size);
	/* Not behind the end, and in digits of both kinds. */
	assert_int_equal(netcon_unescape("\\x41", 3, out), 3);
	assert_int_equal(netcon_unescape("\\x4F", 4, out), 1);
	assert_int_equal(*out, 'O');
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	size = netcon_escape(all, 256, out);
	for (size_t i = 0; i < size; i++)
		assert_in_range(out[i], ' ', '~');
	assert_int_equal(size, 256 + 3 * (256 - 94));
	assert_int_equal(netcon_unescape(out, size, back), 256);
	assert_memory_equal(back, all, 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),
		cmocka_unit_test(releases_of_any_length),
		cmocka_unit_test(what_is_basic),
		cmocka_unit_test(pieces),
		cmocka_unit_test(format_and_back),
		cmocka_unit_test(no_room_for_the_header),
		cmocka_unit_test(just_enough_room),
		cmocka_unit_test(dictionaries),
		cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
