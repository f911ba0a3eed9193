// SPDX-License-Identifier: GPL-2.0-or-later
/* What server and clients of sccon say to each other, what waits for them, and where a server is. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "sccon/channel/target.h"
#include "sccon/protocol/frame.h"
#include "sccon/protocol/queue.h"

static void test_greeting(void **state)
{
	(void)state;
	assert_int_equal(greeting_parse("SCCON 1\nrest", 12), GREETING_SIZE);
	for (size_t i = 0; i < GREETING_SIZE; i++)
		assert_int_equal(greeting_parse("SCCON 1\n", i), 0);
	assert_int_equal(greeting_parse("SCCON 2\n", 8), -EPROTONOSUPPORT);
	assert_int_equal(greeting_parse("SCCON x", 7), -EPROTO);
	assert_int_equal(greeting_parse("GET / HTTP/1.1\r\n", 16), -EPROTO);
	/* It is said at once, for no more may come. */
	assert_int_equal(greeting_parse("\n", 1), -EPROTO);
	assert_int_equal(greeting_parse("SCCON 1\r", 8), -EPROTO);
}

static void test_frames(void **state)
{
	static const __u8 bytes[] = { FRAME_DATA, 0, 0, 3, 'a', 'b', 'c', FRAME_BREAK, 0, 0, 0 };
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(frame_parse(bytes, i, &frame), 0);
	assert_int_equal(frame_parse(bytes, sizeof(bytes), &frame), 7);
	assert_int_equal(frame.type, FRAME_DATA);
	assert_int_equal(frame.size, 3);
	assert_memory_equal(frame.payload, "abc", 3);
	assert_int_equal(frame_parse(bytes + 7, 4, &frame), 4);
	assert_int_equal(frame.type, FRAME_BREAK);
	assert_int_equal(frame.size, 0);
}

static void test_wrong_frames(void **state)
{
	static const __u8 wrong[][FRAME_HEADER_SIZE] = {
		{ 0, 0, 0, 0 }, /* no type */
		{ FRAME_TYPES, 0, 0, 0 },
		{ 255, 0, 0, 0 },
		{ FRAME_DATA, 1, 0, 0 }, /* what is 0 is not */
		{ FRAME_DATA, 0, 0x40, 0x01 }, /* too long */
		{ FRAME_DATA, 0, 0xff, 0xff },
		{ FRAME_HELLO, 0, 0, 0 }, /* without flags */
		{ FRAME_HELLO, 0, 0x02, 0x02 },
		{ FRAME_WRITE_ASK, 0, 0, 0 },
		{ FRAME_WRITE_ASK, 0, 0, 2 },
		{ FRAME_BREAK, 0, 0, 1 },
		{ FRAME_WINDOW, 0, 0, 3 },
		{ FRAME_WINDOW, 0, 0, 5 },
		{ FRAME_NOTICE, 0, 0x02, 0x01 },
		{ FRAME_SYNC, 0, 0, 65 },
	};
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(frame_parse(wrong[i], FRAME_HEADER_SIZE, &frame), -EPROTO);
	/* Without waiting for the rest. */
	assert_int_equal(frame_parse("G", 1, &frame), -EPROTO);
	assert_int_equal(frame_parse("\2\1", 2, &frame), -EPROTO);
	assert_int_equal(frame_parse(&(const __u8){ FRAME_TYPES }, 1, &frame), -EPROTO);
}

static void test_longest_frame(void **state)
{
	static __u8 bytes[FRAME_MOST];
	struct frame frame;

	(void)state;
	frame_header(bytes, FRAME_DATA, FRAME_PAYLOAD_MOST);
	assert_int_equal(frame_parse(bytes, FRAME_MOST - 1, &frame), 0);
	assert_int_equal(frame_parse(bytes, FRAME_MOST, &frame), FRAME_MOST);
	assert_int_equal(frame.size, FRAME_PAYLOAD_MOST);
}

static void test_payloads(void **state)
{
	struct frame frame = { FRAME_HELLO, 8, (const __u8 *)"\3name\0xy" };
	char text[FRAME_TEXT_MOST + 1];
	struct frame_window window;
	struct frame_hello hello;
	__u8 payload[4];

	(void)state;
	frame_hello(&frame, &hello);
	assert_int_equal(hello.flags, HELLO_WATCH | HELLO_REPLAY);
	assert_string_equal(hello.name, "name");
	frame_window_payload(payload, (struct frame_window){ .rows = 0x1234, .columns = 0xfedc });
	window = frame_window(&(struct frame){ FRAME_WINDOW, 4, payload });
	assert_int_equal(window.rows, 0x1234);
	assert_int_equal(window.columns, 0xfedc);
	frame_text(&(struct frame){ FRAME_NOTICE, 2, (const __u8 *)"\033x" }, text);
	assert_string_equal(text, "\033x");
	frame_text(&(struct frame){ FRAME_NOTICE, 0, (const __u8 *)"x" }, text);
	assert_string_equal(text, "");
	assert_true(frame_is_forced(&(struct frame){ FRAME_WRITE_ASK, 1, (const __u8 *)"\1" }));
	assert_false(frame_is_forced(&(struct frame){ FRAME_WRITE_ASK, 1, (const __u8 *)"\0" }));
	assert_false(frame_is_forced(&(struct frame){ FRAME_WRITE_ASK, 1, (const __u8 *)"\2" }));
}

static void test_queue(void **state)
{
	struct queue queue = { .limit = 10 };

	(void)state;
	assert_int_equal(queue_put(&queue, "abcdef", 6), 0);
	assert_int_equal(queue_put(&queue, "ghijk", 5), -ENOBUFS);
	assert_int_equal(queue.used, 6);
	assert_int_equal(queue_put(&queue, "ghij", 4), 0);
	assert_int_equal(queue_room(&queue), 0);
	assert_memory_equal(queue_bytes(&queue), "abcdefghij", 10);
	queue_drop(&queue, 9);
	assert_memory_equal(queue_bytes(&queue), "j", 1);
	/* A frame goes in whole or not at all. */
	assert_int_equal(queue_put_frame(&queue, FRAME_DATA, "abcdef", 6), -ENOBUFS);
	assert_int_equal(queue.used, 1);
	assert_int_equal(queue_put_frame(&queue, FRAME_DATA, "abcde", 5), 0);
	assert_memory_equal(queue_bytes(&queue), "j\2\0\0\5abcde", 10);
	queue_free(&queue);
	assert_int_equal(queue.used, 0);
}

/* What was put comes out in its order, also where it moves in memory. */
static void test_queue_order(void **state)
{
	struct queue queue = { .limit = 300000 };
	__u32 put = 0, taken = 0, random = 1;

	(void)state;
	while (taken < 200000) {
		random = random * 1664525 + 1013904223;
		for (__u32 i = random >> 20; i && queue_room(&queue) >= sizeof(put); i--) {
			assert_int_equal(queue_put(&queue, &put, sizeof(put)), 0);
			put++;
		}
		random = random * 1664525 + 1013904223;
		for (__u32 i = random >> 20; i && queue.used; i--) {
			assert_memory_equal(queue_bytes(&queue), &taken, sizeof(taken));
			queue_drop(&queue, sizeof(taken));
			taken++;
		}
		assert_true(queue.room <= 4 * queue.limit);
	}
	queue_free(&queue);
}

static void test_targets(void **state)
{
	char path[200];
	struct target target;

	(void)state;
	assert_int_equal(target_parse("./sock", &target), 0);
	assert_true(target.is_local && !strcmp(target.path, "./sock"));
	assert_int_equal(target_parse("unix:sock", &target), 0);
	assert_true(target.is_local && !strcmp(target.path, "sock"));
	assert_int_equal(target_parse("guest", &target), 0);
	assert_true(target.is_local && !strcmp(target.path, "/run/sccon/guest"));
	assert_int_equal(target_parse("host:7000", &target), 0);
	assert_false(target.is_local || target.has_tls);
	assert_string_equal(target.endpoint.host, "host");
	assert_int_equal(target.endpoint.port, 7000);
	assert_int_equal(target_parse("tls:[2001:db8::1]:7000", &target), 0);
	assert_true(target.has_tls && !strcmp(target.endpoint.host, "2001:db8::1"));
	assert_int_equal(target_parse("tls:host", &target), -EINVAL);
	assert_int_equal(target_parse("host:0", &target), -EINVAL);
	assert_int_equal(target_parse("host:", &target), -EINVAL);
	assert_int_equal(target_parse("tcp:host", &target), -EINVAL);
	assert_int_equal(target_parse("", &target), -EINVAL);
	assert_int_equal(target_parse("unix:", &target), -EINVAL);
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(target_parse(path, &target), -ENAMETOOLONG);
	path[TARGET_PATH_SIZE] = '\0';
	assert_int_equal(target_parse(path, &target), -ENAMETOOLONG);
	path[TARGET_PATH_SIZE - 1] = '\0';
	assert_int_equal(target_parse(path, &target), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_greeting),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_wrong_frames),
		cmocka_unit_test(test_longest_frame),
		cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_queue_order),
		cmocka_unit_test(test_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
